#include "plugin/core/order/value_account.hpp"

#include "plugin/core/base/require.hpp"

namespace retour {

Order value_order(const ValueTerms& terms) {
  require(terms.minor > 0 && terms.minor <= value_minor_max, "value_order: no such value");
  Order order{.id = terms.id, .authority = terms.authority, .number = terms.number};
  order.channel = SaleChannel::value;
  order.currency = terms.currency;
  order.sold_at_ms = terms.given_at_ms;
  order.sold_on = terms.given_on;
  OrderLine line{.line_no = value_line_no, .sku = std::string(to_string(terms.kind)), .quantity = terms.minor};
  line.unit_price = Decimal{1, terms.currency.decimals};
  line.net_minor = terms.minor;
  order.lines.push_back(std::move(line));
  order.tenders.push_back({1, terms.kind, terms.number, terms.minor});
  return order;
}

bool is_value_account(const Order& order) {
  if (order.channel != SaleChannel::value || order.lines.size() != 1 || order.tenders.size() != 1) return false;
  const Minor minor = order.lines.front().quantity;
  if (minor <= 0 || minor > value_minor_max) return false;
  Order same = value_order({.id = order.id,
                            .authority = order.authority,
                            .number = order.number,
                            .kind = order.tenders.front().kind,
                            .currency = order.currency,
                            .minor = minor,
                            .given_at_ms = order.sold_at_ms,
                            .given_on = order.sold_on});
  same.lines.front().unit_price = order.lines.front().unit_price;  // evidence only: 0.01 and 0.010 are one price
  return same == order;
}

TenderKind kind_of_value(const Order& order) {
  require(is_value_account(order), "kind_of_value: an order of goods");
  return order.tenders.front().kind;
}

}  // namespace retour
