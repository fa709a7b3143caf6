#include "plugin/app/alerts.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "db/projections/repairs.hpp"

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

/// The article in hand should lie in the back room: its unit, or a unit of its line, is being repaired here.
bool is_under_repair(StoreContext& store, const Scanned& scanned) {
  sqlite::Database& database = store.journal.database();
  if (!projections::has_open_repair(database)) return false;
  if (!scanned.serial.empty()) return projections::is_serial_in_repair(database, scanned.serial);
  if (scanned.order) return !projections::units_in_repair(database, *scanned.order, scanned.order_line_no).empty();
  if (scanned.customer.is_zero()) return false;
  for (const orders::StoredLots& stored : store.orders.lots_of(scanned.customer, scanned.sku)) {
    for (const Lot& lot : stored.found.lots) {
      if (!projections::units_in_repair(database, lot.order_id, lot.line_no).empty()) return true;
    }
  }
  return false;
}

}  // namespace

Noticed notice(StoreContext& store, const Scanned& scanned) {
  Noticed noticed;
  if (is_own_purchase(store, scanned)) noticed.alerts.push_back(Alert::own_purchase);
  if (store.recalls != nullptr) noticed.recall = store.recalls->find(scanned.sku, scanned.serial);
  if (noticed.recall) noticed.alerts.push_back(Alert::recalled);
  if (is_under_repair(store, scanned)) noticed.alerts.push_back(Alert::under_repair);
  return noticed;
}

bool is_raised(const std::vector<Alert>& alerts, Alert alert) {
  return std::find(alerts.begin(), alerts.end(), alert) != alerts.end();
}

}  // namespace retour::app
