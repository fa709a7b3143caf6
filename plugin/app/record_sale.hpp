#pragma once
// A sale rung at a till of this store: its rights are born here, so it can be returned a minute later, offline.

#include "plugin/app/store_context.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::app {

struct SaleCommand {
  CommandId command_id;
  std::string till;
  Order order;               // without id, authority and subject: they are set here
  std::string customer_ref;  // byte for byte; empty: no customer
  std::string card_ref;      // token of the card, never its number; may be empty
};

struct SaleOutcome {
  OrderId order_id;
  bool already_recorded = false;
};

/// Refused by name: `order_invalid` (the money does not divide: reason says which rule), `sale_number_reused` (other
/// content under a number that was used), `tender_is_credit`, `command_reused`. The event lowers the stock of every
/// SKU sold.
Result<SaleOutcome, CommandRefusal> record_sale(StoreContext& store, const SaleCommand& command);

}  // namespace retour::app
