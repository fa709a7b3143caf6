#pragma once
// A contiguous batch of events of one journal. Internal to sync/protocol.

#include <vector>

#include "db/codec/varint.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::protocol {

void write_batch(codec::ByteWriter& out, const std::vector<EventEnvelope>& events);
/// Envelopes of the journal (node, epoch); hashes as decode<PushRequest> says.
std::vector<EventEnvelope> read_batch(codec::ByteReader& in, const NodeId& node, std::uint64_t epoch);

}  // namespace retour::protocol
