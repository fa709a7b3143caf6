#pragma once
// A contiguous batch of events of one journal: how it travels, and how the hub keeps it. So what was ever written
// stays readable: a change of the form is a new version of the message and of the hub's table.

#include <span>
#include <vector>

#include "db/codec/varint.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::protocol {

void write_batch(codec::ByteWriter& out, std::span<const EventEnvelope> events);
/// Envelopes of the journal (node, epoch); hashes as decode<PushRequest> says.
std::vector<EventEnvelope> read_batch(codec::ByteReader& in, const NodeId& node, std::uint64_t epoch);

}  // namespace retour::protocol
