#include "plugin/app/reverse_refund.hpp"

#include <algorithm>

namespace retour::app {

namespace {

std::optional<CommandRefusal> refusal_of(const ReturnCase& state) {
  if (state.voided) return CommandRefusal{"case_voided", "The return was called off: no money moved."};
  const auto waiting = std::find_if(state.legs.begin(), state.legs.end(), [](const CaseLeg& leg) {
    return leg.state != LegState::settled && leg.state != LegState::rerouted;
  });
  if (waiting != state.legs.end()) {
    return CommandRefusal{"money_not_all_out",
                          "A payment of the return is " + std::string(to_string(waiting->state)) +
                              "; a refund is reversed after all of it has arrived, and called off "
                              "when none of it was started."};
  }
  if (!state.closed) {
    return CommandRefusal{"case_open", "The return still waits for an answer; it is reversed once it is closed."};
  }
  const bool kept = std::ranges::any_of(state.lines, [](const CaseLine& line) { return !line.lowered.empty(); });
  if (claimed_units(state).empty() && !kept && state.trade_ins.empty()) {
    return CommandRefusal{"nothing_refunded", "Nothing was refunded by this return."};
  }
  return std::nullopt;
}

EventBody event_of(const UndoCase& command, const ReturnCase& state) {
  return RefundReversed{.case_id = command.case_id,
                        .by = command.staff_code,
                        .reason = command.reason,
                        .items = claimed_units(state),
                        .currency = currency_of_plans(state),
                        .total_minor = state.due_minor};
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> reverse_refund(StoreContext& store, const UndoCase& command) {
  return undo_case(store, command,
                   {.undone = [](const ReturnCase& state) { return state.reversed; },
                    .refusal_of = refusal_of,
                    .event_of = event_of});
}

}  // namespace retour::app
