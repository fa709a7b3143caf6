#pragma once
// `retour journal verify | dump | rebuild`: what can be said about a journal from its file alone.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "db/journal/journal.hpp"

namespace retour::journal {

enum class Manipulation : std::uint8_t {
  changed = 1,         // the event does not say what its hash says
  removed,             // seqs are missing
  reordered,           // the event stands at another's place
  inserted,            // the chain goes round it: it does not follow from the event before
  foreign,             // of another node or epoch
  unreadable,          // a column has a form that no writer of ours makes
  cut_off,             // the hub has acknowledged events that are gone from the end
  replaced,            // the event is not the one that the hub has acknowledged
  does_not_follow,     // sound by itself, but contradicts those before it
  projection_differs,  // the tables say something that the events do not: they, or the last events, were changed
};
std::string_view to_string(Manipulation manipulation);

struct Finding {
  std::uint64_t seq = 0;
  Manipulation what = Manipulation::changed;
  std::string detail;  // one sentence for people
};

inline constexpr std::size_t findings_max = 100;  // a file that is broken throughout need not be listed throughout

struct Verification {
  Head head;
  std::uint64_t events = 0;
  std::optional<Acknowledged> acknowledged;
  std::vector<Finding> findings;  // by seq; empty: nothing was found
  /// Events behind the acknowledged head: had some more been cut off there, nobody could tell.
  std::uint64_t unwitnessed = 0;
  /// Whether the tables were held against the events: only events that are sound themselves can be folded.
  bool tables_compared = false;
};

/// Reads only; a running store is not disturbed. With `projections` the events are folded again, in a temporary
/// database, and compared with the tables. Throws DatabaseDamaged when SQLite cannot read the file, and Error when it
/// belongs to no node.
Verification verify(const std::filesystem::path& path, const std::vector<Projection*>& projections);

/// One JSON object a line and event; a kind that is not known shows its bytes as hex.
void dump(const std::filesystem::path& path, std::ostream& out);
/// The same for one event.
std::string to_json_line(const EventEnvelope& event);

struct Rebuilt {
  std::uint64_t events = 0;
  bool equal = true;             // the tables were what the events say
  std::string first_difference;  // a line of the canonical dump, with - (before) or + (after)
};

/// Empties the projections and folds all events again, in one transaction; nothing else is read.
Rebuilt rebuild(const std::filesystem::path& path, const std::vector<Projection*>& projections);

/// The tables of the projections as sorted text, one line a row: equal text is equal state.
std::string canonical_dump(sqlite::Database& database, const std::vector<Projection*>& projections);

}  // namespace retour::journal
