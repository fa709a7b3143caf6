#include "plugin/app/serve_customer.hpp"

#include "plugin/app/print_receipt.hpp"
#include "plugin/app/settle_line.hpp"

namespace retour::app {

Result<ReturnOutcome, CommandRefusal> serve_customer(StoreContext& store, const ReturnCommand& command,
                                                     std::int64_t wait_ms) {
  auto outcome = execute_return(store, command);
  if (!outcome.ok()) return outcome;
  const bool already_recorded = outcome->already_recorded;
  if (has_waiting_line(outcome->state)) {
    outcome = wait_for_hub(store, outcome->case_id, store.hub_reachable() ? wait_ms : 0);
    outcome->already_recorded = already_recorded;
  }
  // A line that waits has printed its slip: a receipt beside it that knows no more would only confuse.
  if (!already_recorded && has_answered_line(outcome->state)) print_paper(store, receipt_of(store, *outcome));
  return outcome;
}

}  // namespace retour::app
