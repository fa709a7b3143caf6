#include "plugin/app/unproven_sale.hpp"

#include "db/codec/budget_key.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/counts.hpp"
#include "plugin/core/order/exposure_budget.hpp"

namespace retour::app {

namespace {

std::vector<Order> budgets_of(StoreContext& store) {
  std::vector<Order> budgets;
  for (orders::StoredOrder& stored : store.orders.by_customer(codec::budget_key(store.journal.identity().node))) {
    if (is_budget(stored.order)) budgets.push_back(std::move(stored.order));
  }
  return budgets;
}

}  // namespace

UnprovenSale unproven_sale(StoreContext& store, const std::string& sku, BusinessDate today) {
  UnprovenSale sale;
  if (!store.policy.no_receipt) return sale;
  const orders::DateRange period{{today.days - store.policy.no_receipt->lookback_days}, today};
  for (const CurrencyAmount& limit : store.policy.no_receipt->up_to) {
    sale = {limit.currency, store.orders.lowest_price(sku, period, limit.currency).value_or(0)};
    if (sale.lowest_minor > 0) break;
  }
  return sale;
}

std::vector<Lot> budget_lots(StoreContext& store, const Currency& currency) {
  std::vector<Lot> lots;
  for (const Order& budget : budgets_of(store)) {
    if (budget.currency == currency) lots.push_back(lot_of(budget, budget.lines.front()));
  }
  return lots;
}

std::int64_t no_receipt_visits(StoreContext& store, const projections::Counted& counted) {
  std::int64_t visits = projections::no_receipt_elsewhere_since(store.journal.database(), counted);
  for (const Order& budget : budgets_of(store)) {
    visits += projections::visits_paid_from(store.journal.database(), budget.id, counted);
  }
  return visits;
}

}  // namespace retour::app
