#pragma once
// Moves money leg by leg: `refund_leg_started` is durable before the device is asked, `refund_leg_ended` after. The
// end of one leg and the start of the next (or the close of the case) are one commit.

#include "plugin/app/return_outcome.hpp"

namespace retour::app {

enum class Payout : std::uint8_t {
  at_counter = 1,  // the customer and a cashier are there: every planned leg is paid, drawer included
  unattended = 2,  // nobody is there: only legs that no drawer has to open for
};

/// The event that starts the next leg which may start now, or `case_closed` when the case is complete, or nothing.
std::optional<EventBody> next_step(const ReturnCase& state, Payout payout);

/// Asks the devices for every leg that was started, then for the next ones, until none is left that may start.
/// Legs that another thread is moving are left alone.
void move_legs(StoreContext& store, const ReturnCaseId& case_id, Payout payout);

/// A cashier pays a leg that was planned against a slip or failed before: starts it (again, under the same id).
Result<ReturnOutcome, CommandRefusal> pay_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id);

}  // namespace retour::app
