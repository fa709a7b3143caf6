#include "plugin/app/alerts.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"

namespace retour::app {

namespace {

/// Who bought an order, as far as this store knows; zero: nobody is known.
LookupKey buyer_of(StoreContext& store, const OrderId& order) {
  if (const auto sale = projections::sale_key_of(store.journal.database(), order)) return sale->customer;
  const auto stored = store.orders.get(order);
  return stored ? stored->customer : LookupKey{};
}

/// The one who serves, or somebody of her household, is the customer. The order is looked at only where there is a
/// household to compare with.
bool is_own_purchase(StoreContext& store, const Scanned& scanned) {
  if (store.staff == nullptr || scanned.cashier.empty()) return false;
  const std::vector<LookupKey> household = store.staff->household_of(scanned.cashier);
  if (household.empty()) return false;
  const LookupKey buyer = scanned.order ? buyer_of(store, *scanned.order) : scanned.customer;
  return std::find(household.begin(), household.end(), buyer) != household.end();
}

}  // namespace

Noticed notice(StoreContext& store, const Scanned& scanned) {
  Noticed noticed;
  if (is_own_purchase(store, scanned)) noticed.alerts.push_back(Alert::own_purchase);
  if (store.recalls != nullptr) noticed.recall = store.recalls->find(scanned.sku, scanned.serial);
  if (noticed.recall) noticed.alerts.push_back(Alert::recalled);
  return noticed;
}

bool is_raised(const std::vector<Alert>& alerts, Alert alert) {
  return std::find(alerts.begin(), alerts.end(), alert) != alerts.end();
}

}  // namespace retour::app
