#pragma once
// A person says what became of a leg whose device cannot be asked: a drawer that stood open when the program ended.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

struct ConfirmLeg {
  CommandId command_id;
  ReturnCaseId case_id;
  LegId leg_id;
  LegOutcome outcome = LegOutcome::settled;  // settled: the money left; failed: it did not, the leg can be paid again
  std::string staff_code;
};

/// Only an `unknown` leg can be confirmed; the same word again changes nothing. Pays nothing by itself.
Result<ReturnOutcome, CommandRefusal> confirm_leg(StoreContext& store, const ConfirmLeg& command);

}  // namespace retour::app
