#define BOOST_TEST_MODULE retour
#include <boost/test/unit_test.hpp>
