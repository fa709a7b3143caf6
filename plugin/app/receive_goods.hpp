#pragma once
// Goods come over the counter, and sometimes go back over it. Stock moves by what was received, money by what was
// accepted.

#include "plugin/app/case_draft.hpp"

namespace retour::app {

/// Where goods of this disposition lie in the store; on hold until somebody has looked at them.
Bucket bucket_of(Disposition disposition);

/// Takes in what the line asked for to where inspection sends it, on hold while the answer is open. What was taken in
/// before moves there once the answer is yes (`goods_moved`).
void receive_goods(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no);

/// Gives back everything that is still here. @pre the case was voided or reversed.
void hand_back_all(CaseDraft& draft, const ReturnCaseId& case_id);

/// Gives back what was taken in for lines that were refused in the end.
void hand_back_refused(CaseDraft& draft, const ReturnCaseId& case_id);

/// Everything of the line that is still here.
void hand_back_line(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no);

/// The last day on which goods of refused lines are handed back, as the slip says it.
BusinessDate kept_until(const ReturnCase& state);

}  // namespace retour::app
