// Opening, transactions, the hub's own journal, nodes, people. Journals of nodes: sqlite_hub_journals.cpp; orders and
// rights: sqlite_hub_orders.cpp; what waits and what is counted: sqlite_hub_lanes.cpp.
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view hub_sql = "SELECT node_id, journal_epoch, hub_epoch FROM hub";
constexpr std::string_view new_hub_sql =
    "INSERT INTO hub (one, node_id, journal_epoch, hub_epoch, decisions) VALUES (1, ?, ?, ?, 0)";

sqlite::OpenOptions open_options(const HubFileOptions& options, sqlite::Mode mode) {
  return {.mode = mode,
          .synchronous = options.synchronous,
          .wal_autocheckpoint_pages = 0,
          .cache_kib = options.cache_kib,
          .mmap_bytes = std::int64_t{1} << 30,
          .application_id = hub_application_id,
          .user_version_max = sqlite::newest_version(hub_migrations())};
}

std::uint64_t random_63_bits(ports::Ids& ids) {
  std::uint64_t value = 0;
  ids.fill(reinterpret_cast<std::uint8_t*>(&value), sizeof value);
  return value >> 1 | 1;
}

}  // namespace

void SqliteHubStore::create(const std::filesystem::path& path, ports::Ids& ids, std::int64_t now_ms) {
  if (std::filesystem::exists(path)) {
    throw Error({.operation = "make a hub in",
                 .object = path.string(),
                 .cause = "there is one already",
                 .consequence = "it was left as it is"});
  }
  sqlite::Database database = sqlite::Database::open(path, open_options({}, sqlite::Mode::create));
  sqlite::migrate(database, hub_migrations());
  sqlite::Transaction transaction(database, sqlite::Transaction::Kind::write);
  // Time stands in the high bits, so that the epoch of a hub set up anew is above that of the one it replaces.
  const auto hub_node = ids.make<NodeId>();
  database.statement(new_hub_sql)
      .bind_all(hub_node, random_63_bits(ids), static_cast<std::uint64_t>(now_ms) << 16)
      .run();
  transaction.commit();
}

std::unique_ptr<SqliteHubStore> SqliteHubStore::open(const std::filesystem::path& path,
                                                     const HubFileOptions& options) {
  sqlite::Database database = sqlite::Database::open(path, open_options(options, sqlite::Mode::read_write));
  sqlite::migrate(database, hub_migrations());
  return std::unique_ptr<SqliteHubStore>(new SqliteHubStore(std::move(database)));
}

SqliteHubStore::SqliteHubStore(sqlite::Database database) : m_database(std::move(database)) {
  journal::Identity identity;
  {
    auto row = m_database.statement(hub_sql);
    if (!row.step()) {
      throw Error({.operation = "open",
                   .object = m_database.path(),
                   .cause = "it holds no hub",
                   .consequence = "run `retour-hub init` first"});
    }
    identity = {row.id<NodeId>(0), row.uint64(1)};
  }
  m_journal.emplace(journal::Journal::attach(m_database, identity, {}));
}

SqliteHubStore::~SqliteHubStore() = default;

void SqliteHubStore::begin(std::int64_t now_ms) {
  require(!m_write && !m_read, "a Work or a View of the hub's store is open already");
  m_write.emplace(m_journal->begin(now_ms));
}
void SqliteHubStore::commit() {
  m_write->commit();
  m_write.reset();
}
void SqliteHubStore::begin_read() {
  require(!m_write && !m_read, "a Work or a View of the hub's store is open already");
  m_read.emplace(m_database, sqlite::Transaction::Kind::read);
}
void SqliteHubStore::rollback() {
  m_write.reset();
  m_read.reset();
}

std::int64_t SqliteHubStore::outside_changes() {
  return m_database.data_version();
}

NodeId SqliteHubStore::hub_node() {
  return m_journal->identity().node;
}

std::uint64_t SqliteHubStore::hub_epoch() {
  auto row = m_database.statement(hub_sql);
  row.step();
  return row.uint64(2);
}

namespace {
constexpr std::string_view next_decision_sql = "UPDATE hub SET decisions = decisions + 1 RETURNING decisions";
}
std::uint64_t SqliteHubStore::next_decision_no() {
  auto row = m_database.statement(next_decision_sql);
  row.step();
  const std::uint64_t number = row.uint64(0);
  while (row.step()) {
  }
  return number;
}

void SqliteHubStore::record(const CommandId& command, const EventBody& body) {
  const journal::Appended appended = m_write->append(command, body);
  require(appended == journal::Appended::recorded, "the hub records each of its events once");
}

bool SqliteHubStore::record_once(const CommandId& command, const EventBody& body) {
  if (m_write->recorded(command)) return false;
  record(command, body);
  return true;
}

// ---- nodes -----------------------------------------------------------------------------------------------------
namespace {

constexpr std::string_view nodes_sql =
    "SELECT node_id, name, catchment, certificate_pem, serial, revoked, epoch, journal_seq, journal_hash, "
    "journal_hlc, node_seq, granted_seq, last_contact_ms, clock_skew_ms FROM node ORDER BY catchment";
constexpr std::string_view node_sql =
    "SELECT node_id, name, catchment, certificate_pem, serial, revoked, epoch, journal_seq, journal_hash, "
    "journal_hlc, node_seq, granted_seq, last_contact_ms, clock_skew_ms FROM node WHERE node_id = ?";
constexpr std::string_view node_named_sql =
    "SELECT node_id, name, catchment, certificate_pem, serial, revoked, epoch, journal_seq, journal_hash, "
    "journal_hlc, node_seq, granted_seq, last_contact_ms, clock_skew_ms FROM node WHERE name = ?";
constexpr std::string_view node_of_catchment_sql =
    "SELECT node_id, name, catchment, certificate_pem, serial, revoked, epoch, journal_seq, journal_hash, "
    "journal_hlc, node_seq, granted_seq, last_contact_ms, clock_skew_ms FROM node WHERE catchment = ?";
constexpr std::string_view put_node_sql =
    "INSERT INTO node (node_id, name, catchment, certificate_pem, serial, revoked, epoch, journal_seq, "
    "journal_hash, journal_hlc, node_seq, granted_seq, last_contact_ms, clock_skew_ms) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    // Not OR REPLACE: that would throw out another node with this name.
    "ON CONFLICT (node_id) DO UPDATE SET name = excluded.name, catchment = excluded.catchment, "
    "certificate_pem = excluded.certificate_pem, serial = excluded.serial, revoked = excluded.revoked, "
    "epoch = excluded.epoch, journal_seq = excluded.journal_seq, journal_hash = excluded.journal_hash, "
    "journal_hlc = excluded.journal_hlc, node_seq = excluded.node_seq, granted_seq = excluded.granted_seq, "
    "last_contact_ms = excluded.last_contact_ms, clock_skew_ms = excluded.clock_skew_ms";
constexpr std::string_view put_progress_sql =
    "UPDATE node SET epoch = ?, journal_seq = ?, journal_hash = ?, journal_hlc = ?, node_seq = ?, granted_seq = ?, "
    "last_contact_ms = ?, clock_skew_ms = ? WHERE node_id = ?";

NodeRow node_of(const sqlite::Statement& row) {
  return {.node = row.id<NodeId>(0),
          .name = std::string(row.text(1)),
          .catchment = static_cast<std::uint16_t>(row.int64(2)),
          .certificate_pem = std::string(row.text(3)),
          .serial = std::string(row.text(4)),
          .revoked = row.int64(5) != 0,
          .epoch = row.uint64(6),
          .journal_seq = row.uint64(7),
          .journal_hash = row.hash(8),
          .journal_hlc = HlcTime{row.uint64(9)},
          .node_seq = row.uint64(10),
          .granted_seq = row.uint64(11),
          .last_contact_ms = row.int64(12),
          .clock_skew_ms = row.int64(13)};
}

std::optional<NodeRow> one_node(sqlite::Statement& statement) {
  if (!statement.step()) return std::nullopt;
  return node_of(statement);
}

}  // namespace

std::vector<NodeRow> SqliteHubStore::nodes() {
  std::vector<NodeRow> all;
  auto row = m_database.statement(nodes_sql);
  while (row.step()) all.push_back(node_of(row));
  return all;
}
std::optional<NodeRow> SqliteHubStore::node(const NodeId& id) {
  auto statement = m_database.statement(node_sql);
  return one_node(statement.bind(1, id));
}
std::optional<NodeRow> SqliteHubStore::node_named(const std::string& name) {
  auto statement = m_database.statement(node_named_sql);
  return one_node(statement.bind(1, std::string_view(name)));
}
std::optional<NodeRow> SqliteHubStore::node_of_catchment(std::uint16_t catchment) {
  auto statement = m_database.statement(node_of_catchment_sql);
  return one_node(statement.bind(1, catchment));
}
void SqliteHubStore::put_node(const NodeRow& row) {
  m_database.statement(put_node_sql)
      .bind_all(row.node, std::string_view(row.name), row.catchment, std::string_view(row.certificate_pem),
                std::string_view(row.serial), row.revoked ? 1 : 0, row.epoch, row.journal_seq, row.journal_hash,
                row.journal_hlc.packed, row.node_seq, row.granted_seq, row.last_contact_ms, row.clock_skew_ms)
      .run();
}
void SqliteHubStore::put_progress(const NodeRow& row) {
  m_database.statement(put_progress_sql)
      .bind_all(row.epoch, row.journal_seq, row.journal_hash, row.journal_hlc.packed, row.node_seq, row.granted_seq,
                row.last_contact_ms, row.clock_skew_ms, row.node)
      .run();
  require(m_database.changes() == 1, "only a node that is there makes progress");
}

namespace {
constexpr std::string_view put_token_sql = "INSERT OR REPLACE INTO enrol_token (node_id, secret_hash) VALUES (?, ?)";
constexpr std::string_view node_of_token_sql = "SELECT node_id FROM enrol_token WHERE secret_hash = ?";
constexpr std::string_view drop_token_sql = "DELETE FROM enrol_token WHERE node_id = ?";
}  // namespace
void SqliteHubStore::put_token(const NodeId& node, const Hash256& secret_hash) {
  m_database.statement(put_token_sql).bind_all(node, secret_hash).run();
}
std::optional<NodeId> SqliteHubStore::node_of_token(const Hash256& secret_hash) {
  auto row = m_database.statement(node_of_token_sql);
  if (!row.bind(1, secret_hash).step()) return std::nullopt;
  return row.id<NodeId>(0);
}
void SqliteHubStore::drop_token(const NodeId& node) {
  m_database.statement(drop_token_sql).bind(1, node).run();
}

// ---- what contradicts ------------------------------------------------------------------------------------------
namespace {
constexpr std::string_view put_anomaly_sql =
    "INSERT INTO anomaly (node_id, epoch, seq, part, detail) "
    "SELECT ?1, ?2, ?3, coalesce(max(part), 0) + 1, ?4 FROM anomaly WHERE node_id = ?1 AND epoch = ?2 AND seq = ?3";
constexpr std::string_view anomalies_sql =
    "SELECT node_id, epoch, seq, detail FROM anomaly ORDER BY node_id, epoch, seq, part";
}  // namespace
void SqliteHubStore::put_anomaly(const Anomaly& anomaly) {
  m_database.statement(put_anomaly_sql)
      .bind_all(anomaly.node, anomaly.epoch, anomaly.seq, std::string_view(anomaly.detail))
      .run();
}
std::vector<Anomaly> SqliteHubStore::anomalies() {
  std::vector<Anomaly> all;
  auto row = m_database.statement(anomalies_sql);
  while (row.step()) all.push_back({row.id<NodeId>(0), row.uint64(1), row.uint64(2), std::string(row.text(3))});
  return all;
}

// ---- people ----------------------------------------------------------------------------------------------------
namespace {
constexpr std::string_view put_subject_sql = "INSERT OR IGNORE INTO subject (subject_id, customer_key) VALUES (?, ?)";
constexpr std::string_view customer_of_sql = "SELECT customer_key FROM subject WHERE subject_id = ?";
constexpr std::string_view subject_of_sql = "SELECT subject_id FROM subject WHERE customer_key = ? LIMIT 1";
}  // namespace
void SqliteHubStore::put_subject(const SubjectId& subject, const LookupKey& customer) {
  m_database.statement(put_subject_sql).bind_all(subject, customer).run();
}
std::optional<LookupKey> SqliteHubStore::customer_of(const SubjectId& subject) {
  auto row = m_database.statement(customer_of_sql);
  if (!row.bind(1, subject).step()) return std::nullopt;
  return row.id<LookupKey>(0);
}
std::optional<SubjectId> SqliteHubStore::subject_of(const LookupKey& customer) {
  auto row = m_database.statement(subject_of_sql);
  if (!row.bind(1, customer).step()) return std::nullopt;
  return row.id<SubjectId>(0);
}

}  // namespace retour::hub
