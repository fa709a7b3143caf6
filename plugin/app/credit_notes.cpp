#include "plugin/app/credit_notes.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/projections/credit_notes.hpp"
#include "plugin/app/fiscal_notes.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::app {

namespace {

const FiscalSigned* said_of(const ReturnOutcome& outcome, std::uint32_t plan_no) {
  if (plan_no == projections::taking_back) {
    return outcome.taken_back && outcome.taken_back->fiscal ? &*outcome.taken_back->fiscal : nullptr;
  }
  const auto plan = std::ranges::find(outcome.state.plans, plan_no, &CasePlan::plan_no);
  return plan != outcome.state.plans.end() && plan->fiscal ? &*plan->fiscal : nullptr;
}

bool waits(const ReturnOutcome& outcome, std::uint32_t plan_no) {
  const FiscalSigned* said = said_of(outcome, plan_no);
  return said != nullptr && said->state == FiscalState::unsigned_yet;
}

/// A payment that is not made yet, or failed, may still go another way: a note that was signed before would tell a
/// payment that never was.
bool payments_open(const ReturnOutcome& outcome, std::uint32_t plan_no) {
  if (outcome.state.voided) return false;  // they are never made
  return std::ranges::any_of(outcome.state.legs, [&](const CaseLeg& leg) {
    return leg.plan_no == plan_no &&
           (leg.state == LegState::planned || leg.state == LegState::started || leg.state == LegState::failed);
  });
}

bool may_be_signed(const ReturnOutcome& outcome, std::uint32_t plan_no) {
  return waits(outcome, plan_no) && !payments_open(outcome, plan_no);
}

ports::FiscalAnswer ask_signer(StoreContext& store, const ports::FiscalNote& note) try {
  return store.fiscal->sign(note);
} catch (const Error& error) {
  return {FiscalState::unsigned_yet, "", "", error.what()};
}

FiscalSigned event_of(StoreContext& store, const ReturnCaseId& case_id, std::uint32_t plan_no,
                      const ports::FiscalAnswer& answer) {
  const bool is_signed = answer.state == FiscalState::signed_;
  return {.case_id = case_id,
          .plan_no = plan_no,
          .state = answer.state,
          .signer = answer.signer,
          .signature = answer.signature,
          .signed_at_ms = is_signed ? store.clock.now_ms() : 0,
          .problem = answer.problem};
}

/// Two threads may ask about one note: the signer gives both the same signature, and the first one notes it down.
/// What is known already is not written again, so that a device that is out for a week costs the journal one event.
void note_down(StoreContext& store, const FiscalSigned& said) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  const auto now = read_outcome(store, said.case_id);
  if (!now || !waits(*now, said.plan_no) || *said_of(*now, said.plan_no) == said) return;
  CaseDraft draft(now->state);
  draft.add(said);
  record(write, store.ids.make<CommandId>(), draft.events());
}

/// False when the signer cannot be reached.
bool sign_note(StoreContext& store, const ReturnCaseId& case_id, std::uint32_t plan_no) {
  const auto outcome = read_outcome(store, case_id);
  if (!outcome || !may_be_signed(*outcome, plan_no)) return true;
  const auto notes = fiscal_notes(store.journal.envelopes_of_case(case_id), *outcome);
  const auto note = notes.find(plan_no);
  require(note != notes.end(), "a credit note waits for a signature and cannot be read");
  const ports::FiscalAnswer answer = ask_signer(store, note->second);
  note_down(store, event_of(store, case_id, plan_no, answer));
  return answer.state != FiscalState::unsigned_yet;
}

}  // namespace

std::uint64_t next_credit_note_no(StoreContext& store, const CaseDraft& draft) {
  const auto in_draft = std::ranges::count_if(
      draft.events(), [](const EventBody& event) { return std::holds_alternative<RefundPlanned>(event); });
  return projections::last_credit_note(store.journal.database()) + static_cast<std::uint64_t>(in_draft) + 1;
}

void await_signature(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t plan_no) {
  if (store.fiscal == nullptr) return;
  draft.add(FiscalSigned{.case_id = case_id, .plan_no = plan_no, .problem = "the signing device was not asked yet"});
}

ReturnOutcome with_signatures(StoreContext& store, ReturnOutcome outcome) {
  if (store.fiscal == nullptr) return outcome;
  bool reachable = true;
  for (const CasePlan& plan : outcome.state.plans) {
    if (reachable && may_be_signed(outcome, plan.plan_no))
      reachable = sign_note(store, outcome.case_id, plan.plan_no);
  }
  if (reachable && waits(outcome, projections::taking_back)) {
    sign_note(store, outcome.case_id, projections::taking_back);
  }
  ReturnOutcome now = *read_outcome(store, outcome.case_id);
  now.already_recorded = outcome.already_recorded;
  return now;
}

void sign_waiting_notes(StoreContext& store) {
  if (store.fiscal == nullptr) return;
  for (const auto& note : projections::unsigned_credit_notes(store.journal.database(), notes_a_tick_max)) {
    if (!sign_note(store, note.case_id, note.plan_no)) return;
  }
}

}  // namespace retour::app
