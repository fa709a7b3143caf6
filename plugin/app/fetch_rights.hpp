#pragma once
// Has rights brought here that an exchange needs: goods whose home is another store, value that was given on paper
// there. Head office is asked as for any line, in a visit of its own; the rights stay here when they came, and the
// exchange uses them in its own commit. Rule: docs/money.md, "Exchange".

#include "plugin/app/execute_return.hpp"

namespace retour::app {

/// A question that asks for the right alone has an id derived of its place, so that the journal tells it from one
/// that is to be paid out.
ReferralId right_only_id(const ReturnCaseId& case_id, std::uint32_t line_no);

/// The yes to such a question as the case keeps it: nothing is claimed, the right is here.
Decision right_came(Decision yes);

/// Asks for the deferred lines of the exchange and waits, at most `wait_ms`. Empty: they are here, try the exchange
/// again. Refused by name: `value_elsewhere` (no answer yet; the same command asks for the same answer, and rights
/// that come later stay here), `value_not_available` (head office says no).
std::optional<CommandRefusal> fetch_rights(StoreContext& store, const ReturnCommand& command, std::int64_t wait_ms);

}  // namespace retour::app
