#include "db/journal/chain.hpp"

#include <array>

namespace retour::journal {

namespace {

constexpr std::uint8_t hash_layout = 1;  // first byte of what is hashed

/// Fixed-width fields, little-endian; texts and bodies behind their length. Layout: docs/journal.md, "Hash".
class HashedFields {
 public:
  void byte(std::uint8_t value) { m_bytes[m_size++] = value; }
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  template <std::size_t N>
  void raw(const std::array<std::uint8_t, N>& bytes) {
    for (const std::uint8_t value : bytes) byte(value);
  }
  std::span<const std::uint8_t> bytes() const { return {m_bytes.data(), m_size}; }

 private:
  std::array<std::uint8_t, 192> m_bytes{};
  std::size_t m_size = 0;
};

}  // namespace

Hash256 EventHasher::operator()(const EventEnvelope& event) {
  HashedFields fields;
  fields.byte(hash_layout);
  fields.raw(event.node_id.bytes);
  fields.number(event.epoch);
  fields.number(event.seq);
  fields.number(event.hlc.packed);
  fields.byte(event.case_id ? 1 : 0);
  fields.raw(event.case_id.value_or(ReturnCaseId{}).bytes);
  fields.raw(event.command_id.bytes);
  fields.number(event.command_part);
  fields.number(event.kind_version);
  fields.raw(event.prev_hash.bytes);
  fields.number(event.kind.size());
  fields.number(event.body.size());
  return m_sha256.update(fields.bytes()).update(std::string_view(event.kind)).update(event.body).finish();
}

std::string_view to_string(ChainFault fault) {
  switch (fault) {
    case ChainFault::foreign:
      return "foreign";
    case ChainFault::gap:
      return "gap";
    case ChainFault::broken:
      return "broken";
    case ChainFault::changed:
      return "changed";
    case ChainFault::time_backwards:
      return "time_backwards";
  }
  return "unknown";
}

Head head_after(const EventEnvelope& event) {
  return {.identity = {event.node_id, event.epoch}, .seq = event.seq, .hash = event.hash, .hlc = event.hlc};
}

std::optional<ChainBreak> verify_chain(std::span<const EventEnvelope> events, const Head& before) {
  EventHasher hash;
  Head head = before;
  for (const EventEnvelope& event : events) {
    const auto broken = [&](ChainFault fault, std::string detail) {
      return ChainBreak{event.seq, fault, std::move(detail)};
    };
    if (event.node_id != head.identity.node || event.epoch != head.identity.epoch) {
      return broken(ChainFault::foreign, "the event is of another journal");
    }
    if (event.seq != head.seq + 1) {
      return broken(ChainFault::gap,
                    "expected event " + std::to_string(head.seq + 1) + ", found " + std::to_string(event.seq));
    }
    if (event.prev_hash != head.hash) {
      return broken(ChainFault::broken, "the event does not name the hash of the one before");
    }
    if (hash(event) != event.hash) return broken(ChainFault::changed, "the event does not say what its hash says");
    if (event.hlc <= head.hlc)
      return broken(ChainFault::time_backwards, "the event's time is not above the one before");
    head = head_after(event);
  }
  return std::nullopt;
}

}  // namespace retour::journal
