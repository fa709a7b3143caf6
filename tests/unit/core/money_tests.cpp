#include <boost/test/unit_test.hpp>

#include "plugin/core/money/money.hpp"

using namespace retour;

namespace {

std::vector<Minor> shares(Minor amount, std::vector<Minor> weights) {
  return allocate(amount, weights);
}

std::optional<std::vector<Minor>> capped(Minor amount, std::vector<Minor> weights, std::vector<Minor> caps) {
  return allocate_capped(amount, weights, caps);
}

using Parts = std::vector<Minor>;

Currency currency(std::string_view code) {
  return Currency::parse(code).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(money_tests)

BOOST_AUTO_TEST_CASE(parts_sum_to_the_whole_and_the_spare_goes_to_the_last_of_equals) {
  BOOST_TEST(shares(1000, {1, 1, 1}) == (Parts{333, 333, 334}), boost::test_tools::per_element());
  BOOST_TEST(shares(2, {5, 5, 5}) == (Parts{0, 1, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_spare_goes_to_the_largest_fraction_wherever_it_stands) {
  // 100 * 3/7 = 42.86, 100 * 2/7 = 28.57 twice: two spares, the first and the last part get them.
  BOOST_TEST(shares(100, {3, 2, 2}) == (Parts{43, 28, 29}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_part_without_weight_gets_nothing_unless_no_part_has_weight) {
  BOOST_TEST(shares(7, {0, 3, 0}) == (Parts{0, 7, 0}), boost::test_tools::per_element());
  BOOST_TEST(shares(7, {0, 0, 0}) == (Parts{0, 0, 7}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_largest_amounts_and_weights_do_not_overflow) {
  BOOST_TEST(shares(minor_max, {minor_max, minor_max, minor_max}) ==
                 (Parts{333'333'333'333'333, 333'333'333'333'333, 333'333'333'333'334}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_lies_above_a_cap_is_divided_again_over_the_parts_with_room) {
  // 200 over 119 : 107 is 105 : 95; the first part takes 100, the 5 above go to the second.
  BOOST_TEST(capped(200, {119, 107}, {100, 100}).value() == (Parts{100, 100}), boost::test_tools::per_element());
  BOOST_TEST(capped(10, {1, 1, 1}, {1, 9, 9}).value() == (Parts{1, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(caps_out_of_reach_change_nothing) {
  BOOST_TEST(capped(100, {3, 2, 2}, {100, 100, 100}).value() == shares(100, {3, 2, 2}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(caps_that_together_are_below_the_amount_give_no_answer) {
  BOOST_TEST(!capped(11, {1, 1}, {5, 5}).has_value());
  BOOST_TEST(capped(0, {1, 1}, {0, 0}).value() == (Parts{0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_part_without_weight_takes_what_nobody_else_has_room_for) {
  BOOST_TEST(capped(5, {1, 0, 0}, {2, 9, 1}).value() == (Parts{2, 2, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_rounding_does_what_its_name_says) {
  BOOST_TEST(percent_of(1999, {1500}, Rounding::down) == 299);  // 299.85
  BOOST_TEST(percent_of(1999, {1500}, Rounding::half_up) == 300);
  BOOST_TEST(percent_of(50, {100}, Rounding::down) == 0);  // 0.5
  BOOST_TEST(percent_of(50, {100}, Rounding::half_up) == 1);
  BOOST_TEST(percent_of(50, {100}, Rounding::half_even) == 0);
  BOOST_TEST(percent_of(150, {100}, Rounding::half_even) == 2);  // 1.5
  BOOST_TEST(percent_of(151, {100}, Rounding::half_even) == 2);  // 1.51
  BOOST_TEST(percent_of(minor_max, {10'000}, Rounding::half_up) == minor_max);
}

BOOST_AUTO_TEST_CASE(a_price_times_a_quantity_is_money_in_minor_units) {
  const Currency gbp = currency("GBP");
  BOOST_TEST(extend({104, 2}, 80'995, gbp, Rounding::down).value() == 8'423'480);
  BOOST_TEST(extend({239, 1}, 10, gbp, Rounding::down).value() == 23'900);
  BOOST_TEST(extend({5, 0}, 3, gbp, Rounding::down).value() == 1'500);
  BOOST_TEST(extend({0, 2}, 3, gbp, Rounding::down).value() == 0);
}

BOOST_AUTO_TEST_CASE(a_third_decimal_is_rounded_once_at_the_line_and_by_name) {
  const Currency gbp = currency("GBP");
  BOOST_TEST(extend({1, 3}, 1, gbp, Rounding::down).value() == 0);
  BOOST_TEST(extend({1, 3}, 10, gbp, Rounding::down).value() == 1);
  BOOST_TEST(extend({12'005, 3}, 1, gbp, Rounding::half_up).value() == 1'201);
  BOOST_TEST(extend({12'005, 3}, 1, gbp, Rounding::half_even).value() == 1'200);
  BOOST_TEST(extend({12'005, 3}, 1, currency("KWD"), Rounding::down).value() == 12'005);
  BOOST_TEST(extend({19'995, 1}, 1, currency("JPY"), Rounding::half_up).value() == 2'000);
}

BOOST_AUTO_TEST_CASE(a_product_outside_the_range_of_money_is_empty_never_wrapped) {
  const Currency gbp = currency("GBP");
  BOOST_TEST(extend({10'000'000'000'000, 0}, 1, gbp, Rounding::down).value() == minor_max);
  BOOST_TEST(!extend({10'000'000'000'001, 0}, 1, gbp, Rounding::down));
  BOOST_TEST(!extend({1'000'000'000'000'000, 3}, 1'000, gbp, Rounding::down));
  BOOST_TEST(!extend({INT64_MAX, 9}, INT64_MAX, gbp, Rounding::half_up));
  BOOST_TEST(!extend({INT64_MAX, 0}, INT64_MAX, gbp, Rounding::half_up));
  BOOST_TEST(!extend({-1, 2}, 1, gbp, Rounding::down));
  BOOST_TEST(!extend({1, 2}, -1, gbp, Rounding::down));
  BOOST_TEST(!extend({1, 10}, 1, gbp, Rounding::down));
}

BOOST_AUTO_TEST_CASE(currencies_know_their_decimals) {
  BOOST_TEST(int{currency("JPY").decimals} == 0);
  BOOST_TEST(int{currency("KWD").decimals} == 3);
  for (const auto* code : {"CNY", "EUR", "GBP", "USD", "CHF", "SEK"}) {
    BOOST_TEST(int{currency(code).decimals} == 2);
    BOOST_TEST(currency(code).name() == code);
  }
}

BOOST_AUTO_TEST_CASE(a_code_that_is_no_known_currency_is_refused) {
  for (const auto* code : {"", "EU", "EURO", "eur", "XXX", "ZZZ", "AAA"}) BOOST_TEST(!Currency::parse(code));
}

BOOST_AUTO_TEST_CASE(money_is_shown_with_the_decimals_of_its_currency) {
  BOOST_TEST(to_string(1234, currency("GBP")) == "12.34 GBP");
  BOOST_TEST(to_string(5, currency("EUR")) == "0.05 EUR");
  BOOST_TEST(to_string(1234, currency("JPY")) == "1234 JPY");
  BOOST_TEST(to_string(1234, currency("KWD")) == "1.234 KWD");
  BOOST_TEST(to_string(-5, currency("EUR")) == "-0.05 EUR");
}

BOOST_AUTO_TEST_SUITE_END()
