#pragma once
// What this node knows about the units of a value account besides the rights it holds.

#include "db/sqlite/database.hpp"
#include "plugin/core/base/id.hpp"

namespace retour::projections {

/// Units of the order that returns of this node have claimed and not given back.
std::int64_t claimed_here(sqlite::Database& database, const OrderId& order);

}  // namespace retour::projections
