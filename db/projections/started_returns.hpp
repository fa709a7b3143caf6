#pragma once
// Returns that customers have started and that may come to this store, beside the journal, as the hub told of them.
// Plain functions; call them inside the transaction whose state they should see.

#include <optional>
#include <string>
#include <string_view>

#include "db/sqlite/database.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::projections {

struct KnownStarted {
  ReturnStarted started;
  bool approved = false;    // false: a person has not decided yet
  std::string approved_by;  // staff code; empty: the rules
  friend bool operator==(const KnownStarted&, const KnownStarted&) = default;
};

/// Takes the place of what was known of it.
void put_started(sqlite::Database& database, const KnownStarted& known);
void drop_started(sqlite::Database& database, const ReturnCaseId& id);
/// Everything, and the lane begins anew.
void forget_started(sqlite::Database& database);
std::optional<KnownStarted> started_of_code(sqlite::Database& database, std::string_view code);
/// Codes of the started returns that stand under the order.
std::vector<std::string> started_codes_of_order(sqlite::Database& database, const OrderId& order);

/// Number of the last item taken of the hub's lane; 0: none yet.
std::uint64_t started_cursor(sqlite::Database& database);
void set_started_cursor(sqlite::Database& database, std::uint64_t seq);

}  // namespace retour::projections
