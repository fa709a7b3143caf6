#include "plugin/app/defer_line.hpp"

#include "plugin/app/case_code.hpp"
#include "plugin/app/case_draft.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

void defer_waiting(StoreContext& store, const ReturnCaseId& case_id) {
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, case_id);
    if (!state || !has_waiting_line(*state)) return;
    CaseDraft draft(*state);
    for (const CaseLine& line : state->lines) {
      if (line.state != LineState::referred) continue;
      draft.add(LineDeferred{case_id, line.ask.line_no, *line.referral_id, case_code(case_id)});
      receive_goods(draft, case_id, line.ask.line_no);
    }
    record(write, store.ids.make<CommandId>(), draft.events());
  }
  if (const auto outcome = read_outcome(store, case_id)) print_paper(store, slip_of(store, *outcome));
}

}  // namespace retour::app
