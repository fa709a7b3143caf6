#pragma once
// The refund plan: what goes back, in which legs. The sum of the unit accounts, nothing else; what is quoted is what
// is executed, because this one function makes both.

#include <span>
#include <string>
#include <vector>

#include "plugin/core/order/order.hpp"
#include "plugin/core/policy/pack.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

namespace retour {

/// Units used by a return case and exactly what they give back.
struct Claim {
  OrderId order_id;
  UnitRange units;
  PaidAmounts paid;
  Hash256 evidence_hash;  // SHA-256 of the packed order the amounts were read from
  friend bool operator==(const Claim&, const Claim&) = default;
};

/// A named fee, kept back from what was claimed.
struct KeptBack {
  std::uint32_t line_no = 0;  // of the return case
  FeeKind kind = FeeKind::restocking;
  std::string rule;  // of the pack: "fees/opened"
  Minor minor = 0;
  friend bool operator==(const KeptBack&, const KeptBack&) = default;
};

/// One part of a refund: one tender, one device, one idempotency key.
struct PlannedLeg {
  std::uint32_t leg_no = 0;  // from 1
  TenderKind tender = TenderKind::cash;
  OrderId order_id;  // zero for a cash leg that covers several orders
  std::uint32_t tender_no = 0;
  std::string reference;  // of the original payment; empty for cash
  Minor pays_minor = 0;
  friend bool operator==(const PlannedLeg&, const PlannedLeg&) = default;
};

struct RefundPlan {
  Currency currency;
  Minor total_minor = 0;
  std::vector<PlannedLeg> legs;  // sum to the total; no leg of zero
  friend bool operator==(const RefundPlan&, const RefundPlan&) = default;
};

struct OrderTenders {
  OrderId order_id;
  std::vector<Tender> tenders;
};

/// One leg an original tender: orders as the claims first name them, tenders of an order by number. All cash goes
/// into one leg, because it leaves one drawer, and it goes last: cash cannot be called back when a leg before it
/// fails. The cash leg names order and tender when it covers one only.
/// @pre all claims in one currency, together at most minor_max; every claim's order and tenders stand in `orders`.
RefundPlan plan_refund(std::span<const Claim> claims, std::span<const OrderTenders> orders, const Currency& currency);

}  // namespace retour
