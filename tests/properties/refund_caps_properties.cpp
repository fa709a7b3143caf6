// Tenders of a refund under random packs: none pays above its cap, and none pays what the matrix does not permit. The
// oracle hands out one minor unit after the other, so it shares no arithmetic with the plan.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <map>

#include "plugin/core/refund/refund_plan.hpp"
#include "tests/properties/money_laws.hpp"
#include "tests/properties/random_orders.hpp"
#include "tests/support/property_run.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

constexpr std::uint64_t seed_by_default = 20'261'126;
constexpr std::uint64_t cases_by_default = 100'000;
constexpr Minor oracle_minor_max = 20'000;  // of a refund: a step a minor unit, so that a case takes microseconds
constexpr TenderKind kinds[] = {TenderKind::cash,         TenderKind::card,    TenderKind::gift_card,
                                TenderKind::store_credit, TenderKind::voucher, TenderKind::wallet,
                                TenderKind::bank_transfer};

using ByKind = std::map<TenderKind, Minor>;

TenderKind a_kind(Draw& draw) {
  return kinds[draw.between(0, std::ssize(kinds) - 1)];
}

void law(bool holds, const char* what, const Order& order) {
  if (!holds) throw BrokenLaw(std::string(what) + "\n" + in_words(order));
}

/// A rule for most tenders, each with capped ways; with `closed` a last way without cap, so that nothing falls back.
PayoutRules some_rules(const Currency& currency, bool closed, Draw& draw) {
  PayoutRules rules;
  for (const TenderKind kind : kinds) {
    if (!closed && draw.once_in(3)) continue;
    TenderRule& rule = rules.tenders.emplace_back(TenderRule{kind, {}});
    for (std::int64_t ways = draw.between(0, 3); ways > 0; --ways) {
      rule.ways.push_back({a_kind(draw), {{currency, draw.between(0, draw.once_in(2) ? 60 : 3'000)}}});
    }
    if (closed || draw.once_in(3)) rule.ways.push_back({a_kind(draw), {}});
  }
  if (draw.once_in(2)) rules.cash_rounding.push_back({currency, draw.once_in(2) ? 5 : 100});
  return rules;
}

struct Visit {
  std::vector<LineClaims> lines{LineClaims{1, {}, {}}};
  ByKind by_terms;  // what the terms of the claims send elsewhere, by where it goes
};

/// Some of the units; the terms of some name another tender.
Visit a_visit(const Order& order, const OrderAccounts& accounts, Draw& draw) {
  Visit visit;
  LineClaims& line = visit.lines.front();
  for (const OrderLine& sold : order.lines) {
    for (std::int64_t unit = 0; unit < sold.quantity; ++unit) {
      if (draw.once_in(3)) continue;
      const UnitRange units{sold.line_no, unit, 1};
      line.claims.push_back({order.id, units, accounts.paid_for(units), {}});
      line.terms.emplace_back();
      if (!draw.once_in(4)) continue;
      const TenderKind other = a_kind(draw);
      line.terms.back().refund_as = other;
      for (const TenderShare& share : line.claims.back().paid.tenders) {
        const bool its_own = order.tenders[share.tender_no - 1].kind == other;
        if (!its_own) visit.by_terms[other] += share.minor;
      }
    }
  }
  return visit;
}

/// What each tender paid for the claimed units that no terms send elsewhere.
std::map<std::uint32_t, Minor> left_to_the_matrix(const Order& order, const Visit& visit) {
  std::map<std::uint32_t, Minor> shares;
  const LineClaims& line = visit.lines.front();
  for (std::size_t i = 0; i < line.claims.size(); ++i) {
    for (const TenderShare& share : line.claims[i].paid.tenders) {
      const auto& as = line.terms[i].refund_as;
      if (!as || *as == order.tenders[share.tender_no - 1].kind) shares[share.tender_no] += share.minor;
    }
  }
  return shares;
}

ByKind paid_by_kind(const RefundPlan& plan) {
  ByKind paid;
  for (const PlannedLeg& leg : plan.legs) paid[leg.tender] += leg.pays_minor;
  return paid;
}

Minor cap_in_coins(const RefundWay& way, const PayoutRules& rules, const Currency& currency) {
  if (way.up_to.empty()) return minor_max;
  const Minor cap = *amount_in(way.up_to, currency);
  return way.tender == TenderKind::cash ? cap - cap % coin_step(currency, rules) : cap;
}

/// One minor unit after the other takes the first way that has room. Tenders by number, cash last.
ByKind handed_out_one_by_one(const Order& order, const Visit& visit, const PayoutRules& rules) {
  ByKind paid = visit.by_terms;
  auto shares = left_to_the_matrix(order, visit);
  std::vector<Tender> tenders = order.tenders;
  std::stable_partition(tenders.begin(), tenders.end(),
                        [](const Tender& one) { return one.kind != TenderKind::cash; });
  for (const Tender& tender : tenders) {
    const TenderRule* rule = find_tender_rule(rules, tender.kind);
    for (Minor left = shares[tender.tender_no]; left > 0; --left) {
      TenderKind goes = tender.kind;
      if (rule != nullptr) {
        const auto way = std::find_if(rule->ways.begin(), rule->ways.end(), [&](const RefundWay& one) {
          return paid[one.tender] < cap_in_coins(one, rules, order.currency);
        });
        if (way != rule->ways.end()) goes = way->tender;
      }
      ++paid[goes];
    }
  }
  return paid;
}

/// A plan pays what the matrix says and no minor unit else, coins aside.
void check_matrix(const Order& order, const OrderAccounts& accounts, Draw& draw) {
  const PayoutRules rules = some_rules(order.currency, false, draw);
  const Visit visit = a_visit(order, accounts, draw);
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  const RefundPlan plan = plan_refund(visit.lines, tenders, order.currency, rules);
  if (plan.claimed_minor > oracle_minor_max) return;
  ByKind paid = paid_by_kind(plan);
  paid[TenderKind::cash] -= plan.rounding_minor;
  ByKind permitted = handed_out_one_by_one(order, visit, rules);
  for (const TenderKind kind : kinds)
    law(paid[kind] <= permitted[kind], "no tender pays more than is permitted", order);
  for (const TenderKind kind : kinds) law(paid[kind] == permitted[kind], "each tender pays what is permitted", order);
}

/// The highest cap with which a tender of this order may pay by the kind.
Minor highest_cap(TenderKind kind, const Order& order, const PayoutRules& rules) {
  Minor highest = 0;
  for (const Tender& tender : order.tenders) {
    for (const RefundWay& way : find_tender_rule(rules, tender.kind)->ways) {
      if (way.tender == kind) highest = std::max(highest, cap_in_coins(way, rules, order.currency));
    }
  }
  return highest;
}

/// Where every tender has a way without cap behind its capped ones, a leg is above its cap only by the terms' own
/// money.
void check_caps(const Order& order, const OrderAccounts& accounts, Draw& draw) {
  const PayoutRules rules = some_rules(order.currency, true, draw);
  const Visit visit = a_visit(order, accounts, draw);
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  const RefundPlan plan = plan_refund(visit.lines, tenders, order.currency, rules);
  for (const auto& [kind, minor] : paid_by_kind(plan)) {
    const auto by_terms = visit.by_terms.find(kind);
    const Minor sent = by_terms == visit.by_terms.end() ? 0 : by_terms->second;
    const Minor up_to = kind == TenderKind::cash ? round_to_coins(sent, order.currency, rules) : sent;
    law(minor <= std::max(highest_cap(kind, order, rules), up_to), "no tender pays above its cap", order);
  }
}

template <class Check>
void for_each_order(Check check) {
  const auto run = PropertyRun::from_environment(seed_by_default, cases_by_default);
  std::cout << "seed " << run.seed << ", " << run.cases << " cases\n";
  std::uint64_t checked = 0;
  for (std::uint64_t i = 0; i < run.cases; ++i) {
    Draw draw(run.seed + i);
    Order order = a_small_order(draw);
    for (Tender& tender : order.tenders) {
      tender.kind = a_kind(draw);
      if (tender.kind != TenderKind::cash) tender.reference = "pay-" + std::to_string(tender.tender_no);
    }
    const auto accounts = OrderAccounts::divide(order);
    if (!accounts.ok()) continue;
    ++checked;
    try {
      check(order, *accounts, draw);
    } catch (const BrokenLaw& broken) {
      BOOST_FAIL("RETOUR_PROPERTY_SEED=" << run.seed + i << " RETOUR_PROPERTY_CASES=1: " << broken.what());
    }
  }
  BOOST_TEST((checked > 0U || run.cases == 1U));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refund_caps_properties)

BOOST_AUTO_TEST_CASE(a_refund_never_exceeds_per_tender_what_the_policy_matrix_permits) {
  for_each_order(check_matrix);
}

BOOST_AUTO_TEST_CASE(no_tender_pays_above_its_cap) {
  for_each_order(check_caps);
}

BOOST_AUTO_TEST_SUITE_END()
