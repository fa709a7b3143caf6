#pragma once
// The two halves of plan_refund: what is due by each tender, and what coins can pay of the cash. An exchange carries
// value in between. Internal to plugin/core/refund.

#include "plugin/core/refund/refund_plan.hpp"

namespace retour {

/// As plan_refund, with the cash leg as it is due.
RefundPlan plan_before_coins(std::span<const LineClaims> lines, std::span<const OrderTenders> orders,
                             const Currency& currency, const PayoutRules& rules);

/// Rounds the cash leg to coins, as a line of its own. @pre the plan was not rounded yet.
void pay_in_coins(RefundPlan& plan, const PayoutRules& rules);

}  // namespace retour
