#pragma once
// The hub: takes orders and journals in, gives rights, decisions and orders out, and decides what stores refer to it.
// No thread and no clock of its own; used under one lock (hub_service.hpp). Every public call is one transaction of
// the store (import and settle: several), so that a kill between two of them loses nothing. Rules:
// docs/architecture.md, "Who says yes and who says no", "Rights", "Orders on their way".

#include <functional>
#include <map>
#include <set>
#include <string>

#include "db/codec/signature.hpp"
#include "db/journal/chain.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/ports/clock.hpp"
#include "plugin/ports/ids.hpp"
#include "plugin/ports/order_source.hpp"
#include "sync/hub/questions.hpp"
#include "sync/protocol/messages.hpp"

namespace retour::hub {

// Limits of one call.
inline constexpr std::size_t import_orders_max = 5'000;  // orders in one transaction: about 3 MB, a tenth of a second
inline constexpr std::size_t grant_orders_max = 2'000;   // orders in one transfer: about 150 KB
inline constexpr std::size_t grant_items_max =
    20'000;  // ranges in one transfer: 400 KB, also for orders of a thousand lines
inline constexpr std::size_t grants_in_transfer_max =
    8;  // placed at one node and not acknowledged: 16,000 orders on their way, what a store journals in seconds
inline constexpr std::size_t outgoing_read_max = 4'000;  // messages for one node that a pull reads: of those that it
                                                         // has journalled and not acknowledged, and the next
inline constexpr std::size_t order_lines_max = 20'000;   // of one order: as many ranges as a transfer carries
inline constexpr std::size_t order_evidence_bytes_max = 1'000'000;  // every store gets it within one reply
inline constexpr std::size_t settle_looks_max = 64;  // questions in one transaction, a tenth of a second at worst:
                                                     // what one store left open keeps no other waiting
// Stores are told of documents as fast as this, or all of them would fetch a catalogue at once: 10,000 stores and 6
// MB take 100 minutes, a policy of 10 KB ten seconds. What waits to be written to slow lines has to fit into the
// hub's memory.
inline constexpr std::uint64_t document_bytes_a_second = 10'000'000;
inline constexpr std::int64_t document_burst_ms = 1'000;
inline constexpr std::int64_t contact_kept_every_ms = 10'000;   // how exactly a restarted hub knows who called when
inline constexpr std::int64_t clock_skew_flagged_ms = 120'000;  // design §4: two minutes

/// A clock that is more than a year off says no more than that, and its number cannot overflow.
inline std::int64_t skew_of(std::int64_t node_ms, std::int64_t now_ms) {
  constexpr std::int64_t year_ms = 365LL * 86'400'000;
  return node_ms < now_ms - year_ms ? -year_ms : node_ms > now_ms + year_ms ? year_ms : node_ms - now_ms;
}

struct HubParts {
  HubStore& store;
  ports::Clock& clock;
  ports::Ids& ids;
  const codec::SigningKey& key;  // countersigns heads
  PolicyPack policy;
  std::string policy_json;  // the same, as stores keep it
  Bytes lookup_secret;      // makes look-up keys from customer and card references
  std::string ca_pem;
  /// Signs a request for this node and returns certificate and serial. Throws Error when the request is not one.
  std::function<std::pair<std::string, std::string>(const std::string& csr_pem, const NodeId& node)> sign;
};

struct ImportCounts {
  std::uint64_t orders = 0;
  std::uint64_t already_known = 0;  // the same content again
  std::uint64_t quarantined = 0;    // other content under a known id, or money that does not divide
  std::uint64_t stock_moves = 0;
  friend bool operator==(const ImportCounts&, const ImportCounts&) = default;
};

/// A question that cannot be decided now, and whom it waits for.
struct OpenReferral {
  ReferralRow row;
  std::optional<NodeId> waits_for;
};

/// The oldest of them, and how many there are in all.
struct OpenReferrals {
  std::vector<OpenReferral> oldest;
  std::uint64_t count = 0;
};

class Hub {
 public:
  explicit Hub(HubParts parts);

  // ---- orders in
  /// One transaction for all items; at most import_orders_max orders. Rejects and notes are the caller's.
  ImportCounts import(std::span<const ports::SourceItem> items);

  // ---- stores
  /// Makes a place for a store (or a new token for one that has not enrolled) and returns the secret of its token.
  /// Refuses a name that an enrolled node has.
  Result<std::string, protocol::ErrorReply> invite(const std::string& name);
  Result<protocol::EnrolReply, protocol::ErrorReply> enrol(const protocol::EnrolRequest& request);
  Result<bool, protocol::ErrorReply> revoke(const std::string& name);
  /// Whether this certificate may speak for this node.
  Result<bool, protocol::ErrorReply> admit(const NodeId& node, const std::string& serial);

  // ---- sync
  protocol::PushReply push(protocol::PushRequest request);
  /// The batches of several stores in one commit; replies in the same order. When it throws, none of them was taken.
  /// Completes the hashes inside the batches and changes nothing else of them: they may be handed in again.
  std::vector<protocol::PushReply> push(std::span<protocol::PushRequest> requests);
  /// What there is for the node that asks now, or that asked at `asked_at_ms` and has waited since.
  protocol::PullReply pull(const protocol::PullRequest& request);
  protocol::PullReply pull(const protocol::PullRequest& request, std::int64_t asked_at_ms);
  /// The next document behind the node's cursor. Writes down what the node refuses, when that is news.
  protocol::DocumentsReply documents(const protocol::DocumentsRequest& request);
  /// By which pack this hub decides from here on, and what stores get when they enrol. Nothing is recorded here.
  void decide_by(PolicyPack policy, std::string policy_json);
  /// Writes down who called when: a call by itself is not worth a commit. Now and then (tick of the service).
  void keep_contacts();
  /// A node that pulls or pushes is reachable until its last connection closes.
  void contact(const NodeId& node) {
    if (m_reachable.insert(node).second) m_questions.touch(occasion(node));
  }
  void gone(const NodeId& node) {
    if (m_reachable.erase(node) > 0) m_questions.touch(occasion(node));
  }
  const std::set<NodeId>& reachable() const { return m_reachable; }
  bool reachable(const NodeId& node) const { return m_reachable.contains(node); }
  /// Decides what can be decided and asks homes for what is missing, settle_looks_max questions at most. True when
  /// anything changed or more is due. A push and a pull do it too, within their own transaction.
  bool settle();
  /// Nodes for which something was put out since the last call, and whether orders came.
  struct News {
    std::set<NodeId> nodes;
    bool orders = false;
  };
  News take_news();
  /// Another process has changed the file (an import).
  bool outside_change();
  void note_orders() { m_news.orders = true; }
  void note_news(const NodeId& node) { m_news.nodes.insert(node); }
  /// The next returns that customers have started, of those that may come to this store.
  protocol::StartedReply started_returns(const protocol::StartedRequest& request);
  /// The next returns at other stores that this store is told of.
  protocol::CountedReply counted_returns(const protocol::CountedRequest& request);
  const PolicyPack& policy() const { return m_parts.policy; }
  CommandId make_command_id() { return m_parts.ids.make<CommandId>(); }

  // ---- what people look at
  HubStore& store() { return m_parts.store; }
  OpenReferrals open_referrals(std::size_t max);
  /// Law 4 over every order: purchased = claimed + cancelled + hub + nodes + in transfer. Empty: conserved.
  std::optional<std::string> broken_conservation();

 private:
  // import_orders.cpp
  void import_order(const ports::SourceOrder& source, ImportCounts& counts);
  bool is_same_content(const OrderRow& known, Order order);
  static std::optional<std::string> too_large(const Order& order, const Bytes& evidence);
  void admit_order(OrderRow row, const Order& order, const Holder& first_holder);
  std::uint16_t catchment_of(const std::string& customer_ref);
  // take_push.cpp
  struct Judgement;
  protocol::PushReply take_batch(protocol::PushRequest& request, std::int64_t now_ms);
  Judgement judge(const NodeRow& node, protocol::PushRequest& request);
  Judgement judge_chain(const journal::Head& head, std::span<const EventEnvelope> events);
  std::optional<std::uint64_t> parting(const journal::Head& head, std::span<const EventEnvelope> known);
  void take_events(NodeRow& node, const protocol::PushRequest& request, std::size_t known);
  const codec::VerifyKey& key_of(const NodeRow& node);
  protocol::PushReply reply_of(const NodeRow& node, protocol::PushCode code, std::string detail = {});
  // fold.cpp
  void fold(const EventEnvelope& event, const protocol::PushRequest& request);
  friend struct Fold;
  void move_rights(const EventEnvelope& event, const OrderUnits& part, const Holder& from, const Holder& to);
  void take_sale(const EventEnvelope& event, const SaleRecorded& sale, const protocol::PushRequest& request);
  // give_pull.cpp
  bool place_rights(NodeRow& node);  // true: there is more to place
  struct Contact {
    std::int64_t at_ms = 0;
    std::int64_t clock_skew_ms = 0;
    std::uint64_t node_seq = 0;
    void note_in(NodeRow& node) const;
  };
  std::vector<Outgoing> messages_for(NodeRow& node, protocol::PullReply& reply);
  void add_pending(const NodeId& node, protocol::PullReply& reply);
  std::uint64_t documents_to_tell(std::uint64_t cursor);
  struct Evidence;
  void add_wanted(const protocol::PullRequest& request, const NodeRow& node, Evidence& evidence);
  void add_guests(const protocol::PullRequest& request, const NodeRow& node, Evidence& evidence);
  void add_orders(const protocol::PullRequest& request, const NodeRow& node, Evidence& evidence);
  // settle.cpp; within the transaction of the caller
  struct Settling;
  bool settle_open();
  bool settle_one(const ReferralRow& referral);
  void know_questions();
  void take_question(const ReferralRow& referral);
  void take_answer(const EventEnvelope& answer, const RecallRow& recall);
  void end_question(const ReferralRow& referral);
  void await_answers(const ReferralRow& referral);
  void wait_for(const ReferralRow& referral, const NodeId& away);
  void promise(const ReferralRow& decided);
  void release_promise(const ReferralRow& decided);
  struct Knowledge;
  Knowledge knowledge_of(const ReferralRow& referral);
  Decision decide(const ReferralRow& referral, const Knowledge& knowledge);
  void ask(const ReferralRow& referral, const std::map<NodeId, std::vector<OrderUnits>>& wanted);
  void note_missing(const EventEnvelope& answer, const RecallRow& recall);
  const HeldRanges& missing_of(const ReferralId& referral, const OrderId& order) const;
  void conclude(const ReferralRow& referral, const Knowledge& knowledge, Decision decision);
  void place_leftovers(const Knowledge& knowledge);
  /// Puts units of the hub in transfer to the node, as one event. @pre the hub holds all of them.
  TransferId grant(const NodeId& node, std::vector<OrderUnits> items);
  void tell_pending(const ReferralRow& referral);

  HubParts m_parts;
  std::map<NodeId, Contact> m_contacts;  // not written down yet; lost at a restart without harm
  std::int64_t m_contacts_kept_ms = 0;
  std::set<NodeId> m_reachable;
  std::map<std::string, codec::VerifyKey>
      m_keys;  // by certificate serial: reading one costs more than checking with it
  std::map<NodeId, std::vector<ReferralId>> m_pending;  // to be told at the next pull; lost at a restart without harm
  std::set<ReferralId> m_told_pending;
  // What another look at a question would find again; forgotten at a restart without harm.
  std::map<ReferralId, std::map<NodeId, std::vector<OrderUnits>>> m_asked;  // who was asked to give which units back
  std::map<ReferralId, std::map<OrderId, HeldRanges>> m_missing;  // and did not, although it should have them
  Questions m_questions;
  std::map<OrderId, HeldRanges> m_promised;  // by answers that are not in the asking node's case yet; as m_questions
  News m_news;
  std::map<std::uint16_t, std::uint64_t> m_feed_heads;  // within one transaction; empty: read anew
  std::size_t m_stores = 0;                             // within one transaction; 0: read anew
  std::int64_t m_outside = 0;
  std::int64_t m_documents_told_ms = 0;  // what was told fills document_bytes_a_second up to here
};

}  // namespace retour::hub
