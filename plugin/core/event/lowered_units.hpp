#pragma once
// What was taken off accounts, cut to the units that somebody asks about: rights move in other ranges than amounts.

#include <span>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour {

/// The part of `lowered` that lies within the units.
std::vector<LoweredUnits> lowered_within(std::span<const LoweredUnits> lowered, const OrderUnits& units);

/// The part of `lowered` that lies outside of the units.
std::vector<LoweredUnits> lowered_outside(std::span<const LoweredUnits> lowered, const OrderUnits& units);

}  // namespace retour
