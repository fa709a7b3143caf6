#include "plugin/app/claim_units.hpp"

#include <algorithm>

namespace retour::app {

namespace {
bool line_has(const OrderAccounts& accounts, const UnitRange& units) {
  const std::int64_t quantity = accounts.quantity_of(units.line_no);
  return units.first >= 0 && units.count > 0 && units.count <= quantity - units.first;
}
}  // namespace

std::optional<std::vector<Claim>> claims_of(Evidence& evidence, std::span<const OrderUnits> taken) {
  std::vector<Claim> claims;
  for (const OrderUnits& part : taken) {
    const EvidenceOrder* order = evidence.find(part.order_id);
    if (order == nullptr || !line_has(order->accounts, part.units)) return std::nullopt;
    claims.push_back({part.order_id, part.units, order->accounts.paid_for(part.units), order->hash});
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
