#pragma once
// Repairs by the units of the purchase. Plain functions; call them inside the transaction whose state they should
// see.

#include <string_view>
#include <vector>

#include "db/journal/journal.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::projections {

/// Units of the line that are being repaired here, and those that a repair gave up and nobody has claimed here since.
std::vector<UnitRange> units_in_repair(sqlite::Database& database, const OrderId& order, std::uint32_t line_no);
std::vector<UnitRange> units_beyond_repair(sqlite::Database& database, const OrderId& order, std::uint32_t line_no);

/// Whether a unit with this serial number is being repaired here; never for an empty one.
bool is_serial_in_repair(sqlite::Database& database, std::string_view serial);

/// Whether anything is being repaired here.
bool has_open_repair(sqlite::Database& database);

/// Folds repair_started, repair_ended, and the end of cases that are called off.
journal::Projection& repair_projection();

}  // namespace retour::projections
