#include "db/orders/key_index.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace retour::orders {
namespace {

constexpr std::size_t block_rows =
    62;  // 992 bytes: four blocks fill a page of 4,096, and SQLite copies what it hands out

constexpr std::string_view insert_block_sql = "INSERT INTO key_block (rows) VALUES (?1)";
constexpr std::string_view insert_fence_sql = "INSERT INTO key_fence VALUES (?1, ?2, ?3)";
constexpr std::string_view fences_sql = "SELECT kind, first_block, first_rows FROM key_fence";
constexpr std::string_view block_sql = "SELECT rows FROM key_block WHERE block_no = ?1";
// Both places at once, because a statement costs more than what it reads.
constexpr std::string_view block_and_recent_sql = R"sql(
    SELECT NULL, sold_on, order_key FROM recent_key WHERE kind = ?2 AND key = ?3 AND sold_on BETWEEN ?4 AND ?5
     UNION ALL
    SELECT rows, NULL, NULL FROM key_block WHERE block_no = ?1
)sql";
constexpr std::string_view recent_has_sql =
    "SELECT 1 FROM recent_key WHERE kind = ?1 AND key = ?2 AND sold_on = ?3 AND order_key = ?4";
constexpr std::string_view insert_recent_sql = "INSERT OR IGNORE INTO recent_key VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view delete_recent_sql =
    "DELETE FROM recent_key WHERE kind = ?1 AND key = ?2 AND sold_on = ?3 AND order_key = ?4";

std::span<const std::uint8_t> bytes_of(std::span<const KeyRow> rows) {
  return {reinterpret_cast<const std::uint8_t*>(rows.data()), rows.size_bytes()};
}

void rows_of(std::span<const std::uint8_t> bytes, std::vector<KeyRow>& rows) {
  rows.resize(bytes.size() / sizeof(KeyRow));
  if (!rows.empty()) std::memcpy(rows.data(), bytes.data(), rows.size() * sizeof(KeyRow));
}

// Rows of a block where SQLite keeps them, which need not be aligned.
class BlockRows {
 public:
  explicit BlockRows(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}
  std::size_t size() const { return m_bytes.size() / sizeof(KeyRow); }
  KeyRow operator[](std::size_t at) const {
    KeyRow row;
    std::memcpy(&row, m_bytes.data() + at * sizeof(KeyRow), sizeof row);
    return row;
  }
  /// The first row that is not below.
  std::size_t lower_bound(const KeyRow& wanted) const {
    std::size_t low = 0;
    for (std::size_t high = size(); low < high;) {
      const std::size_t middle = (low + high) / 2;
      if ((*this)[middle] < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

 private:
  std::span<const std::uint8_t> m_bytes;
};

std::int64_t code(KeyKind kind) {
  return static_cast<std::int64_t>(kind);
}

}  // namespace

void write_key_blocks(sqlite::Database& database, KeyKind kind, const std::vector<KeyRow>& rows) {
  std::vector<KeyRow> first_rows;
  std::int64_t first_block = 0;
  auto statement = database.statement(insert_block_sql);
  for (std::size_t at = 0; at < rows.size(); at += block_rows) {
    const std::span block = std::span(rows).subspan(at, std::min(block_rows, rows.size() - at));
    statement.bind(1, bytes_of(block)).run();
    if (at == 0) first_block = database.last_insert_rowid();
    first_rows.push_back(block.front());
  }
  database.statement(insert_fence_sql).bind_all(code(kind), first_block, bytes_of(first_rows)).run();
}

KeyIndex::KeyIndex(sqlite::Database& database) : m_database(database) {
  auto statement = m_database.statement(fences_sql);
  while (statement.step()) {
    Blocks& blocks = m_blocks[static_cast<std::size_t>(statement.int64(0)) % key_kinds];
    blocks.first_block = statement.int64(1);
    rows_of(statement.blob(2), blocks.first_rows);
  }
}

const std::vector<KeyRow>& KeyIndex::find(KeyKind kind, std::int64_t key, const DayRange& days) {
  const KeyRow low{key, days.from, 0};
  const KeyRow high{key, days.to, UINT32_MAX};
  const Blocks& blocks = m_blocks[static_cast<std::size_t>(kind)];
  const std::size_t first = block_before(blocks, low);
  m_found.clear();
  {
    auto statement = m_database.statement(block_and_recent_sql);
    statement.bind_all(blocks.first_block + static_cast<std::int64_t>(first), code(kind), key, days.from, days.to);
    while (statement.step()) {
      if (statement.is_null(0)) {
        m_found.push_back(
            {key, static_cast<std::int32_t>(statement.int64(1)), static_cast<std::uint32_t>(statement.int64(2))});
      } else if (!blocks.first_rows.empty()) {
        take_rows(statement.blob(0), low, high);
      }
    }
  }
  for (std::size_t at = first + 1; at < blocks.first_rows.size() && blocks.first_rows[at] <= high; ++at) {
    auto statement = m_database.statement(block_sql);
    statement.bind(1, blocks.first_block + static_cast<std::int64_t>(at));
    if (statement.step()) take_rows(statement.blob(0), low, high);
  }
  if (m_found.size() < 2) return m_found;
  std::sort(m_found.begin(), m_found.end(), std::greater<>());
  m_found.erase(std::unique(m_found.begin(), m_found.end()), m_found.end());
  return m_found;
}

void KeyIndex::take_rows(std::span<const std::uint8_t> block, const KeyRow& low, const KeyRow& high) {
  const BlockRows rows(block);
  for (std::size_t at = rows.lower_bound(low); at < rows.size() && rows[at] <= high; ++at)
    m_found.push_back(rows[at]);
}

// The last block that begins at or before the row; the first one when all begin behind it.
std::size_t KeyIndex::block_before(const Blocks& blocks, const KeyRow& row) const {
  const auto behind = std::upper_bound(blocks.first_rows.begin(), blocks.first_rows.end(), row);
  return behind == blocks.first_rows.begin() ? 0 : static_cast<std::size_t>(behind - blocks.first_rows.begin()) - 1;
}

bool KeyIndex::contains(KeyKind kind, const KeyRow& row) {
  const Blocks& blocks = m_blocks[static_cast<std::size_t>(kind)];
  if (!blocks.first_rows.empty()) {
    auto block = m_database.statement(block_sql);
    block.bind(1, blocks.first_block + static_cast<std::int64_t>(block_before(blocks, row)));
    if (block.step()) {
      const BlockRows rows(block.blob(0));
      const std::size_t at = rows.lower_bound(row);
      if (at < rows.size() && rows[at] == row) return true;
    }
  }
  auto statement = m_database.statement(recent_has_sql);
  statement.bind_all(code(kind), row.key, row.sold_on, row.order_key);
  return statement.step();
}

void KeyIndex::add(KeyKind kind, const KeyRow& row) {
  m_database.statement(insert_recent_sql).bind_all(code(kind), row.key, row.sold_on, row.order_key).run();
}

void KeyIndex::remove(KeyKind kind, const KeyRow& row) {
  m_database.statement(delete_recent_sql).bind_all(code(kind), row.key, row.sold_on, row.order_key).run();
}

}  // namespace retour::orders
