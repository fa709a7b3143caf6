#pragma once
// The packed evidence of one order: row by row, varints, what can be expected left out. Layout: docs/orders.md.
// Made once, where the order enters; its SHA-256 is the evidence hash. The same order always gives the same bytes.

#include <span>
#include <vector>

#include "db/codec/varint.hpp"
#include "plugin/core/matching/matching.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::codec {

inline constexpr std::uint8_t evidence_format = 1;  // the first byte; its decoder stays for ever

Bytes pack_order(const Order& order);

/// Throws MalformedBody, also for a newer format.
Order unpack_order(std::span<const std::uint8_t> evidence);
/// The same into memory that is used again. `id`: the order's id where it is known already, which saves a hash; only
/// for evidence that was checked against it when it was stored.
void unpack_order(std::span<const std::uint8_t> evidence, Order& order, const OrderId* id = nullptr);

/// The lines of an order that are one item, as matching needs them; nothing is free yet. `asked_serial`: of the unit
/// that is looked for; may be empty.
struct OrderLots {
  OrderId order_id;
  std::int64_t sold_at_ms = 0;
  std::vector<Lot> lots;  // in order; may be empty
};
OrderLots unpack_lots(std::span<const std::uint8_t> evidence, std::string_view sku, const OrderId* id = nullptr,
                      std::string_view asked_serial = {});

}  // namespace retour::codec
