#pragma once
// Goods without any proof of purchase: what they are worth, which budgets pay for them, and how often somebody came
// like that. Rules: docs/policy.md, "Without a receipt".

#include <optional>
#include <string>
#include <vector>

#include "db/projections/counts.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/core/policy/policy.hpp"

namespace retour::app {

/// The least that a unit of the article cost anybody in the look-back period of the pack, with its tax and its share
/// of every discount, in the first currency of the pack in which it was sold. Of the sales that this store knows.
UnprovenSale unproven_sale(StoreContext& store, const std::string& sku, BusinessDate today);

/// This node's budgets in the currency, newest first, with nothing free yet: what is free is the caller's knowledge.
std::vector<Lot> budget_lots(StoreContext& store, const Currency& currency);

/// Visits of this customer, to this store or as the hub told to others, that gave something back without receipt.
/// Those that were called off or reversed do not count.
std::int64_t no_receipt_visits(StoreContext& store, const projections::Counted& counted);

}  // namespace retour::app
