#pragma once
// Finding the purchase: by order number, by customer, by article and customer.

#include "plugin/app/store_context.hpp"
#include "plugin/core/order/order.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::app {

inline constexpr std::size_t found_orders_max = 50;  // newest first; a cashier narrows the search before reading more

struct FoundOrder {
  Order order;
  Hash256 evidence_hash;
  bool sold_here = false;  // a sale of this store, maybe not yet known to the hub
  std::vector<std::string> started;  // codes of returns that the customer has started under it
  HeldRanges held;         // units whose right this node holds: returnable at once, offline too
};

struct OrderQuery {
  std::string number = {};        // exact
  std::string customer_ref = {};  // byte for byte
  std::string item = {};          // SKU, or barcode as scanned; narrows to orders that have it
};

/// Newest first. With a number the customer is not looked at: who has the number has the paper.
/// @pre number or customer_ref is given.
std::vector<FoundOrder> find_orders(StoreContext& store, const OrderQuery& query);
std::optional<FoundOrder> find_order(StoreContext& store, const OrderId& order_id);

}  // namespace retour::app
