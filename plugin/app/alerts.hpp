#pragma once
// What should make a cashier look up at the scan, before any rule is asked: docs/policy.md, "Alerts".

#include <optional>
#include <string>
#include <vector>

#include "plugin/app/store_context.hpp"

namespace retour::app {

/// One article in somebody's hands.
struct Scanned {
  std::string cashier;  // staff code of who serves; empty: some cashier
  LookupKey customer;   // who bought it, as far as known; zero: nobody is
  std::string sku;
  std::string serial;  // may be empty
};

struct Noticed {
  std::vector<Alert> alerts;            // in the order of their numbers; each once
  std::optional<ports::Recall> recall;  // with `recalled`: the notice
  friend bool operator==(const Noticed&, const Noticed&) = default;
};

/// Reads what the store knows; writes nothing.
Noticed notice(StoreContext& store, const Scanned& scanned);

/// Who bought an order, as far as this store knows; zero: nobody is known.
LookupKey buyer_of(StoreContext& store, const OrderId& order);

bool is_raised(const std::vector<Alert>& alerts, Alert alert);

}  // namespace retour::app
