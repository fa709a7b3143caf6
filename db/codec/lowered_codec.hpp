#pragma once
// What was taken off the accounts of an order's units, as one column of a table: of a store and of the hub alike.

#include <span>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::codec {

Bytes pack_lowered(const std::vector<LoweredUnits>& lowered);

/// Throws MalformedBody.
std::vector<LoweredUnits> unpack_lowered(std::span<const std::uint8_t> bytes);

}  // namespace retour::codec
