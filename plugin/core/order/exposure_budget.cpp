#include "plugin/core/order/exposure_budget.hpp"

#include "plugin/core/base/require.hpp"

namespace retour {

Order budget_order(const BudgetTerms& terms) {
  require(terms.minor > 0 && terms.minor <= budget_minor_max, "budget_order: no such budget");
  Order order{.id = terms.id, .authority = std::string(budget_authority), .number = terms.number};
  order.channel = SaleChannel::value;
  order.currency = terms.currency;
  order.sold_at_ms = terms.made_at_ms;
  order.sold_on = terms.made_on;
  OrderLine line{.line_no = 1, .sku = std::string(budget_sku), .quantity = terms.minor};
  line.unit_price = Decimal{1, terms.currency.decimals};
  line.net_minor = terms.minor;
  order.lines.push_back(std::move(line));
  // The rule says how it is paid out; no provider ever paid it in.
  order.tenders.push_back({1, TenderKind::store_credit, "", terms.minor});
  return order;
}

bool is_budget(const Order& order) {
  return order.channel == SaleChannel::value && order.authority == budget_authority && order.lines.size() == 1 &&
         order.lines.front().sku == budget_sku && order.lines.front().quantity == order.lines.front().net_minor;
}

}  // namespace retour
