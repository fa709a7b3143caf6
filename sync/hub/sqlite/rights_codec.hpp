#pragma once
// The rights of an order as one small blob: its few holders once, then the ranges. An order that one holder has as a
// whole takes about three bytes a line.

#include "plugin/core/event/event.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour::hub {

Bytes pack_rights(const OrderRights& rights);
/// Throws codec::MalformedBody: the database is damaged.
OrderRights unpack_rights(std::span<const std::uint8_t> bytes);

}  // namespace retour::hub
