#pragma once
// What is folded from events lies behind this door: the journal does not know what a stock level is.

#include <span>
#include <string_view>

#include "db/sqlite/database.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::journal {

/// Tables that are a function of the events and of nothing else. Stateless: all state is in the database.
class Projection {
 public:
  virtual ~Projection() = default;
  /// Called once an event, in order, in the transaction that appends it. Throws FoldError when the event cannot
  /// follow from what was folded before; then nothing is recorded.
  virtual void apply(sqlite::Database& database, const EventEnvelope& event, const EventBody& body) = 0;
  /// The tables it fills, for rebuilding and for the canonical dump.
  virtual std::span<const std::string_view> tables() const = 0;
};

/// An event contradicts those before it: a claim on units that are not held, a leg that was never planned.
class FoldError : public Error {
 public:
  using Error::Error;
};

}  // namespace retour::journal
