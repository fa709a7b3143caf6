#pragma once
// The least that a unit of each article cost, by day and currency: what goods without receipt are worth. A row an
// article and day, however many orders there are. Internal to db/orders.

#include <string_view>
#include <vector>

#include "db/sqlite/database.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::orders {

struct ItemPrice {
  std::string_view sku;  // of the order
  Minor lowest_minor = 0;
};

/// Of each article of the order, its cheapest unit, with its tax and its share of every discount. Empty: value on
/// paper, a budget, or money that does not divide. What was given away is no price.
void prices_of(const Order& order, std::vector<ItemPrice>& prices);

/// Keeps the lower one of what is known and this.
void put_price(sqlite::Database& database, std::int64_t item_no, CivilDate sold_on, const Currency& currency,
               Minor minor);

}  // namespace retour::orders
