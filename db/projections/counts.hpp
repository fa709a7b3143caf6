#pragma once
// What the chain has counted about a customer, and this node about a cashier, for the risk rules: cases of this
// node's own journal and those of other nodes that the hub told of (counted_returns.hpp). A case counts once, also
// when it is known both ways. Call inside the transaction whose state they should see.

#include <cstdint>
#include <string_view>

#include "db/sqlite/database.hpp"
#include "plugin/core/base/id.hpp"
#include "plugin/core/time/time.hpp"

namespace retour::projections {

/// Of whom, after which day, and which case is left out because it is being decided (zero: none).
struct Counted {
  LookupKey customer;
  BusinessDate after;
  ReturnCaseId but{};
};

/// Cases that gave something back.
std::int64_t returns_since(sqlite::Database& database, const Counted& counted);

/// Stores in which they were.
std::int64_t stores_since(sqlite::Database& database, const Counted& counted);

/// Cases at other stores that were paid without receipt.
std::int64_t no_receipt_elsewhere_since(sqlite::Database& database, const Counted& counted);

/// Lines of this cashier's cases to which a second person said yes, in cases opened after `day`.
std::int64_t overrides_since(sqlite::Database& database, std::string_view cashier, BusinessDate day);

/// Cases of this customer that claimed units of this order: of a budget, visits without receipt at this node.
std::int64_t visits_paid_from(sqlite::Database& database, const OrderId& budget, const Counted& counted);

}  // namespace retour::projections
