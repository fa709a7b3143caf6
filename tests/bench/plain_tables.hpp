#pragma once
// Yardstick B: the same orders in three plain tables over the raw SQLite C API, with four live indexes (order number;
// customer and date; item barcode; card token). Lines and tenders lie by order, so that an order is read in one
// place.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/workload.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace retour::bench {

inline constexpr std::size_t plain_transaction_orders = 10'000;
inline constexpr int plain_cache_kib = 65'536;

class PlainTables {
 public:
  /// WAL, synchronous=NORMAL, NOMUTEX, the same page cache and memory map as the replica.
  explicit PlainTables(const std::filesystem::path& file);
  ~PlainTables();
  PlainTables(const PlainTables&) = delete;
  PlainTables& operator=(const PlainTables&) = delete;

  /// One transaction.
  void insert(std::span<const WorkloadOrder> orders);
  /// Order, lines and tenders in one read transaction, every column taken out.
  std::optional<Order> by_number(const std::string& number);

 private:
  void execute(const char* sql);
  sqlite3_stmt* prepare(const char* sql);
  void step(sqlite3_stmt* statement);
  void insert(const WorkloadOrder& order);
  void read_lines(std::int64_t key, Order& order);
  void read_tenders(std::int64_t key, Order& order);

  sqlite3* m_database = nullptr;
  sqlite3_stmt *m_begin, *m_commit, *m_order, *m_line, *m_tender, *m_find, *m_lines, *m_tenders;
  std::int64_t m_next_key = 1;
};

}  // namespace retour::bench
