// The unit accounts over random orders, and over every small order there is.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iostream>

#include "tests/properties/money_laws.hpp"
#include "tests/properties/random_orders.hpp"
#include "tests/support/property_run.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

constexpr std::uint64_t seed_by_default = 20'110'909;
constexpr std::uint64_t cases_by_default = 1'000'000;

/// Draws the cases one by one, each from its own seed, and stops at the first broken law.
template <class Check>
void for_each_case(const PropertyRun& run, Check check) {
  std::cout << "seed " << run.seed << ", " << run.cases << " cases\n";
  for (std::uint64_t i = 0; i < run.cases; ++i) {
    Draw draw(run.seed + i);
    try {
      check(draw);
    } catch (const BrokenLaw& broken) {
      BOOST_FAIL("RETOUR_PROPERTY_SEED=" << run.seed + i << " RETOUR_PROPERTY_CASES=1: " << broken.what());
    }
  }
}

/// Every line with these quantities and amounts: 1 to `quantity`, net 0 to `net`, one tax 0 to `tax`.
struct SmallLines {
  std::int64_t quantity;
  Minor net, tax;

  std::vector<OrderLine> all() const {
    std::vector<OrderLine> lines;
    for (std::int64_t q = 1; q <= quantity; ++q) {
      for (Minor n = 0; n <= net; ++n) {
        for (Minor t = 0; t <= tax; ++t) {
          OrderLine& line = lines.emplace_back();
          line.line_no = 1;
          line.quantity = q;
          line.net_minor = n;
          line.taxes.push_back({{19, 0}, t});
        }
      }
    }
    return lines;
  }
};

OrderAdjustment adjustment(AdjustmentKind kind, bool lowers, Minor net, Minor tax) {
  return {kind, lowers, {}, net, {{{19, 0}, tax}}};
}

const std::vector<std::vector<OrderAdjustment>> small_adjustments = {
    {},
    {adjustment(AdjustmentKind::discount, true, 1, 0)},
    {adjustment(AdjustmentKind::discount, true, 2, 1)},
    {adjustment(AdjustmentKind::source_rounding, false, 1, 1)},
    {adjustment(AdjustmentKind::discount, true, 3, 0), adjustment(AdjustmentKind::source_rounding, true, 0, 1)},
};

Order paid_in_two(Order order, Minor first, Minor total) {
  order.tenders = {{1, TenderKind::gift_card, {}, first}, {2, TenderKind::card, {}, total - first}};
  return order;
}

/// Every order of one or two such lines, with each of the small lists of adjustments.
template <class Visit>
void for_every_small_order(const SmallLines& small, Visit visit) {
  const std::vector<OrderLine> lines = small.all();
  Order order;
  order.currency = {"EUR", 2};
  for (const auto& list : small_adjustments) {
    order.adjustments = list;
    for (const OrderLine& first : lines) {
      order.lines = {first};
      visit(order);
      order.lines.resize(2);
      for (const OrderLine& second : lines) {
        order.lines[1] = second;
        order.lines[1].line_no = 2;
        visit(order);
      }
    }
  }
}

/// Every way to spread `count` units over visits: the visit of each unit, numbered as they first occur.
template <class Visit>
void for_every_partition(std::size_t count, std::vector<std::size_t>& visit_of, Visit visit) {
  if (visit_of.size() == count) {
    visit(visit_of);
    return;
  }
  std::size_t visits = 0;
  for (const std::size_t v : visit_of) visits = std::max(visits, v + 1);
  for (std::size_t v = 0; v <= visits; ++v) {
    visit_of.push_back(v);
    for_every_partition(count, visit_of, visit);
    visit_of.pop_back();
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(money_properties)

BOOST_AUTO_TEST_CASE(random_orders_give_back_exactly_what_was_paid) {
  std::uint64_t divided = 0;
  const auto run = PropertyRun::from_environment(seed_by_default, cases_by_default);
  for_each_case(run, [&](Draw& draw) {
    const Order order = a_small_order(draw);
    if (!check_against_oracle(order)) return;
    ++divided;
    check_by_itself(order, draw);
    if (draw.once_in(4)) check_refunds(order, draw);
  });
  std::cout << divided << " of them could be divided\n";
  if (run.cases >= 1000) BOOST_TEST(divided > run.cases * 9 / 10);  // the generator must not drift into refusals
}

BOOST_AUTO_TEST_CASE(orders_at_the_edges_of_the_types_give_back_exactly_what_was_paid) {
  std::uint64_t checked = 0;
  const auto run = PropertyRun::from_environment(seed_by_default, cases_by_default);
  for_each_case({run.seed, (run.cases + 19) / 20}, [&](Draw& draw) {
    const Order order = a_large_order(draw);
    check_by_itself(order, draw);
    check_refunds(order, draw);
    ++checked;
  });
  BOOST_TEST(checked > 0u);
}

BOOST_AUTO_TEST_CASE(every_small_order_with_every_cut_of_its_tenders_gives_back_what_every_run_of_units_cost) {
  std::uint64_t orders = 0;
  Draw draw(seed_by_default);
  for_every_small_order({.quantity = 4, .net = 4, .tax = 2}, [&](const Order& order) {
    const Minor total = order_total(order);
    for (Minor cut = 0; cut <= total; ++cut) {
      const Order paid = paid_in_two(order, cut, total);
      ++orders;
      if (check_against_oracle(paid)) check_by_itself(paid, draw);
    }
  });
  std::cout << orders << " small orders\n";
  BOOST_TEST(orders > 100'000u);
}

BOOST_AUTO_TEST_CASE(every_partition_of_the_units_of_every_small_order_gives_back_what_was_paid) {
  std::uint64_t partitions = 0;
  for_every_small_order({.quantity = 4, .net = 2, .tax = 1}, [&](const Order& order) {
    const Minor total = order_total(order);
    if (total < 0) return;
    const Order paid = paid_in_two(order, total / 2, total);
    const auto accounts = OrderAccounts::divide(paid);
    if (!accounts) return;
    std::size_t units = 0;
    for (const OrderLine& line : paid.lines) units += static_cast<std::size_t>(line.quantity);
    std::vector<std::size_t> visit_of;
    for_every_partition(units, visit_of, [&](const std::vector<std::size_t>& chosen) {
      ++partitions;
      check_partition(paid, *accounts, chosen);
    });
  });
  std::cout << partitions << " partitions\n";
  BOOST_TEST(partitions > 800'000u);
}

BOOST_AUTO_TEST_SUITE_END()
