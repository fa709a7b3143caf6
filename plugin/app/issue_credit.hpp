#pragma once
// Value given on paper: a leg that no device has to be asked for. Its start, the value account and its end are one
// commit, so a credit that is told exists. Rule: docs/money.md, "Value accounts".

#include "plugin/app/case_draft.hpp"

namespace retour::app {

/// The printed number of a credit, written as it is kept: "4F7K-29QX-M3RT". Empty when the text is none.
std::optional<std::string> parse_credit_number(std::string_view text);

/// Store credit and vouchers always; a gift card when it is newly given, or the one that had paid was ours.
bool is_given_on_paper(const PlannedLeg& planned);

/// Adds the leg's start, `credit_issued` and its end. More than one account can hold ends as `failed`, over_limit.
/// @pre the leg is planned or failed and is_given_on_paper; inside a write transaction.
void give_on_paper(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id, const CaseLeg& leg);

}  // namespace retour::app
