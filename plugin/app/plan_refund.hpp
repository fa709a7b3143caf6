#pragma once
// What goes back, leg by leg: the claims of one step become one plan of the case.

#include <span>

#include "plugin/app/case_draft.hpp"
#include "plugin/app/evidence.hpp"

namespace retour::app {

/// The one currency of the claims; empty when they have several, or there are none.
std::optional<Currency> currency_of(Evidence& evidence, std::span<const Claim> claims);

/// The plan both quote and return are made by. @pre currency_of(claims) has a value.
RefundPlan plan_for(Evidence& evidence, std::span<const Claim> claims);

/// `refund_planned` with fresh leg ids. Does nothing when the claims cost nothing and the case has a plan already.
/// @pre `claims` are all claims of the case that no plan covers yet.
void plan_refund_of_case(CaseDraft& draft, const ReturnCaseId& case_id, Evidence& evidence, ports::Ids& ids,
                         std::span<const Claim> claims);

}  // namespace retour::app
