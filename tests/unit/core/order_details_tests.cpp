// What few orders have: sellers, parcels, serial numbers, promotions over some lines, points.
#include <boost/test/unit_test.hpp>
#include <random>

#include "plugin/core/policy/policy.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "tests/support/order_builder.hpp"

using namespace retour;
using retour::testing::an_order;
using retour::testing::OrderBuilder;

namespace retour {
std::ostream& operator<<(std::ostream& out, const Loyalty& points) {
  return out << points.points_earned << " earned, " << points.points_spent << " spent";
}
std::ostream& operator<<(std::ostream& out, Verdict verdict) {
  return out << to_string(verdict);
}
std::ostream& operator<<(std::ostream& out, Refusal refusal) {
  return out << to_string(refusal);
}
}  // namespace retour

namespace {

Order paid(OrderBuilder builder, Loyalty loyalty = {}) {
  Order order = builder.paid_by(TenderKind::cash).build();
  order.loyalty = loyalty;
  return order;
}

OrderAccounts divided(const Order& order) {
  return OrderAccounts::divide(order).value();
}

std::string fault_of(const Order& order) {
  const auto accounts = OrderAccounts::divide(order);
  return accounts.ok() ? "" : std::string(to_string(accounts.error()));
}

/// Two lines of 10.00 of which the second is free: 10.00 off both together.
Order buy_one_get_one() {
  OrderBuilder builder = an_order().with_line(1, 1000).with_line(1, 1000).with_line(1, 700);
  Order order = builder.with_discount(1000).build();
  order.adjustments[0].line_nos = {1, 2};
  order.tenders = {{1, TenderKind::card, "ref", order_total(order)}};
  return order;
}

Order two_phones() {
  Order order = paid(an_order().with_line(2, 80000));
  order.lines[0].serials = {"SN-A", "SN-B"};
  return order;
}

/// Every unit is free.
Lot free_lot(const Order& order, std::string_view serial) {
  Lot lot = lot_of(order, order.lines[0], serial);
  lot.free = {{1, 0, order.lines[0].quantity}};
  return lot;
}

Decision decide(const std::string& serial, std::vector<Lot> lots, bool named, bool final_word) {
  ReturnAsk ask{.line_no = 1, .sku = "sku-1", .quantity = 1, .serial = serial};
  if (named) ask.order_id = an_order().build().id, ask.order_line_no = 1;
  return decide_line(ask,
                     {.has_customer = true,
                      .lots = std::move(lots),
                      .final_word = final_word,
                      .asked_at_ms = 1,
                      .business_date = CivilDate{20'000}},
                     {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(order_details_tests)

// ---- points
BOOST_AUTO_TEST_CASE(points_follow_the_money_of_a_unit) {
  const auto accounts = divided(paid(an_order().with_line(2, 6000).with_line(1, 4000), {100, 50}));
  BOOST_TEST(accounts.paid_for({1, 0, 1}).points == (Loyalty{30, 15}));
  BOOST_TEST(accounts.paid_for({2, 0, 1}).points == (Loyalty{40, 20}));
}

BOOST_AUTO_TEST_CASE(delivery_has_its_share_of_the_points) {
  const auto accounts = divided(paid(an_order().with_line(1, 7500).with_shipment(2500), {10, 4}));
  BOOST_TEST(accounts.paid_for({1, 0, 1}).points == (Loyalty{7, 3}));
  BOOST_TEST(accounts.paid_for({line_of_shipment(1), 0, 1}).points == (Loyalty{3, 1}));
}

BOOST_AUTO_TEST_CASE(any_partition_of_the_units_gives_back_exactly_the_points) {
  std::mt19937_64 random(27);
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
  };
  for (int round = 0; round < 2'000; ++round) {
    OrderBuilder builder = an_order();
    for (auto lines = 1 + below(4); lines > 0; --lines) builder.with_line(1 + below(9), 1 + below(9'999));
    builder.with_shipment(below(900));
    const Loyalty points{below(3) == 0 ? points_max : below(1'000), below(5'000)};
    const Order order = paid(builder, points);
    const auto accounts = divided(order);
    Loyalty sum = accounts.paid_for({line_of_shipment(1), 0, 1}).points;
    for (const OrderLine& line : order.lines) {
      for (std::int64_t first = 0; first < line.quantity;) {
        const std::int64_t count = 1 + below(line.quantity - first);
        const Loyalty part = accounts.paid_for({line.line_no, first, count}).points;
        BOOST_REQUIRE(part.points_earned >= 0 && part.points_spent >= 0);
        sum.points_earned += part.points_earned;
        sum.points_spent += part.points_spent;
        first += count;
      }
    }
    BOOST_REQUIRE_EQUAL(sum, points);
  }
}

BOOST_AUTO_TEST_CASE(an_order_that_cost_nothing_moves_no_points) {
  Order order = an_order().with_line(2, 1000).with_discount(1000).build();
  order.loyalty = {0, 1000};
  BOOST_TEST(divided(order).paid_for({1, 0, 2}).points == Loyalty{});
}

// ---- a promotion over some lines
BOOST_AUTO_TEST_CASE(the_free_one_of_two_costs_its_share_and_a_third_article_pays_nothing_of_it) {
  const auto accounts = divided(buy_one_get_one());
  BOOST_TEST(accounts.paid_for({1, 0, 1}).total_minor() == 500);
  BOOST_TEST(accounts.paid_for({2, 0, 1}).total_minor() == 500);
  BOOST_TEST(accounts.paid_for({3, 0, 1}).total_minor() == 700);
  BOOST_TEST(accounts.paid_for({1, 0, 1}).discount_minor == 500);
  BOOST_TEST(accounts.paid_for({3, 0, 1}).discount_minor == 0);
}

BOOST_AUTO_TEST_CASE(the_tax_of_a_promotion_stays_on_its_lines) {
  Order order =
      an_order().with_line(1, 1000).taxed("20", 200).with_line(1, 1000).taxed("20", 200).with_discount(500).build();
  order.adjustments[0].taxes = {{Decimal::parse("20").value(), 100}};
  order.adjustments[0].line_nos = {2};
  order.tenders = {{1, TenderKind::cash, "", order_total(order)}};
  const auto accounts = divided(order);
  BOOST_TEST(accounts.paid_for({1, 0, 1}).total_minor() == 1200);
  BOOST_TEST(accounts.paid_for({2, 0, 1}).net_minor == 500);
  BOOST_TEST(accounts.paid_for({2, 0, 1}).taxes[0].minor == 100);
}

// ---- what is refused
BOOST_AUTO_TEST_CASE(a_promotion_names_lines_of_the_order_in_ascending_order) {
  Order order = buy_one_get_one();
  for (const std::vector<std::uint32_t>& wrong : {std::vector<std::uint32_t>{1, 9}, {2, 1}, {1, 1}, {0}}) {
    order.adjustments[0].line_nos = wrong;
    BOOST_TEST(fault_of(order) == "adjustment_line_unknown");
  }
}

BOOST_AUTO_TEST_CASE(serial_numbers_are_one_a_unit_and_all_different) {
  Order order = two_phones();
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"SN-A"}, {"SN-A", "SN-B", "SN-C"}, {"SN-A", "SN-A"}, {"SN-A", ""}}) {
    order.lines[0].serials = wrong;
    BOOST_TEST(fault_of(order) == "serials_do_not_fit");
  }
  Order crowd = paid(an_order().with_line(static_cast<std::int64_t>(serials_max) + 1, 5000));
  for (std::size_t i = 0; i <= serials_max; ++i) crowd.lines[0].serials.push_back(std::to_string(i));
  BOOST_TEST(fault_of(crowd) == "serials_do_not_fit");
}

BOOST_AUTO_TEST_CASE(a_line_comes_in_a_parcel_of_its_order) {
  Order order = paid(an_order().with_line(1, 100).with_shipment(50));
  order.lines[0].shipment_no = 1;
  BOOST_TEST(fault_of(order) == "");
  order.lines[0].shipment_no = 2;
  BOOST_TEST(fault_of(order) == "shipment_unknown");
}

BOOST_AUTO_TEST_CASE(points_have_a_range) {
  for (const Loyalty& wrong : {Loyalty{-1, 0}, {0, -1}, {points_max + 1, 0}, {0, points_max + 1}}) {
    BOOST_TEST(fault_of(paid(an_order().with_line(1, 100), wrong)) == "points_out_of_range");
  }
  BOOST_TEST(fault_of(paid(an_order().with_line(1, 100), {points_max, points_max})) == "");
}

// ---- serial numbers
BOOST_AUTO_TEST_CASE(the_unit_with_that_number_comes_back_and_no_other) {
  for (const bool final_word : {false, true}) {
    const Decision decision = decide("SN-B", {free_lot(two_phones(), "SN-B")}, true, final_word);
    BOOST_TEST(decision.verdict == Verdict::approved);
    BOOST_REQUIRE(decision.taken.size() == 1U);
    BOOST_TEST((decision.taken[0].units == UnitRange{1, 1, 1}));
  }
}

BOOST_AUTO_TEST_CASE(a_unit_that_came_back_does_not_come_back_as_its_twin) {
  Lot lot = free_lot(two_phones(), "SN-B");
  lot.free = {{1, 0, 1}};  // SN-A is free, SN-B is not
  BOOST_TEST(decide("SN-B", {lot}, true, true).refusal == Refusal::already_returned);
  BOOST_TEST(decide("SN-B", {lot}, true, false).verdict == Verdict::deferred);
}

BOOST_AUTO_TEST_CASE(without_the_number_nobody_knows_which_unit_it_is) {
  const Decision decision = decide("", {free_lot(two_phones(), "")}, true, false);
  BOOST_TEST(decision.refusal == Refusal::serial_missing);
  BOOST_TEST(decision.trace.would_change == "serial");
}

BOOST_AUTO_TEST_CASE(the_number_of_another_purchase_is_refused_where_the_purchase_is_known) {
  const std::vector<Lot> lots{free_lot(two_phones(), "SN-Z")};
  BOOST_TEST(decide("SN-Z", lots, true, false).refusal == Refusal::serial_not_sold);
  BOOST_TEST(decide("SN-Z", lots, false, true).refusal == Refusal::serial_not_sold);
  BOOST_TEST(decide("SN-Z", lots, false, false).verdict == Verdict::deferred);  // another purchase may have it
}

BOOST_AUTO_TEST_CASE(a_purchase_that_is_not_known_here_is_asked_about_and_not_denied) {
  BOOST_TEST(decide("SN-A", {}, true, false).verdict == Verdict::deferred);
  BOOST_TEST(decide("SN-A", {}, true, true).refusal == Refusal::no_purchase_found);
}

BOOST_AUTO_TEST_CASE(where_the_source_wrote_no_numbers_down_a_number_denies_nothing) {
  Order order = two_phones();
  order.lines[0].serials.clear();
  BOOST_TEST(decide("SN-A", {free_lot(order, "SN-A")}, true, false).verdict == Verdict::approved);
}

BOOST_AUTO_TEST_CASE(one_number_is_one_unit) {
  ReturnAsk ask{.line_no = 1, .order_id = an_order().build().id, .order_line_no = 1, .sku = "sku-1", .quantity = 2};
  ask.serial = "SN-A";
  const Decision decision = decide_line(ask, {.lots = {free_lot(two_phones(), "SN-A")}}, {});
  BOOST_TEST(decision.refusal == Refusal::quantity_invalid);
}

// ---- parcels
BOOST_AUTO_TEST_CASE(a_window_counts_from_the_parcel_that_brought_the_line) {
  Order order = paid(an_order().with_line(1, 100).with_line(1, 200).with_shipment(50).with_shipment(0));
  const CivilDate first{20'000}, second{20'010};
  order.shipments[0].delivered_on = first;
  order.shipments[1].delivered_on = second;
  order.lines[0].shipment_no = 1;
  order.lines[1].shipment_no = 2;
  for (std::size_t i = 0; i < 2; ++i) {
    const Lot lot = lot_of(order, order.lines[i]);
    BOOST_TEST((lot.delivered_on == (i == 0 ? first : second)));
    BOOST_TEST((lot.last_delivered_on == second));
  }
}

BOOST_AUTO_TEST_CASE(the_last_parcel_opens_the_window_of_the_whole_order) {
  Order order = paid(an_order().with_line(1, 100).with_shipment(50).with_shipment(0));
  order.shipments[0].delivered_on = CivilDate{20'000};
  order.shipments[1].delivered_on = CivilDate{20'010};
  order.lines[0].shipment_no = 1;
  Lot lot = lot_of(order, order.lines[0]);
  lot.free = {{1, 0, 1}};
  const auto on = [&](CountFrom from, std::int32_t day) {
    PolicyPack pack;
    pack.windows.push_back({.name = {"w", ""}, .days = 14, .from = from});
    const ReturnAsk ask{.line_no = 1, .order_id = order.id, .order_line_no = 1, .sku = "sku-1", .quantity = 1};
    return decide_line(ask, {.lots = {lot}, .business_date = CivilDate{day}}, pack).verdict;
  };
  BOOST_TEST(on(CountFrom::delivery, 20'014) == Verdict::approved);
  BOOST_TEST(on(CountFrom::delivery, 20'015) == Verdict::refused);
  BOOST_TEST(on(CountFrom::last_parcel, 20'024) == Verdict::approved);
  BOOST_TEST(on(CountFrom::last_parcel, 20'025) == Verdict::refused);
}

BOOST_AUTO_TEST_CASE(a_parcel_that_is_on_its_way_has_not_arrived_because_another_has) {
  Order order = paid(an_order().with_line(1, 100).with_line(1, 200).with_shipment(50).with_shipment(0));
  order.sold_on = CivilDate{20'000};
  order.shipments[0].delivered_on = CivilDate{20'002};
  order.lines[0].shipment_no = 1;
  order.lines[1].shipment_no = 2;
  BOOST_TEST((delivered_on(order, order.lines[0]) == CivilDate{20'002}));
  BOOST_TEST(!delivered_on(order, order.lines[1]).has_value());
  BOOST_TEST(!last_delivered_on(order).has_value());

  PolicyPack pack;
  pack.assumed_delivery_days = 5;
  pack.windows.push_back({.name = {"w", ""}, .days = 14, .from = CountFrom::last_parcel});
  Lot lot = lot_of(order, order.lines[0]);
  lot.free = {{1, 0, 1}};
  const ReturnAsk ask{.line_no = 1, .order_id = order.id, .order_line_no = 1, .sku = "sku-1", .quantity = 1};
  const auto on = [&](std::int32_t day) {
    return decide_line(ask, {.lots = {lot}, .business_date = CivilDate{day}}, pack).verdict;
  };
  BOOST_TEST(on(20'019) == Verdict::approved);
  BOOST_TEST(on(20'020) == Verdict::needs_manager);  // the last parcel may have come later than is assumed
  order.delivered_on = CivilDate{20'003};            // all of it came, says the source
  BOOST_TEST((last_delivered_on(order) == CivilDate{20'003}));
}

BOOST_AUTO_TEST_SUITE_END()
