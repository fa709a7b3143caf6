#include "db/orders/item_prices.hpp"

#include <algorithm>

#include "db/sqlite/statement.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

namespace retour::orders {

namespace {

constexpr std::string_view put_sql = R"sql(
    INSERT INTO item_price (item_no, currency, sold_on, lowest_minor) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (item_no, currency, sold_on) DO UPDATE SET lowest_minor = excluded.lowest_minor
        WHERE excluded.lowest_minor < lowest_minor
)sql";

}  // namespace

/// The first unit of a line is never dearer than those behind it.
void prices_of(const Order& order, std::vector<ItemPrice>& prices) {
  prices.clear();
  if (order.channel == SaleChannel::value) return;
  const auto accounts = OrderAccounts::divide(order);
  if (!accounts.ok()) return;
  for (const OrderLine& line : order.lines) {
    const Minor paid = accounts->paid_for({line.line_no, 0, 1}).total_minor();
    if (paid <= 0) continue;
    const auto known =
        std::find_if(prices.begin(), prices.end(), [&](const auto& one) { return one.sku == line.sku; });
    if (known == prices.end()) {
      prices.push_back({line.sku, paid});
    } else {
      known->lowest_minor = std::min(known->lowest_minor, paid);
    }
  }
}

void put_price(sqlite::Database& database, std::int64_t item_no, CivilDate sold_on, const Currency& currency,
               Minor minor) {
  database.statement(put_sql).bind_all(item_no, currency.name(), sold_on.days, minor).run();
}

}  // namespace retour::orders
