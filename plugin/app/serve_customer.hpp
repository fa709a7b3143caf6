#pragma once
// The whole visit at the till, as the local API offers it: the return, the hub's answer while the customer waits, the
// papers.

#include "plugin/app/execute_return.hpp"
#include "plugin/app/give_override.hpp"

namespace retour::app {

/// `wait_ms`: how long the customer waits for the hub at most; not at all when the hub is known to be out of reach.
Result<ReturnOutcome, CommandRefusal> serve_customer(StoreContext& store, const ReturnCommand& command,
                                                     std::int64_t wait_ms);

/// A person's yes or no, with the hub's answer where one is wanted now, and the paper.
Result<ReturnOutcome, CommandRefusal> serve_override(StoreContext& store, const GiveOverride& command,
                                                     std::int64_t wait_ms);

}  // namespace retour::app
