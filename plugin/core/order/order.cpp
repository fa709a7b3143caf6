#include "plugin/core/order/order.hpp"

#include <algorithm>
#include <limits>

#include "plugin/core/base/words.hpp"
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

std::string_view to_string(SaleChannel channel) {
  switch (channel) {
    case SaleChannel::online:
      return "online";
    case SaleChannel::store:
      return "store";
    case SaleChannel::phone:
      return "phone";
    case SaleChannel::marketplace:
      return "marketplace";
    case SaleChannel::value:
      return "value";
  }
  return "unknown";
}

std::string_view to_string(TenderKind tender) {
  switch (tender) {
    case TenderKind::cash:
      return "cash";
    case TenderKind::card:
      return "card";
    case TenderKind::gift_card:
      return "gift_card";
    case TenderKind::store_credit:
      return "store_credit";
    case TenderKind::voucher:
      return "voucher";
    case TenderKind::wallet:
      return "wallet";
    case TenderKind::bank_transfer:
      return "bank_transfer";
  }
  return "unknown";
}

std::optional<SaleChannel> parse_channel(std::string_view text) {
  return parse_word<SaleChannel>(text, SaleChannel::online, SaleChannel::marketplace);
}

std::optional<TenderKind> parse_tender_kind(std::string_view text) {
  return parse_word<TenderKind>(text, TenderKind::cash, TenderKind::bank_transfer);
}

std::optional<CivilDate> delivered_on(const Order& order, const OrderLine& line) {
  for (const Shipment& shipment : order.shipments) {
    if (shipment.shipment_no != line.shipment_no) continue;
    return shipment.delivered_on ? shipment.delivered_on : order.delivered_on;  // that others came says nothing of it
  }
  return order.delivered_on ? order.delivered_on : last_delivered_on(order);
}

std::optional<std::int64_t> unit_of_serial(const OrderLine& line, std::string_view serial) {
  const auto found = std::find(line.serials.begin(), line.serials.end(), serial);
  if (found == line.serials.end()) return std::nullopt;
  return found - line.serials.begin();
}

std::optional<CivilDate> last_delivered_on(const Order& order) {
  std::optional<CivilDate> last = order.delivered_on;
  for (const Shipment& shipment : order.shipments) {
    if (!shipment.delivered_on && !order.delivered_on) return std::nullopt;  // this one is still on its way
    if (shipment.delivered_on && (!last || *last < *shipment.delivered_on)) last = shipment.delivered_on;
  }
  return last;
}

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
