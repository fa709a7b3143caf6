#include "plugin/app/find_order.hpp"

#include <algorithm>
#include <set>

#include "db/codec/digest.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/evidence.hpp"

namespace retour::app {

namespace {

bool has_item(const Order& order, const std::string& item) {
  return std::any_of(order.lines.begin(), order.lines.end(),
                     [&](const OrderLine& line) { return line.sku == item || line.gtin == item; });
}

/// Ids that the query names, of the replica and of this store's own sales, each once.
std::set<OrderId> ids_of(StoreContext& store, const OrderQuery& query) {
  std::set<OrderId> ids;
  sqlite::Database& database = store.journal.database();
  if (!query.number.empty()) {
    for (const auto& stored : store.orders.by_number(query.number)) ids.insert(stored.order.id);
    for (const OrderId& id : projections::sales_of_number(database, query.number)) ids.insert(id);
    return ids;
  }
  const LookupKey customer = codec::hmac_key(store.lookup_secret, query.customer_ref);
  const auto found = query.item.empty() ? store.orders.by_customer(customer)
                                        : store.orders.by_item_and_customer(query.item, customer);
  for (const auto& stored : found) ids.insert(stored.order.id);
  for (const OrderId& id : projections::sales_of_customer(database, customer)) ids.insert(id);
  return ids;
}

FoundOrder found_order(StoreContext& store, const EvidenceOrder& order) {
  return {order.order, order.hash, order.sold_here,
          projections::held_ranges(store.journal.database(), order.order.id)};
}

bool is_newer(const FoundOrder& a, const FoundOrder& b) {
  return a.order.sold_at_ms != b.order.sold_at_ms ? a.order.sold_at_ms > b.order.sold_at_ms : a.order.id < b.order.id;
}

}  // namespace

std::vector<FoundOrder> find_orders(StoreContext& store, const OrderQuery& query) {
  require(!query.number.empty() || !query.customer_ref.empty(), "a search for every order of the chain");
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  Evidence evidence(store);
  std::vector<FoundOrder> found;
  for (const OrderId& id : ids_of(store, query)) {
    const EvidenceOrder* order = evidence.find(id);
    if (order == nullptr || (!query.item.empty() && !has_item(order->order, query.item))) continue;
    found.push_back(found_order(store, *order));
  }
  std::sort(found.begin(), found.end(), is_newer);
  if (found.size() > found_orders_max) found.resize(found_orders_max);
  return found;
}

std::optional<FoundOrder> find_order(StoreContext& store, const OrderId& order_id) {
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  Evidence evidence(store);
  const EvidenceOrder* order = evidence.find(order_id);
  if (order == nullptr) return std::nullopt;
  return found_order(store, *order);
}

}  // namespace retour::app
