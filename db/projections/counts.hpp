#pragma once
// What this node has counted about returns and exceptions, for the risk rules. Call inside the transaction whose
// state they should see.

#include <cstdint>
#include <string_view>

#include "db/sqlite/database.hpp"
#include "plugin/core/base/id.hpp"
#include "plugin/core/time/time.hpp"

namespace retour::projections {

/// Cases of this customer that gave something back, opened after `day`.
std::int64_t returns_since(sqlite::Database& database, const LookupKey& customer, BusinessDate day);

/// Lines of this cashier's cases to which a second person said yes, in cases opened after `day`.
std::int64_t overrides_since(sqlite::Database& database, std::string_view cashier, BusinessDate day);

/// Cases of this customer, opened after `day`, that claimed units of this order: of a budget, visits without receipt.
std::int64_t visits_paid_from(sqlite::Database& database, const OrderId& budget, const LookupKey& customer,
                              BusinessDate day);

}  // namespace retour::projections
