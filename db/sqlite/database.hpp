#pragma once
// One connection to one SQLite file, opened the way every file of Retour is opened. Used by one thread at a time.
// Every setting is read back: a build of SQLite that ignores one is found at start, not at the first power cut.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "db/sqlite/database_error.hpp"
#include "db/sqlite/statement.hpp"

struct sqlite3;

namespace retour::sqlite {

enum class Mode : std::uint8_t { read_only, read_write, create };  // create: opens, or makes an empty file
enum class Synchronous : std::uint8_t { off = 0, normal = 1, full = 2 };

inline constexpr int busy_timeout_ms_default = 5'000;  // two processes share journal.db; their transactions are short

struct OpenOptions {
  Mode mode = Mode::read_write;
  int busy_timeout_ms = busy_timeout_ms_default;
  Synchronous synchronous = Synchronous::full;
  bool wal = true;                       // false keeps the file's own mode (a rollback journal for a new file)
  int wal_autocheckpoint_pages = 1'000;  // 0: the caller runs checkpoint() off the commit path
  int page_bytes = 0;                    // of a new file, a power of two; 0: SQLite's own choice
  int cache_kib = 8'192;
  std::int64_t mmap_bytes = 0;
  int application_id = 0;                    // 0: not checked; else set on an empty file and demanded of any other
  std::optional<int> user_version_max = {};  // a file above it is refused before anything is written
  bool quick_check = false;                  // reads the whole file once
  std::string vfs = {};                      // name of a registered VFS; empty: the system's
};

class Database {
 public:
  /// Throws DatabaseNewer, DatabaseForeign, DatabaseDamaged, or DatabaseError for anything else. A refused file is
  /// left as it was.
  static Database open(const std::filesystem::path& path, const OpenOptions& options);

  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;

  /// A statement from the connection's cache, reset when the returned lease ends. `sql` must be a constant: its
  /// address is the key. A second lease of a statement in use gets a fresh one.
  Statement statement(std::string_view sql);
  /// A statement of its own, for SQL that is made at run time.
  Statement prepare(std::string_view sql);
  /// Runs one or more statements without parameters, rows ignored.
  void execute(const std::string& sql);
  /// First column of the first row of a constant or computed query; empty without a row.
  std::optional<std::int64_t> query_int64(std::string_view sql);

  const std::string& path() const;
  int user_version();
  void set_user_version(int version);
  /// Changes when another connection has committed.
  std::int64_t data_version();
  std::int64_t changes() const;
  std::int64_t last_insert_rowid() const;
  bool in_transaction() const;
  bool has_table(std::string_view name);

  struct Checkpoint {
    bool busy = false;              // a reader or writer stood in the way; try again later
    std::int64_t wal_frames = 0;    // in the log
    std::int64_t moved_frames = 0;  // of these, now in the database file
  };
  /// Moves the log into the database file without waiting for readers or writers.
  Checkpoint checkpoint_passive();
  /// Moves everything; the next write begins the log anew. Waits for others up to the busy timeout.
  Checkpoint checkpoint_restart();
  /// Moves everything and empties the log; waits for others up to the busy timeout.
  Checkpoint checkpoint_truncate();

  /// Throws DatabaseDamaged with the first finding.
  void quick_check();

  /// Throws the exception that fits `code`, with SQLite's own message.
  [[noreturn]] void fail(const std::string& operation, int code, std::string_view sql = {}) const;

 private:
  friend class Statement;
  struct State;
  explicit Database(std::unique_ptr<State> state);
  void configure(const OpenOptions& options);
  void refuse_what_is_not_ours(const OpenOptions& options);
  Checkpoint checkpoint(int mode);

  std::unique_ptr<State> m_state;
};

/// Rolls back unless committed. One at a time on a connection.
class Transaction {
 public:
  enum class Kind : std::uint8_t {
    read,   // BEGIN DEFERRED: one consistent view
    write,  // BEGIN IMMEDIATE: waits here for the other writer, never in the middle
  };
  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;

  /// Durable on return under synchronous=FULL. When it throws, nothing of the transaction is in the file.
  void commit();
  void rollback();
  bool open() const { return m_database != nullptr; }

 private:
  Database* m_database;
};

/// Renames a damaged file, with its log, to `<path>.damaged-<now_ms>` and returns the new name. Deletes nothing.
std::filesystem::path set_aside(const std::filesystem::path& path, std::int64_t now_ms);

/// Size of the write-ahead log beside `path`; 0 when there is none.
std::int64_t wal_bytes(const std::filesystem::path& path);
/// Whether the log has `bytes` of frames since it last began anew; the file keeps its size when it does.
bool wal_reaches(const std::filesystem::path& path, std::int64_t bytes);

}  // namespace retour::sqlite
