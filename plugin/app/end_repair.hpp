#pragma once
// A repair is over: the customer gets her goods back, whole again or found beyond repair.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

struct EndRepair {
  CommandId command_id;
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  RepairOutcome outcome = RepairOutcome::repaired;
};

/// `repair_ended`, and the goods are handed back. The same end again is `already_recorded`. Refused: case_unknown,
/// line_unknown, line_not_in_repair, command_reused.
Result<ReturnOutcome, CommandRefusal> end_repair(StoreContext& store, const EndRepair& command);

}  // namespace retour::app
