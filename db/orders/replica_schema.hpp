#pragma once
// Tables of the replica and the keys under which an order is found. Internal to db/orders. Layout: docs/orders.md.

#include <cstdint>
#include <string_view>
#include <vector>

#include "db/codec/feed_chunk.hpp"
#include "db/sqlite/database.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::orders {

inline constexpr int replica_application_id = 0x52744f72;  // "RtOr"
inline constexpr int replica_version = 2;                  // another one is not migrated but built again

/// Tables without rows; sets application id and version.
void create_tables(sqlite::Database& database);

/// The first eight bytes of an id or key as SQLite keeps integers. Only a way to find rows: the whole is compared.
template <class AnyId>
std::int64_t head_of(const AnyId& id) {
  std::uint64_t head = 0;
  for (unsigned i = 0; i < 8; ++i) head = head << 8 | id.bytes[i];
  return static_cast<std::int64_t>(head);
}

/// 64 bits of a text, the same for ever: they are stored. Not a defence: whoever finds a row compares the text.
std::int64_t text_hash(std::string_view text);

/// An item of an order's lines, each once.
struct ItemOfOrder {
  std::string_view sku;
  std::string_view gtin;  // may be empty
  friend bool operator==(const ItemOfOrder&, const ItemOfOrder&) = default;
};
/// Distinct items in order of their lines; views into the order. `items` is emptied first.
void items_of(const Order& order, std::vector<ItemOfOrder>& items);

}  // namespace retour::orders
