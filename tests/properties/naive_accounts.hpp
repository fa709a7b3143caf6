#pragma once
// Division 1 done the slow way: one account a unit, one spare minor unit at a time. The oracle of the unit accounts;
// shares no code with plugin/core/unit_account or with allocate().

#include <optional>
#include <vector>

#include "plugin/core/order/order.hpp"

namespace retour::testing {

struct NaiveAccount {
  std::vector<Minor> components;  // net, then each tax in the line's order
  Minor discount = 0;
  std::vector<Minor> tenders;  // by place of the tender in the order, zeros kept

  Minor total() const;
  void add(const NaiveAccount& other);
};

struct NaiveAccounts {
  std::vector<std::vector<NaiveAccount>> units;  // by line, by unit
  std::vector<NaiveAccount> shipments;
};

/// Nothing when a discount is above what it lowers, or a tax has no line. @pre the order is sound otherwise.
std::optional<NaiveAccounts> divide_naively(const Order& order);

}  // namespace retour::testing
