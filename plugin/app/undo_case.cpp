#include "plugin/app/undo_case.hpp"

#include <algorithm>

#include "db/projections/credit_notes.hpp"
#include "plugin/app/credit_notes.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/policy/decide_delivery.hpp"

namespace retour::app {

Currency currency_of_plans(const ReturnCase& state) {
  return state.plans.empty() ? Currency{} : state.plans.front().currency;
}

namespace {
/// Neither goods given in exchange nor value given on paper come back by calling a visit off, and what was taken off
/// the accounts of goods that the customer keeps stays off.
std::optional<CommandRefusal> bound_by(const ReturnCase& state) {
  const bool carries = !state.trade_ins.empty() || std::ranges::any_of(state.plans, [](const CasePlan& plan) {
    return !plan.carried_to.is_zero();
  });
  if (std::ranges::any_of(state.lines, [](const CaseLine& line) { return !line.lowered.empty(); })) {
    return CommandRefusal{
        "exchanged",
        "It was granted for goods that the customer keeps and is not undone. A payment that waits can be "
        "made or go another way; the goods, when they come back, give the rest."};
  }
  if (!carries && state.credits.empty()) return std::nullopt;
  return CommandRefusal{"exchanged", carries ? "A part has paid for other goods; take those back instead."
                                             : "Store credit was given for it; sell the goods against the credit."};
}

/// With the goods goes the question about their delivery; a return that waited for it alone is closed then.
void withdraw_deliveries(CaseDraft& draft, const UndoCase& command) {
  const std::vector<CaseLine> lines = draft.state().lines;  // a copy: adding changes the state
  for (const CaseLine& line : lines) {
    const bool waits = line.state == LineState::referred || line.state == LineState::deferred;
    if (waits && asks_for_delivery(line.ask)) {
      draft.add(LineWithdrawn{command.case_id, line.ask.line_no, command.staff_code});
    }
  }
  if (!draft.events().empty() && is_complete(draft.state())) draft.add(CaseClosed{command.case_id});
}

bool is_numbered(const ReturnCase& state) {
  return std::ranges::any_of(state.plans, [](const CasePlan& plan) { return plan.credit_note_no != 0; });
}
}  // namespace

Result<ReturnOutcome, CommandRefusal> undo_case(StoreContext& store, const UndoCase& command,
                                                const Undoing& undoing) {
  bool already = false;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, command.case_id);
    if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
    already = undoing.undone(*state);
    if (!already) {
      if (write.recorded(command.command_id)) {
        return failure(CommandRefusal{"command_reused", "The command id was used for something else."});
      }
      CaseDraft draft(*state);
      withdraw_deliveries(draft, command);
      if (const auto refused = undoing.refusal_of(draft.state())) return failure(*refused);
      if (const auto bound = bound_by(*state)) return failure(*bound);
      draft.add(undoing.event_of(command, draft.state()));
      if (is_numbered(*state)) await_signature(store, draft, command.case_id, projections::taking_back);
      hand_back_all(draft, command.case_id);
      record(write, command.command_id, draft.events());
    }
  }
  ReturnOutcome outcome = *read_outcome(store, command.case_id);
  outcome.already_recorded = already;
  return outcome;
}

}  // namespace retour::app
