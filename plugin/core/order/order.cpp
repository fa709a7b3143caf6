#include "plugin/core/order/order.hpp"

#include <algorithm>
#include <limits>

#include "plugin/core/money/int128.hpp"

namespace retour {
namespace {

Int128 net_and_taxes(Minor net, const std::vector<TaxAmount>& taxes) {
  Int128 sum = net;
  for (const TaxAmount& tax : taxes) sum += tax.minor;
  return sum;
}

Minor cut_to_minor(Int128 amount) {
  const Int128 lowest = std::numeric_limits<Minor>::min();
  const Int128 highest = std::numeric_limits<Minor>::max();
  return static_cast<Minor>(std::clamp(amount, lowest, highest));
}

}  // namespace

Minor line_total(const OrderLine& line) {
  return cut_to_minor(net_and_taxes(line.net_minor, line.taxes));
}

Minor order_total(const Order& order) {
  Int128 total = 0;
  for (const OrderLine& line : order.lines) total += net_and_taxes(line.net_minor, line.taxes);
  for (const Shipment& shipment : order.shipments) total += net_and_taxes(shipment.net_minor, shipment.taxes);
  for (const OrderAdjustment& adjustment : order.adjustments) {
    const Int128 amount = net_and_taxes(adjustment.net_minor, adjustment.taxes);
    total += adjustment.lowers ? -amount : amount;
  }
  return cut_to_minor(total);
}

const OrderLine* find_line(const Order& order, std::uint32_t line_no) {
  const auto found = std::find_if(order.lines.begin(), order.lines.end(),
                                  [&](const OrderLine& line) { return line.line_no == line_no; });
  return found == order.lines.end() ? nullptr : &*found;
}

}  // namespace retour
