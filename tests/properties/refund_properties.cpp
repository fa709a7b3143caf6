// The refund plan over random orders, terms and policies: what is kept, what goes back, and by which tender.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <map>

#include "plugin/core/refund/carry.hpp"
#include "plugin/core/refund/coins.hpp"
#include "plugin/core/refund/refund_plan.hpp"
#include "tests/properties/money_laws.hpp"
#include "tests/properties/random_orders.hpp"
#include "tests/support/property_run.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

constexpr std::uint64_t seed_by_default = 20'261'125;
constexpr std::uint64_t cases_by_default = 200'000;
constexpr TenderKind kinds[] = {TenderKind::cash,         TenderKind::card,    TenderKind::gift_card,
                                TenderKind::store_credit, TenderKind::voucher, TenderKind::wallet,
                                TenderKind::bank_transfer};

TenderKind a_kind(Draw& draw) {
  return kinds[draw.between(0, std::ssize(kinds) - 1)];
}

void law(bool holds, const char* what, const Order& order) {
  if (!holds) throw BrokenLaw(std::string(what) + "\n" + in_words(order));
}

UnitTerms some_terms(Draw& draw) {
  UnitTerms terms;
  for (int kind = 1; kind <= 4; ++kind) {
    if (!draw.once_in(3)) continue;
    FeeTerms& fee = terms.fees.emplace_back();
    fee.rule = "fees/" + std::to_string(kind);
    fee.kind = static_cast<FeeKind>(kind);
    if (draw.once_in(2))
      fee.share.value = static_cast<std::int32_t>(draw.between(0, draw.once_in(4) ? 10'000 : 2'000));
    if (draw.once_in(2)) fee.each_minor = draw.between(0, draw.once_in(9) ? minor_max : 500);
    fee.rounding = static_cast<Rounding>(draw.between(0, 2));
  }
  if (draw.once_in(4)) terms.refund_as = a_kind(draw);
  return terms;
}

PayoutRules some_rules(const Currency& currency, Draw& draw) {
  PayoutRules rules;
  for (const TenderKind kind : kinds) {
    if (!draw.once_in(3)) continue;
    TenderRule& rule = rules.tenders.emplace_back(TenderRule{kind, {}});
    for (std::int64_t ways = draw.between(0, 3); ways > 0; --ways) {
      RefundWay& way = rule.ways.emplace_back(RefundWay{a_kind(draw), {}});
      if (draw.once_in(2))
        way.up_to.push_back({draw.once_in(8) ? Currency{"JPY", 0} : currency, draw.between(0, 900)});
    }
  }
  if (draw.once_in(2)) rules.cash_rounding.push_back({currency, draw.once_in(2) ? 5 : draw.between(1, 120)});
  return rules;
}

/// One visit: every unit and shipment goes into one of its lines or stays with the customer.
std::vector<LineClaims> a_visit(const Order& order, const OrderAccounts& accounts, Draw& draw) {
  std::vector<LineClaims> lines(3);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i].line_no = static_cast<std::uint32_t>(i + 1);
  const auto claim = [&](const UnitRange& units) {
    LineClaims& line = lines[static_cast<std::size_t>(draw.between(0, 2))];
    line.claims.push_back({order.id, units, accounts.paid_for(units), {}});
  };
  for (const OrderLine& line : order.lines) {
    for (std::int64_t unit = 0; unit < line.quantity; ++unit) {
      if (!draw.once_in(3)) claim({line.line_no, unit, 1});
    }
  }
  for (const Shipment& shipment : order.shipments) claim({line_of_shipment(shipment.shipment_no), 0, 1});
  for (LineClaims& line : lines) {
    const UnitTerms common = some_terms(draw);
    if (draw.once_in(3)) continue;
    for (std::size_t i = 0; i < line.claims.size(); ++i)
      line.terms.push_back(draw.once_in(4) ? some_terms(draw) : common);
  }
  return lines;
}

Minor claimed_by(const LineClaims& line) {
  Minor sum = 0;
  for (const Claim& claim : line.claims) sum += claim.paid.total_minor();
  return sum;
}

/// What each tender paid for the claimed units.
std::map<std::uint32_t, Minor> shares_of(const std::vector<LineClaims>& lines) {
  std::map<std::uint32_t, Minor> shares;
  for (const LineClaims& line : lines) {
    for (const Claim& claim : line.claims) {
      for (const TenderShare& share : claim.paid.tenders) shares[share.tender_no] += share.minor;
    }
  }
  return shares;
}

void check_sums(const std::vector<LineClaims>& lines, const RefundPlan& plan, const Order& order) {
  Minor claimed = 0, kept = 0, legs = 0;
  for (const LineClaims& line : lines) {
    Minor of_line = 0;
    for (const KeptBack& fee : plan.kept) of_line += fee.line_no == line.line_no ? fee.minor : 0;
    law(of_line <= claimed_by(line), "no more is kept of a line than it cost", order);
    claimed += claimed_by(line);
    kept += of_line;
  }
  for (const KeptBack& fee : plan.kept) law(fee.minor > 0 && !fee.rule.empty(), "what is kept has a name", order);
  for (const PlannedLeg& leg : plan.legs) {
    law(leg.pays_minor > 0, "no leg is zero", order);
    legs += leg.pays_minor;
  }
  law(plan.claimed_minor == claimed, "the plan knows what was claimed", order);
  law(plan.total_minor == legs, "legs sum to the total", order);
  law(legs == claimed - kept + plan.rounding_minor, "legs are the claims, less what is kept, plus rounding", order);
}

/// A leg with a reference is the original tender's: it never gives more than that tender paid for these units. Money
/// of one tender that goes another way is no more than that either, coins aside.
void check_shares(const std::vector<LineClaims>& lines, const RefundPlan& plan, const Order& order) {
  std::map<std::uint32_t, Minor> left = shares_of(lines);
  for (const PlannedLeg& leg : plan.legs) {
    const Minor rounding = leg.tender == TenderKind::cash ? plan.rounding_minor : 0;
    if (leg.tender_no != 0) left[leg.tender_no] -= leg.pays_minor - rounding;
    law(leg.tender_no == 0 || left[leg.tender_no] >= 0, "no leg exceeds its tender's share", order);
    law(leg.tender != TenderKind::cash || &leg == &plan.legs.back(), "cash is the last leg", order);
  }
}

void check_coins_and_caps(const RefundPlan& plan, const PayoutRules& rules, const Order& order) {
  const Minor step = coin_step(order.currency, rules);
  law(plan.rounding_minor * 2 <= step && plan.rounding_minor * 2 > -step, "rounding is at most half a coin", order);
  for (const PlannedLeg& leg : plan.legs) {
    if (leg.tender == TenderKind::cash) law(leg.pays_minor % step == 0, "coins can pay the cash leg", order);
  }
}

void check_plan(const Order& order, Draw& draw) {
  const auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) return;
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  const PayoutRules rules = some_rules(order.currency, draw);
  const std::vector<LineClaims> lines = a_visit(order, *accounts, draw);
  const RefundPlan plan = plan_refund(lines, tenders, order.currency, rules);
  check_sums(lines, plan, order);
  check_shares(lines, plan, order);
  check_coins_and_caps(plan, rules, order);
  law(plan == plan_refund(lines, tenders, order.currency, rules), "the same claims give the same plan", order);
}

/// Without fees, matrix and coins: whatever comes back when, each tender gives back exactly what it paid.
void check_exactness(const Order& order, Draw& draw) {
  const auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) return;
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  std::vector<std::vector<LineClaims>> visits(3, {LineClaims{1, {}, {}}});
  const auto claim = [&](const UnitRange& units) {
    visits[static_cast<std::size_t>(draw.between(0, 2))][0].claims.push_back(
        {order.id, units, accounts->paid_for(units), {}});
  };
  for (const OrderLine& line : order.lines) {
    for (std::int64_t unit = line.quantity - 1; unit >= 0; --unit) claim({line.line_no, unit, 1});
  }
  for (const Shipment& shipment : order.shipments) claim({line_of_shipment(shipment.shipment_no), 0, 1});
  std::map<TenderKind, Minor> left;
  for (const Tender& tender : order.tenders) left[tender.kind] += tender.paid_minor;
  for (const auto& visit : visits) {
    const RefundPlan plan = plan_refund(visit, tenders, order.currency, {});
    law(plan.total_minor == plan.claimed_minor && plan.kept.empty(), "nothing is kept without a fee", order);
    for (const PlannedLeg& leg : plan.legs) {
      left[leg.tender] -= leg.pays_minor;
      law(left[leg.tender] >= 0, "no kind of tender, a gift card least of all, gets more than it paid", order);
    }
  }
  for (const auto& [kind, minor] : left) law(minor == 0, "every tender has given back what it paid", order);
}

using ByTender = std::map<std::pair<TenderKind, std::string>, Minor>;

/// What came back is kept, carried or paid out, tender by tender, and only coins differ.
void check_exchange(const Order& order, Draw& draw) {
  const auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) return;
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  const PayoutRules rules = some_rules(order.currency, draw);
  const std::vector<LineClaims> lines = a_visit(order, *accounts, draw);
  const RefundPlan due = plan_before_coins(lines, tenders, order.currency, rules);
  const Minor goods = draw.once_in(5) ? due.total_minor : draw.between(0, 2 * due.total_minor + 1);
  const ExchangePlan plan = plan_exchange(lines, tenders, order.currency, rules, goods);
  law(plan.carried_minor == std::min(goods, due.total_minor), "as much is carried as goods cost and is there", order);
  law(plan.refund.kept == due.kept, "an exchange changes no fee", order);
  check_coins_and_caps(plan.refund, rules, order);
  ByTender left;
  for (const PlannedLeg& leg : due.legs) left[{leg.tender, leg.reference}] += leg.pays_minor;
  for (const CarriedPart& part : plan.carried) left[{part.tender, part.reference}] -= part.minor;
  for (const PlannedLeg& leg : plan.refund.legs) left[{leg.tender, leg.reference}] -= leg.pays_minor;
  left[{TenderKind::cash, ""}] += plan.refund.rounding_minor;
  for (const auto& [tender, minor] : left) law(minor == 0, "each tender's money is carried or paid out", order);
  if (plan.carried_minor == due.total_minor) law(plan.refund.legs.empty(), "nothing is left to pay out", order);
}

/// The goods got in exchange come back in pieces: every tender gives back what it had paid, once more.
void check_exchange_of_exchange(const Order& order, Draw& draw) {
  const auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) return;
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  const std::vector<LineClaims> lines = a_visit(order, *accounts, draw);
  Order sale = a_small_order(draw);
  sale.currency = order.currency;
  sale.tenders.clear();
  const Minor goods = order_total(sale);
  if (goods < 0 || goods > minor_max) return;
  const ExchangePlan plan = plan_exchange(lines, tenders, order.currency, {}, goods);
  for (const CarriedPart& part : plan.carried) {
    const auto no = static_cast<std::uint32_t>(sale.tenders.size() + 1);
    sale.tenders.push_back({no, part.tender, part.reference, part.minor});
  }
  const auto added_no = static_cast<std::uint32_t>(sale.tenders.size() + 1);
  if (goods > plan.carried_minor)
    sale.tenders.push_back({added_no, TenderKind::card, "added", goods - plan.carried_minor});
  if (OrderAccounts::divide(sale).ok()) check_exactness(sale, draw);
}

template <class Check>
void for_each_order(Check check) {
  const auto run = PropertyRun::from_environment(seed_by_default, cases_by_default);
  std::cout << "seed " << run.seed << ", " << run.cases << " cases\n";
  for (std::uint64_t i = 0; i < run.cases; ++i) {
    Draw draw(run.seed + i);
    Order order = a_small_order(draw);
    for (Tender& tender : order.tenders) {
      tender.kind = a_kind(draw);
      if (tender.kind != TenderKind::cash) tender.reference = "pay-" + std::to_string(tender.tender_no);
    }
    try {
      check(order, draw);
    } catch (const BrokenLaw& broken) {
      BOOST_FAIL("RETOUR_PROPERTY_SEED=" << run.seed + i << " RETOUR_PROPERTY_CASES=1: " << broken.what());
    }
  }
  BOOST_TEST(run.cases > 0U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refund_properties)

BOOST_AUTO_TEST_CASE(legs_are_the_claims_less_named_fees_plus_named_rounding_and_no_tender_gives_more_than_it_paid) {
  for_each_order(check_plan);
}

BOOST_AUTO_TEST_CASE(without_fees_and_coins_units_and_shipments_give_back_exactly_what_was_paid_in_any_order) {
  for_each_order(check_exactness);
}

BOOST_AUTO_TEST_CASE(in_an_exchange_all_that_came_back_is_kept_carried_or_paid_out_tender_by_tender) {
  for_each_order(check_exchange);
}

BOOST_AUTO_TEST_CASE(goods_got_in_exchange_give_back_exactly_what_paid_for_them) {
  for_each_order(check_exchange_of_exchange);
}

BOOST_AUTO_TEST_SUITE_END()
