#include "plugin/app/unproven_sale.hpp"

#include <algorithm>

#include "db/codec/budget_key.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/counts.hpp"
#include "plugin/core/order/exposure_budget.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

namespace retour::app {

namespace {

/// The least that a unit of the article costs in this order; 0: it has none, or its money does not divide. The first
/// unit of a line is never dearer than those behind it.
Minor lowest_in(const Order& order, const std::string& sku) {
  const auto accounts = OrderAccounts::divide(order);
  Minor lowest = 0;
  if (!accounts.ok()) return lowest;
  for (const OrderLine& line : order.lines) {
    if (line.sku != sku) continue;
    const Minor paid = accounts->paid_for({line.line_no, 0, 1}).total_minor();
    if (paid > 0 && (lowest == 0 || paid < lowest)) lowest = paid;
  }
  return lowest;
}

Minor lowest_of(const std::vector<orders::StoredOrder>& sales, const std::string& sku, const Currency& currency) {
  Minor lowest = 0;
  for (const orders::StoredOrder& sale : sales) {
    if (sale.order.currency != currency) continue;
    const Minor paid = lowest_in(sale.order, sku);
    if (paid > 0 && (lowest == 0 || paid < lowest)) lowest = paid;
  }
  return lowest;
}

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
  const auto sales = store.orders.by_item_and_date(sku, period, lookback_orders_max);
  for (const CurrencyAmount& limit : store.policy.no_receipt->up_to) {
    sale = {limit.currency, lowest_of(sales, sku, limit.currency)};
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

std::int64_t no_receipt_visits(StoreContext& store, const LookupKey& customer, BusinessDate day) {
  std::int64_t visits = 0;
  for (const Order& budget : budgets_of(store)) {
    visits += projections::visits_paid_from(store.journal.database(), budget.id, customer, day);
  }
  return visits;
}

}  // namespace retour::app
