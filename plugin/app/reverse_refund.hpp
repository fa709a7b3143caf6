#pragma once
// A refund is undone after its money moved: the customer gave it back and takes the goods.

#include "plugin/app/undo_case.hpp"

namespace retour::app {

/// The rights come back to this node, the goods go back to the customer. Only after every payment has arrived: one
/// that may still arrive cannot be given back. The till itself takes in the money; this notes down that it did.
Result<ReturnOutcome, CommandRefusal> reverse_refund(StoreContext& store, const UndoCase& command);

}  // namespace retour::app
