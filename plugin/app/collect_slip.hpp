#pragma once
// The customer comes back with the slip: what was approved is paid out, what was refused is handed back.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

/// Pays every leg that waits for the customer and hands back the goods of refused lines. Lines still with the hub
/// stay open; a second visit with the same slip pays nothing again. `goods_no_longer_kept`: nothing is to be done but
/// for goods of refused lines, and the day that the slip named is over.
Result<ReturnOutcome, CommandRefusal> collect_slip(StoreContext& store, const ReturnCaseId& case_id);

}  // namespace retour::app
