#pragma once
// A visit is called off before any money moved.

#include "plugin/app/undo_case.hpp"

namespace retour::app {

/// Legs that were planned are dropped, the rights come back to this node, the goods go back to the customer. Refused
/// once a payment was started (`money_has_moved`: a reversal undoes it), and while the hub is being asked.
Result<ReturnOutcome, CommandRefusal> void_case(StoreContext& store, const UndoCase& command);

}  // namespace retour::app
