#pragma once
// A return that the customer started at home, at the till: her code brings order, lines and reasons, so that one
// command finishes it; without the code the cashier is told that one stands under the order.

#include "db/projections/started_returns.hpp"
#include "plugin/app/answer_lines.hpp"
#include "plugin/app/find_order.hpp"

namespace retour::app {

struct StartedReturn {
  projections::KnownStarted known;
  std::optional<FoundOrder> order;  // empty: this store does not have it, the hub answers then
};
/// By the code as typed or scanned. Empty: this store was not told of one.
std::optional<StartedReturn> find_started(StoreContext& store, std::string_view code);

/// The code as it is written on papers; empty when the text is no code.
std::string started_code(std::string_view text);

/// What a started return changes in the facts of a line: with its code, a person's yes that was given at the hub for
/// this line of the order stands, unless inspection saw goods of another grade than she was told of; without it the
/// alert `return_started` is raised. Reads only.
void add_started(StoreContext& store, const Visit& visit, const ReturnAsk& ask, LineFacts& facts);

/// What retour-sync brings, in order; each takes the place of what was known. One transaction with the cursor.
struct StartedNews {
  ReturnCaseId id;
  std::optional<projections::KnownStarted> known;  // empty: it is over
};
void take_started(journal::Journal& journal, const std::vector<StartedNews>& news, std::uint64_t cursor);
/// The hub lost its tail: what it told is forgotten, and it tells everything again.
void forget_started(journal::Journal& journal);

}  // namespace retour::app
