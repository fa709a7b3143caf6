#include "plugin/app/collect_slip.hpp"

#include "plugin/app/move_legs.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

Result<ReturnOutcome, CommandRefusal> collect_slip(StoreContext& store, const ReturnCaseId& case_id) {
  std::optional<LegToMove> moving;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, case_id);
    if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
    CaseDraft draft(*state);
    hand_back_refused(draft, case_id);
    if (!state->closed) moving = take_next_step(store, draft, case_id, Payout::at_counter);
    record(write, store.ids.make<CommandId>(), draft.events());
  }
  move_legs(store, case_id, std::move(moving), Payout::at_counter);
  return *read_outcome(store, case_id);
}

}  // namespace retour::app
