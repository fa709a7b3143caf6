#include "plugin/app/collect_slip.hpp"

#include <algorithm>

#include "plugin/app/move_legs.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

namespace {

bool keeps_refused_goods(const ReturnCase& state) {
  return std::ranges::any_of(state.lines, [](const CaseLine& line) {
    return line.state == LineState::refused && line.received > line.handed_back;
  });
}

CommandRefusal no_longer_kept(const ReturnCase& state) {
  return {"goods_no_longer_kept", "The goods were refused and kept for the customer until " +
                                      kept_until(state).to_string() +
                                      ", as the slip said. They are no longer owed to her."};
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> collect_slip(StoreContext& store, const ReturnCaseId& case_id) {
  std::optional<LegToMove> moving;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, case_id);
    if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
    CaseDraft draft(*state);
    // The clock's day will do: one more or less is nothing to thirty.
    const bool kept = CivilDate::of_ms(store.clock.now_ms()) <= kept_until(*state);
    if (kept) hand_back_refused(draft, case_id);
    if (!state->closed) moving = take_next_step(store, draft, case_id, Payout::at_counter);
    if (!kept && draft.events().empty() && keeps_refused_goods(*state)) return failure(no_longer_kept(*state));
    record(write, store.ids.make<CommandId>(), draft.events());
  }
  move_legs(store, case_id, std::move(moving), Payout::at_counter);
  return *read_outcome(store, case_id);
}

}  // namespace retour::app
