#pragma once
// A chained journal that holds one event of every kind. Not foldable: the events contradict each other.

#include <vector>

#include "db/codec/event_codec.hpp"
#include "db/journal/chain.hpp"
#include "tests/support/sample_events.hpp"

namespace retour::samples {

inline const journal::Identity sample_identity{id<NodeId>(0xb0), 3};

/// Every number of it is its own.
inline std::vector<EventEnvelope> sample_journal() {
  journal::EventHasher hash;
  std::vector<EventEnvelope> events;
  journal::Head head{.identity = sample_identity};
  for (const EventBody& body : samples::every_event()) {
    codec::EncodedBody encoded = codec::encode(body);
    EventEnvelope event{.node_id = head.identity.node,
                        .epoch = head.identity.epoch,
                        .seq = head.seq + 1,
                        .hlc = next_hlc(head.hlc, 1'291'190'760'000 + static_cast<std::int64_t>(head.seq / 2) * 1000),
                        .case_id = case_of(body),
                        .command_id = id<CommandId>(static_cast<std::uint8_t>(head.seq / 3)),
                        .command_part = static_cast<std::uint32_t>(head.seq % 3),
                        .kind = std::string(encoded.kind),
                        .kind_version = encoded.kind_version,
                        .body = std::move(encoded.bytes),
                        .prev_hash = head.hash};
    event.hash = hash(event);
    head = journal::head_after(event);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace retour::samples
