#include "plugin/app/alerts.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"

namespace retour::app {

namespace {

/// The one who serves, or somebody of her household, is the customer.
bool is_own_purchase(StoreContext& store, const Scanned& scanned) {
  if (store.staff == nullptr || scanned.cashier.empty() || scanned.customer.is_zero()) return false;
  const std::vector<LookupKey> household = store.staff->household_of(scanned.cashier);
  return std::find(household.begin(), household.end(), scanned.customer) != household.end();
}

}  // namespace

Noticed notice(StoreContext& store, const Scanned& scanned) {
  Noticed noticed;
  if (is_own_purchase(store, scanned)) noticed.alerts.push_back(Alert::own_purchase);
  if (store.recalls != nullptr) noticed.recall = store.recalls->find(scanned.sku, scanned.serial);
  if (noticed.recall) noticed.alerts.push_back(Alert::recalled);
  return noticed;
}

LookupKey buyer_of(StoreContext& store, const OrderId& order) {
  if (const auto sale = projections::sale_key_of(store.journal.database(), order)) return sale->customer;
  const auto stored = store.orders.get(order);
  return stored ? stored->customer : LookupKey{};
}

bool is_raised(const std::vector<Alert>& alerts, Alert alert) {
  return std::find(alerts.begin(), alerts.end(), alert) != alerts.end();
}

}  // namespace retour::app
