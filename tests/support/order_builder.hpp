#pragma once
// Builds orders for tests that name only what matters:
//   an_order().with_line(3, 1000).taxed("19", 190).with_discount(100).paid_by(TenderKind::card).build()
// Amounts are minor units. Lines, shipments and tenders are numbered as they come.

#include "plugin/core/order/order.hpp"

namespace retour::testing {

class OrderBuilder {
 public:
  OrderBuilder() {
    m_order.id.bytes[15] = 1;
    m_order.currency = Currency::parse("EUR").value();
  }

  OrderBuilder& numbered(std::uint8_t number) {
    m_order.id.bytes[15] = number;
    return *this;
  }
  OrderBuilder& with_line(std::int64_t quantity, Minor net) {
    OrderLine& line = m_order.lines.emplace_back();
    line.line_no = static_cast<std::uint32_t>(m_order.lines.size());
    line.sku = "sku-" + std::to_string(line.line_no);
    line.quantity = quantity;
    line.net_minor = net;
    m_taxes = Taxes::line;
    return *this;
  }
  OrderBuilder& with_shipment(Minor net) {
    Shipment& shipment = m_order.shipments.emplace_back();
    shipment.shipment_no = static_cast<std::uint32_t>(m_order.shipments.size());
    shipment.net_minor = net;
    m_taxes = Taxes::shipment;
    return *this;
  }
  OrderBuilder& with_adjustment(AdjustmentKind kind, bool lowers, Minor net) {
    m_order.adjustments.push_back({kind, lowers, "", net, {}});
    m_taxes = Taxes::adjustment;
    return *this;
  }
  OrderBuilder& with_discount(Minor net) { return with_adjustment(AdjustmentKind::discount, true, net); }
  OrderBuilder& with_rounding_up(Minor net) { return with_adjustment(AdjustmentKind::source_rounding, false, net); }
  OrderBuilder& with_rounding_down(Minor net) { return with_adjustment(AdjustmentKind::source_rounding, true, net); }

  /// Tax of the line, shipment or adjustment named last.
  OrderBuilder& taxed(std::string_view rate, Minor minor) {
    taxes().push_back({Decimal::parse(rate).value(), minor});
    return *this;
  }
  /// Discount that is already taken off the line named last.
  OrderBuilder& discounted(Minor minor) {
    m_order.lines.back().discount_minor = minor;
    return *this;
  }
  OrderBuilder& paid_by(TenderKind kind, Minor paid) {
    const auto number = static_cast<std::uint32_t>(m_order.tenders.size() + 1);
    m_order.tenders.push_back({number, kind, "ref-" + std::to_string(number), paid});
    return *this;
  }
  /// What is not paid yet.
  OrderBuilder& paid_by(TenderKind kind) {
    Minor left = order_total(m_order);
    for (const Tender& tender : m_order.tenders) left -= tender.paid_minor;
    return paid_by(kind, left);
  }
  Order build() const { return m_order; }

 private:
  enum class Taxes { line, shipment, adjustment };

  std::vector<TaxAmount>& taxes() {
    if (m_taxes == Taxes::shipment) return m_order.shipments.back().taxes;
    if (m_taxes == Taxes::adjustment) return m_order.adjustments.back().taxes;
    return m_order.lines.back().taxes;
  }

  Order m_order;
  Taxes m_taxes = Taxes::line;
};

inline OrderBuilder an_order() {
  return {};
}

}  // namespace retour::testing
