#include "db/journal/chain_findings.hpp"

#include <algorithm>
#include <utility>

namespace retour::journal {

namespace {

std::string event_no(std::uint64_t seq) {
  return "event " + std::to_string(seq);
}

std::string missing(std::uint64_t first, std::uint64_t last) {
  return first == last ? event_no(first) + " is missing"
                       : "events " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

}  // namespace

// ---- rows in -----------------------------------------------------------------------------------------------------
ChainFindings::Suspect ChainFindings::examine(const RawEvent& raw) {
  Suspect row{.raw = raw, .before = m_last, .before_that = m_last_but_one};
  const std::uint64_t expected = last_seq() + 1;
  if (raw.seq > expected) row.missing_from = expected;
  if (!raw.unreadable.empty()) return row;
  const EventEnvelope& event = raw.event;
  row.foreign = event.node_id != m_identity.node || event.epoch != m_identity.epoch;
  row.sound = m_hash(event) == event.hash;
  // Behind a gap the hash of the event before is not known.
  row.linked = row.missing_from != 0 || event.prev_hash == (m_last ? m_last->hash : Hash256{});
  row.later = event.hlc > m_time;
  return row;
}

void ChainFindings::take(const RawEvent& raw) {
  ++m_events;
  if (m_last_is_suspect && raw.unreadable.empty()) m_suspects.back().named_by_next = raw.event.prev_hash;
  m_last_is_suspect = false;
  if (m_suspects.size() < findings_max) {
    Suspect row = examine(raw);
    m_last_is_suspect =
        row.missing_from != 0 || !raw.unreadable.empty() || row.foreign || !row.sound || !row.linked || !row.later;
    if (m_last_is_suspect) m_suspects.push_back(std::move(row));
  }
  m_last_but_one = std::exchange(m_last, Neighbour{raw.seq, raw.event.hash});
  if (!raw.unreadable.empty()) return;
  m_head = head_after(raw.event);
  m_time = raw.event.hlc;
}

// ---- names out ---------------------------------------------------------------------------------------------------
void ChainFindings::add(std::uint64_t seq, Manipulation what, std::string detail) {
  m_found.emplace(seq, Finding{seq, what, std::move(detail)});
}

/// Its hash does not fit its place: does it fit that of another event that is odd or missing?
std::optional<std::uint64_t> ChainFindings::own_place_of(const Suspect& suspect) {
  EventEnvelope event = suspect.raw.event;
  const auto fits = [&](std::uint64_t seq) {
    event.seq = seq;
    return seq != 0 && seq != suspect.raw.seq && m_hash(event) == event.hash;
  };
  std::vector<std::uint64_t> places{suspect.raw.seq - 1, suspect.raw.seq + 1};
  for (const auto& [stands_at, own] : m_own_places)
    places.push_back(suspect.raw.seq + own - stands_at);  // moved alike
  for (const Suspect& other : m_suspects) {
    places.push_back(other.raw.seq);
    if (other.missing_from == 0) continue;
    const std::uint64_t end = std::min(other.raw.seq, other.missing_from + findings_max);
    for (std::uint64_t seq = other.missing_from; seq < end; ++seq) places.push_back(seq);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  const auto found = std::find_if(places.begin(), places.end(), fits);
  return found == places.end() ? std::nullopt : std::optional(*found);
}

/// Events were numbered anew to close the gap that a removed one left.
void ChainFindings::note_gap_of_renumbered(const Suspect& suspect, std::uint64_t own_place) {
  const std::uint64_t before = suspect.before ? suspect.before->seq : 0;
  if (own_place <= suspect.raw.seq || named(before)) return;
  const std::uint64_t first = before + 1;
  const bool elsewhere = std::any_of(m_suspects.begin(), m_suspects.end(), [&](const Suspect& other) {
    EventEnvelope event = other.raw.event;
    event.seq = first;
    return other.raw.unreadable.empty() && m_hash(event) == event.hash;
  });
  if (elsewhere) return;
  add(suspect.raw.seq, Manipulation::removed, missing(first, own_place - 1) + "; those behind were numbered anew");
}

/// The row before and this one are each sound, and do not fit together.
void ChainFindings::name_broken_link(const Suspect& suspect, const std::optional<Acknowledged>& acknowledged) {
  const std::uint64_t seq = suspect.raw.seq;
  if (!suspect.before) {
    return add(seq, Manipulation::inserted, "the first event names one before it");
  }
  const std::uint64_t before = suspect.before->seq;
  if (named(before)) return;  // its neighbour was tampered with, and that has been said
  const bool witnessed_before =
      acknowledged && acknowledged->seq == before && acknowledged->hash == suspect.before->hash;
  const bool goes_on = suspect.named_by_next == suspect.raw.event.hash;
  const bool witnessed = acknowledged && acknowledged->seq == seq && acknowledged->hash == suspect.raw.event.hash;
  if (!witnessed_before && (goes_on || witnessed)) {
    return add(before, Manipulation::changed,
               "it was rewritten with a hash of its own: " + event_no(seq) + " names another hash for it");
  }
  add(seq, Manipulation::inserted, "it does not follow from " + event_no(before) + ": the chain goes round it");
}

/// A row put in between leaves the chain of the others whole: the next one names the row before it.
void ChainFindings::name_what_the_chain_goes_round(const Suspect& suspect) {
  if (!suspect.before_that || suspect.raw.event.prev_hash != suspect.before_that->hash) return;
  const std::uint64_t put_in = suspect.before->seq;
  const auto [first, last] = m_found.equal_range(put_in);
  const auto says_more = [](const auto& found) { return found.second.what != Manipulation::does_not_follow; };
  if (std::any_of(first, last, says_more)) return;
  m_found.erase(first, last);
  add(put_in, Manipulation::inserted,
      "the chain goes round it: " + event_no(suspect.raw.seq) + " follows from " +
          event_no(suspect.before_that->seq));
}

void ChainFindings::name(Suspect& suspect, const std::optional<Acknowledged>& acknowledged) {
  const std::uint64_t seq = suspect.raw.seq;
  if (suspect.missing_from != 0)
    add(suspect.missing_from, Manipulation::removed, missing(suspect.missing_from, seq - 1));
  if (!suspect.raw.unreadable.empty()) {
    return add(seq, Manipulation::unreadable,
               "its column " + suspect.raw.unreadable + " has a form that this program never writes");
  }
  if (suspect.foreign) {
    return add(seq, Manipulation::foreign,
               "it belongs to node " + suspect.raw.event.node_id.to_string() + ", epoch " +
                   std::to_string(suspect.raw.event.epoch));
  }
  if (!suspect.linked) name_what_the_chain_goes_round(suspect);
  if (!suspect.sound) {
    const auto own_place = own_place_of(suspect);
    if (!own_place && suspect.before && suspect.named_by_next == suspect.before->hash) {
      return add(seq, Manipulation::inserted, "the chain goes round it, and it does not say what its hash says");
    }
    if (!own_place) return add(seq, Manipulation::changed, "it does not say what its hash says");
    note_gap_of_renumbered(suspect, *own_place);
    m_own_places[seq] = *own_place;
    return add(seq, Manipulation::reordered, "what stands here is " + event_no(*own_place));
  }
  if (!suspect.linked) return name_broken_link(suspect, acknowledged);
  if (!suspect.later && !(suspect.before && named(suspect.before->seq))) {
    add(seq, Manipulation::does_not_follow, "its time is not above that of the event before");
  }
}

std::vector<Finding> ChainFindings::findings(const std::optional<Acknowledged>& acknowledged) {
  for (Suspect& suspect : m_suspects) name(suspect, acknowledged);
  std::vector<Finding> all;
  for (const auto& [seq, finding] : m_found) {
    if (all.size() < findings_max) all.push_back(finding);
  }
  return all;
}

}  // namespace retour::journal
