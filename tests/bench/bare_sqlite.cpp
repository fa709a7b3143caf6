#include "tests/bench/bare_sqlite.hpp"

#include <sqlite3.h>

#include <stdexcept>

#include "db/journal/journal.hpp"
#include "plugin/core/base/require.hpp"

namespace retour::bench {
namespace {

constexpr const char* blob_table_sql = "CREATE TABLE step (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";
constexpr const char* event_table_sql = R"sql(
    CREATE TABLE node_event (
      node_id BLOB, epoch INTEGER, seq INTEGER, hlc INTEGER, return_case_id BLOB, command_id BLOB,
      command_part INTEGER, kind TEXT, kind_version INTEGER, hash BLOB, body BLOB,
      PRIMARY KEY (node_id, epoch, seq)) WITHOUT ROWID;
)sql";

template <std::size_t N>
void put(sqlite3_stmt* s, int at, const std::array<std::uint8_t, N>& bytes) {
  sqlite3_bind_blob(s, at, bytes.data(), static_cast<int>(N), SQLITE_STATIC);
}
void put(sqlite3_stmt* s, int at, std::uint64_t value) {
  sqlite3_bind_int64(s, at, static_cast<std::int64_t>(value));
}

}  // namespace

BareDatabase::BareDatabase(const std::filesystem::path& file, const char* tables_sql, const Options& options)
    : m_file(file) {
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  require(sqlite3_open_v2(file.c_str(), &m_database, flags, nullptr) == SQLITE_OK, "the yardstick's file opens");
  const std::string settings =
      "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; PRAGMA synchronous=" + std::string(options.synchronous) +
      "; PRAGMA cache_size=-" + std::to_string(options.cache_kib) + ";";
  require(sqlite3_exec(m_database, (settings + tables_sql).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
          "the yardstick's tables are made");
  m_begin = prepare("BEGIN IMMEDIATE");
  m_commit = prepare("COMMIT");
}

BareDatabase::~BareDatabase() {
  while (sqlite3_stmt* statement = sqlite3_next_stmt(m_database, nullptr)) sqlite3_finalize(statement);
  sqlite3_close(m_database);
}

sqlite3_stmt* BareDatabase::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v3(m_database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK,
          "the yardstick's SQL compiles");
  return statement;
}

void BareDatabase::run(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) {
    throw std::runtime_error(std::string("the yardstick's statement fails: ") + sqlite3_errmsg(m_database));
  }
  sqlite3_reset(statement);
}

void BareDatabase::checkpoint_when_grown() {
  if (!sqlite::wal_reaches(m_file, journal::checkpoint_wal_bytes)) return;
  sqlite3_wal_checkpoint_v2(m_database, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}
void BareDatabase::empty_log() {
  sqlite3_wal_checkpoint_v2(m_database, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}
std::int64_t BareDatabase::log_bytes() const {
  return sqlite::wal_bytes(m_file);
}

BareCommits::BareCommits(const std::filesystem::path& file, const char* synchronous)
    : m_database(file, blob_table_sql, {.synchronous = synchronous}),
      m_insert(m_database.prepare("INSERT INTO step (bytes) VALUES (?)")) {}

void BareCommits::commit(std::size_t bytes) {
  m_payload.resize(std::max(bytes, m_payload.size()), 0x5a);
  m_database.begin();
  sqlite3_bind_blob(m_insert, 1, m_payload.data(), static_cast<int>(bytes), SQLITE_STATIC);
  m_database.run(m_insert);
  m_database.commit();
}

BareEvents::BareEvents(const std::filesystem::path& file)
    : m_database(file, event_table_sql, {.cache_kib = 64 * 1024}),
      m_insert(m_database.prepare("INSERT INTO node_event VALUES (?,?,?,?,?,?,?,?,?,?,?)")) {}

void BareEvents::insert(std::span<const EventEnvelope> events) {
  m_database.begin();
  for (const EventEnvelope& event : events) {
    put(m_insert, 1, event.node_id.bytes);
    put(m_insert, 2, event.epoch);
    put(m_insert, 3, event.seq);
    put(m_insert, 4, event.hlc.packed);
    if (event.case_id) {
      put(m_insert, 5, event.case_id->bytes);
    } else {
      sqlite3_bind_null(m_insert, 5);
    }
    put(m_insert, 6, event.command_id.bytes);
    put(m_insert, 7, std::uint64_t{event.command_part});
    sqlite3_bind_text(m_insert, 8, event.kind.data(), static_cast<int>(event.kind.size()), SQLITE_STATIC);
    put(m_insert, 9, std::uint64_t{event.kind_version});
    put(m_insert, 10, event.hash.bytes);
    sqlite3_bind_blob(m_insert, 11, event.body.data(), static_cast<int>(event.body.size()), SQLITE_STATIC);
    m_database.run(m_insert);
  }
  m_database.commit();
}

std::size_t stored_bytes(const EventEnvelope& event) {
  constexpr std::size_t ids_and_hashes = 16 + 16 + 16 + 32 + 32;  // node, case, command; previous hash and own
  constexpr std::size_t numbers = 8 + 8 + 6 + 1 + 1;              // epoch, seq, hlc, part, version
  return ids_and_hashes + numbers + event.kind.size() + event.body.size();
}

}  // namespace retour::bench
