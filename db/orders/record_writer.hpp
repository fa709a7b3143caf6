#pragma once
// Writes single orders into an open replica: the record and its rows in the key tables. Internal to db/orders.

#include "db/orders/item_prices.hpp"
#include "db/orders/key_index.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_schema.hpp"

namespace retour::orders {

/// @pre a write transaction is open on the database for the whole life of the writer.
class RecordWriter {
 public:
  RecordWriter(sqlite::Database& database, KeyIndex& keys) : m_database(database), m_keys(keys) {}

  void apply(const FeedItem& item, OrderReplica::Applied& applied);
  void move_cursor(const FeedCursor& cursor);
  /// Takes record and keys away.
  void remove(std::int64_t order_key);
  /// Brings the number of orders up to date; called once before the commit.
  void count();

 private:
  struct Known {
    std::int64_t order_key = 0;
    std::uint32_t version = 0;
    std::uint64_t feed_seq = 0;
    bool same_evidence = false;
  };
  std::optional<Known> find(const FeedItem& item);
  void insert(const FeedItem& item, const Order& order);
  /// Calls `each(kind, row)` for every key under which the order is found.
  template <class Each>
  void for_each_key(std::uint32_t order_key, const LookupKey& customer, const LookupKey& card, const Order& order,
                    Each each);
  void update_feed(const Known& known, const FeedItem& item);
  std::int64_t item_number(const ItemOfOrder& item);

  sqlite::Database& m_database;
  KeyIndex& m_keys;
  std::int64_t m_more = 0;  // orders since the last count()
  Order m_order;
  std::vector<ItemOfOrder> m_items;
  std::vector<ItemPrice> m_prices;
};

}  // namespace retour::orders
