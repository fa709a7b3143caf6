#include "plugin/core/unit_account/unit_account.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/order_builder.hpp"

using namespace retour;
using retour::testing::an_order;
using retour::testing::OrderBuilder;

namespace {

OrderAccounts divided(const Order& order) {
  return OrderAccounts::divide(order).value();
}

DivisionError refusal_of(const Order& order) {
  return OrderAccounts::divide(order).error();
}

Order paid_in_cash(OrderBuilder builder) {
  return builder.paid_by(TenderKind::cash).build();
}

std::size_t ranges_of_first_line(const Order& order) {
  return divided(order).lines()[0].ranges.size();
}

}  // namespace

namespace retour {
std::ostream& operator<<(std::ostream& out, DivisionError error) {
  return out << to_string(error);
}
}  // namespace retour

BOOST_AUTO_TEST_SUITE(unit_account_tests)

BOOST_AUTO_TEST_CASE(three_thirds_give_back_the_whole) {
  const auto accounts = divided(paid_in_cash(an_order().with_line(3, 1000)));
  BOOST_TEST(accounts.paid_for({1, 0, 1}).net_minor == 333);
  BOOST_TEST(accounts.paid_for({1, 1, 1}).net_minor == 333);
  BOOST_TEST(accounts.paid_for({1, 2, 1}).net_minor == 334);
  BOOST_TEST(accounts.paid_for({1, 0, 3}).total_minor() == 1000);
}

BOOST_AUTO_TEST_CASE(no_units_cost_nothing_but_keep_the_rates_of_the_line) {
  const auto accounts = divided(paid_in_cash(an_order().with_line(3, 1000).taxed("19", 190)));
  for (const std::int64_t first : {0, 1, 3}) {
    const PaidAmounts paid = accounts.paid_for({1, first, 0});
    BOOST_TEST(paid.total_minor() == 0);
    BOOST_TEST(paid.taxes.size() == 1u);
    BOOST_TEST(paid.tenders.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_billion_units_at_the_largest_amount_take_as_many_ranges_as_three) {
  const Order huge = paid_in_cash(an_order().with_line(quantity_max, minor_max - 1).taxed("19", 1));
  const auto accounts = divided(huge);
  BOOST_TEST(accounts.lines()[0].ranges.size() <= 4u);
  BOOST_TEST(accounts.paid_for({1, 0, quantity_max}).total_minor() == minor_max);
  BOOST_TEST(accounts.paid_for({1, quantity_max - 1, 1}).total_minor() == 1'000'000);
  const Minor first_half = accounts.paid_for({1, 0, quantity_max / 2}).total_minor();
  const Minor second_half = accounts.paid_for({1, quantity_max / 2, quantity_max / 2}).total_minor();
  BOOST_TEST(first_half + second_half == minor_max);
}

BOOST_AUTO_TEST_CASE(sixteen_rates_on_a_line_stay_within_the_bound_of_ranges) {
  OrderBuilder builder = an_order().with_line(1'000'003, 999'999'937);
  for (int rate = 1; rate <= 16; ++rate) builder.taxed(std::to_string(rate), rate * 7'777'777);
  BOOST_TEST(ranges_of_first_line(paid_in_cash(builder)) <= 17u + 2u);
}

BOOST_AUTO_TEST_CASE(equal_units_are_one_range) {
  BOOST_TEST(ranges_of_first_line(paid_in_cash(an_order().with_line(80'995, 80'995 * 208))) == 1u);
  BOOST_TEST(ranges_of_first_line(paid_in_cash(an_order().with_line(1, 999).taxed("19", 19))) == 1u);
}

BOOST_AUTO_TEST_CASE(equal_rates_written_differently_are_one_rate_and_come_out_normalized) {
  const auto accounts =
      divided(paid_in_cash(an_order().with_line(1, 1000).taxed("19.00", 190).with_discount(100).taxed("19", 19)));
  const PaidAmounts paid = accounts.paid_for({1, 0, 1});
  BOOST_TEST(paid.taxes[0].rate_percent.to_string() == "19");
  BOOST_TEST(paid.taxes[0].minor == 171);
  BOOST_TEST(paid.discount_minor == 119);
}

BOOST_AUTO_TEST_CASE(adjustments_work_in_their_order_on_what_the_ones_before_left) {
  // The first discount leaves nothing on line 1, so all of the second goes to line 2.
  const auto accounts = divided(paid_in_cash(
      an_order().with_line(1, 10).taxed("19", 990).with_line(1, 1000).with_discount(20).with_discount(100)));
  BOOST_TEST(accounts.paid_for({1, 0, 1}).net_minor == 0);
  BOOST_TEST(accounts.paid_for({1, 0, 1}).discount_minor == 10);
  BOOST_TEST(accounts.paid_for({2, 0, 1}).net_minor == 890);
  BOOST_TEST(accounts.paid_for({2, 0, 1}).discount_minor == 110);
}

BOOST_AUTO_TEST_CASE(a_tax_that_is_raised_goes_to_the_lines_of_its_rate_even_when_they_had_none_of_it) {
  const auto accounts = divided(paid_in_cash(
      an_order().with_line(1, 1000).taxed("19", 0).with_line(1, 9000).with_rounding_up(0).taxed("19", 3)));
  BOOST_TEST(accounts.paid_for({1, 0, 1}).taxes[0].minor == 3);
  BOOST_TEST(accounts.paid_for({2, 0, 1}).total_minor() == 9000);
}

BOOST_AUTO_TEST_CASE(a_tender_that_paid_nothing_has_no_share) {
  const auto accounts = divided(an_order()
                                    .with_line(2, 1000)
                                    .paid_by(TenderKind::gift_card, 0)
                                    .paid_by(TenderKind::card, 1000)
                                    .paid_by(TenderKind::cash, 0)
                                    .build());
  const PaidAmounts paid = accounts.paid_for({1, 0, 2});
  BOOST_TEST(paid.tenders.size() == 1u);
  BOOST_TEST((paid.tenders[0] == TenderShare{2, 1000}));
}

BOOST_AUTO_TEST_CASE(adding_up_keeps_rates_and_tenders_apart) {
  PaidAmounts sum{100, {{{19, 0}, 19}}, 5, {{1, 60}, {3, 59}}};
  add_to(sum, {200, {{{7, 0}, 14}, {{190, 1}, 1}}, 6, {{2, 200}, {3, 15}}});
  const PaidAmounts expected{300, {{{19, 0}, 20}, {{7, 0}, 14}}, 11, {{1, 60}, {2, 200}, {3, 74}}};
  BOOST_TEST((sum == expected));
  BOOST_TEST(sum.total_minor() == 334);
}

BOOST_AUTO_TEST_CASE(an_order_of_an_unknown_division_is_refused) {
  for (const int division : {0, 2, 255}) {
    Order order = paid_in_cash(an_order().with_line(1, 100));
    order.division = static_cast<std::uint8_t>(division);
    BOOST_TEST(refusal_of(order) == DivisionError::division_unknown);
  }
}

BOOST_AUTO_TEST_CASE(an_order_without_lines_is_refused) {
  BOOST_TEST(refusal_of(paid_in_cash(an_order().with_shipment(100))) == DivisionError::no_lines);
}

BOOST_AUTO_TEST_CASE(numbers_start_at_one_and_ascend) {
  const Order sound = an_order()
                          .with_line(1, 100)
                          .with_line(1, 100)
                          .with_shipment(5)
                          .with_shipment(5)
                          .paid_by(TenderKind::cash, 100)
                          .paid_by(TenderKind::card)
                          .build();
  BOOST_TEST(OrderAccounts::divide(sound).ok());
  for (const std::uint32_t number : {0u, 2u, 3u}) {  // the first one's number: 0, the second's, above the second's
    Order lines = sound, shipments = sound, tenders = sound;
    lines.lines[0].line_no = number;
    shipments.shipments[0].shipment_no = number;
    tenders.tenders[0].tender_no = number;
    BOOST_TEST(refusal_of(lines) == DivisionError::line_numbers_not_ascending);
    BOOST_TEST(refusal_of(shipments) == DivisionError::shipment_numbers_not_ascending);
    BOOST_TEST(refusal_of(tenders) == DivisionError::tender_numbers_not_ascending);
  }
}

BOOST_AUTO_TEST_CASE(a_quantity_out_of_range_is_refused) {
  for (const std::int64_t quantity : {std::int64_t{0}, std::int64_t{-1}, quantity_max + 1, INT64_MIN, INT64_MAX}) {
    BOOST_TEST(refusal_of(paid_in_cash(an_order().with_line(quantity, 100))) == DivisionError::quantity_out_of_range);
  }
}

BOOST_AUTO_TEST_CASE(an_amount_out_of_range_is_refused_wherever_it_stands) {
  for (const Minor wrong : {Minor{-1}, minor_max + 1, INT64_MIN, INT64_MAX}) {
    for (const auto& builder : {
             an_order().with_line(1, wrong),
             an_order().with_line(1, 100).taxed("19", wrong),
             an_order().with_line(1, 100).discounted(wrong),
             an_order().with_line(1, 100).with_shipment(wrong),
             an_order().with_line(1, 100).with_shipment(0).taxed("19", wrong),
             an_order().with_line(1, 100).with_discount(wrong),
             an_order().with_line(1, 100).with_rounding_up(wrong),
             an_order().with_line(1, 100).taxed("19", 0).with_rounding_up(0).taxed("19", wrong),
         }) {
      Order order = builder.build();
      order.tenders.push_back({1, TenderKind::cash, "", 100});
      BOOST_TEST(refusal_of(order) == DivisionError::amount_out_of_range);
    }
    Order order = an_order().with_line(1, 100).paid_by(TenderKind::cash, wrong).build();
    BOOST_TEST(refusal_of(order) == DivisionError::amount_out_of_range);
  }
}

BOOST_AUTO_TEST_CASE(amounts_that_are_fine_alone_and_too_large_together_are_refused) {
  BOOST_TEST(OrderAccounts::divide(paid_in_cash(an_order().with_line(1, minor_max))).ok());
  const Order two = an_order().with_line(1, minor_max).with_line(1, 1).paid_by(TenderKind::cash, minor_max).build();
  BOOST_TEST(refusal_of(two) == DivisionError::amount_out_of_range);
  OrderBuilder many = an_order();
  for (int i = 0; i < 20'000; ++i) many.with_line(1, minor_max);  // together beyond int64
  BOOST_TEST(refusal_of(many.build()) == DivisionError::amount_out_of_range);
}

BOOST_AUTO_TEST_CASE(a_discount_above_what_it_lowers_is_refused) {
  const Order whole = an_order().with_line(1, 100).with_discount(101).build();
  BOOST_TEST(refusal_of(whole) == DivisionError::amount_out_of_range);
  const Order net_only = paid_in_cash(an_order().with_line(1, 100).taxed("19", 19).with_discount(101));
  BOOST_TEST(refusal_of(net_only) == DivisionError::amount_out_of_range);
  const Order tax_only = paid_in_cash(an_order().with_line(1, 100).taxed("19", 19).with_discount(0).taxed("19", 20));
  BOOST_TEST(refusal_of(tax_only) == DivisionError::amount_out_of_range);
  const Order shipment = paid_in_cash(an_order().with_line(1, 100).with_shipment(500).with_discount(101));
  BOOST_TEST(refusal_of(shipment) == DivisionError::amount_out_of_range);
}

BOOST_AUTO_TEST_CASE(the_same_rate_twice_in_one_place_is_refused) {
  for (const auto& builder :
       {an_order().with_line(1, 100).taxed("19", 10).taxed("19.0", 9),
        an_order().with_line(1, 100).with_shipment(0).taxed("7", 1).taxed("7", 2),
        an_order().with_line(1, 100).taxed("7", 7).with_discount(1).taxed("7", 1).taxed("7", 2)}) {
    BOOST_TEST(refusal_of(paid_in_cash(builder)) == DivisionError::tax_rates_not_distinct);
  }
}

BOOST_AUTO_TEST_CASE(more_rates_than_any_line_has_are_refused) {
  OrderBuilder builder = an_order().with_line(1, 100);
  for (int rate = 1; rate <= 17; ++rate) builder.taxed(std::to_string(rate), 1);
  BOOST_TEST(refusal_of(paid_in_cash(builder)) == DivisionError::too_many_tax_rates);
}

BOOST_AUTO_TEST_CASE(tenders_that_do_not_sum_to_the_order_are_refused) {
  const OrderBuilder order = an_order().with_line(1, 100);
  BOOST_TEST(refusal_of(order.build()) == DivisionError::tenders_do_not_sum);
  for (const Minor paid : {0, 99, 101}) {
    BOOST_TEST(refusal_of(OrderBuilder(order).paid_by(TenderKind::cash, paid).build()) ==
               DivisionError::tenders_do_not_sum);
  }
}

BOOST_AUTO_TEST_CASE(an_order_of_nothing_needs_no_tender) {
  BOOST_TEST(divided(an_order().with_line(3, 0).build()).paid_for({1, 0, 3}).total_minor() == 0);
}

BOOST_AUTO_TEST_CASE(a_tax_adjusted_at_a_rate_no_line_has_is_refused) {
  const OrderBuilder order = an_order().with_line(1, 100).taxed("19", 19).with_shipment(10).taxed("7", 1);
  BOOST_TEST(refusal_of(paid_in_cash(OrderBuilder(order).with_rounding_up(0).taxed("7", 1))) ==
             DivisionError::adjustment_rate_on_no_line);
  BOOST_TEST(OrderAccounts::divide(paid_in_cash(OrderBuilder(order).with_rounding_up(0).taxed("7", 0))).ok());
}

BOOST_AUTO_TEST_CASE(a_discount_that_raises_is_refused) {
  const Order order = paid_in_cash(an_order().with_line(1, 100).with_adjustment(AdjustmentKind::discount, false, 5));
  BOOST_TEST(refusal_of(order) == DivisionError::discount_raises);
}

BOOST_AUTO_TEST_SUITE_END()
