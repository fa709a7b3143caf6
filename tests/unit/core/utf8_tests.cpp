#include "plugin/core/base/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;

BOOST_AUTO_TEST_SUITE(utf8_tests)

BOOST_AUTO_TEST_CASE(utf8_is_checked_to_the_byte) {
  BOOST_TEST(!first_invalid_utf8("plain \xc2\xa3 \xe2\x82\xac \xf0\x9f\x8e\x81"));
  BOOST_TEST(first_invalid_utf8("ab\xff").value() == 2U);
  BOOST_TEST(first_invalid_utf8("\xc0\xaf").value() == 0U);       // overlong
  BOOST_TEST(first_invalid_utf8("x\xed\xa0\x80").value() == 1U);  // surrogate
  BOOST_TEST(first_invalid_utf8("\xf4\x90\x80\x80").value() == 0U);
  BOOST_TEST(first_invalid_utf8("\xe2\x82").value() == 0U);  // cut off
}

BOOST_AUTO_TEST_SUITE_END()
