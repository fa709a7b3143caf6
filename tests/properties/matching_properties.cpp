// Matching against an oracle that ranks every single free unit and takes the first ones.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>
#include <tuple>

#include "plugin/core/matching/matching.hpp"
#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

struct Unit {
  OrderId order_id;
  std::uint32_t line_no;
  std::int64_t unit;
  friend auto operator<=>(const Unit&, const Unit&) = default;
};

std::vector<Unit> units_of(const std::vector<OrderUnits>& taken) {
  std::vector<Unit> units;
  for (const OrderUnits& range : taken) {
    for (std::int64_t u = range.units.first; u < range.units.end(); ++u) {
      units.push_back({range.order_id, range.units.line_no, u});
    }
  }
  return units;
}

/// The units in the order of the rule; empty when they do not cover the quantity.
std::vector<Unit> ranked(const std::vector<Lot>& lots, std::int64_t quantity, std::int64_t asked_mantissa,
                         std::int64_t asked_at_ms) {
  using Rank = std::tuple<bool, std::int64_t, std::int64_t, OrderId, std::int64_t>;
  std::vector<std::pair<Rank, Unit>> all;
  for (const Lot& lot : lots) {
    if (lot.sold_at_ms >= asked_at_ms) continue;
    OrderId newest_first = lot.order_id;
    for (auto& byte : newest_first.bytes) byte = static_cast<std::uint8_t>(~byte);
    for (const UnitRange& range : lot.free) {
      for (std::int64_t u = range.first; u < range.end(); ++u) {
        all.push_back({{lot.unit_price.mantissa != asked_mantissa, -lot.sold_at_ms,
                        -static_cast<std::int64_t>(lot.line_no), newest_first, u},
                       {lot.order_id, lot.line_no, u}});
      }
    }
  }
  std::sort(all.begin(), all.end());
  std::vector<Unit> taken;
  if (static_cast<std::int64_t>(all.size()) < quantity) return taken;
  for (std::int64_t i = 0; i < quantity; ++i) taken.push_back(all[static_cast<std::size_t>(i)].second);
  return taken;
}

constexpr std::uint64_t seed = 20111209;

}  // namespace

BOOST_AUTO_TEST_SUITE(matching_properties)

BOOST_AUTO_TEST_CASE(random_lots_are_taken_unit_by_unit_as_the_rule_ranks_them) {
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  int covered = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<Lot> lots;
    for (std::int64_t n = draw(0, 5); n > 0; --n) {
      Lot lot;
      lot.order_id.bytes[0] = static_cast<std::uint8_t>(n);
      lot.line_no = static_cast<std::uint32_t>(draw(1, 3));
      lot.sold_at_ms = draw(1, 4);
      lot.unit_price = Decimal{draw(100, 102), 2};
      std::int64_t at = 0;
      for (std::int64_t parts = draw(0, 2); parts > 0; --parts) {
        const std::int64_t first = at + draw(parts == 2 ? 0 : 1, 2), count = draw(1, 3);
        lot.free.push_back({lot.line_no, first, count});
        at = first + count;
      }
      lot.bought = at;
      lots.push_back(lot);
    }
    std::shuffle(lots.begin(), lots.end(), random);
    const std::int64_t quantity = draw(1, 8), asked_at = draw(1, 5), asked = draw(100, 103);
    const Allocation got = allocate_return(lots, quantity, Decimal{asked, 2}, asked_at);
    const std::vector<Unit> expected = ranked(lots, quantity, asked, asked_at);
    BOOST_REQUIRE((units_of(got.taken) == expected));
    BOOST_REQUIRE_EQUAL(got.shortage == Shortage::none, !expected.empty());
    if (!expected.empty()) ++covered;
    const std::vector<Unit> taken = units_of(got.taken);
    BOOST_REQUIRE_EQUAL(std::set<Unit>(taken.begin(), taken.end()).size(), taken.size());
  }
  BOOST_TEST(covered > 5'000);
}

BOOST_AUTO_TEST_SUITE_END()
