#include "plugin/app/plan_refund.hpp"

#include <algorithm>

#include "plugin/app/credit_notes.hpp"

namespace retour::app {

namespace {

/// Every order that a claim names, once, as the claims first name them.
std::vector<const EvidenceOrder*> orders_of(Evidence& evidence, std::span<const LineClaims> lines) {
  std::vector<const EvidenceOrder*> orders;
  for (const LineClaims& line : lines) {
    for (const Claim& claim : line.claims) {
      const EvidenceOrder* order = evidence.find(claim.order_id);
      require(order != nullptr, "a claim without its evidence");
      if (std::find(orders.begin(), orders.end(), order) == orders.end()) orders.push_back(order);
    }
  }
  return orders;
}

}  // namespace

bool is_online(const StoreContext& store) {
  return !store.hub_reachable || store.hub_reachable();
}

bool needs_network(const PayoutRules& rules, TenderKind tender) {
  return std::ranges::any_of(rules.tenders, [&](const TenderRule& rule) {
    return std::ranges::any_of(rule.ways,
                               [&](const RefundWay& way) { return way.online_only && way.tender == tender; });
  });
}

PayoutRules payout_now(const StoreContext& store) {
  PayoutRules rules = store.policy.payout;
  if (is_online(store)) return rules;
  for (TenderRule& rule : rules.tenders)
    std::erase_if(rule.ways, [](const RefundWay& way) { return way.online_only; });
  return rules;
}

LineClaims claims_on_terms(const AnsweredLine& line) {
  LineClaims on{line.ask.line_no, line.claims, line.claims.empty() ? std::vector<UnitTerms>{} : line.decision.terms};
  if (!line.ask.gift) return on;
  on.terms.resize(on.claims.size());  // whoever decided: the money of a gift never goes where its buyer would see it
  for (UnitTerms& terms : on.terms) terms.refund_as = TenderKind::gift_card;
  return on;
}

std::optional<Currency> currency_of(Evidence& evidence, std::span<const Claim> claims) {
  std::optional<Currency> one;
  for (const Claim& claim : claims) {
    const EvidenceOrder* order = evidence.find(claim.order_id);
    require(order != nullptr, "a claim without its evidence");
    if (one && *one != order->order.currency) return std::nullopt;
    one = order->order.currency;
  }
  return one;
}

std::optional<PlanBasis> basis_of(Evidence& evidence, std::span<const LineClaims> lines) {
  const auto orders = orders_of(evidence, lines);
  if (orders.empty()) return std::nullopt;
  PlanBasis basis{.currency = orders.front()->order.currency, .tenders = {}};
  for (const EvidenceOrder* order : orders) basis.tenders.push_back({order->order.id, order->order.tenders});
  return basis;
}

std::optional<RefundPlan> plan_for(StoreContext& store, Evidence& evidence, std::span<const LineClaims> lines) {
  const auto basis = basis_of(evidence, lines);
  if (!basis) return std::nullopt;
  return plan_refund(lines, basis->tenders, basis->currency, payout_now(store));
}

void add_plan(StoreContext& store, CaseDraft& draft, RefundPlanned planned) {
  const ReturnCaseId case_id = planned.case_id;
  const std::uint32_t plan_no = planned.plan_no;
  draft.add(std::move(planned));
  await_signature(store, draft, case_id, plan_no);
}

void plan_refund_of_case(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id, Evidence& evidence,
                         std::span<const LineClaims> lines) {
  const ReturnCase& state = draft.state();
  if (state.claimed_minor == state.planned_minor && !state.plans.empty()) return;
  if (auto plan = plan_for(store, evidence, lines)) {
    add_plan(store, draft, planned_event(store, draft, case_id, std::move(*plan)));
  }
}

RefundPlanned planned_event(StoreContext& store, const CaseDraft& draft, const ReturnCaseId& case_id,
                            RefundPlan plan) {
  RefundPlanned planned{
      .case_id = case_id,
      .plan_no = static_cast<std::uint32_t>(draft.state().plans.size() + 1),
      .currency = plan.currency,
      .total_minor = plan.total_minor,
      .kept = std::move(plan.kept),
      .rounding_minor = plan.rounding_minor,
      // Unit accounts give back line totals exactly; what sub-minor prices lost was named at import.
      .correction_minor = 0,
      .legs = {},
      .credit_note_no = next_credit_note_no(store, draft)};
  for (const PlannedLeg& leg : plan.legs) planned.legs.push_back({store.ids.make<LegId>(), leg});
  return planned;
}

}  // namespace retour::app
