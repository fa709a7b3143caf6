#pragma once
// Finding the purchase: by order number, by customer, by article and customer; and when the receipt is lost, by the
// card that paid or by the article, and about when it was bought.

#include <optional>
#include <utility>
#include <vector>

#include "plugin/app/alerts.hpp"
#include "plugin/app/store_context.hpp"
#include "plugin/core/order/order.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::app {

inline constexpr std::size_t found_orders_max = 50;  // newest first; a cashier narrows the search before reading more

inline constexpr std::int32_t around_days = 2;  // before and behind the day that a customer remembers

struct FoundOrder {
  Order order;
  Hash256 evidence_hash;
  bool sold_here = false;            // a sale of this store, maybe not yet known to the hub
  std::vector<std::string> started;  // codes of returns that the customer has started under it
  HeldRanges held;                   // units whose right this node holds: returnable at once, offline too
  std::vector<std::pair<std::uint32_t, Noticed>> notices = {};  // by line number; lines with an alert alone
};

struct OrderQuery {
  std::string number = {};                     // exact
  std::string customer_ref = {};               // byte for byte
  std::string item = {};                       // SKU, or barcode as scanned; narrows to orders that have it
  std::string card_ref = {};                   // token of the card that paid, byte for byte
  std::optional<CivilDate> bought_about = {};  // the day that the customer remembers
  std::string cashier = {};                    // staff code of who serves; for her alerts
};

/// Whether the query names enough: a number, a customer, or a day with a card or an article.
bool can_be_answered(const OrderQuery& query);

/// Newest first. With a number the customer is not looked at: who has the number has the paper.
/// @pre can_be_answered(query)
std::vector<FoundOrder> find_orders(StoreContext& store, const OrderQuery& query);
std::optional<FoundOrder> find_order(StoreContext& store, const OrderId& order_id);

}  // namespace retour::app
