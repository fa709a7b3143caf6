#pragma once
// What this node knows to have been taken off the accounts of units: by itself, or by whoever held their right
// before. Call within the transaction whose state it should see.

#include <vector>

#include "db/journal/projection.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::projections {

/// Of one order. Complete for the units whose right this node holds; of others it may be out of date.
std::vector<LoweredUnits> lowered_of(sqlite::Database& database, const OrderId& order);

/// The table of it. Refuses an event that takes something off units whose right this node does not hold.
journal::Projection& lowered_projection();

}  // namespace retour::projections
