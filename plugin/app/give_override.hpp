#pragma once
// A second person says yes or no to what a rule left to a person: at once, or when she is back from lunch.

#include "plugin/app/return_outcome.hpp"
#include "plugin/app/verify_approver.hpp"

namespace retour::app {

struct GiveOverride {
  CommandId command_id;
  ReturnCaseId case_id;
  std::optional<std::uint32_t> line_no;  // empty: every line that waits for a person
  Credential by;
  std::string reason;     // a code or short words: every override carries one
  bool declined = false;  // the person said no: the line is refused, `declined_by_manager`
};

/// Verifies the person, records `override_given`, and answers the lines again, now with her approval: on the facts,
/// the day and the inspection of the first answer. What is approved goes on at once (claims, plan, legs, goods); what
/// has meanwhile to go to the hub is referred. Who may say yes may say no. All lines or none: where the person's role
/// is too low for one of them nothing is recorded.
/// The same command again gives the same outcome. A one-time code is spent with the command that used it.
Result<ReturnOutcome, CommandRefusal> give_override(StoreContext& store, const GiveOverride& command);

}  // namespace retour::app
