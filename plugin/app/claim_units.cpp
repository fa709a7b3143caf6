#include "plugin/app/claim_units.hpp"

#include <algorithm>

#include "plugin/core/base/error.hpp"
#include "plugin/core/event/lowered_units.hpp"
#include "plugin/core/unit_account/lowering.hpp"

namespace retour::app {

namespace {
bool line_has(const OrderAccounts& accounts, const UnitRange& units) {
  const std::int64_t quantity = accounts.quantity_of(units.line_no);
  return units.first >= 0 && units.count > 0 && units.count <= quantity - units.first;
}

/// Throws when more was taken off the units than they cost: nothing of them can be paid then.
PaidAmounts left_of(const EvidenceOrder& order, const OrderUnits& part) {
  PaidAmounts paid = order.accounts.paid_for(part.units);
  for (const LoweredUnits& lowered : lowered_within(order.lowered, part)) {
    if (take_off(paid, lowered.each, lowered.units.units.count)) continue;
    throw Error(
        {.operation = "read the accounts of order",
         .object = order.order.number,
         .cause = "more was taken off units of line " + std::to_string(part.units.line_no) + " than they cost",
         .consequence = "nothing was recorded and no money was moved; run `retour journal verify`"});
  }
  return paid;
}
}  // namespace

std::optional<std::vector<Claim>> claims_of(Evidence& evidence, std::span<const OrderUnits> taken) {
  std::vector<Claim> claims;
  for (const OrderUnits& part : taken) {
    const EvidenceOrder* order = evidence.find(part.order_id);
    if (order == nullptr || !line_has(order->accounts, part.units)) return std::nullopt;
    claims.push_back({part.order_id, part.units, left_of(*order, part), order->hash});
  }
  return claims;
}

void attach_orders(CaseDraft& draft, const ReturnCaseId& case_id, Evidence& evidence, std::span<const Claim> claims) {
  for (const Claim& claim : claims) {
    const auto& attached = draft.state().orders;
    const bool known = std::any_of(attached.begin(), attached.end(), [&](const AttachedOrder& order) {
      return order.order_id == claim.order_id && order.evidence_hash == claim.evidence_hash;
    });
    if (known) continue;
    const EvidenceOrder* order = evidence.find(claim.order_id);
    require(order != nullptr, "a claim without its evidence");
    draft.add(OrderAttached{case_id, claim.order_id, order->order.version, order->hash, order->packed});
  }
}

void claim_units(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no, Assurance assurance,
                 std::vector<Claim> claims) {
  draft.add(UnitsClaimed{case_id, line_no, assurance, std::move(claims)});
}

}  // namespace retour::app
