#pragma once
// Taking an amount off the accounts of units that the customer keeps (compensation), so that what is left is exact:
// per unit, per tax rate, per tender. Rule with worked numbers: docs/money.md, "Lowering an account".

#include <optional>
#include <span>
#include <vector>

#include "plugin/core/unit_account/unit_account.hpp"

namespace retour {

/// The same amounts for each unit of the range: what a unit has left, or what is taken off it. Discount and points
/// are zero: they stay with the unit until it comes back.
struct UnitRangeAmounts {
  UnitRange units;
  PaidAmounts each;
  friend bool operator==(const UnitRangeAmounts&, const UnitRangeAmounts&) = default;
};

/// What each of `units` still has in its account after `before`, as ranges of equal amounts in order. As many ranges
/// as amounts and tenders differ, never one a unit. Empty: `before` takes more off some unit than it cost.
/// @pre the line has the units.
std::optional<std::vector<UnitRangeAmounts>> amounts_left(const OrderAccounts& accounts, const UnitRange& units,
                                                          std::span<const UnitRangeAmounts> before);

/// Divides `amount` over the units in proportion to what each has left, and that of each unit in proportion over its
/// net and taxes: largest remainder, ties to the last. Of a unit's tenders it takes from the last backwards. All
/// units are named, those that give nothing as well. @pre amount in [0, what `left` has in all], which is at most
/// minor_max.
std::vector<UnitRangeAmounts> lower(std::span<const UnitRangeAmounts> left, Minor amount);

/// Takes `part` off `sum`, `times` over; tenders that have nothing left go. False, and `sum` unchanged, when
/// something would fall below zero.
bool take_off(PaidAmounts& sum, const PaidAmounts& part, std::int64_t times);

}  // namespace retour
