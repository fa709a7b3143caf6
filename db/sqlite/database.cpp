#include "db/sqlite/database.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

#include "db/sqlite/internal.hpp"

namespace retour::sqlite {

namespace {

/// The first line with words in it, short enough for a message.
std::string shortened(std::string_view sql) {
  constexpr std::size_t shown_max = 80;
  const std::size_t from = sql.find_first_not_of(" \n\t");
  if (from == std::string_view::npos) return {};
  sql.remove_prefix(from);
  return std::string(sql.substr(0, std::min(sql.find('\n'), shown_max)));
}

int open_flags(Mode mode) {
  constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case Mode::read_only:
      return common | SQLITE_OPEN_READONLY;
    case Mode::read_write:
      return common | SQLITE_OPEN_READWRITE;
    case Mode::create:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return common;
}

}  // namespace

Database::Database(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::open(const std::filesystem::path& path, const OpenOptions& options) {
  auto state = std::make_unique<State>();
  state->path = path.string();
  const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
  const int code = sqlite3_open_v2(state->path.c_str(), &state->handle, open_flags(options.mode), vfs);
  Database database(std::move(state));
  if (code != SQLITE_OK) database.fail("open", code);
  sqlite3_busy_timeout(database.m_state->handle, options.busy_timeout_ms);
  database.refuse_what_is_not_ours(options);
  database.configure(options);
  return database;
}

void Database::refuse_what_is_not_ours(const OpenOptions& options) {
  // Reading only: neither a newer nor a foreign file may change because we looked at it.
  const int version = user_version();
  if (options.user_version_max && version > *options.user_version_max) {
    throw DatabaseNewer({.operation = "open",
                         .object = path(),
                         .cause = "its version is " + std::to_string(version) +
                                  ", this program knows versions up to " + std::to_string(*options.user_version_max),
                         .consequence = "the file is left untouched; install the newer program"},
                        0);
  }
  if (options.application_id == 0) return;
  const auto found = query_int64("PRAGMA application_id").value_or(0);
  const bool empty = query_int64("PRAGMA page_count").value_or(0) == 0;
  if (!empty && found != options.application_id) {
    throw DatabaseForeign({.operation = "open",
                           .object = path(),
                           .cause = "its application id is " + std::to_string(found) + ", expected " +
                                    std::to_string(options.application_id),
                           .consequence = "the file belongs to something else and is left untouched"},
                          0);
  }
}

void Database::configure(const OpenOptions& options) {
  sqlite3* handle = m_state->handle;
  const auto config_off = [&](int what, const char* name) {
    int now = 1;
    sqlite3_db_config(handle, what, 0, &now);
    if (now != 0) fail(std::string("switch off ") + name + " in", SQLITE_ERROR);
  };
  config_off(SQLITE_DBCONFIG_DQS_DML, "double-quoted strings");
  config_off(SQLITE_DBCONFIG_DQS_DDL, "double-quoted strings");

  const auto set = [&](const std::string& pragma, std::int64_t value) {
    execute("PRAGMA " + pragma + "=" + std::to_string(value));
    if (query_int64("PRAGMA " + pragma) != value) fail("set " + pragma + " of", SQLITE_ERROR);
  };
  set("trusted_schema", 0);
  set("foreign_keys", 1);
  set("cache_size", -static_cast<std::int64_t>(options.cache_kib));
  if (options.mmap_bytes > 0) execute("PRAGMA mmap_size=" + std::to_string(options.mmap_bytes));
  set("synchronous", static_cast<std::int64_t>(options.synchronous));

  const bool writes = options.mode != Mode::read_only;
  if (writes && options.page_bytes > 0 && query_int64("PRAGMA page_count") == 0) {
    set("page_size", options.page_bytes);
  }
  if (writes && options.application_id != 0 && query_int64("PRAGMA application_id") != options.application_id) {
    set("application_id", options.application_id);
  }
  if (writes && options.wal) {
    Statement mode = prepare("PRAGMA journal_mode=WAL");
    if (!mode.step() || mode.text(0) != "wal") fail("switch on the write-ahead log of", SQLITE_ERROR);
  }
  if (writes) set("wal_autocheckpoint", options.wal_autocheckpoint_pages);
  if (options.quick_check) quick_check();
}

Statement Database::statement(std::string_view sql) {
  auto [at, fresh] = m_state->cache.try_emplace(sql.data());
  CachedStatement& cached = at->second;
  if (fresh) {
    cached.sql = sql;
    try {
      Statement made = prepare(sql);
      cached.handle = std::exchange(made.m_handle, nullptr);
    } catch (...) {
      m_state->cache.erase(at);
      throw;
    }
  }
  require(cached.sql == sql, "a cached statement's SQL must be a constant: other text stands at its address now");
  if (cached.leased) return prepare(sql);
  cached.leased = true;
  return Statement(*this, cached.handle, &cached);
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(m_state->handle, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) fail("prepare a statement for", code, sql);
  require(handle != nullptr, "an empty statement was prepared");
  return Statement(*this, handle, nullptr);
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(m_state->handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail("execute on", code, sql);
}

std::optional<std::int64_t> Database::query_int64(std::string_view sql) {
  Statement query = prepare(sql);
  return query.step() && !query.is_null(0) ? std::optional(query.int64(0)) : std::nullopt;
}

const std::string& Database::path() const {
  return m_state->path;
}
int Database::user_version() {
  return static_cast<int>(query_int64("PRAGMA user_version").value_or(0));
}
void Database::set_user_version(int version) {
  execute("PRAGMA user_version=" + std::to_string(version));
}
std::int64_t Database::data_version() {
  return query_int64("PRAGMA data_version").value_or(0);
}
std::int64_t Database::changes() const {
  return sqlite3_changes64(m_state->handle);
}
std::int64_t Database::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(m_state->handle);
}
bool Database::in_transaction() const {
  return sqlite3_get_autocommit(m_state->handle) == 0;
}

bool Database::has_table(std::string_view name) {
  Statement query = prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
  return query.bind(1, name).step();
}

Database::Checkpoint Database::checkpoint_passive() {
  return checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}
Database::Checkpoint Database::checkpoint_restart() {
  return checkpoint(SQLITE_CHECKPOINT_RESTART);
}
Database::Checkpoint Database::checkpoint_truncate() {
  return checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

Database::Checkpoint Database::checkpoint(int mode) {
  int frames = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(m_state->handle, nullptr, mode, &frames, &moved);
  const bool busy = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
  if (code != SQLITE_OK && !busy) fail("checkpoint", code);
  return {.busy = busy, .wal_frames = frames, .moved_frames = moved};
}

void Database::quick_check() {
  Statement check = prepare("PRAGMA quick_check(1)");
  if (check.step() && check.text(0) == "ok") return;
  throw DatabaseDamaged({.operation = "check",
                         .object = path(),
                         .cause = std::string(check.text(0)),
                         .consequence = "the file must be set aside"},
                        SQLITE_CORRUPT);
}

void Database::fail(const std::string& operation, int code, std::string_view sql) const {
  const int latest = m_state->handle == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(m_state->handle);
  // The connection's message belongs to its latest error; a code of ours gets the general text.
  std::string cause =
      code_name(code) + ": " + (latest == code ? sqlite3_errmsg(m_state->handle) : sqlite3_errstr(code));
  if (!sql.empty()) cause += " [" + shortened(sql) + "]";
  Error::Parts parts{.operation = operation, .object = path(), .cause = std::move(cause), .consequence = {}};
  const int primary = code & 0xff;
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) {
    parts.consequence = "the file is damaged and must be set aside";
    throw DatabaseDamaged(std::move(parts), code);
  }
  throw DatabaseError(std::move(parts), code);
}

// ---- transactions ----------------------------------------------------------------------------------------------

namespace {
constexpr std::string_view begin_read_sql = "BEGIN DEFERRED";
constexpr std::string_view begin_write_sql = "BEGIN IMMEDIATE";
constexpr std::string_view commit_sql = "COMMIT";
constexpr std::string_view rollback_sql = "ROLLBACK";
}  // namespace

Transaction::Transaction(Database& database, Kind kind) : m_database(&database) {
  require(!database.in_transaction(), "a transaction is already open on this connection");
  database.statement(kind == Kind::read ? begin_read_sql : begin_write_sql).run();
}

Transaction::Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction() {
  try {
    rollback();
  } catch (const Error&) {
    // A failed rollback leaves the connection in a transaction; the next one says so, and closing undoes it.
  }
}

void Transaction::commit() {
  require(m_database != nullptr, "commit of a transaction that has ended");
  try {
    m_database->statement(commit_sql).run();
  } catch (...) {
    rollback();
    throw;
  }
  m_database = nullptr;
}

void Transaction::rollback() {
  Database* database = std::exchange(m_database, nullptr);
  // SQLite rolls back by itself after some errors (a full disk, an I/O error).
  if (database != nullptr && database->in_transaction()) database->statement(rollback_sql).run();
}

// ---- files -----------------------------------------------------------------------------------------------------

std::int64_t wal_bytes(const std::filesystem::path& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path.string() + "-wal", missing);
  return missing ? 0 : static_cast<std::int64_t>(size);
}

// A frame belongs to the log's present round when it carries the salts of the header:
// https://www.sqlite.org/walformat.html
bool wal_reaches(const std::filesystem::path& path, std::int64_t bytes) {
  constexpr std::int64_t head_bytes = 32;
  constexpr std::int64_t frame_head_bytes = 24;
  constexpr std::size_t salt_bytes = 8;
  std::array<char, head_bytes> head{};
  std::array<char, frame_head_bytes> frame{};
  std::ifstream log(path.string() + "-wal", std::ios::binary);
  if (!log.read(head.data(), head.size())) return false;
  std::int64_t page_bytes = 0;
  for (std::size_t i = 8; i < 12; ++i) page_bytes = page_bytes << 8 | static_cast<unsigned char>(head[i]);
  const std::int64_t frames_before = std::max<std::int64_t>(bytes - head_bytes, 0) / (frame_head_bytes + page_bytes);
  log.seekg(head_bytes + frames_before * (frame_head_bytes + page_bytes));
  if (!log.read(frame.data(), frame.size())) return false;
  return std::equal(head.begin() + 16, head.begin() + 16 + salt_bytes, frame.begin() + 8);
}

}  // namespace retour::sqlite
