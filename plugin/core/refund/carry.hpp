#pragma once
// An exchange: what comes back pays for other goods first, and only what is left is paid out. Quote and execution
// call this one function. Rule with worked numbers: docs/money.md, "Exchange".

#include "plugin/core/event/event.hpp"
#include "plugin/core/refund/refund_plan.hpp"

namespace retour {

struct ExchangePlan {
  RefundPlan refund;                 // what is left: its total and legs; claimed and kept are those of all claims
  std::vector<CarriedPart> carried;  // tenders of the new sale, in their order; none of zero
  Minor carried_minor = 0;           // claimed = kept + carried + total - rounding, also tender by tender
  friend bool operator==(const ExchangePlan&, const ExchangePlan&) = default;
};

/// The refund as plan_refund plans it, whose legs then pay for goods of `goods_minor` in their order: original
/// tenders first, what would be newly given, cash last. Fees are kept before: a diminished value does not grow back
/// by an exchange. Only cash that is left is rounded to coins.
/// @pre as plan_refund; goods_minor in [0, minor_max], in the same currency.
ExchangePlan plan_exchange(std::span<const LineClaims> lines, std::span<const OrderTenders> orders,
                           const Currency& currency, const PayoutRules& rules, Minor goods_minor);

}  // namespace retour
