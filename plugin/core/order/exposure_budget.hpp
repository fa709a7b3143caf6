#pragma once
// An exposure budget: what a node may pay out on claims that nobody can prove, as an order whose units are minor
// units. Rights, transfers, recalls and claims then work for it as for goods, so that no node pays more than it was
// granted, whatever the network does. Rule: docs/policy.md, "Without a receipt".

#include "plugin/core/order/order.hpp"

namespace retour {

inline constexpr Minor budget_minor_max = quantity_max;  // one line of units of one minor unit each
inline constexpr std::string_view budget_sku = "budget";
inline constexpr std::string_view budget_authority = "hub";

struct BudgetTerms {
  OrderId id;          // derived of `budget_authority` and number
  std::string number;  // "budget-NODE-2"
  Currency currency;
  Minor minor = 0;
  std::int64_t made_at_ms = 0;
  CivilDate made_on;
};

/// @pre minor in 1 .. budget_minor_max
Order budget_order(const BudgetTerms& terms);

/// An order in exactly the form of `budget_order`. A value account of a customer is none.
bool is_budget(const Order& order);

}  // namespace retour
