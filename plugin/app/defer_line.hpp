#pragma once
// The customer cannot wait longer: the goods are taken in, a slip with a code goes home instead of the money.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

/// `line_deferred` and `goods_received` (bucket hold) for every line of the case that still waits; prints the slip.
/// No right is reserved. Does nothing when no line waits.
void defer_waiting(StoreContext& store, const ReturnCaseId& case_id);

}  // namespace retour::app
