#pragma once
// Messages to bytes and back, through db/codec's archive. Reading takes hostile bytes: everything that no encoder of
// ours writes is MalformedBody with its offset, and memory is only taken for what is there.
// A batch of events leaves out what the receiver can work out: node, epoch and seq stand once, and of the hash chain
// only its two ends travel (batch_codec.hpp). Layout: docs/protocol.md, "Messages".

#include <span>

#include "db/codec/varint.hpp"
#include "sync/protocol/messages.hpp"

namespace retour::protocol {

/// @pre the events are contiguous and of the request's node and epoch.
Bytes encode(const PushRequest& message);
Bytes encode(const PushReply& message);
Bytes encode(const PullRequest& message);
Bytes encode(const PullReply& message);
Bytes encode(const EnrolRequest& message);
Bytes encode(const EnrolReply& message);
Bytes encode(const Manifest& message);
Bytes encode(const ErrorReply& message);

/// Exactly what `encode` made. Throws codec::MalformedBody. Instantiated for the messages above and no others.
/// A PushRequest comes back with `prev_hash` on its first event and `hash` on its last only; the others are zero:
/// whoever takes the batch hashes every event anyway.
template <class Message>
Message decode(std::span<const std::uint8_t> bytes);

/// What stands in a reply of status 4xx or 5xx; bytes of another origin (a proxy's page) give the code "unreadable".
ErrorReply decode_error(std::span<const std::uint8_t> bytes);

/// The bytes that the manifest's signature covers: everything above it.
Bytes signed_part(const Manifest& manifest);

}  // namespace retour::protocol
