#pragma once
// Orders from a seed: small ones that the oracle can divide unit by unit, and ones at the edges of the types.

#include "plugin/core/order/order.hpp"
#include "tests/support/property_run.hpp"

namespace retour::testing {

/// Up to 4 lines of up to 9 units, up to 3 rates, adjustments, shipments, up to 3 tenders that sum to the total.
/// A few have a discount above what it lowers, or a tax that no line has.
Order a_small_order(Draw& draw);

/// Quantities up to a billion, amounts up to the largest the type permits. Can always be divided.
Order a_large_order(Draw& draw);

}  // namespace retour::testing
