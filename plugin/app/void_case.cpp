#include "plugin/app/void_case.hpp"

#include <algorithm>

namespace retour::app {

namespace {

std::optional<CommandRefusal> refusal_of(const ReturnCase& state) {
  if (state.reversed)
    return CommandRefusal{"case_reversed", "The refund was reversed: there is nothing to call off."};
  const bool moved = std::any_of(state.legs.begin(), state.legs.end(), [](const CaseLeg& leg) {
    return leg.state != LegState::planned && leg.state != LegState::failed && leg.state != LegState::rerouted;
  });
  if (moved) {
    return CommandRefusal{"money_has_moved",
                          "A payment was started, so the return cannot be called off. When all of it is paid and the "
                          "customer gives it back, record a reversal."};
  }
  if (state.closed) {
    return CommandRefusal{"case_closed", "The return is closed. What came back is given out again by a reversal."};
  }
  if (has_waiting_line(state) || has_deferred_line(state)) {
    return CommandRefusal{"answer_awaited",
                          "Head office is being asked about a line. Call the return off when the answer is there; a "
                          "customer who does not wait takes the goods of that line home (withdrawal)."};
  }
  return std::nullopt;
}

EventBody event_of(const UndoCase& command, const ReturnCase& state) {
  return CaseVoided{.case_id = command.case_id,
                    .by = command.staff_code,
                    .reason = command.reason,
                    .items = claimed_units(state),
                    .currency = currency_of_plans(state),
                    .total_minor = state.due_minor};
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> void_case(StoreContext& store, const UndoCase& command) {
  return undo_case(store, command,
                   {.undone = [](const ReturnCase& state) { return state.voided; },
                    .refusal_of = refusal_of,
                    .event_of = event_of});
}

}  // namespace retour::app
