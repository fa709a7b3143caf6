#pragma once
// The journal of a node: events without gaps, chained by hashes, appended together with what is folded from them.
// Two processes share the file: every transaction reads the head anew, nothing is cached across transactions.
// Time is handed in. Used by one thread at a time; each thread opens its own.

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/journal/chain.hpp"
#include "db/journal/projection.hpp"
#include "db/sqlite/database.hpp"
#include "db/sqlite/migrations.hpp"

namespace retour::journal {

inline constexpr int journal_application_id = 0x52544a4c;  // "RTJL"
inline constexpr int page_bytes = 1'024;  // a commit writes whole pages: of 4,096 bytes it would be 2.5 times as much
inline constexpr std::int64_t checkpoint_wal_bytes = 4'000'000;  // a log above it is moved, off the commit path
inline constexpr std::int64_t restart_wal_bytes = 16'000'000;    // above it those who write and read are kept waiting
inline constexpr std::int64_t clock_behind_flagged_ms = 120'000;           // design: two minutes
inline constexpr std::int64_t clock_ms_max = (std::int64_t{1} << 47) - 1;  // an HLC keeps 48 bits and SQLite the sign

/// The journal could not take what was to be appended; nothing of it is in the file, all before is.
class JournalWriteError : public sqlite::DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

struct JournalOptions {
  std::vector<Projection*> projections = {};  // outlive the journal
  sqlite::Synchronous synchronous = sqlite::Synchronous::full;
  int busy_timeout_ms = sqlite::busy_timeout_ms_default;
  int cache_kib = 8'192;
  bool quick_check = false;
  std::string vfs = {};
};

/// The last head that the hub has countersigned.
struct Acknowledged {
  std::uint64_t seq = 0;
  Hash256 hash;
  std::uint64_t hub_epoch = 0;
  Bytes countersignature;
  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;
};

enum class Appended : std::uint8_t {
  recorded = 1,
  already_recorded,  // the same command with the same events: nothing to do
  command_reused,    // the command id was used for other events: refuse the command, nothing was appended
};
std::string_view to_string(Appended appended);

class Journal;

/// One transaction of the journal, from begin() to commit(). Rolls back when it ends without commit.
class Write {
 public:
  /// The head including what this transaction appended.
  const Head& head() const { return m_head; }
  sqlite::Database& database();

  bool recorded(const CommandId& command);
  std::vector<EventEnvelope> events_of(const CommandId& command);

  /// Appends the events and folds them. Within one Write a command may append several times: the parts count on.
  /// Throws JournalWriteError or FoldError; the transaction is then rolled back.
  [[nodiscard]] Appended append(const CommandId& command, std::span<const EventBody> bodies);
  [[nodiscard]] Appended append(const CommandId& command, const EventBody& body) {
    return append(command, std::span(&body, 1));
  }

  /// Durable on return. Throws JournalWriteError; then nothing of this transaction is in the file.
  void commit();

 private:
  friend class Journal;
  Write(Journal& journal, std::int64_t now_ms);
  void append_one(const CommandId& command, std::uint32_t part, const EventBody& body);
  Appended compare(const CommandId& command, std::span<const EventBody> bodies);
  void flag_clock();
  [[noreturn]] void fail(const sqlite::DatabaseError& error, const CommandId& command);

  struct Part {
    CommandId command;
    std::uint32_t next = 0;
  };
  Journal* m_journal;
  sqlite::Transaction m_transaction;
  std::int64_t m_now_ms;
  Head m_head;
  std::uint64_t m_first_seq;  // of what this transaction appends
  std::int64_t m_behind_ms = 0;
  std::vector<Part> m_parts;  // commands this transaction has begun
};

class Journal {
 public:
  /// Makes the file for a node's new journal. Opening it again with the same identity is fine, with another is an
  /// error.
  static Journal create(const std::filesystem::path& path, const Identity& identity, JournalOptions options);
  /// Throws what Database::open throws: DatabaseNewer, DatabaseForeign, DatabaseDamaged (the caller sets it aside).
  static Journal open(const std::filesystem::path& path, JournalOptions options);
  /// A journal in a database that has a table `event` and belongs to the caller, who keeps it alive and in place.
  static Journal attach(sqlite::Database& database, const Identity& identity, std::vector<Projection*> projections);

  const Identity& identity() const { return m_identity; }
  sqlite::Database& database() { return *m_database; }

  Head head();
  /// BEGIN IMMEDIATE. `now_ms`: the machine's clock; a clock behind the journal's time is flagged, never followed.
  Write begin(std::int64_t now_ms);

  std::vector<EventEnvelope> read(std::uint64_t from_seq, std::size_t events_max, std::size_t bytes_max);
  std::vector<EventEnvelope> envelopes_of_case(const ReturnCaseId& case_id);
  /// Decoded; kinds this program does not know are left out.
  std::vector<EventBody> events_of_case(const ReturnCaseId& case_id);

  std::optional<Acknowledged> acknowledged();
  /// In a transaction of its own. The hub may also fall back: after the loss of its tail it acknowledges less.
  void acknowledge(const Acknowledged& acknowledged);

 private:
  friend class Write;
  Journal(std::unique_ptr<sqlite::Database> owned, sqlite::Database* database, const Identity& identity,
          std::vector<Projection*> projections);

  std::unique_ptr<sqlite::Database> m_owned;  // null when attached
  sqlite::Database* m_database;
  Identity m_identity;
  std::vector<Projection*> m_projections;
  EventHasher m_hash;
};

/// Moves the log into the database when it has grown; call it from another thread or process than the one that
/// commits, on a connection of its own. Returns true when all of it was moved: the next commit then begins the log
/// anew and writes over its old bytes, which costs the disk half of what a log that grows costs it. Keeps nobody
/// waiting, unless commits came so fast that the log has reached restart_wal_bytes.
bool checkpoint_when_grown(sqlite::Database& own_connection);

/// The tables of journal.db: db/migrations/store.
std::span<const sqlite::Migration> store_migrations();

}  // namespace retour::journal
