#include "plugin/app/withdraw_line.hpp"

#include "db/codec/event_codec.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

namespace {

struct Recorded {
  bool already = false;
  std::optional<LegToMove> first_leg;
};

bool said_the_same(const std::vector<EventEnvelope>& events, const LineWithdrawn& withdrawn) {
  const EventEnvelope& first = events.front();
  const auto body = codec::decode(first.kind, first.kind_version, first.body);
  const auto* said = body ? std::get_if<LineWithdrawn>(&*body) : nullptr;
  return said != nullptr && *said == withdrawn;
}

CommandRefusal refusal_of(const ReturnCase& state, std::uint32_t line_no) {
  if (find_line(state, line_no) == nullptr) {
    return {"line_unknown", "The return has no line " + std::to_string(line_no) + "."};
  }
  return {"line_not_waiting", "The line has its answer: there is nothing to withdraw."};
}

Result<Recorded, CommandRefusal> record_withdrawal(StoreContext& store, const WithdrawLine& command) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  const LineWithdrawn withdrawn{command.case_id, command.line_no, command.staff_code};
  if (write.recorded(command.command_id)) {
    if (said_the_same(write.events_of(command.command_id), withdrawn)) return Recorded{true, std::nullopt};
    return failure(CommandRefusal{"command_reused", "The command id was used before for something else."});
  }
  const auto state = read_case(store.journal, command.case_id);
  if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
  if (!check(*state, withdrawn).ok()) return failure(refusal_of(*state, command.line_no));
  CaseDraft draft(*state);
  draft.add(withdrawn);
  Evidence evidence(store);
  ask_about_deliveries(store, draft, evidence);
  hand_back_refused(draft, command.case_id);
  Recorded recorded{false, take_next_step(store, draft, command.case_id, Payout::at_counter)};
  record(write, command.command_id, draft.events());
  return recorded;
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> withdraw_line(StoreContext& store, const WithdrawLine& command) {
  auto recorded = record_withdrawal(store, command);
  if (!recorded.ok()) return failure(recorded.error());
  move_legs(store, command.case_id, std::move(recorded->first_leg), Payout::at_counter);
  auto outcome = read_outcome(store, command.case_id);
  require(outcome.has_value(), "a return of which a line was just withdrawn cannot be read");
  outcome->already_recorded = recorded->already;
  return std::move(*outcome);
}

}  // namespace retour::app
