#pragma once
// A set of units of one order as stored bytes: about three bytes a line of an order that is held as a whole.

#include <span>

#include "plugin/core/event/event.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::projections {

Bytes pack_ranges(const HeldRanges& held);
/// Throws codec::MalformedBody: the database is damaged.
HeldRanges unpack_ranges(std::span<const std::uint8_t> bytes);

}  // namespace retour::projections
