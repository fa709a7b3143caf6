#include "plugin/core/order/card_number.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;

BOOST_AUTO_TEST_SUITE(card_number_tests)

BOOST_AUTO_TEST_CASE(card_numbers_are_seen_by_length_first_digit_and_check_digit) {
  BOOST_TEST(looks_like_card_number("4111111111111111"));
  BOOST_TEST(looks_like_card_number("3782 822463 10005"));
  BOOST_TEST(!looks_like_card_number("4111111111111112"));
  BOOST_TEST(!looks_like_card_number("17850"));
  BOOST_TEST(!looks_like_card_number("8111111111111117"));
  BOOST_TEST(!looks_like_card_number(""));
}

BOOST_AUTO_TEST_CASE(words_around_a_card_number_do_not_hide_it) {
  BOOST_TEST(looks_like_card_number("tok_4111111111111111"));
  BOOST_TEST(looks_like_card_number("paid with 4111-1111-1111-1111, thanks"));
  BOOST_TEST(!looks_like_card_number("4111 1111 x 1111 1111"));
  BOOST_TEST(!looks_like_card_number("tok_a1b2c3d4e5f6a7b8"));
}

BOOST_AUTO_TEST_SUITE_END()
