#pragma once
// Folding a journal's events again, into the tables of any database that has them.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/journal/journal.hpp"

namespace retour::journal {

struct Refold {
  std::uint64_t events = 0;
  std::uint64_t stopped_at = 0;  // seq of the first event that does not follow; 0: all do
  std::string reason;
};

/// Folds all events of `from`, in order, into the tables of `into` (which may be the same). Stops at the first that
/// does not follow; its own half-made changes stay, so the caller throws the tables away. Kinds this program does not
/// know change no table.
Refold refold(sqlite::Database& from, sqlite::Database& into, const std::vector<Projection*>& projections);

/// The first line that stands in one canonical dump only, with - (in `before`) or + (in `after`); empty when equal.
std::string first_difference(std::string_view before, std::string_view after);

}  // namespace retour::journal
