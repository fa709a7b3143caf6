#include "plugin/app/find_order.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "db/projections/started_returns.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/core/order/gtin.hpp"

namespace retour::app {

namespace {

/// What a line may be called that holds the item: an SKU as typed, and the GTIN that a scanner read.
std::vector<std::string> names_of(const std::string& item) {
  std::vector<std::string> names{item};
  if (const auto gtin = parse_gtin(item); gtin.ok() && *gtin != item) names.push_back(*gtin);
  return names;
}

bool has_item(const Order& order, const std::string& item) {
  for (const std::string& name : names_of(item)) {
    const bool found = std::any_of(order.lines.begin(), order.lines.end(),
                                   [&](const OrderLine& line) { return line.sku == name || line.gtin == name; });
    if (found) return true;
  }
  return false;
}

std::vector<orders::StoredOrder> stored_of_customer(StoreContext& store, const LookupKey& customer,
                                                    const std::string& item) {
  if (item.empty()) return store.orders.by_customer(customer);
  std::vector<orders::StoredOrder> stored;
  for (const std::string& name : names_of(item)) {
    std::ranges::move(store.orders.by_item_and_customer(name, customer), std::back_inserter(stored));
  }
  return stored;
}

FoundOrder found_order(StoreContext& store, Order order, const Bytes& evidence, bool sold_here) {
  const OrderId id = order.id;
  sqlite::Database& database = store.journal.database();
  return {std::move(order), codec::sha256(evidence), sold_here, projections::started_codes_of_order(database, id),
          projections::held_ranges(database, id)};
}

/// A sale of this store as its own journal has it; empty for any other order.
std::optional<FoundOrder> own_sale(StoreContext& store, const OrderId& id) {
  const auto packed = packed_sale(store, id);
  if (!packed) return std::nullopt;
  return found_order(store, codec::unpack_order(*packed), *packed, true);
}

/// What the replica has and what was sold here, each order once: a sale of this store comes back with the feed.
std::vector<FoundOrder> merged(StoreContext& store, std::vector<orders::StoredOrder> stored,
                               const std::vector<OrderId>& sold_here) {
  std::vector<FoundOrder> found;
  std::set<OrderId> seen;
  for (const OrderId& id : sold_here) {
    if (auto sale = own_sale(store, id); sale && seen.insert(id).second) found.push_back(std::move(*sale));
  }
  for (orders::StoredOrder& order : stored) {
    if (!seen.insert(order.order.id).second) continue;
    found.push_back(found_order(store, std::move(order.order), order.evidence, false));
  }
  return found;
}

std::vector<FoundOrder> matching(StoreContext& store, const OrderQuery& query) {
  sqlite::Database& database = store.journal.database();
  if (!query.number.empty()) {
    return merged(store, store.orders.by_number(query.number), projections::sales_of_number(database, query.number));
  }
  const LookupKey customer = codec::hmac_key(store.lookup_secret, query.customer_ref);
  return merged(store, stored_of_customer(store, customer, query.item),
                projections::sales_of_customer(database, customer));
}

bool is_newer(const FoundOrder& a, const FoundOrder& b) {
  return a.order.sold_at_ms != b.order.sold_at_ms ? a.order.sold_at_ms > b.order.sold_at_ms : a.order.id < b.order.id;
}

}  // namespace

std::vector<FoundOrder> find_orders(StoreContext& store, const OrderQuery& query) {
  require(!query.number.empty() || !query.customer_ref.empty(), "a search for every order of the chain");
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  std::vector<FoundOrder> found = matching(store, query);
  if (!query.item.empty()) {
    std::erase_if(found, [&](const FoundOrder& order) { return !has_item(order.order, query.item); });
  }
  std::sort(found.begin(), found.end(), is_newer);
  if (found.size() > found_orders_max) found.resize(found_orders_max);
  return found;
}

std::optional<FoundOrder> find_order(StoreContext& store, const OrderId& order_id) {
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  if (auto sale = own_sale(store, order_id)) return sale;
  auto stored = store.orders.get(order_id);
  if (!stored) return std::nullopt;
  return found_order(store, std::move(stored->order), stored->evidence, false);
}

}  // namespace retour::app
