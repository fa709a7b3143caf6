#pragma once
// Value that the chain gave on paper, by its printed number: what it was, what is left of it, and where its right
// lies as far as this store knows.

#include <optional>
#include <string>

#include "plugin/app/store_context.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::app {

struct Credit {
  Order order;  // the value account
  bool issued_here = false;
  Minor issued_minor = 0;
  Minor left_here_minor = 0;   // this store holds the right: can be spent at once, without network
  Minor spent_here_minor = 0;  // by sales of this store
  Minor elsewhere_minor = 0;   // its right is not here: another store's, head office's, or spent there
};

/// Empty when `number` is none, or this store has not heard of the credit (yet).
std::optional<Credit> find_credit(StoreContext& store, std::string_view number);

}  // namespace retour::app
