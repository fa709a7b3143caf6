#pragma once
// What the hub keeps, behind one door: SQLite today (sqlite/), PostgreSQL where one machine is not enough.
// tests/conformance holds every implementation to the same suite. Used under the hub's lock, by one thread at a time.
// Every call stands inside a Work, or inside a View if it only reads; calls outside are our bug.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/codec/feed_chunk.hpp"
#include "plugin/core/event/event.hpp"
#include "plugin/core/rights/rights.hpp"
#include "sync/hub/counted_row.hpp"
#include "sync/hub/started_row.hpp"
#include "sync/protocol/counted_returns.hpp"
#include "sync/protocol/started_returns.hpp"

namespace retour::hub {

struct NodeRow {
  NodeId node;
  std::string name;
  std::uint16_t catchment = 0;
  std::string certificate_pem;  // empty: invited, not enrolled yet
  std::string serial;           // of the one certificate that is allowed
  bool revoked = false;
  std::uint64_t epoch = 0;  // of its journal; 0: nothing was pushed yet
  std::uint64_t journal_seq = 0;
  Hash256 journal_hash;
  HlcTime journal_hlc;
  std::uint64_t node_seq = 0;     // the node's own head as it last said
  std::uint64_t granted_seq = 0;  // of its catchment's feed: rights were placed up to here
  std::int64_t last_contact_ms = 0;
  std::int64_t clock_skew_ms = 0;  // node minus hub, at the last contact
  friend bool operator==(const NodeRow&, const NodeRow&) = default;
};

struct OrderRow {
  OrderId order_id;
  std::uint32_t version = 1;
  std::string number;
  std::uint16_t catchment = 0;  // 0: the hub's own
  std::uint64_t feed_seq = 0;
  CivilDate day;
  LookupKey customer;  // zero: none
  LookupKey card;
  Bytes evidence;
  friend bool operator==(const OrderRow&, const OrderRow&) = default;
};

struct ReferralRow {
  ReferralId referral_id;
  NodeId node;         // who asks
  LookupKey customer;  // zero: the line names its order, or nobody is known
  std::int64_t asked_at_ms = 0;
  LineReferred asked;
  std::uint32_t recalls_out = 0;
  std::uint32_t recalls_in = 0;
  std::optional<ReferralDecided> decided;  // and not yet in the asking node's case: the units of a yes are promised
  friend bool operator==(const ReferralRow&, const ReferralRow&) = default;
};

struct RecallRow {
  TransferId recall_id;
  ReferralId referral_id;
  NodeId node;
};

enum class Lane : std::uint8_t { grant = 1, recall = 2, decision = 3 };
using MessageId = Id<struct MessageTag>;  // transfer, recall or referral id
struct Outgoing {
  Lane lane = Lane::grant;
  MessageId id;
  EventBody body;  // RightsGranted, RecallIssued or ReferralAnswered
};

struct StockLevel {
  NodeId node;
  std::string sku;
  Bucket bucket = Bucket::sellable;
  std::int64_t quantity = 0;
  friend bool operator==(const StockLevel&, const StockLevel&) = default;
};
struct Refunded {
  NodeId node;
  std::string currency;
  Minor minor = 0;
};
struct Anomaly {
  NodeId node;
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  std::string detail;
};

/// A document to publish.
struct DocumentRow {
  std::string kind;
  std::string name;
  Hash256 hash;
  Bytes packed;
  std::int64_t published_ms = 0;
};

/// A stretch of one catchment's feed.
struct FeedSlice {
  std::vector<codec::FeedItem> items;
  std::uint64_t next_seq = 0;  // the cursor after this slice
  bool more = false;
};

class HubStore {
 public:
  virtual ~HubStore() = default;

  virtual void begin(std::int64_t now_ms) = 0;
  virtual void commit() = 0;
  /// One consistent view that keeps no writer waiting; ended by rollback.
  virtual void begin_read() = 0;
  virtual void rollback() = 0;
  /// Changes when another process has committed (an import beside the running hub).
  virtual std::int64_t outside_changes() = 0;

  // the hub itself
  virtual NodeId hub_node() = 0;
  virtual std::uint64_t hub_epoch() = 0;
  virtual std::uint64_t next_decision_no() = 0;
  /// Appends to the hub's own journal.
  virtual void record(const CommandId& command, const EventBody& body) = 0;
  /// The same, for what may come in twice; false: this command is recorded already and nothing was appended.
  virtual bool record_once(const CommandId& command, const EventBody& body) = 0;

  // nodes
  virtual std::vector<NodeRow> nodes() = 0;  // by catchment
  virtual std::optional<NodeRow> node(const NodeId& id) = 0;
  virtual std::optional<NodeRow> node_named(const std::string& name) = 0;
  virtual std::optional<NodeRow> node_of_catchment(std::uint16_t catchment) = 0;
  virtual void put_node(const NodeRow& row) = 0;  // throws Error when another node has its name or catchment
  /// Of a node that is there, only what its calls move: journal, heads, contact, skew.
  virtual void put_progress(const NodeRow& row) = 0;
  virtual void put_token(const NodeId& node, const Hash256& secret_hash) = 0;  // replaces an older one
  virtual std::optional<NodeId> node_of_token(const Hash256& secret_hash) = 0;
  virtual void drop_token(const NodeId& node) = 0;

  // journals of nodes
  /// Contiguous events of one journal, not empty, each with the hash that db/journal/chain.hpp gives it. Throws Error
  /// when one of them is there already.
  virtual void insert_events(std::span<const EventEnvelope> events) = 0;
  virtual std::optional<Hash256> event_hash(const NodeId& node, std::uint64_t epoch, std::uint64_t seq) = 0;
  virtual void put_anomaly(const Anomaly& anomaly) = 0;
  virtual std::vector<Anomaly> anomalies() = 0;

  // people
  virtual void put_subject(const SubjectId& subject, const LookupKey& customer) = 0;
  virtual std::optional<LookupKey> customer_of(const SubjectId& subject) = 0;
  virtual std::optional<SubjectId> subject_of(const LookupKey& customer) = 0;

  // orders
  virtual std::optional<OrderRow> order(const OrderId& id) = 0;
  virtual std::vector<OrderRow> orders_of_customer(const LookupKey& customer) = 0;
  virtual void insert_order(const OrderRow& row) = 0;
  virtual void quarantine_order(const OrderRow& row, const Hash256& evidence_hash, const std::string& reason) = 0;
  virtual std::uint64_t feed_head(std::uint16_t catchment) = 0;  // last feed_seq, 0: none
  virtual std::vector<std::pair<std::uint16_t, std::uint64_t>> feed_heads() = 0;
  /// Items behind `after`, at most `max`, those of days before `from_day` left out.
  virtual FeedSlice feed(std::uint16_t catchment, std::uint64_t after, CivilDate from_day, std::size_t max,
                         std::size_t bytes_max) = 0;
  /// Ids only, in feed order.
  virtual std::vector<std::pair<std::uint64_t, OrderId>> feed_ids(std::uint16_t catchment, std::uint64_t after,
                                                                  std::size_t max) = 0;
  virtual std::uint64_t order_count() = 0;

  // rights
  virtual std::optional<OrderRights> rights(const OrderId& id) = 0;
  virtual void put_rights(const OrderId& id, const OrderRights& rights) = 0;
  /// Every order with its rights, in any order.
  virtual void each_right(const std::function<void(const OrderId&, const OrderRights&)>& take) = 0;

  // what was taken off accounts
  virtual std::vector<LoweredUnits> lowered(const OrderId& id) = 0;  // as it was added
  virtual void add_lowered(std::span<const LoweredUnits> lowered) = 0;

  // what waits for nodes
  virtual void put_outgoing(const NodeId& node,
                            const Outgoing& message) = 0;  // the same lane and id again: one message
  virtual std::vector<Outgoing> outgoing(const NodeId& node, std::size_t max) = 0;  // by lane
  virtual std::uint64_t outgoing_count(const NodeId& node) = 0;
  /// True when the message was waiting.
  virtual bool drop_outgoing(const NodeId& node, Lane lane, const MessageId& id) = 0;

  // referrals
  virtual void put_referral(const ReferralRow& row) = 0;
  virtual std::optional<ReferralRow> referral(const ReferralId& id) = 0;
  /// The question that this line of a case asks.
  virtual std::optional<ReferralRow> referral_of(const ReturnCaseId& case_id, std::uint32_t line_no) = 0;
  virtual std::vector<ReferralRow> referrals() = 0;  // by asked_at_ms, node, case and line
  /// Not decided yet, oldest first, at most `max`; quick however many there are.
  virtual std::vector<ReferralRow> open_referrals(std::size_t max) = 0;
  virtual std::uint64_t open_referral_count() = 0;
  virtual void drop_referral(const ReferralId& id) = 0;
  virtual void put_recall(const RecallRow& row) = 0;
  virtual std::optional<RecallRow> take_recall(const TransferId& id) = 0;

  // documents for every store, one of a kind and name
  /// Takes the place of the one before and stands last. Returns its number.
  virtual std::uint64_t put_document(const DocumentRow& row) = 0;
  virtual std::uint64_t document_head() = 0;                          // 0: none was ever published
  virtual std::uint64_t document_bytes_after(std::uint64_t seq) = 0;  // packed, of all behind it
  virtual std::optional<protocol::Document> document_after(std::uint64_t seq) = 0;
  virtual std::vector<protocol::Document> documents_of_kind(std::string_view kind) = 0;  // the latest first
  virtual void drop_document(std::uint64_t seq) = 0;                                     // not the last
  /// What this node refuses; replaces what it refused before.
  virtual void put_refused_documents(const NodeId& node, std::span<const protocol::RefusedDocument> refused) = 0;
  virtual std::vector<protocol::RefusedDocument> refused_documents(const NodeId& node) = 0;  // by number

  // returns that customers started
  /// Takes the place of what was kept of it before. The stores that were told of it are told anew.
  virtual void put_started(const StartedRow& row) = 0;
  virtual void tell_started(const NodeId& node, const ReturnCaseId& id) = 0;  // from here on
  virtual std::vector<NodeId> told_of_started(const ReturnCaseId& id) = 0;
  virtual std::optional<StartedRow> started(const ReturnCaseId& id) = 0;
  virtual std::optional<StartedRow> started_of_code(std::string_view code) = 0;
  virtual std::vector<StartedRow> open_started_of_order(const OrderId& order) = 0;
  /// Those that a person has to decide: VIP first, then by what was promised, at most `max`.
  virtual std::vector<StartedRow> waiting_started(std::size_t max) = 0;
  /// Those whose decision was promised for before `now_ms` and came later or not yet, oldest promise first.
  virtual std::vector<StartedRow> late_started(std::int64_t now_ms, std::size_t max) = 0;
  virtual std::uint64_t started_head(const NodeId& node) = 0;  // 0: it was never told of one
  virtual std::vector<protocol::StartedItem> started_after(const NodeId& node, std::uint64_t seq, std::size_t max,
                                                           std::size_t bytes_max) = 0;

  // what the chain counts
  /// Takes the place of what was kept of the case before. The stores that were told of it are told anew.
  virtual void put_counted(const CountedRow& row) = 0;
  virtual std::optional<CountedRow> counted(const ReturnCaseId& id) = 0;
  virtual std::vector<CountedRow> counted_of_customer(const LookupKey& customer, CivilDate from_day) = 0;  // by day
  virtual std::vector<std::uint16_t> catchments_of_customer(const LookupKey& customer) = 0;  // of her orders, rising
  virtual void tell_counted(const NodeId& node, const ReturnCaseId& id) = 0;  // told already: nothing happens
  virtual std::vector<NodeId> told_of_counted(const ReturnCaseId& id) = 0;
  virtual std::uint64_t counted_head(const NodeId& node) = 0;  // 0: it was never told of one; never goes back
  virtual std::vector<protocol::CountedItem> counted_after(const NodeId& node, std::uint64_t seq,
                                                           std::size_t max) = 0;
  virtual void drop_counted_before(CivilDate day) = 0;

  // stock and money
  virtual void move_stock(const NodeId& node, const std::string& sku, Bucket bucket, std::int64_t quantity) = 0;
  virtual std::vector<StockLevel> stock() = 0;  // levels that are not zero
  /// Negative: money that came back. False, and nothing changed: the sum would fall below zero.
  virtual bool add_refunded(const NodeId& node, std::string_view currency, Minor minor) = 0;
  virtual std::vector<Refunded> refunded() = 0;
};

/// One transaction of the store: rolled back unless committed.
class Work {
 public:
  Work(HubStore& store, std::int64_t now_ms) : m_store(&store) { store.begin(now_ms); }
  ~Work() {
    if (m_store) m_store->rollback();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  void commit() {
    m_store->commit();
    m_store = nullptr;
  }

 private:
  HubStore* m_store;
};

/// A look at the store for people's pages: what changes the store is not called within.
class View {
 public:
  explicit View(HubStore& store) : m_store(store) { store.begin_read(); }
  ~View() { m_store.rollback(); }
  View(const View&) = delete;
  View& operator=(const View&) = delete;

 private:
  HubStore& m_store;
};

}  // namespace retour::hub
