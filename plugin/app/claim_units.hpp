#pragma once
// The goods are accepted: the rights are used, with the exact amounts and the evidence they were read from.

#include <span>

#include "plugin/app/case_draft.hpp"
#include "plugin/app/evidence.hpp"

namespace retour::app {

/// What the units still have in their accounts: what they cost, less what was taken off them. Empty when the evidence
/// of some order is not here.
std::optional<std::vector<Claim>> claims_of(Evidence& evidence, std::span<const OrderUnits> taken);

/// `order_attached` for every order that the claims name and the case does not have yet.
void attach_orders(CaseDraft& draft, const ReturnCaseId& case_id, Evidence& evidence, std::span<const Claim> claims);

/// @pre the line is approved with these units; the orders are attached.
void claim_units(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no, Assurance assurance,
                 std::vector<Claim> claims);

}  // namespace retour::app
