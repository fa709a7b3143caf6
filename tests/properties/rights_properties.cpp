// Rights against an oracle that keeps one holder a unit: the plainest thing that can be right.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

#include "plugin/core/rights/rights.hpp"
#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

Holder holder_no(std::size_t n) {
  const auto id = static_cast<std::uint8_t>(n);
  switch (n) {
    case 0:
      return Holder::hub();
    case 1:
      return Holder::node(NodeId{{id}});
    case 2:
      return Holder::in_transfer(TransferId{{id}});
    default:
      return Holder::claimed(ReturnCaseId{{id}});
  }
}

class UnitByUnit {
 public:
  explicit UnitByUnit(const std::vector<OrderRights::Line>& lines) {
    for (const auto& line : lines) {
      m_holder[line.line_no].assign(static_cast<std::size_t>(line.quantity), Holder::hub());
    }
  }

  Result<bool, RightsRefusal> move(const UnitRange& units, const Holder& from, const Holder& to) {
    const auto line = m_holder.find(units.line_no);
    if (line == m_holder.end()) return failure(RightsRefusal::line_unknown);
    std::vector<Holder>& of_unit = line->second;
    if (units.first < 0 || units.count <= 0 || units.end() > static_cast<std::int64_t>(of_unit.size())) {
      return failure(RightsRefusal::units_outside_line);
    }
    const auto begin = of_unit.begin() + units.first, end = of_unit.begin() + units.end();
    if (!std::all_of(begin, end, [&](const Holder& h) { return h == from; })) return failure(RightsRefusal::not_held);
    std::fill(begin, end, to);
    return true;
  }

  std::vector<HeldRange> ranges() const {
    std::vector<HeldRange> merged;
    for (const auto& [line_no, of_unit] : m_holder) {
      for (std::size_t i = 0; i < of_unit.size(); ++i) {
        if (i > 0 && of_unit[i] == of_unit[i - 1]) {
          merged.back().units.count += 1;
        } else {
          merged.push_back({{line_no, static_cast<std::int64_t>(i), 1}, of_unit[i]});
        }
      }
    }
    return merged;
  }

  std::vector<UnitRange> held_by(const Holder& holder) const {
    std::vector<UnitRange> held;
    for (const HeldRange& range : ranges()) {
      if (range.holder == holder) held.push_back(range.units);
    }
    return held;
  }

 private:
  std::map<std::uint32_t, std::vector<Holder>> m_holder;
};

std::int64_t units_in(const std::vector<HeldRange>& ranges) {
  std::int64_t sum = 0;
  for (const HeldRange& range : ranges) sum += range.units.count;
  return sum;
}

std::int64_t draw(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

constexpr std::uint64_t seed = 20101201;

}  // namespace

BOOST_AUTO_TEST_SUITE(rights_properties)

BOOST_AUTO_TEST_CASE(random_moves_agree_with_one_holder_a_unit_and_conserve_every_unit) {
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<OrderRights::Line> lines;
    std::int64_t all = 0;
    for (std::uint32_t no = 1; lines.size() < 4; no += static_cast<std::uint32_t>(draw(random, 1, 3))) {
      lines.push_back({no, draw(random, 1, 12)});
      all += lines.back().quantity;
    }
    OrderRights rights = OrderRights::mint(lines, Holder::hub());
    UnitByUnit oracle(lines);
    for (int step = 0; step < 100; ++step) {
      const UnitRange units{static_cast<std::uint32_t>(draw(random, 0, 12)), draw(random, -1, 11),
                            draw(random, 0, 6)};
      const Holder from = holder_no(static_cast<std::size_t>(draw(random, 0, 2)));
      const Holder to = holder_no(static_cast<std::size_t>(draw(random, 0, 4)));
      BOOST_REQUIRE((rights.move(units, from, to) == oracle.move(units, from, to)));
      BOOST_REQUIRE_EQUAL(text_of(rights.ranges()), text_of(oracle.ranges()));
      BOOST_REQUIRE_EQUAL(units_in(rights.ranges()), all);
      BOOST_REQUIRE((OrderRights::from_ranges(rights.ranges()) == rights));
    }
    for (std::size_t h = 0; h < 5; ++h) {
      BOOST_REQUIRE_EQUAL(text_of(rights.held_by(holder_no(h))), text_of(oracle.held_by(holder_no(h))));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_state_of_a_small_order_takes_every_move_as_the_oracle_does) {
  const std::vector<OrderRights::Line> lines{{1, 3}, {2, 2}};
  constexpr std::size_t holders = 3, states = 3 * 3 * 3 * 3 * 3;
  std::size_t moves = 0;
  for (std::size_t state = 0; state < states; ++state) {
    OrderRights start = OrderRights::mint(lines, Holder::hub());
    UnitByUnit start_oracle(lines);
    std::size_t code = state;
    for (const UnitRange& unit : {UnitRange{1, 0, 1}, {1, 1, 1}, {1, 2, 1}, {2, 0, 1}, {2, 1, 1}}) {
      BOOST_REQUIRE(start.move(unit, Holder::hub(), holder_no(code % holders)).ok());
      BOOST_REQUIRE(start_oracle.move(unit, Holder::hub(), holder_no(code % holders)).ok());
      code /= holders;
    }
    for (std::uint32_t line_no = 0; line_no <= 3; ++line_no) {
      for (std::int64_t first = -1; first <= 3; ++first) {
        for (std::int64_t count = 0; count <= 4; ++count) {
          for (std::size_t from_to = 0; from_to < holders * holders; ++from_to) {
            OrderRights rights = start;
            UnitByUnit oracle = start_oracle;
            const Holder from = holder_no(from_to % holders), to = holder_no(from_to / holders);
            const UnitRange units{line_no, first, count};
            BOOST_REQUIRE((rights.move(units, from, to) == oracle.move(units, from, to)));
            BOOST_REQUIRE((rights.ranges() == oracle.ranges()));
            ++moves;
          }
        }
      }
    }
  }
  BOOST_TEST(moves == states * 4 * 5 * 5 * 9);
}

BOOST_AUTO_TEST_CASE(moves_of_different_units_give_the_same_rights_in_any_order) {
  std::mt19937_64 random(seed);
  const std::vector<OrderRights::Line> lines{{1, 40}, {2, 40}};
  struct Move {
    UnitRange units;
    Holder to;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<Move> moves;
    for (std::uint32_t line_no = 1; line_no <= 2; ++line_no) {
      for (std::int64_t at = 0; at < 40;) {
        const std::int64_t count = std::min(draw(random, 1, 7), 40 - at);
        moves.push_back({{line_no, at, count}, holder_no(static_cast<std::size_t>(draw(random, 0, 3)))});
        at += count;
      }
    }
    OrderRights first = OrderRights::mint(lines, Holder::hub());
    for (const Move& m : moves) BOOST_REQUIRE(first.move(m.units, Holder::hub(), m.to).ok());
    std::shuffle(moves.begin(), moves.end(), random);
    OrderRights second = OrderRights::mint(lines, Holder::hub());
    for (const Move& m : moves) BOOST_REQUIRE(second.move(m.units, Holder::hub(), m.to).ok());
    BOOST_REQUIRE_EQUAL(text_of(first.ranges()), text_of(second.ranges()));
  }
}

BOOST_AUTO_TEST_CASE(held_ranges_agree_with_a_set_of_units) {
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    HeldRanges held;
    std::map<std::uint32_t, std::array<bool, 32>> oracle{{1, {}}, {2, {}}};
    for (int step = 0; step < 100; ++step) {
      const UnitRange units{static_cast<std::uint32_t>(draw(random, 1, 2)), draw(random, 0, 20), draw(random, 1, 8)};
      auto& of_unit = oracle[units.line_no];
      const auto begin = of_unit.begin() + units.first, end = of_unit.begin() + units.end();
      const auto have = std::count(begin, end, true);
      BOOST_REQUIRE_EQUAL(held.contains(units), have == units.count);
      std::int64_t parts = 0;
      for (const UnitRange& part : held.parts_of(units)) parts += part.count;
      BOOST_REQUIRE_EQUAL(parts, have);
      const bool adds = draw(random, 0, 1) == 1;
      const bool done = adds ? held.add(units) : held.remove(units);
      BOOST_REQUIRE_EQUAL(done, have == (adds ? 0 : units.count));
      if (done) std::fill(begin, end, adds);
      std::vector<UnitRange> expected;
      for (const auto& [line_no, flags] : oracle) {
        for (std::size_t i = 0; i < flags.size(); ++i) {
          if (!flags[i]) continue;
          if (i > 0 && flags[i - 1]) {
            expected.back().count += 1;
          } else {
            expected.push_back({line_no, static_cast<std::int64_t>(i), 1});
          }
        }
      }
      BOOST_REQUIRE_EQUAL(text_of(held.ranges()), text_of(expected));
      BOOST_REQUIRE((HeldRanges(expected) == held));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
