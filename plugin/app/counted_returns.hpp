#pragma once
// What the hub tells of returns at other stores: taken over as it comes, counted by the risk rules.

#include "db/journal/journal.hpp"
#include "db/projections/counted_returns.hpp"

namespace retour::app {

/// What retour-sync brings, in order; each takes the place of what was known. One transaction with the cursor. What
/// no rule counts any more (older than `oldest`) goes.
void take_counted(journal::Journal& journal, const std::vector<projections::ReturnElsewhere>& news,
                  std::uint64_t cursor, BusinessDate oldest);
/// The hub lost its tail: what it told is forgotten, and it tells everything again.
void forget_counted(journal::Journal& journal);

}  // namespace retour::app
