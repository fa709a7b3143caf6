#pragma once
// Rows of the table `event` as they are, for programs that look at a file nobody vouches for: a column in a form that
// no writer of ours makes is named, not thrown.

#include <optional>
#include <string>

#include "db/journal/chain.hpp"
#include "db/sqlite/statement.hpp"

namespace retour::journal {

struct RawEvent {
  std::uint64_t seq = 0;
  std::string unreadable;  // the first column of a form that nobody of ours writes; empty: none
  EventEnvelope event;     // only its seq when a column is unreadable
};

/// All events in order of seq. One use: step through with `next`. Keep a read transaction open around it.
class RawEvents {
 public:
  explicit RawEvents(sqlite::Database& database);
  /// Empty at the end. Throws DatabaseDamaged when SQLite itself cannot read on.
  std::optional<RawEvent> next();

 private:
  sqlite::Statement m_row;
};

}  // namespace retour::journal
