#include "plugin/core/matching/matching.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

Decimal price(const char* text) {
  return *Decimal::parse(text);
}

/// Order `n`, line `line_no`, sold at `sold_at_ms`, everything free.
Lot a_lot(std::uint8_t n, std::int64_t sold_at_ms, const char* unit_price, std::int64_t units,
          std::uint32_t line_no = 1) {
  return {.order_id = OrderId{{n}},
          .line_no = line_no,
          .sold_at_ms = sold_at_ms,
          .unit_price = price(unit_price),
          .bought = units,
          .free = {{line_no, 0, units}}};
}

Lot with_free(Lot lot, std::vector<UnitRange> free) {
  lot.free = std::move(free);
  return lot;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matching_tests)

BOOST_AUTO_TEST_CASE(the_newest_purchase_at_the_asked_price_goes_first) {
  const std::vector<Lot> lots{a_lot(1, 10, "2.55", 3), a_lot(2, 20, "2.55", 3), a_lot(3, 30, "2.95", 3)};
  const Allocation got = allocate_return(lots, 4, price("2.55"), 100);
  BOOST_TEST(got.shortage == Shortage::none);
  BOOST_TEST(got.free_units == 9);
  BOOST_TEST(text_of(got.taken) == "2/1:[0,3), 1/1:[0,1)");
}

BOOST_AUTO_TEST_CASE(other_prices_follow_newest_first_when_the_asked_price_is_used_up) {
  const std::vector<Lot> lots{a_lot(1, 10, "1.00", 2), a_lot(2, 20, "3.00", 2), a_lot(3, 30, "2.00", 2)};
  BOOST_TEST(text_of(allocate_return(lots, 6, price("1"), 100).taken) == "1/1:[0,2), 3/1:[0,2), 2/1:[0,2)");
}

BOOST_AUTO_TEST_CASE(prices_are_compared_by_value_and_exactly) {
  const std::vector<Lot> lots{a_lot(1, 10, "0.10", 1), a_lot(2, 20, "0.101", 1)};
  BOOST_TEST(text_of(allocate_return(lots, 1, price("0.1"), 100).taken) == "1/1:[0,1)");
  BOOST_TEST(text_of(allocate_return(lots, 1, price("0.1010"), 100).taken) == "2/1:[0,1)");
  BOOST_TEST(text_of(allocate_return(lots, 1, price("0.102"), 100).taken) == "2/1:[0,1)");
}

BOOST_AUTO_TEST_CASE(without_an_asked_price_the_newest_goes_first) {
  const std::vector<Lot> lots{a_lot(1, 10, "9", 1), a_lot(2, 30, "1", 1), a_lot(3, 20, "5", 1)};
  BOOST_TEST(text_of(allocate_return(lots, 2, std::nullopt, 100).taken) == "2/1:[0,1), 3/1:[0,1)");
}

BOOST_AUTO_TEST_CASE(in_one_instant_the_higher_line_is_newer_and_storage_order_never_matters) {
  const Lot low = a_lot(1, 10, "1", 1, 1), high = a_lot(1, 10, "1", 1, 2), other = a_lot(2, 10, "1", 1, 1);
  for (const std::vector<Lot>& lots : {std::vector{low, high, other}, {other, high, low}, {high, low, other}}) {
    BOOST_TEST(text_of(allocate_return(lots, 3, price("1"), 100).taken) == "1/2:[0,1), 2/1:[0,1), 1/1:[0,1)");
  }
}

BOOST_AUTO_TEST_CASE(the_lowest_free_units_of_a_lot_go_first) {
  const Lot lot = with_free(a_lot(1, 10, "1", 10), {{1, 2, 2}, {1, 7, 3}});
  BOOST_TEST(text_of(allocate_return({lot}, 3, std::nullopt, 100).taken) == "1/1:[2,4), 1/1:[7,8)");
}

BOOST_AUTO_TEST_CASE(a_sale_in_the_same_instant_or_later_does_not_count) {
  const std::vector<Lot> lots{a_lot(1, 100, "1", 5), a_lot(2, 101, "1", 5)};
  BOOST_TEST(allocate_return(lots, 1, std::nullopt, 100).shortage == Shortage::never_bought);
  BOOST_TEST(allocate_return(lots, 6, std::nullopt, 101).shortage == Shortage::too_few);
  BOOST_TEST(allocate_return(lots, 5, std::nullopt, 101).shortage == Shortage::none);
}

BOOST_AUTO_TEST_CASE(a_shortage_takes_nothing_and_says_which_it_is) {
  const Lot used_up = with_free(a_lot(1, 10, "1", 5), {});
  BOOST_TEST(allocate_return({}, 1, std::nullopt, 100).shortage == Shortage::never_bought);
  BOOST_TEST(allocate_return({used_up}, 1, std::nullopt, 100).shortage == Shortage::exhausted);
  const Allocation few = allocate_return({used_up, a_lot(2, 20, "1", 2)}, 3, std::nullopt, 100);
  BOOST_TEST(few.shortage == Shortage::too_few);
  BOOST_TEST(few.free_units == 2);
  BOOST_TEST(few.taken.empty());
}

BOOST_AUTO_TEST_CASE(eighty_thousand_units_are_taken_as_one_range) {
  BOOST_TEST(text_of(allocate_return({a_lot(1, 10, "2.08", 80'995)}, 80'995, price("2.08"), 100).taken) ==
             "1/1:[0,80995)");
}

BOOST_AUTO_TEST_SUITE_END()
