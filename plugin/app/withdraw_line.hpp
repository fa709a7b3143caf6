#pragma once
// The customer changes her mind while a line waits for the hub or for a person: she takes her goods home.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

struct WithdrawLine {
  CommandId command_id;
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string staff_code;  // who hands the goods back
};

/// `line_withdrawn`, and the goods of the line go back over the counter. The question ends: an answer that comes
/// later changes nothing, and rights that the hub sent with it stay at this store. Other lines of the case go on as
/// they were; what waits for the customer is paid, because she is here. Refused by name: `case_unknown`,
/// `line_unknown`, `line_not_waiting`. The same command again gives the same outcome.
Result<ReturnOutcome, CommandRefusal> withdraw_line(StoreContext& store, const WithdrawLine& command);

}  // namespace retour::app
