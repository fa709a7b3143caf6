#pragma once
// Moves money leg by leg: `refund_leg_started` is durable before the device is asked, `refund_leg_ended` after. The
// end of one leg and the start of the next (or the close of the case) are one commit.

#include "plugin/app/case_draft.hpp"
#include "plugin/app/leg_hold.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::app {

enum class Payout : std::uint8_t {
  at_counter = 1,  // the customer and a cashier are there: every planned leg is paid, drawer included
  unattended = 2,  // nobody is there: only legs that no drawer has to open for
};

/// A leg that was started in the draft and whose device this thread asks once the draft is durable.
struct LegToMove {
  LegHold hold;
  PlannedLeg planned;
  Currency currency;
};

/// Adds what comes next to the draft: value given on paper at once; `refund_leg_started` of the next leg that may
/// start, else `case_closed` when
/// the case is complete, else nothing.
std::optional<LegToMove> take_next_step(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id,
                                        Payout payout);

/// Starts one given leg in the draft. @pre it is planned or failed.
std::optional<LegToMove> start_leg(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id,
                                   const CaseLeg& leg);

/// Asks the device for the leg, records its end and goes on with the next ones. A cash return ends here with its
/// second commit, each further leg takes two more... of which one is shared with the leg before.
void move_legs(StoreContext& store, const ReturnCaseId& case_id, std::optional<LegToMove> first, Payout payout);

/// Records how a started, unknown or queued leg ended, and what comes next. Empty when the case goes no further now,
/// or when somebody else has recorded the end meanwhile.
std::optional<LegToMove> end_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id,
                                 const ports::DeviceAnswer& answer, Payout payout);

/// A cashier pays a leg that was planned against a slip or failed before: starts it (again, under the same id).
Result<ReturnOutcome, CommandRefusal> pay_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id);

}  // namespace retour::app
