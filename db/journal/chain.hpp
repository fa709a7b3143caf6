#pragma once
// The hash chain of a journal: what a hash covers, byte for byte, and whether events follow from one another. Pure.
// Layout: docs/journal.md, "Hash". It never changes; a new layout would need a new journal epoch.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "db/codec/digest.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::journal {

struct Identity {
  NodeId node;
  std::uint64_t epoch = 0;
  friend bool operator==(const Identity&, const Identity&) = default;
};

/// Where a journal stands. Before the first event: seq 0, zero hash.
struct Head {
  Identity identity;
  std::uint64_t seq = 0;
  Hash256 hash;
  HlcTime hlc;
  friend bool operator==(const Head&, const Head&) = default;
};

/// Hashes many events without setting up anew. Not shared between threads.
class EventHasher {
 public:
  Hash256 operator()(const EventEnvelope& event);

 private:
  codec::Sha256 m_sha256;
};

enum class ChainFault : std::uint8_t {
  foreign = 1,     // of another node or epoch
  gap,             // its seq does not follow
  broken,          // its prev_hash is not the hash of the event before
  changed,         // its hash is not the hash of what it says
  time_backwards,  // its time is not above the one before
};
std::string_view to_string(ChainFault fault);

struct ChainBreak {
  std::uint64_t seq = 0;  // of the first event that does not follow
  ChainFault fault = ChainFault::gap;
  std::string detail;  // for people
};

/// Holds contiguous events against the head they must follow; empty: they do. The new head is
/// `head_after(events.back())`.
std::optional<ChainBreak> verify_chain(std::span<const EventEnvelope> events, const Head& before);

Head head_after(const EventEnvelope& event);

}  // namespace retour::journal
