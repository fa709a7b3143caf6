#pragma once
// Which manipulation a broken chain tells of. Rows go in by seq; what looks odd is kept with its neighbours, and
// named at the end, when it is known which other events are odd. Pure.

#include <map>
#include <optional>
#include <vector>

#include "db/journal/inspect.hpp"
#include "db/journal/raw_events.hpp"

namespace retour::journal {

class ChainFindings {
 public:
  explicit ChainFindings(const Identity& identity) : m_identity(identity), m_head{.identity = identity} {}

  void take(const RawEvent& raw);
  /// The last event that could be read.
  const Head& head() const { return m_head; }
  std::uint64_t events() const { return m_events; }
  std::uint64_t last_seq() const { return m_last ? m_last->seq : 0; }
  /// By seq, at most findings_max. `acknowledged` tells apart what the chain alone cannot.
  std::vector<Finding> findings(const std::optional<Acknowledged>& acknowledged);

 private:
  struct Neighbour {
    std::uint64_t seq = 0;
    Hash256 hash;
  };
  struct Suspect {
    RawEvent raw;
    std::uint64_t missing_from = 0;  // first seq of the gap before it; 0: none
    bool foreign = false;
    bool sound = true;   // its hash is the hash of what it says
    bool linked = true;  // it names the hash of the row before
    bool later = true;   // its time is above that of the row before
    std::optional<Neighbour> before;
    std::optional<Neighbour> before_that;
    std::optional<Hash256> named_by_next;  // what the row behind it names as the hash before
  };
  Suspect examine(const RawEvent& raw);
  void name(Suspect& suspect, const std::optional<Acknowledged>& acknowledged);
  void name_what_the_chain_goes_round(const Suspect& suspect);
  void name_broken_link(const Suspect& suspect, const std::optional<Acknowledged>& acknowledged);
  std::optional<std::uint64_t> own_place_of(const Suspect& suspect);
  void note_gap_of_renumbered(const Suspect& suspect, std::uint64_t own_place);
  void add(std::uint64_t seq, Manipulation what, std::string detail);
  bool named(std::uint64_t seq) const { return m_found.contains(seq); }

  Identity m_identity;
  EventHasher m_hash;
  Head m_head;
  HlcTime m_time;
  std::uint64_t m_events = 0;
  std::optional<Neighbour> m_last;
  std::optional<Neighbour> m_last_but_one;
  bool m_last_is_suspect = false;
  std::vector<Suspect> m_suspects;
  std::map<std::uint64_t, std::uint64_t> m_own_places;  // of events that stand at another's place
  std::multimap<std::uint64_t, Finding> m_found;
};

}  // namespace retour::journal
