#pragma once
// The lane of returns that customers have started: a store is told of those that may come to it, so that one scan
// finishes them, network or not. A cursor of its own travels in the pull, as a feed cursor under `started_lane`, like
// that of the documents; what lies behind it is fetched with POST /sync/v1/started-returns. Description:
// docs/protocol.md, "Started returns".

#include "sync/protocol/documents.hpp"

namespace retour::protocol {

inline constexpr std::uint16_t started_lane = 65'534;  // among catchments: no store gets this one
inline constexpr std::size_t started_a_reply_max = 500;
inline constexpr std::size_t started_bytes_max = 1'000'000;  // of one reply, and the one that reaches it

/// One started return as it is now: a later item of the same return takes the place of the one before.
struct StartedItem {
  std::uint64_t seq = 0;      // of this store's lane
  bool open = false;          // false: it is over and can be forgotten
  bool approved = false;      // false: a person has not decided yet
  std::string approved_by;    // staff code; empty: the rules
  std::uint32_t version = 1;  // of the body's kind
  Bytes body;                 // the event return_started
  friend bool operator==(const StartedItem&, const StartedItem&) = default;
};

/// POST /sync/v1/started-returns
struct StartedRequest {
  std::uint32_t version = protocol_version;
  NodeId node;
  std::uint64_t after = 0;  // the cursor
};
struct StartedReply {
  std::uint64_t hub_epoch = 0;
  std::uint64_t head = 0;          // of this store's lane; below `after`: the hub lost its tail, start over
  std::vector<StartedItem> items;  // behind `after`, in order; empty: there are none
};

Bytes encode(const StartedRequest& message);
Bytes encode(const StartedReply& message);
template <>
StartedRequest decode<StartedRequest>(std::span<const std::uint8_t> bytes);
template <>
StartedReply decode<StartedReply>(std::span<const std::uint8_t> bytes);

}  // namespace retour::protocol
