#include "plugin/app/confirm_leg.hpp"

#include "db/codec/event_codec.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

namespace {

/// The confirmation an id was used for, when it was one.
std::optional<RefundLegEnded> recorded_end(const std::vector<EventEnvelope>& events) {
  if (events.empty()) return std::nullopt;
  const auto body = codec::decode(events.front().kind, events.front().kind_version, events.front().body);
  if (!body || !std::holds_alternative<RefundLegEnded>(*body)) return std::nullopt;
  return std::get<RefundLegEnded>(*body);
}

std::optional<CommandRefusal> refusal_of(const ReturnCase& state, const ConfirmLeg& command) {
  const CaseLeg* leg = find_leg(state, command.leg_id);
  if (leg == nullptr) return CommandRefusal{"leg_unknown", "The return has no such payment."};
  if (leg->state == LegState::unknown) return std::nullopt;
  return CommandRefusal{"leg_not_unknown", "The payment is " + std::string(to_string(leg->state)) +
                                               "; only one whose end nobody knows can be confirmed."};
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> confirm_leg(StoreContext& store, const ConfirmLeg& command) {
  require(command.outcome == LegOutcome::settled || command.outcome == LegOutcome::failed,
          "a person says that the money left or that it did not");
  std::optional<LegToMove> moving;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, command.case_id);
    if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
    const RefundLegEnded ended{command.case_id, command.leg_id, command.outcome, "", command.staff_code};
    if (write.recorded(command.command_id)) {
      if (recorded_end(write.events_of(command.command_id)) == ended) return *read_outcome(store, command.case_id);
      return failure(CommandRefusal{"command_reused", "The command id was used for something else."});
    }
    if (const auto refused = refusal_of(*state, command)) return failure(*refused);
    CaseDraft draft(*state);
    draft.add(ended);
    moving = take_next_step(store, draft, command.case_id, Payout::unattended);
    record(write, command.command_id, draft.events());
  }
  move_legs(store, command.case_id, std::move(moving), Payout::unattended);
  return *read_outcome(store, command.case_id);
}

}  // namespace retour::app
