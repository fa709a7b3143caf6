#pragma once
// Yardsticks over the raw SQLite C API: one durable commit of so many bytes, and journal events a thousand a
// transaction.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "plugin/core/event/event.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace retour::bench {

/// WAL, no automatic checkpoint, the page cache of the connection it is compared with.
class BareDatabase {
 public:
  struct Options {
    const char* synchronous = "FULL";
    int cache_kib = 8'192;
  };
  BareDatabase(const std::filesystem::path& file, const char* tables_sql, const Options& options);
  ~BareDatabase();
  BareDatabase(const BareDatabase&) = delete;
  BareDatabase& operator=(const BareDatabase&) = delete;

  sqlite3_stmt* prepare(const char* sql);  // finalized with the database
  void run(sqlite3_stmt* statement);
  void begin() { run(m_begin); }
  void commit() { run(m_commit); }
  /// As the programs do it: off the commit path, the log is then written over.
  void checkpoint_when_grown();
  void empty_log();
  std::int64_t log_bytes() const;

 private:
  std::filesystem::path m_file;
  sqlite3* m_database = nullptr;
  sqlite3_stmt* m_begin;
  sqlite3_stmt* m_commit;
};

/// One row of a blob a transaction, appended.
class BareCommits {
 public:
  explicit BareCommits(const std::filesystem::path& file, const char* synchronous = "FULL");
  void commit(std::size_t bytes);
  void checkpoint_when_grown() { m_database.checkpoint_when_grown(); }
  void empty_log() { m_database.empty_log(); }
  std::int64_t log_bytes() const { return m_database.log_bytes(); }

 private:
  BareDatabase m_database;
  sqlite3_stmt* m_insert;
  Bytes m_payload;
};

/// The same columns and key as the hub's table of events.
class BareEvents {
 public:
  explicit BareEvents(const std::filesystem::path& file);
  /// One transaction.
  void insert(std::span<const EventEnvelope> events);

 private:
  BareDatabase m_database;
  sqlite3_stmt* m_insert;
};

/// What a row of the event takes: ids, hashes, kind and body.
std::size_t stored_bytes(const EventEnvelope& event);

}  // namespace retour::bench
