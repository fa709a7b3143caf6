#pragma once
// A prepared statement, either owned or leased from the connection's cache.
// Text and blobs are bound without a copy: they must live until the statement is reset or destroyed. What a column
// getter returns lives until the next step() or reset().

#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "plugin/core/base/id.hpp"
#include "plugin/core/base/require.hpp"

struct sqlite3_stmt;

namespace retour::sqlite {

class Database;
struct CachedStatement;

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

class Statement {
 public:
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;

  // Parameters are numbered from 1. @pre an unsigned value is below 2^63: SQLite's integers are signed.
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::span<const std::uint8_t> blob);
  Statement& bind(int parameter, std::nullptr_t);
  template <Integer T>
  Statement& bind(int parameter, T value) {
    if constexpr (std::unsigned_integral<T> && sizeof(T) == 8) {
      require(value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()),
              "an unsigned value above 2^63 - 1 does not fit SQLite's integer");
    }
    return bind(parameter, static_cast<std::int64_t>(value));
  }
  Statement& bind(int parameter, bool) = delete;  // a comparison that slipped in; write 0 or 1
  Statement& bind(int parameter, const char* text) { return bind(parameter, std::string_view(text)); }
  template <class Tag>
  Statement& bind(int parameter, const Id<Tag>& id) {
    return bind(parameter, std::span<const std::uint8_t>(id.bytes));
  }
  Statement& bind(int parameter, const Hash256& hash) {
    return bind(parameter, std::span<const std::uint8_t>(hash.bytes));
  }
  template <class T>
  Statement& bind(int parameter, const std::optional<T>& value) {
    return value ? bind(parameter, *value) : bind(parameter, nullptr);
  }
  /// Binds parameters 1, 2, 3 … in order.
  template <class... Values>
  Statement& bind_all(const Values&... values) {
    int parameter = 0;
    (bind(++parameter, values), ...);
    return *this;
  }

  /// True when a row stands ready.
  bool step();
  /// Runs to the end and resets. @pre the statement gives no rows that anybody wants.
  void run();
  /// Ready for new values; bindings are cleared.
  void reset();

  // Columns are numbered from 0.
  std::int64_t int64(int column) const;
  std::uint64_t uint64(int column) const { return static_cast<std::uint64_t>(int64(column)); }
  std::string_view text(int column) const;
  std::span<const std::uint8_t> blob(int column) const;
  bool is_null(int column) const;
  int columns() const;
  std::string_view column_name(int column) const;
  /// A blob of exactly 16 bytes; anything else is a damaged database.
  template <class AnyId>
  AnyId id(int column) const {
    AnyId out;
    copy_exact(column, out.bytes.data(), out.bytes.size());
    return out;
  }
  template <class AnyId>
  std::optional<AnyId> optional_id(int column) const {
    return is_null(column) ? std::nullopt : std::optional(id<AnyId>(column));
  }
  Hash256 hash(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* handle, CachedStatement* lease);
  void copy_exact(int column, std::uint8_t* out, std::size_t count) const;
  [[noreturn]] void fail(const char* operation, int code) const;

  Database* m_database;
  sqlite3_stmt* m_handle;
  CachedStatement* m_lease;  // null: this object owns the handle
};

}  // namespace retour::sqlite
