#pragma once
// The messages between a node and the hub, byte for byte through db/codec's archive. Description: docs/protocol.md.

#include <cstdint>
#include <string>
#include <vector>

#include "db/codec/feed_chunk.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::protocol {

inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::size_t push_batch_events_max = 500;  // about 250 KB; a store on 3G sends it in under 5 s
inline constexpr std::size_t push_batch_bytes_max = 2'000'000;
inline constexpr std::size_t pull_orders_max = 2'000;     // one reply; `more` says that the next is ready
inline constexpr std::size_t pull_bytes_max = 4'000'000;  // of evidence, and the order that reaches it
inline constexpr std::size_t pull_lanes_bytes_max =
    1'000'000;  // of rights, recalls and decisions, and the message that reaches it; with all else below
                // message_bytes_max
inline constexpr std::size_t pull_messages_max = 2'000;  // the same, by count
inline constexpr std::size_t pull_pending_max = 10'000;
inline constexpr std::size_t pull_wanted_max = 100;       // orders asked for by id; the rest with the next pull
inline constexpr std::int64_t pull_wait_ms_max = 55'000;  // below the usual minute of proxies
inline constexpr std::int32_t others_orders_days = 90;    // what a node keeps of other catchments

/// A person as the chain knows her: the random id in the events and the HMAC of the customer reference.
struct SubjectEntry {
  SubjectId subject;
  LookupKey customer_key;
  friend bool operator==(const SubjectEntry&, const SubjectEntry&) = default;
};

/// Keys of an order sold at a till, beside the evidence in `sale_recorded`.
struct SaleKeys {
  OrderId order_id;
  LookupKey customer;  // zero: none
  LookupKey card;
  friend bool operator==(const SaleKeys&, const SaleKeys&) = default;
};

/// POST /sync/v1/push
struct PushRequest {
  std::uint32_t version = protocol_version;
  NodeId node;
  std::uint64_t epoch = 0;
  std::vector<EventEnvelope> events;   // contiguous, from the first that the node does not know to be acknowledged
  std::vector<SubjectEntry> subjects;  // of the subjects these events mention
  std::vector<SaleKeys> sale_keys;
  Bytes signature;            // of the node's key over the hash of the last event
  std::int64_t clock_ms = 0;  // the node's wall clock, to measure its skew
};

enum class PushCode : std::uint8_t {
  accepted = 1,
  gap = 2,           // the hub's head is below the batch: send from head + 1 (the hub may have lost its tail)
  chain_broken = 3,  // an event does not follow from the one before
  forked = 4,        // the hub knows another event at a seq of this batch
  signature_wrong = 5,
  unknown_node = 6,
};
std::string_view to_string(PushCode code);

struct PushReply {
  std::uint64_t hub_epoch = 0;
  PushCode code = PushCode::accepted;
  std::uint64_t head_seq = 0;  // the last event of this node and epoch that the hub has durably
  Hash256 head_hash;
  Bytes countersignature;  // of the hub's key over head_hash
  std::string detail;      // for people, when not accepted
};

using codec::FeedCursor;
using codec::FeedItem;

/// POST /sync/v1/pull
struct PullRequest {
  std::uint32_t version = protocol_version;
  NodeId node;
  std::uint64_t hub_epoch = 0;      // the highest the node has seen; a lower hub is refused by the node
  std::vector<FeedCursor> cursors;  // catchments not named start at 0
  BusinessDate today;               // other catchments' orders older than others_orders_days are skipped
  std::vector<TransferId>
      journalled;            // grants, recalls and decisions (by referral id) applied but maybe not yet acknowledged
  std::int64_t wait_ms = 0;  // how long the hub may hold the call when it has nothing
  std::uint64_t journal_seq = 0;  // the node's own head
  std::int64_t clock_ms = 0;
  std::vector<OrderId> wanted;  // answers name them, and this node's subscription does not bring them
};

/// The lanes, most urgent first; a node applies them in this order.
struct PullReply {
  std::uint64_t hub_epoch = 0;
  std::vector<RightsGranted> grants;
  std::vector<RecallIssued> recalls;
  std::vector<ReferralAnswered> decisions;
  std::vector<ReferralId> pending;  // referrals that wait for another node: do not keep the customer
  std::vector<FeedItem> orders;
  std::vector<FeedCursor> cursors;  // where the node stands after applying `orders`
  bool more = false;
};

/// POST /sync/v1/enrol, the only call without a client certificate.
struct EnrolRequest {
  std::uint32_t version = protocol_version;
  std::string token;    // one-time
  std::string csr_pem;  // for a key made on the device
};
struct EnrolReply {
  NodeId node;
  std::string name;
  std::string certificate_pem;
  std::string ca_pem;
  std::string hub_key_pem;      // verifies countersignatures and manifests
  std::uint16_t catchment = 0;  // the one whose home node this is
  std::uint64_t hub_epoch = 0;
  Bytes lookup_secret;  // makes LookupKeys from customer and card references
  std::string policy_json;
};

/// GET /sync/v1/manifest
struct ChunkRef {
  Hash256 hash;
  std::uint64_t bytes = 0;
  std::uint32_t orders = 0;
};
struct Manifest {
  std::uint64_t hub_epoch = 0;
  std::vector<FeedCursor> cursors;  // the delta goes on from here
  std::vector<ChunkRef> chunks;
  Bytes signature;  // of the hub's key over everything above
};

/// Any reply with status 4xx or 5xx.
struct ErrorReply {
  std::string code;    // stable: "certificate_revoked", "message_too_large"
  std::string detail;  // for people
};

}  // namespace retour::protocol
