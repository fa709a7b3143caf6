#pragma once
// What a person wants to know about a hub, as plain values: made by collect_status, shown by status_page and
// status_json. Times are in ms since 1970; 0 means never.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::hub_program {

struct NodeStatus {
  NodeId node;
  std::string name;
  bool enrolled = false;  // false: invited by a token that nobody has used yet
  bool revoked = false;
  bool online = false;  // a connection of this node is open, or was a moment ago
  std::int64_t last_contact_ms = 0;
  std::uint64_t journal_seq = 0;          // of its journal, here
  std::uint64_t node_journal_seq = 0;     // of its journal, as the node last said
  std::uint64_t messages_waiting = 0;     // rights, recalls and decisions that it has not acknowledged
  std::int64_t clock_skew_ms = 0;         // its clock minus ours
  std::map<std::string, Minor> refunded;  // by currency
  std::uint64_t anomalies = 0;            // events of its journal that did not fit what the hub knew

  /// Events that the node has and the hub has not.
  std::uint64_t events_waiting() const { return node_journal_seq > journal_seq ? node_journal_seq - journal_seq : 0; }
};

struct ReferralStatus {
  ReferralId referral_id;
  std::string asked_by;  // name of the node
  std::int64_t asked_at_ms = 0;
  std::string sku;
  std::int64_t quantity = 0;
  std::vector<std::string> waits_for;  // names of the nodes that must answer a recall first
};

/// Units of all orders by who holds the right to them.
struct RightsStatus {
  bool conserved = false;
  std::int64_t as_of_ms = 0;  // 0: not counted yet
  std::uint64_t orders = 0;
  std::int64_t purchased = 0;
  std::int64_t claimed = 0;
  std::int64_t cancelled = 0;
  std::int64_t at_hub = 0;
  std::int64_t in_transfer = 0;
  std::map<std::string, std::int64_t> at_nodes;  // by name
  std::string first_fault;                       // for people; empty when conserved
};

struct StockStatus {
  std::string sku;
  std::string bucket;
  std::int64_t quantity = 0;
};

struct AnomalyStatus {
  std::string node;
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  std::string detail;
};

/// By which pack this hub decides.
struct PolicyStatus {
  std::string id;
  std::uint32_t version = 0;
  std::string trouble;  // packs that were passed over, and why; empty: none
};

/// A published document that a store did not take over.
struct RefusedDocumentStatus {
  std::string node;
  std::uint64_t seq = 0;
  std::string kind;
  std::string name;
  std::string reason;
};

struct HubStatus {
  std::int64_t now_ms = 0;
  std::int64_t started_ms = 0;
  std::vector<std::string> hosts;
  std::uint16_t port = 0;
  std::uint64_t hub_epoch = 0;
  std::uint64_t orders = 0;
  std::uint64_t connections = 0;
  std::uint64_t handshakes_failed = 0;  // since the start
  std::int64_t certificate_ends_ms = 0;
  std::string last_trouble;  // of the timer; empty: none
  PolicyStatus policy;
  std::uint64_t documents = 0;  // number of the last one published
  std::vector<RefusedDocumentStatus> documents_refused;
  std::vector<NodeStatus> nodes;  // those that need attention first, see `by_attention`
  std::uint64_t referrals_open = 0;
  std::vector<ReferralStatus> referrals;  // the oldest of them
  RightsStatus rights;
  std::map<std::string, std::vector<StockStatus>> stock;  // by node; levels that are not zero
  std::vector<AnomalyStatus> anomalies;                   // newest first
};

/// How much a node wants to be looked at.
enum class Attention : std::uint8_t { none = 0, soon = 1, now = 2 };
inline constexpr std::int64_t clock_skew_ms_max = 120'000;  // beyond it the clock is flagged (docs/architecture.md)
inline constexpr std::int64_t silence_ms_max = 3 * 24 * 3'600'000;  // an outage that everybody survives

Attention attention_of(const NodeStatus& node, std::int64_t now_ms);
/// In a few words: "silent for 4 d", "its clock is 3 min ahead"; empty when there is nothing to say.
std::string attention_text(const NodeStatus& node, std::int64_t now_ms);

/// Most urgent first, then offline, then by name.
void by_attention(std::vector<NodeStatus>& nodes, std::int64_t now_ms);

}  // namespace retour::hub_program
