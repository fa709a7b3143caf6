#pragma once
// The hub's store in one SQLite file. Statements stand above the functions that run them, grouped by what they keep.

#include <filesystem>
#include <memory>

#include "db/journal/journal.hpp"
#include "db/sqlite/database.hpp"
#include "db/sqlite/migrations.hpp"
#include "plugin/ports/ids.hpp"
#include "sync/hub/hub_store.hpp"

namespace retour::hub {

inline constexpr int hub_application_id = 0x52544842;  // "RTHB"

struct HubFileOptions {
  sqlite::Synchronous synchronous = sqlite::Synchronous::full;
  int cache_kib = 64 * 1024;
};

class SqliteHubStore final : public HubStore {
 public:
  /// Makes the file of a new hub with a random node id and the first hub epoch. Throws Error when there is one.
  static void create(const std::filesystem::path& path, ports::Ids& ids, std::int64_t now_ms);
  /// Throws what Database::open throws. journal::checkpoint_when_grown on another connection keeps the log small.
  static std::unique_ptr<SqliteHubStore> open(const std::filesystem::path& path, const HubFileOptions& options = {});
  ~SqliteHubStore() override;

  void begin(std::int64_t now_ms) override;
  void commit() override;
  void begin_read() override;
  void rollback() override;
  std::int64_t outside_changes() override;

  NodeId hub_node() override;
  std::uint64_t hub_epoch() override;
  std::uint64_t next_decision_no() override;
  void record(const CommandId& command, const EventBody& body) override;
  bool record_once(const CommandId& command, const EventBody& body) override;

  std::vector<NodeRow> nodes() override;
  std::optional<NodeRow> node(const NodeId& id) override;
  std::optional<NodeRow> node_named(const std::string& name) override;
  std::optional<NodeRow> node_of_catchment(std::uint16_t catchment) override;
  void put_node(const NodeRow& row) override;
  void put_progress(const NodeRow& row) override;
  void put_token(const NodeId& node, const Hash256& secret_hash) override;
  std::optional<NodeId> node_of_token(const Hash256& secret_hash) override;
  void drop_token(const NodeId& node) override;

  void insert_events(std::span<const EventEnvelope> events) override;
  std::optional<Hash256> event_hash(const NodeId& node, std::uint64_t epoch, std::uint64_t seq) override;
  void put_anomaly(const Anomaly& anomaly) override;
  std::vector<Anomaly> anomalies() override;

  void put_subject(const SubjectId& subject, const LookupKey& customer) override;
  std::optional<LookupKey> customer_of(const SubjectId& subject) override;
  std::optional<SubjectId> subject_of(const LookupKey& customer) override;

  std::optional<OrderRow> order(const OrderId& id) override;
  std::vector<OrderRow> orders_of_customer(const LookupKey& customer) override;
  void insert_order(const OrderRow& row) override;
  void quarantine_order(const OrderRow& row, const Hash256& evidence_hash, const std::string& reason) override;
  std::uint64_t feed_head(std::uint16_t catchment) override;
  std::vector<std::pair<std::uint16_t, std::uint64_t>> feed_heads() override;
  FeedSlice feed(std::uint16_t catchment, std::uint64_t after, CivilDate from_day, std::size_t max,
                 std::size_t bytes_max) override;
  std::vector<std::pair<std::uint64_t, OrderId>> feed_ids(std::uint16_t catchment, std::uint64_t after,
                                                          std::size_t max) override;
  std::uint64_t order_count() override;

  std::optional<OrderRights> rights(const OrderId& id) override;
  void put_rights(const OrderId& id, const OrderRights& rights) override;
  std::vector<LoweredUnits> lowered(const OrderId& id) override;
  void add_lowered(std::span<const LoweredUnits> lowered) override;
  void each_right(const std::function<void(const OrderId&, const OrderRights&)>& take) override;

  void put_outgoing(const NodeId& node, const Outgoing& message) override;
  std::vector<Outgoing> outgoing(const NodeId& node, std::size_t max) override;
  std::uint64_t outgoing_count(const NodeId& node) override;
  bool drop_outgoing(const NodeId& node, Lane lane, const MessageId& id) override;

  void put_referral(const ReferralRow& row) override;
  std::optional<ReferralRow> referral(const ReferralId& id) override;
  std::optional<ReferralRow> referral_of(const ReturnCaseId& case_id, std::uint32_t line_no) override;
  std::vector<ReferralRow> referrals() override;
  std::vector<ReferralRow> open_referrals(std::size_t max) override;
  std::uint64_t open_referral_count() override;
  void drop_referral(const ReferralId& id) override;
  void put_recall(const RecallRow& row) override;
  std::optional<RecallRow> take_recall(const TransferId& id) override;

  std::uint64_t put_document(const DocumentRow& row) override;
  std::uint64_t document_head() override;
  std::uint64_t document_bytes_after(std::uint64_t seq) override;
  std::optional<protocol::Document> document_after(std::uint64_t seq) override;
  std::vector<protocol::Document> documents_of_kind(std::string_view kind) override;
  void drop_document(std::uint64_t seq) override;
  void put_refused_documents(const NodeId& node, std::span<const protocol::RefusedDocument> refused) override;
  std::vector<protocol::RefusedDocument> refused_documents(const NodeId& node) override;

  void put_started(const StartedRow& row) override;
  void tell_started(const NodeId& node, const ReturnCaseId& id) override;
  std::vector<NodeId> told_of_started(const ReturnCaseId& id) override;
  std::optional<StartedRow> started(const ReturnCaseId& id) override;
  std::optional<StartedRow> started_of_code(std::string_view code) override;
  std::vector<StartedRow> open_started_of_order(const OrderId& order) override;
  std::vector<StartedRow> waiting_started(std::size_t max) override;
  std::vector<StartedRow> late_started(std::int64_t now_ms, std::size_t max) override;
  std::uint64_t started_head(const NodeId& node) override;
  std::vector<protocol::StartedItem> started_after(const NodeId& node, std::uint64_t seq, std::size_t max,
                                                   std::size_t bytes_max) override;

  void put_counted(const CountedRow& row) override;
  std::optional<CountedRow> counted(const ReturnCaseId& id) override;
  std::vector<CountedRow> counted_of_customer(const LookupKey& customer, CivilDate from_day) override;
  std::vector<std::uint16_t> catchments_of_customer(const LookupKey& customer) override;
  void tell_counted(const NodeId& node, const ReturnCaseId& id) override;
  std::vector<NodeId> told_of_counted(const ReturnCaseId& id) override;
  std::uint64_t counted_head(const NodeId& node) override;
  std::vector<protocol::CountedItem> counted_after(const NodeId& node, std::uint64_t seq, std::size_t max) override;
  void drop_counted_before(CivilDate day) override;

  void move_stock(const NodeId& node, const std::string& sku, Bucket bucket, std::int64_t quantity) override;
  std::vector<StockLevel> stock() override;
  bool add_refunded(const NodeId& node, std::string_view currency, Minor minor) override;
  std::vector<Refunded> refunded() override;

  sqlite::Database& database() { return m_database; }

 private:
  explicit SqliteHubStore(sqlite::Database database);
  bool holds_any(const EventEnvelope& first, const EventEnvelope& last);

  sqlite::Database m_database;
  std::optional<journal::Journal> m_journal;
  std::optional<journal::Write> m_write;      // the open Work
  std::optional<sqlite::Transaction> m_read;  // the open View
};

/// The tables of hub.db: db/migrations/hub.
std::span<const sqlite::Migration> hub_migrations();

}  // namespace retour::hub
