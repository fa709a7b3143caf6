#pragma once
// The parts of a refund as events keep them: what was claimed, what was kept back, what each tender pays.
// The plan that is made of them: refund_plan.hpp.

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
  OrderId order_id;  // whose money it is; zero for cash, credit or a card newly given that covers several orders
  std::uint32_t tender_no = 0;  // that had paid it; 0 when several had
  std::string reference;        // of the original payment; empty for cash and for what is newly given
  Minor pays_minor = 0;
  friend bool operator==(const PlannedLeg&, const PlannedLeg&) = default;
};

}  // namespace retour
