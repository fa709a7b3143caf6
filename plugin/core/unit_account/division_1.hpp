#pragma once
// Division 1, the first rule by which an order's money is divided over its units. Orders carry its number for ever,
// so what it computes is never changed: another rule is another file. Rule: docs/money.md, "Division 1".

#include <optional>
#include <vector>

#include "plugin/core/unit_account/unit_account.hpp"

namespace retour::division_1 {

struct Divided {
  std::vector<LineAccounts> lines;
  std::vector<ShipmentAccount> shipments;
  std::vector<Minor> shipment_starts;  // where each shipment begins on the cumulated total
  std::vector<TenderEnd> tenders;
  Minor total_minor = 0;
};

/// What makes the order impossible to divide, from the most to the least basic; nothing when its form is sound.
std::optional<DivisionError> fault_of(const Order& order);

/// @pre fault_of(order) found nothing. Still refuses what only the dividing can show.
Result<Divided, DivisionError> divide(const Order& order);

}  // namespace retour::division_1
