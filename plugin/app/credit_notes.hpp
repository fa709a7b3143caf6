#pragma once
// Credit notes: every plan of a refund is one, with the next number of this node; a void or a reversal is a further
// one that takes them back. The number is given inside the transaction that writes the plan, the signature is asked
// for after the money has gone its way, and no refund ever waits for one.

#include "plugin/app/case_draft.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::app {

/// Notes that one tick asks the signer about; more come with the next tick.
inline constexpr std::size_t notes_a_tick_max = 100;

/// The number for a plan that is added to the draft now. @pre inside the transaction that records the draft.
std::uint64_t next_credit_note_no(StoreContext& store, const CaseDraft& draft);

/// Behind a plan, void or reversal in the draft: its note waits for the signer. Nothing where none is asked.
void await_signature(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t plan_no);

/// Asks the signer about the notes of the case that wait for it, and reads the case again: before its paper is
/// printed. Never throws for what the signer does.
ReturnOutcome with_signatures(StoreContext& store, ReturnOutcome outcome);

/// Asks the signer about notes that wait, oldest first, until it cannot be reached.
void sign_waiting_notes(StoreContext& store);

}  // namespace retour::app
