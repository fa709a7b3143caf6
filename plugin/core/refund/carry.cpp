#include "plugin/core/refund/carry.hpp"

#include <algorithm>

#include "plugin/core/refund/coins.hpp"

namespace retour {
namespace {

/// Takes at most `wanted` off the leg.
Minor carry_from(PlannedLeg& leg, Minor wanted, std::vector<CarriedPart>& carried) {
  const Minor part = std::min(wanted, leg.pays_minor);
  if (part == 0) return 0;
  carried.push_back({leg.tender, leg.order_id, leg.tender_no, leg.reference, part});
  leg.pays_minor -= part;
  return part;
}

void drop_empty_legs(RefundPlan& plan) {
  std::erase_if(plan.legs, [](const PlannedLeg& leg) { return leg.pays_minor == 0; });
  for (std::size_t i = 0; i < plan.legs.size(); ++i) plan.legs[i].leg_no = static_cast<std::uint32_t>(i + 1);
}

}  // namespace

ExchangePlan plan_exchange(std::span<const LineClaims> lines, std::span<const OrderTenders> orders,
                           const Currency& currency, const PayoutRules& rules, Minor goods_minor) {
  require(goods_minor >= 0 && goods_minor <= minor_max, "plan_exchange: no such price");
  ExchangePlan plan{.refund = plan_before_coins(lines, orders, currency, rules)};
  for (PlannedLeg& leg : plan.refund.legs) {
    plan.carried_minor += carry_from(leg, goods_minor - plan.carried_minor, plan.carried);
  }
  plan.refund.total_minor -= plan.carried_minor;
  drop_empty_legs(plan.refund);
  pay_in_coins(plan.refund, rules);
  return plan;
}

}  // namespace retour
