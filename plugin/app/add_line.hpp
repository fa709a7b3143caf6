#pragma once
// One answered line becomes events of its case: what was seen, the answer or the question to the hub, and what
// follows from a yes.

#include "plugin/app/answer_lines.hpp"
#include "plugin/app/case_draft.hpp"
#include "plugin/app/line_facts.hpp"

namespace retour::app {

/// `item_inspected` when something was looked at, then `line_answered` or `line_referred`; of an approved line also
/// its claims and its goods. @pre the case is open in the draft; the orders of the claims are attached.
void add_line(CaseDraft& draft, StoreContext& store, const AnsweredLine& line, const LineCheck& check);

/// `item_inspected`, unless nobody looked and there is no photo.
void add_inspection(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no, const Looked& looked,
                    const LineCheck& check);

}  // namespace retour::app
