#pragma once
// The lane of what the chain counts: a store is told which returns its customers made at other stores, so that risk
// rules and velocity limits see the chain and not one store. A cursor of its own travels in the pull, as a feed
// cursor under `counted_lane`; what lies behind it is fetched with POST /sync/v1/counted-returns. Description:
// docs/protocol.md, "Counted returns".

#include "sync/protocol/documents.hpp"

namespace retour::protocol {

inline constexpr std::uint16_t counted_lane = 65'533;      // among catchments: no store gets this one
inline constexpr std::size_t counted_a_reply_max = 2'000;  // about 120 KB
inline constexpr std::int32_t counted_days =
    366;  // how long a return is told of: rules count 365 days, time zones one

/// One visit as it is now: a later item of the same case takes the place of the one before.
struct CountedItem {
  std::uint64_t seq = 0;  // of the asking store's lane
  ReturnCaseId case_id;
  NodeId node;  // where it was
  LookupKey customer;
  CivilDate day;            // business date there
  bool given_back = false;  // neither: it was undone and can be forgotten
  bool no_receipt = false;
  friend bool operator==(const CountedItem&, const CountedItem&) = default;
};

/// POST /sync/v1/counted-returns
struct CountedRequest {
  std::uint32_t version = protocol_version;
  NodeId node;
  std::uint64_t after = 0;  // the cursor
};
struct CountedReply {
  std::uint64_t hub_epoch = 0;
  std::uint64_t head = 0;          // of this store's lane; below `after`: the hub lost its tail, start over
  std::vector<CountedItem> items;  // behind `after`, in order; empty: there are none
};

Bytes encode(const CountedRequest& message);
Bytes encode(const CountedReply& message);
template <>
CountedRequest decode<CountedRequest>(std::span<const std::uint8_t> bytes);
template <>
CountedReply decode<CountedReply>(std::span<const std::uint8_t> bytes);

}  // namespace retour::protocol
