#pragma once
// The refund plan: what goes back, in which legs. The unit accounts, less named fees, by permitted tenders, in coins
// there are. What is quoted is what is executed, because this one function makes both.
// Rules with worked numbers: docs/money.md, "What a refund is".

#include <cstdint>
#include <span>
#include <vector>

#include "plugin/core/policy/policy.hpp"
#include "plugin/core/refund/refund.hpp"
#include "plugin/core/refund/tender_policy.hpp"

namespace retour {

/// The claims of one line of a return, each on the terms that its decision gave it.
struct LineClaims {
  std::uint32_t line_no = 0;  // of the return case
  std::vector<Claim> claims;
  std::vector<UnitTerms> terms;  // one a claim; empty: no fee and no other tender anywhere
};

struct OrderTenders {
  OrderId order_id;
  std::vector<Tender> tenders;
};

struct RefundPlan {
  Currency currency;
  Minor claimed_minor = 0;       // what the claims pay together
  std::vector<KeptBack> kept;    // none of zero
  Minor rounding_minor = 0;      // of the cash leg: below zero when coins pay less
  Minor total_minor = 0;         // claimed, less kept, plus rounding
  std::vector<PlannedLeg> legs;  // sum to the total; no leg of zero
  friend bool operator==(const RefundPlan&, const RefundPlan&) = default;
};

/// Fees first, then tenders, then coins. One leg an original tender: orders as the claims first name them, tenders of
/// an order by number; then what is newly given, one leg a tender; all cash is one leg and the last, because it
/// leaves one drawer and cannot be called back when a leg before it fails.
/// @pre all claims in one currency, together at most minor_max; every claim's order and tenders stand in `orders`.
RefundPlan plan_refund(std::span<const LineClaims> lines, std::span<const OrderTenders> orders,
                       const Currency& currency, const PayoutRules& rules);

}  // namespace retour
