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

orders::DateRange around(CivilDate day) {
  return {{day.days - around_days}, {day.days + around_days}};
}

/// Sales of this store stand in its replica too as soon as retour-sync has looked: here the replica alone is asked.
std::vector<FoundOrder> by_card(StoreContext& store, const OrderQuery& query) {
  const orders::DateRange days = around(*query.bought_about);
  std::vector<orders::StoredOrder> paid = store.orders.by_card(codec::hmac_key(store.lookup_secret, query.card_ref));
  std::erase_if(paid, [&](const orders::StoredOrder& stored) {
    return stored.order.sold_on < days.from || days.to < stored.order.sold_on;
  });
  return merged(store, std::move(paid), {});
}

std::vector<FoundOrder> by_item(StoreContext& store, const OrderQuery& query) {
  std::vector<orders::StoredOrder> sold;
  for (const std::string& name : names_of(query.item)) {
    std::ranges::move(store.orders.by_item_and_date(name, around(*query.bought_about)), std::back_inserter(sold));
  }
  return merged(store, std::move(sold), {});
}

std::vector<FoundOrder> matching(StoreContext& store, const OrderQuery& query) {
  sqlite::Database& database = store.journal.database();
  if (!query.number.empty()) {
    return merged(store, store.orders.by_number(query.number), projections::sales_of_number(database, query.number));
  }
  if (!query.card_ref.empty()) return by_card(store, query);
  if (query.customer_ref.empty()) return by_item(store, query);
  const LookupKey customer = codec::hmac_key(store.lookup_secret, query.customer_ref);
  return merged(store, stored_of_customer(store, customer, query.item),
                projections::sales_of_customer(database, customer));
}

bool is_newer(const FoundOrder& a, const FoundOrder& b) {
  return a.order.sold_at_ms != b.order.sold_at_ms ? a.order.sold_at_ms > b.order.sold_at_ms : a.order.id < b.order.id;
}

void add_notices(StoreContext& store, const std::string& cashier, FoundOrder& found) {
  for (const OrderLine& line : found.order.lines) {
    Noticed noticed = notice(store, {cashier, found.order.id, {}, line.sku, "", line.line_no});
    if (!noticed.alerts.empty()) found.notices.emplace_back(line.line_no, std::move(noticed));
  }
}

}  // namespace

bool can_be_answered(const OrderQuery& query) {
  const bool by_day = query.bought_about && (!query.card_ref.empty() || !query.item.empty());
  return !query.number.empty() || (query.card_ref.empty() && !query.customer_ref.empty()) || by_day;
}

std::vector<FoundOrder> find_orders(StoreContext& store, const OrderQuery& query) {
  require(can_be_answered(query), "a search for every order of the chain");
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  std::vector<FoundOrder> found = matching(store, query);
  if (!query.item.empty()) {
    std::erase_if(found, [&](const FoundOrder& order) { return !has_item(order.order, query.item); });
  }
  std::sort(found.begin(), found.end(), is_newer);
  if (found.size() > found_orders_max) found.resize(found_orders_max);
  for (FoundOrder& order : found) add_notices(store, query.cashier, order);
  return found;
}

std::optional<FoundOrder> find_order(StoreContext& store, const OrderId& order_id) {
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  auto found = own_sale(store, order_id);
  if (auto stored = found ? std::nullopt : store.orders.get(order_id)) {
    found = found_order(store, std::move(stored->order), stored->evidence, false);
  }
  if (found) add_notices(store, "", *found);
  return found;
}

}  // namespace retour::app
