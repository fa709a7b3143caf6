#pragma once
// The hub's answers to referred lines: taken up while the customer waits, or whenever they come.

#include "plugin/app/move_legs.hpp"

namespace retour::app {

/// Takes up every answer that has arrived for lines still open, of one case or of all: `line_settled`, the claims
/// with their evidence, the goods, a further plan, and its legs as `payout` allows. An answer whose order or whose
/// rights are not here yet stays for the next call. Returns how many lines were settled. `unattended`: cash stays
/// planned and refused goods stay here until the slip is brought (`collect_slip`). `at_counter`: cash is paid and
/// refused goods are handed back at once.
std::size_t settle_arrived(StoreContext& store, Payout payout);
std::size_t settle_arrived(StoreContext& store, const ReturnCaseId& case_id, Payout payout);

/// Lets the customer wait for the hub: polls until every referred line is answered, the hub says that it will take
/// longer, or `wait_ms` are over. Then settles what came, defers the rest and prints its slip.
ReturnOutcome wait_for_hub(StoreContext& store, const ReturnCaseId& case_id, std::int64_t wait_ms);

}  // namespace retour::app
