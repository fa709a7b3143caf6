#include "plugin/core/order/gtin.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;

BOOST_AUTO_TEST_SUITE(gtin_tests)

BOOST_AUTO_TEST_CASE(every_length_becomes_fourteen_digits) {
  BOOST_TEST(parse_gtin("4006381333931").value() == "04006381333931");
  BOOST_TEST(parse_gtin("036000291452").value() == "00036000291452");
  BOOST_TEST(parse_gtin("96385074").value() == "00000096385074");
  BOOST_TEST(parse_gtin("10614141000415").value() == "10614141000415");
}

BOOST_AUTO_TEST_CASE(a_misread_barcode_is_refused_by_name) {
  BOOST_TEST((parse_gtin("4006381333932").error() == GtinError::check_digit_wrong));
  BOOST_TEST((parse_gtin("400638133393X").error() == GtinError::not_digits));
  BOOST_TEST((parse_gtin("40063813339").error() == GtinError::wrong_length));
  BOOST_TEST((parse_gtin("").error() == GtinError::wrong_length));
}

BOOST_AUTO_TEST_SUITE_END()
