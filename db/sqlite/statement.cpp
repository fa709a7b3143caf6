#include "db/sqlite/statement.hpp"

#include "db/sqlite/internal.hpp"

namespace retour::sqlite {

Statement::Statement(Database& database, sqlite3_stmt* handle, CachedStatement* lease)
    : m_database(&database), m_handle(handle), m_lease(lease) {}

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database), m_handle(other.m_handle), m_lease(other.m_lease) {
  other.m_handle = nullptr;
  other.m_lease = nullptr;
}

Statement::~Statement() {
  if (m_handle == nullptr) return;
  if (m_lease == nullptr) {
    sqlite3_finalize(m_handle);
    return;
  }
  reset();
  m_lease->leased = false;
}

void Statement::fail(const char* operation, int code) const {
  const char* sql = sqlite3_sql(m_handle);
  m_database->fail(operation, code, sql == nullptr ? std::string_view() : std::string_view(sql));
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(m_handle, parameter, value); code != SQLITE_OK)
    fail("bind a value for", code);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  // A null pointer would bind NULL; an empty text is not the absence of one.
  const char* data = text.data() == nullptr ? "" : text.data();
  const int code = sqlite3_bind_text64(m_handle, parameter, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) fail("bind a text for", code);
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::uint8_t> blob) {
  const int code = blob.empty() ? sqlite3_bind_zeroblob(m_handle, parameter, 0)
                                : sqlite3_bind_blob64(m_handle, parameter, blob.data(), blob.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) fail("bind a blob for", code);
  return *this;
}

Statement& Statement::bind(int parameter, std::nullptr_t) {
  if (const int code = sqlite3_bind_null(m_handle, parameter); code != SQLITE_OK) fail("bind null for", code);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(m_handle);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail("execute on", code);
  return false;
}

void Statement::run() {
  const bool row = step();
  reset();
  require(!row, "a statement that was run for its effect gave rows");
}

void Statement::reset() {
  sqlite3_reset(m_handle);  // repeats the error of the last step, which has been reported already
  sqlite3_clear_bindings(m_handle);
}

std::int64_t Statement::int64(int column) const {
  return sqlite3_column_int64(m_handle, column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* data = sqlite3_column_text(m_handle, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column));
  return data == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(m_handle, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column));
  return data == nullptr ? std::span<const std::uint8_t>() : std::span<const std::uint8_t>(data, size);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

int Statement::columns() const {
  return sqlite3_column_count(m_handle);
}

std::string_view Statement::column_name(int column) const {
  return sqlite3_column_name(m_handle, column);
}

void Statement::copy_exact(int column, std::uint8_t* out, std::size_t count) const {
  const auto bytes = blob(column);
  if (bytes.size() != count) fail("read a key of fixed length from", SQLITE_CORRUPT);
  std::memcpy(out, bytes.data(), count);
}

Hash256 Statement::hash(int column) const {
  Hash256 out;
  copy_exact(column, out.bytes.data(), out.bytes.size());
  return out;
}

}  // namespace retour::sqlite
