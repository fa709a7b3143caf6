#include "db/orders/replica_schema.hpp"

#include <algorithm>

namespace retour::orders {
namespace {

// customer and card stand in the record whole, because eight bytes of a key could meet those of another person.
constexpr const char* tables_sql = R"sql(
    CREATE TABLE order_record (
      order_key INTEGER PRIMARY KEY,
      order_id  BLOB NOT NULL,
      version   INTEGER NOT NULL,
      catchment INTEGER NOT NULL,
      sold_on   INTEGER NOT NULL,           -- days since 1970-01-01
      feed_seq  INTEGER NOT NULL,           -- 0: a sale of this store that the feed has not brought yet
      customer  BLOB,
      card      BLOB,
      evidence  BLOB NOT NULL
    ) STRICT;
    CREATE INDEX order_record_local ON order_record (order_key) WHERE feed_seq = 0;
    CREATE TABLE key_block (
      block_no INTEGER PRIMARY KEY,
      rows     BLOB NOT NULL
    ) STRICT;
    CREATE TABLE key_fence (
      kind        INTEGER PRIMARY KEY,
      first_block INTEGER NOT NULL,
      first_rows  BLOB NOT NULL
    ) STRICT;
    CREATE TABLE recent_key (
      kind INTEGER NOT NULL, key INTEGER NOT NULL, sold_on INTEGER NOT NULL, order_key INTEGER NOT NULL,
      PRIMARY KEY (kind, key, sold_on, order_key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE item (
      item_no INTEGER PRIMARY KEY,
      sku     TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE item_barcode (
      gtin TEXT NOT NULL, item_no INTEGER NOT NULL,
      PRIMARY KEY (gtin, item_no)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE item_price (
      item_no INTEGER NOT NULL, currency TEXT NOT NULL, sold_on INTEGER NOT NULL, lowest_minor INTEGER NOT NULL,
      PRIMARY KEY (item_no, currency, sold_on)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE replica_state (
      next_generation INTEGER NOT NULL,  -- 0, or what was swapped in instead: tells who still reads this file
      order_count     INTEGER NOT NULL   -- counting records reads the whole file
    ) STRICT;
    INSERT INTO replica_state VALUES (0, 0);
    CREATE TABLE feed_cursor (
      catchment INTEGER PRIMARY KEY,
      feed_seq  INTEGER NOT NULL
    ) STRICT;
)sql";

}  // namespace

void create_tables(sqlite::Database& database) {
  database.execute(tables_sql);
  database.set_user_version(replica_version);
}

std::int64_t text_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, 64 bits
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash ^= hash >> 32;  // its high bits move late: spread them
  hash *= 0xd6e8feb86659fd93;
  hash ^= hash >> 32;
  return static_cast<std::int64_t>(hash);
}

void items_of(const Order& order, std::vector<ItemOfOrder>& items) {
  items.clear();
  for (const OrderLine& line : order.lines) {
    const ItemOfOrder item{line.sku, line.gtin};
    if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
  }
}

}  // namespace retour::orders
