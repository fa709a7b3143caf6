#pragma once
// Appends the events of one step and makes them durable.

#include <span>

#include "db/journal/journal.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::app {

/// Appends under a command id that is new, and commits. Nothing to append: ends the transaction without a trace.
inline void record(journal::Write& write, const CommandId& command, std::span<const EventBody> events) {
  if (events.empty()) return;
  require(write.append(command, events) == journal::Appended::recorded, "a fresh command id was used before");
  write.commit();
}

}  // namespace retour::app
