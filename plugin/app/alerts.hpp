#pragma once
// What should make a cashier look up at the scan, before any rule is asked: docs/policy.md, "Alerts".

#include <optional>
#include <string>
#include <vector>

#include "plugin/app/store_context.hpp"

namespace retour::app {

/// One article in somebody's hands.
struct Scanned {
  std::string cashier;           // staff code of who serves; empty: some cashier
  std::optional<OrderId> order;  // whose buyer counts; empty: `customer` does
  LookupKey customer;            // who brings it; zero: nobody is known
  std::string sku;
  std::string serial;               // may be empty
  std::uint32_t order_line_no = 0;  // of `order`; 0: not named
};

struct Noticed {
  std::vector<Alert> alerts;            // in the order of their numbers; each once
  std::optional<ports::Recall> recall;  // with `recalled`: the notice
  friend bool operator==(const Noticed&, const Noticed&) = default;
};

/// Reads what the store knows; writes nothing.
Noticed notice(StoreContext& store, const Scanned& scanned);

bool is_raised(const std::vector<Alert>& alerts, Alert alert);

}  // namespace retour::app
