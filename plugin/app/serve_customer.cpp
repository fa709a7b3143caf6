#include "plugin/app/serve_customer.hpp"

#include "plugin/app/credit_notes.hpp"
#include "plugin/app/fetch_rights.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/settle_line.hpp"

namespace retour::app {

namespace {

ReturnOutcome with_answer_and_paper(StoreContext& store, ReturnOutcome outcome, std::int64_t wait_ms) {
  const bool already_recorded = outcome.already_recorded;
  if (has_waiting_line(outcome.state)) {
    outcome = wait_for_hub(store, outcome.case_id, store.hub_reachable() ? wait_ms : 0);
    outcome.already_recorded = already_recorded;
  }
  outcome = with_signatures(store, std::move(outcome));
  // A line that waits has printed its slip: a receipt beside it that knows no more would only confuse.
  if (!already_recorded && has_answered_line(outcome.state)) print_papers(store, outcome);
  return outcome;
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> serve_customer(StoreContext& store, const ReturnCommand& command,
                                                     std::int64_t wait_ms) {
  auto outcome = execute_return(store, command);
  if (!outcome.ok() && outcome.error().code == "value_elsewhere") {
    if (const auto refused = fetch_rights(store, command, wait_ms)) return failure(*refused);
    outcome = execute_return(store, command);
  }
  if (!outcome.ok()) return outcome;
  return with_answer_and_paper(store, std::move(outcome).value(), wait_ms);
}

Result<ReturnOutcome, CommandRefusal> serve_override(StoreContext& store, const GiveOverride& command,
                                                     std::int64_t wait_ms) {
  auto outcome = give_override(store, command);
  if (!outcome.ok()) return outcome;
  return with_answer_and_paper(store, std::move(outcome).value(), wait_ms);
}

}  // namespace retour::app
