#pragma once
// Where orders are found: rows (kind, key, day, order) in two places. What the bootstrap brought lies sorted in
// blocks of a page, written once and never changed; what the feed brought since lies in an ordinary tree,
// `recent_key`. A row may outlive its order: whoever follows it compares the record. Internal to db/orders. Why:
// docs/orders.md.

#include <cstdint>
#include <span>
#include <vector>

#include "db/sqlite/database.hpp"

namespace retour::orders {

enum class KeyKind : std::uint8_t { order_id = 0, number = 1, customer = 2, card = 3, item = 4 };
inline constexpr std::size_t key_kinds = 5;

/// 16 bytes, kept in the file as they are in memory: the replica never leaves its machine.
struct KeyRow {
  std::int64_t key = 0;
  std::int32_t sold_on = 0;  // days; 0 for kinds whose keys are nearly unique
  std::uint32_t order_key = 0;
  friend auto operator<=>(const KeyRow&, const KeyRow&) = default;
};
static_assert(sizeof(KeyRow) == 16);

struct DayRange {
  std::int32_t from = INT32_MIN;  // both included
  std::int32_t to = INT32_MAX;
};

/// Writes the blocks of a kind. @pre rows are sorted and distinct; once a kind.
void write_key_blocks(sqlite::Database& database, KeyKind kind, const std::vector<KeyRow>& rows);

/// Keys of one open replica. @pre used while a transaction or a statement keeps the state of the file, so that
/// blocks, tree and records agree.
class KeyIndex {
 public:
  /// Reads where each block begins: two megabytes for a million orders.
  explicit KeyIndex(sqlite::Database& database);

  /// Rows with the key in the days, newest first, each once. Valid until the next call.
  const std::vector<KeyRow>& find(KeyKind kind, std::int64_t key, const DayRange& days = {});
  bool contains(KeyKind kind, const KeyRow& row);
  void add(KeyKind kind, const KeyRow& row);
  /// Takes the row out of the tree; one in a block stays behind.
  void remove(KeyKind kind, const KeyRow& row);

 private:
  struct Blocks {
    std::int64_t first_block = 0;
    std::vector<KeyRow> first_rows;  // of each block
  };
  std::size_t block_before(const Blocks& blocks, const KeyRow& row) const;
  /// Adds the block's rows in [low, high] to what is found.
  void take_rows(std::span<const std::uint8_t> block, const KeyRow& low, const KeyRow& high);

  sqlite::Database& m_database;
  Blocks m_blocks[key_kinds];
  std::vector<KeyRow> m_found;
};

}  // namespace retour::orders
