#pragma once
// Matching: which purchased units a returned item is, when the customer names the item and not the order line.
// Lots at exactly the asked price first, newest first; then the others, newest first. A line that the free units do
// not cover is refused whole. Rule: docs/policy.md, "Matching".

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "plugin/core/unit_account/unit_account.hpp"

namespace retour {

/// A line of an order that the returned item may come from.
struct Lot {
  OrderId order_id;
  std::uint32_t line_no = 0;
  std::int64_t sold_at_ms = 0;
  Decimal unit_price;
  std::int64_t bought = 0;      // units sold on the line
  std::vector<UnitRange> free;  // units whose right can still be used, in order
  SaleChannel channel = SaleChannel::online;
  CivilDate sold_on;
  std::optional<CivilDate> delivered_on;       // of the parcel that brought the line
  std::optional<CivilDate> last_delivered_on;  // of the order's last parcel
  Minor paid_minor = 0;                        // what the line cost, net and tax, before order-level adjustments
  std::string seller;                          // on a marketplace; empty: the retailer
  bool confirmed_final = false;                // the buyer confirmed at purchase that the goods do not come back
  bool has_serials = false;                    // its units are told apart
  std::optional<std::int64_t> serial_unit;     // that has the asked serial number
  friend bool operator==(const Lot&, const Lot&) = default;
};

/// The line as a lot, with nothing free yet: what is free is the answerer's knowledge.
Lot lot_of(const Order& order, const OrderLine& line, std::string_view asked_serial = {});

/// Newer first: by time of sale, then line number, then order id, so that the order of lots never depends on storage.
bool is_newer(const Lot& a, const Lot& b);
std::int64_t free_units(const Lot& lot);

struct OrderUnits {
  OrderId order_id;
  UnitRange units;
  friend auto operator<=>(const OrderUnits&, const OrderUnits&) = default;
};

enum class Shortage : std::uint8_t { none = 0, never_bought = 1, exhausted = 2, too_few = 3 };
std::string_view to_string(Shortage shortage);

struct Allocation {
  Shortage shortage = Shortage::none;
  std::vector<OrderUnits> taken;  // empty unless shortage is none; in order of use
  std::int64_t free_units = 0;    // of all lots together, before this line
  friend bool operator==(const Allocation&, const Allocation&) = default;
};

/// Takes `quantity` units out of the lots sold before `asked_at_ms`. Within a lot the lowest free units go first:
/// the cheaper ones, so that a partial refund never overpays.
/// `asked_price` empty: newest first. @pre quantity > 0.
Allocation allocate_return(std::vector<Lot> lots, std::int64_t quantity, std::optional<Decimal> asked_price,
                           std::int64_t asked_at_ms);

}  // namespace retour
