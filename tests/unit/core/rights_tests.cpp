#include "plugin/core/rights/rights.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

NodeId node_id(std::uint8_t n) {
  return NodeId{{n}};
}
const Holder hub = Holder::hub();
const Holder anna = Holder::node(node_id(1));
const Holder bert = Holder::node(node_id(2));

OrderRights two_lines() {
  const OrderRights::Line lines[] = {{1, 5}, {3, 2}};
  return OrderRights::mint(lines, hub);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rights_tests)

BOOST_AUTO_TEST_CASE(minting_gives_every_unit_to_the_first_holder) {
  BOOST_TEST(text_of(two_lines().ranges()) == "1:[0,5) hub, 3:[0,2) hub");
  BOOST_TEST(OrderRights::mint({}, hub).ranges().empty());
}

BOOST_AUTO_TEST_CASE(moving_a_part_splits_a_range_and_moving_it_back_merges_it) {
  OrderRights rights = two_lines();
  BOOST_TEST(rights.move({1, 1, 2}, hub, anna).ok());
  BOOST_TEST(text_of(rights.ranges()) == "1:[0,1) hub, 1:[1,3) node1, 1:[3,5) hub, 3:[0,2) hub");
  BOOST_TEST(rights.move({1, 1, 2}, anna, hub).ok());
  BOOST_TEST((rights == two_lines()));
}

BOOST_AUTO_TEST_CASE(a_move_over_a_unit_of_another_holder_is_refused_whole) {
  OrderRights rights = two_lines();
  BOOST_TEST(rights.move({1, 2, 1}, hub, anna).ok());
  const OrderRights before = rights;
  BOOST_TEST(rights.move({1, 0, 5}, hub, bert).error() == RightsRefusal::not_held);
  BOOST_TEST(rights.move({1, 2, 1}, bert, hub).error() == RightsRefusal::not_held);
  BOOST_TEST((rights == before));
}

BOOST_AUTO_TEST_CASE(units_that_the_order_does_not_have_are_refused) {
  OrderRights rights = two_lines();
  const OrderRights before = rights;
  BOOST_TEST(rights.move({2, 0, 1}, hub, anna).error() == RightsRefusal::line_unknown);
  BOOST_TEST(rights.move({9, 0, 1}, hub, anna).error() == RightsRefusal::line_unknown);
  for (const UnitRange& outside : {UnitRange{1, 4, 2}, UnitRange{1, 5, 1}, UnitRange{1, -1, 1}, UnitRange{1, 0, 0},
                                   UnitRange{1, 1, -1}, UnitRange{3, 0, INT64_MAX}, UnitRange{3, INT64_MAX, 1}}) {
    BOOST_TEST(rights.move(outside, hub, anna).error() == RightsRefusal::units_outside_line);
  }
  BOOST_TEST((rights == before));
}

BOOST_AUTO_TEST_CASE(a_move_may_span_several_ranges_of_one_holder_only_as_they_are_merged) {
  OrderRights rights = two_lines();
  BOOST_TEST(rights.move({1, 0, 2}, hub, anna).ok());
  BOOST_TEST(rights.move({1, 2, 3}, hub, anna).ok());
  BOOST_TEST(text_of(rights.ranges()) == "1:[0,5) node1, 3:[0,2) hub");
  BOOST_TEST(rights.move({1, 1, 3}, anna, Holder::claimed(ReturnCaseId{{7}})).ok());
  BOOST_TEST(text_of(rights.ranges()) == "1:[0,1) node1, 1:[1,4) claimed7, 1:[4,5) node1, 3:[0,2) hub");
}

BOOST_AUTO_TEST_CASE(neighbouring_lines_never_merge) {
  const OrderRights::Line lines[] = {{1, 1}, {2, 1}};
  OrderRights rights = OrderRights::mint(lines, hub);
  BOOST_TEST(rights.move({1, 0, 1}, hub, anna).ok());
  BOOST_TEST(rights.move({2, 0, 1}, hub, anna).ok());
  BOOST_TEST(text_of(rights.ranges()) == "1:[0,1) node1, 2:[0,1) node1");
}

BOOST_AUTO_TEST_CASE(what_a_holder_has_is_cut_to_the_units_asked_for) {
  OrderRights rights = two_lines();
  BOOST_TEST(rights.move({1, 1, 2}, hub, anna).ok());
  BOOST_TEST(text_of(rights.held_by(hub)) == "1:[0,1), 1:[3,5), 3:[0,2)");
  BOOST_TEST(text_of(rights.held_by(hub, {1, 0, 4})) == "1:[0,1), 1:[3,4)");
  BOOST_TEST(text_of(rights.held_by(anna, {1, 2, 100})) == "1:[2,3)");
  BOOST_TEST(rights.held_by(anna, {3, 0, 2}).empty());
  BOOST_TEST(rights.held_by(hub, {2, 0, 2}).empty());
  BOOST_TEST(rights.held_by(hub, {1, 0, 0}).empty());
}

BOOST_AUTO_TEST_CASE(stored_ranges_come_back_as_the_same_rights) {
  OrderRights rights = two_lines();
  BOOST_TEST(rights.move({1, 1, 2}, hub, anna).ok());
  BOOST_TEST((OrderRights::from_ranges(rights.ranges()) == rights));
}

BOOST_AUTO_TEST_CASE(eighty_thousand_units_are_one_range) {
  const OrderRights::Line lines[] = {{1, 80'995}};
  OrderRights rights = OrderRights::mint(lines, hub);
  BOOST_TEST(rights.move({1, 0, 80'995}, hub, anna).ok());
  BOOST_TEST(text_of(rights.ranges()) == "1:[0,80995) node1");
}

BOOST_AUTO_TEST_CASE(held_ranges_add_and_remove_whole_ranges_or_nothing) {
  HeldRanges held;
  BOOST_TEST(held.add({1, 4, 2}));
  BOOST_TEST(held.add({1, 0, 2}));
  BOOST_TEST(held.add({2, 0, 1}));
  BOOST_TEST(text_of(held.ranges()) == "1:[0,2), 1:[4,6), 2:[0,1)");
  BOOST_TEST(!held.add({1, 1, 3}));
  BOOST_TEST(!held.add({1, 3, 2}));
  BOOST_TEST(!held.add({1, 2, 0}));
  BOOST_TEST(held.add({1, 2, 2}));
  BOOST_TEST(text_of(held.ranges()) == "1:[0,6), 2:[0,1)");
  BOOST_TEST(!held.remove({1, 5, 2}));
  BOOST_TEST(!held.remove({3, 0, 1}));
  BOOST_TEST(held.remove({1, 1, 4}));
  BOOST_TEST(text_of(held.ranges()) == "1:[0,1), 1:[5,6), 2:[0,1)");
  BOOST_TEST(text_of(held.parts_of({1, 0, 100})) == "1:[0,1), 1:[5,6)");
  BOOST_TEST(held.parts_of({1, 1, 4}).empty());
  BOOST_TEST(text_of(held.of_line(1)) == "1:[0,1), 1:[5,6)");
  BOOST_TEST(held.of_line(3).empty());
  BOOST_TEST(held.contains({2, 0, 1}));
  BOOST_TEST(!held.contains({2, 0, 2}));
}

BOOST_AUTO_TEST_CASE(held_ranges_given_in_any_order_are_sorted_and_merged) {
  const HeldRanges held({{2, 0, 1}, {1, 3, 2}, {1, 0, 3}});
  BOOST_TEST(text_of(held.ranges()) == "1:[0,5), 2:[0,1)");
}

BOOST_AUTO_TEST_SUITE_END()
