#include "plugin/app/plan_refund.hpp"

#include <algorithm>

namespace retour::app {

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

RefundPlan plan_for(Evidence& evidence, std::span<const Claim> claims) {
  std::vector<OrderTenders> orders;
  for (const Claim& claim : claims) {
    const bool known = std::any_of(orders.begin(), orders.end(),
                                   [&](const OrderTenders& order) { return order.order_id == claim.order_id; });
    if (!known) orders.push_back({claim.order_id, evidence.find(claim.order_id)->order.tenders});
  }
  return plan_refund(claims, orders, *currency_of(evidence, claims));
}

void plan_refund_of_case(CaseDraft& draft, const ReturnCaseId& case_id, Evidence& evidence, ports::Ids& ids,
                         std::span<const Claim> claims) {
  const ReturnCase& state = draft.state();
  if (claims.empty() || (state.claimed_minor == state.planned_minor && !state.plans.empty())) return;
  const RefundPlan plan = plan_for(evidence, claims);
  RefundPlanned planned{
      .case_id = case_id,
      .plan_no = static_cast<std::uint32_t>(state.plans.size() + 1),
      .currency = plan.currency,
      .total_minor = plan.total_minor,
      // Unit accounts give back line totals exactly; what sub-minor prices lost was named at import.
      .correction_minor = 0,
      .legs = {}};
  for (const PlannedLeg& leg : plan.legs) planned.legs.push_back({ids.make<LegId>(), leg});
  draft.add(std::move(planned));
}

}  // namespace retour::app
