#include "plugin/core/policy/no_receipt.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "plugin/core/order/exposure_budget.hpp"
#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

const Currency eur = *Currency::parse("EUR");

Lot budget(std::uint8_t id, std::int64_t units) {
  Lot lot{.order_id = OrderId{{id}}, .line_no = 1, .bought = units, .free = {{1, 0, units}}};
  lot.channel = SaleChannel::value;
  return lot;
}

PolicyPack a_pack() {
  PolicyPack pack{.id = "retail", .version = 1};
  pack.no_receipt = NoReceiptRule{.lookback_days = 90, .up_to = {{eur, 5000}}, .visits_365_max = 3};
  return pack;
}

DecisionFacts worth(Minor lowest, std::vector<Lot> budgets) {
  DecisionFacts facts;
  facts.has_customer = true;
  facts.lots = std::move(budgets);
  facts.line.unproven = UnprovenSale{eur, lowest};
  return facts;
}

ReturnAsk shirts(std::int64_t quantity) {
  return {.line_no = 1, .sku = "shirt", .quantity = quantity, .no_receipt = true};
}

std::int64_t units_of(const Decision& decision) {
  std::int64_t units = 0;
  for (const OrderUnits& part : decision.taken) units += part.units.count;
  return units;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(no_receipt_tests)

BOOST_AUTO_TEST_CASE(goods_are_paid_from_one_budget_after_the_other_with_as_many_units_as_they_are_worth) {
  const Decision decision = decide_line(shirts(2), worth(1250, {budget(1, 1000), budget(2, 9000)}), a_pack());
  BOOST_TEST((decision.verdict == Verdict::approved));
  const std::vector<OrderUnits> expected{{OrderId{{1}}, {1, 0, 1000}}, {OrderId{{2}}, {1, 0, 1500}}};
  BOOST_TEST((decision.taken == expected));
  BOOST_TEST(decision.terms.size() == 2U);
  for (const UnitTerms& terms : decision.terms) BOOST_TEST((terms.refund_as == TenderKind::store_credit));
}

BOOST_AUTO_TEST_CASE(a_budget_that_is_one_cent_short_gives_nothing_and_names_itself) {
  const Decision decision = decide_line(shirts(1), worth(1250, {budget(1, 1249)}), a_pack());
  BOOST_TEST((decision.refusal == Refusal::no_receipt_not_taken));
  BOOST_TEST(decision.trace.would_change == "budget");
  BOOST_TEST(decision.taken.empty());
}

BOOST_AUTO_TEST_CASE(a_worth_beyond_every_number_is_above_the_limit) {
  const Decision decision = decide_line(shirts(quantity_max), worth(4999, {budget(1, 5000)}), a_pack());
  BOOST_TEST((decision.refusal == Refusal::no_receipt_not_taken));
  BOOST_TEST(decision.trace.would_change == "smaller_quantity");
}

BOOST_AUTO_TEST_CASE(where_visits_are_counted_somebody_has_to_say_who_she_is) {
  DecisionFacts facts = worth(1250, {budget(1, 5000)});
  facts.has_customer = false;
  BOOST_TEST((decide_line(shirts(1), facts, a_pack()).refusal == Refusal::no_customer));
}

BOOST_AUTO_TEST_CASE(an_approval_is_given_again_from_its_own_trace) {
  const DecisionFacts facts = worth(1250, {budget(1, 5000)});
  const Decision decision = authorise(decide_line(shirts(2), facts, a_pack()), shirts(2), 2500, eur, a_pack());
  BOOST_TEST((decide_again(shirts(2), decision, 0, {}, eur, a_pack()) == decision));
}

/// Whatever comes in whatever order: what is paid out is what was granted, less what is left of it.
BOOST_AUTO_TEST_CASE(refunds_without_receipt_never_exceed_the_budget) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
    std::vector<Lot> budgets;
    std::int64_t granted = 0, paid = 0;
    std::vector<std::vector<OrderUnits>> cases;
    for (int step = 0; step < 60; ++step) {
      if (below(8) == 0) {
        const std::int64_t units = 1 + below(6000);
        budgets.push_back(budget(static_cast<std::uint8_t>(budgets.size() + 1), units));
        granted += units;
      } else if (below(6) == 0 && !cases.empty()) {  // called off: its units come back
        for (const OrderUnits& part : cases.back()) {
          for (Lot& lot : budgets) {
            if (lot.order_id == part.order_id) lot.free.push_back(part.units);
          }
          paid -= part.units.count;
        }
        cases.pop_back();
      } else {
        const Minor lowest = below(3000);
        const std::int64_t quantity = 1 + below(3);
        const Decision decision = decide_line(shirts(quantity), worth(lowest, budgets), a_pack());
        if (decision.verdict != Verdict::approved) continue;
        BOOST_TEST_REQUIRE(units_of(decision) == lowest * quantity);
        for (const OrderUnits& part : decision.taken) {
          for (Lot& lot : budgets) {
            if (lot.order_id != part.order_id) continue;
            const auto from = std::find_if(lot.free.begin(), lot.free.end(), [&](const UnitRange& free) {
              return free.first <= part.units.first && part.units.end() <= free.end();
            });
            BOOST_TEST_REQUIRE((from != lot.free.end()));  // nobody takes what is not there
            from->count -= part.units.count;
            from->first += part.units.count;
          }
        }
        paid += units_of(decision);
        cases.push_back(decision.taken);
      }
      std::int64_t left = 0;
      for (const Lot& lot : budgets) left += free_units(lot);
      BOOST_TEST_REQUIRE(paid + left == granted);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_budget_divides_into_units_of_one_minor_unit_and_is_no_credit_of_a_customer) {
  const Order order = budget_order({.id = OrderId{{7}},
                                    .number = "budget-1-1",
                                    .currency = eur,
                                    .minor = 50'000,
                                    .made_at_ms = 1,
                                    .made_on = CivilDate{1}});
  BOOST_TEST(is_budget(order));
  BOOST_TEST(order_total(order) == 50'000);
  Order credit = order;
  credit.lines.front().sku = "store_credit";
  BOOST_TEST(!is_budget(credit));
  Order of_a_store = order;
  of_a_store.authority = "northside";
  BOOST_TEST(!is_budget(of_a_store));
}

BOOST_AUTO_TEST_SUITE_END()
