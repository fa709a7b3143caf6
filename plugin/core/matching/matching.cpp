#include "plugin/core/matching/matching.hpp"

#include <algorithm>
#include <tuple>

namespace retour {

std::string_view to_string(Shortage shortage) {
  switch (shortage) {
    case Shortage::none:
      return "none";
    case Shortage::never_bought:
      return "never_bought";
    case Shortage::exhausted:
      return "exhausted";
    case Shortage::too_few:
      return "too_few";
  }
  return "unknown";
}

Lot lot_of(const Order& order, const OrderLine& line, std::string_view asked_serial) {
  const std::optional<CivilDate> last = last_delivered_on(order);
  return {.order_id = order.id,
          .line_no = line.line_no,
          .sold_at_ms = order.sold_at_ms,
          .unit_price = line.unit_price,
          .bought = line.quantity,
          .free = {},
          .channel = order.channel,
          .sold_on = order.sold_on,
          .delivered_on = delivered_on(order, line),
          .last_delivered_on = last,
          .paid_minor = line_total(line),
          .seller = line.seller,
          .confirmed_final = line.confirmed_final,
          .has_serials = !line.serials.empty(),
          .serial_unit = asked_serial.empty() ? std::nullopt : unit_of_serial(line, asked_serial)};
}

bool is_newer(const Lot& a, const Lot& b) {
  return std::tie(a.sold_at_ms, a.line_no, a.order_id) > std::tie(b.sold_at_ms, b.line_no, b.order_id);
}

std::int64_t free_units(const Lot& lot) {
  std::int64_t sum = 0;
  for (const UnitRange& units : lot.free) sum += units.count;
  return sum;
}

namespace {

/// Takes at most `wanted` units, the lowest first; says how many it took.
std::int64_t take_from(const Lot& lot, std::int64_t wanted, std::vector<OrderUnits>& taken) {
  std::int64_t left = wanted;
  for (const UnitRange& units : lot.free) {
    if (left == 0) break;
    const std::int64_t count = std::min(left, units.count);
    if (count <= 0) continue;
    taken.push_back({lot.order_id, {lot.line_no, units.first, count}});
    left -= count;
  }
  return wanted - left;
}

}  // namespace

Allocation allocate_return(std::vector<Lot> lots, std::int64_t quantity, std::optional<Decimal> asked_price,
                           std::int64_t asked_at_ms) {
  require(quantity > 0, "allocate_return: no units asked");
  std::erase_if(lots, [&](const Lot& lot) { return lot.sold_at_ms >= asked_at_ms; });
  Allocation allocation;
  for (const Lot& lot : lots) allocation.free_units += free_units(lot);
  if (allocation.free_units < quantity) {
    allocation.shortage = lots.empty()                 ? Shortage::never_bought
                          : allocation.free_units == 0 ? Shortage::exhausted
                                                       : Shortage::too_few;
    return allocation;
  }

  std::sort(lots.begin(), lots.end(), is_newer);
  std::int64_t left = quantity;
  const auto take_where = [&](bool exact) {
    for (const Lot& lot : lots) {
      const bool at_asked_price = !asked_price || lot.unit_price == *asked_price;
      if (at_asked_price == exact) left -= take_from(lot, left, allocation.taken);
    }
  };
  take_where(true);
  take_where(false);
  require(left == 0, "allocate_return: the free units did not cover what their sum covers");
  return allocation;
}

}  // namespace retour
