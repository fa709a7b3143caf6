#pragma once
// What a void and a reversal have in common: one event undoes the whole case, rights come back to this node, goods go
// to the customer. Internal to void_case.cpp and reverse_refund.cpp.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

struct UndoCase {
  CommandId command_id;
  ReturnCaseId case_id;
  std::string staff_code;
  std::string reason;  // a code or short words; never empty
  friend bool operator==(const UndoCase&, const UndoCase&) = default;
};

/// The event of the undoing, or why it cannot be. `undone` says whether the case is in this state already.
struct Undoing {
  bool (*undone)(const ReturnCase& state);
  std::optional<CommandRefusal> (*refusal_of)(const ReturnCase& state);
  EventBody (*event_of)(const UndoCase& command, const ReturnCase& state);
};

/// Writes nothing, and says `already_recorded`, when the case is undone already. The id of another command is
/// `command_reused`.
Result<ReturnOutcome, CommandRefusal> undo_case(StoreContext& store, const UndoCase& command, const Undoing& undoing);

/// The currency of the case's plans; none: of nothing.
Currency currency_of_plans(const ReturnCase& state);

}  // namespace retour::app
