#pragma once
// The packed evidence of one order: row by row, varints, what can be expected left out. Layout: docs/orders.md.
// Made once, where the order enters; its SHA-256 is the evidence hash. The same order always gives the same bytes.

#include <span>
#include <vector>

#include "db/codec/varint.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::codec {

inline constexpr std::uint8_t evidence_format = 1;  // the first byte; its decoder stays for ever

Bytes pack_order(const Order& order);

/// Throws MalformedBody, also for a newer format.
Order unpack_order(std::span<const std::uint8_t> evidence);
/// The same into memory that is used again. `id`: the order's id where it is known already, which saves a hash; only
/// for evidence that was checked against it when it was stored.
void unpack_order(std::span<const std::uint8_t> evidence, Order& order, const OrderId* id = nullptr);

/// A line of an order as matching needs it, without unpacking the rest.
struct PackedLot {
  std::uint32_t line_no = 0;
  std::int64_t quantity = 0;
  Decimal unit_price;
};
struct PackedLots {
  OrderId order_id;
  std::int64_t sold_at_ms = 0;
  CivilDate sold_on;
  std::optional<CivilDate> delivered_on;
  std::vector<PackedLot> lots;  // the order's lines of the item, in order; may be empty
};
PackedLots unpack_lots(std::span<const std::uint8_t> evidence, std::string_view sku, const OrderId* id = nullptr);

}  // namespace retour::codec
