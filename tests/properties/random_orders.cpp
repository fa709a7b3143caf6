#include "tests/properties/random_orders.hpp"

#include <algorithm>

namespace retour::testing {
namespace {

constexpr Decimal rates[] = {{19, 0}, {7, 0}, {8875, 3}};

/// Often tiny, so that remainders dominate; sometimes ordinary.
Minor an_amount(Draw& draw) {
  return draw.once_in(3) ? draw.between(0, 100'000) : draw.between(0, draw.once_in(2) ? 5 : 60);
}

std::vector<TaxAmount> some_taxes(Draw& draw, Minor (*amount)(Draw&)) {
  std::vector<TaxAmount> taxes;
  for (const Decimal& rate : rates) {
    if (draw.once_in(3)) taxes.push_back({rate, amount(draw)});
  }
  if (taxes.size() > 1 && draw.once_in(2)) std::swap(taxes.front(), taxes.back());
  return taxes;
}

void add_line(Order& order, Draw& draw) {
  OrderLine& line = order.lines.emplace_back();
  line.line_no = static_cast<std::uint32_t>(2 * order.lines.size() - 1);  // numbers ascend, with gaps
  line.quantity = draw.once_in(2) ? draw.between(1, 3) : draw.between(1, 9);
  line.net_minor = an_amount(draw);
  line.taxes = some_taxes(draw, an_amount);
  if (draw.once_in(3)) line.discount_minor = an_amount(draw);
}

/// What the lines hold of one component, so that most discounts fit.
Minor held(const Order& order, const Decimal* rate) {
  Minor sum = 0;
  for (const OrderLine& line : order.lines) {
    if (rate == nullptr) sum += line.net_minor;
    for (const TaxAmount& tax : line.taxes) sum += rate != nullptr && tax.rate_percent == *rate ? tax.minor : 0;
  }
  return sum;
}

Minor adjusted(const Order& order, const Decimal* rate, bool lowers, Draw& draw) {
  const Minor room = held(order, rate);
  if (!lowers) return draw.between(0, 9);
  if (draw.once_in(4)) return room;                        // everything off
  if (draw.once_in(40)) return room + draw.between(1, 3);  // more than there is
  return draw.between(0, std::max<Minor>(room / 2, 0));
}

void add_adjustment(Order& order, Draw& draw) {
  OrderAdjustment& one = order.adjustments.emplace_back();
  one.kind = draw.once_in(3) ? AdjustmentKind::source_rounding : AdjustmentKind::discount;
  one.lowers = one.kind == AdjustmentKind::discount || draw.once_in(2);
  if (!draw.once_in(5)) one.net_minor = adjusted(order, nullptr, one.lowers, draw);
  for (const Decimal& rate : rates) {
    const bool on_a_line = std::any_of(order.lines.begin(), order.lines.end(), [&](const OrderLine& line) {
      return std::any_of(line.taxes.begin(), line.taxes.end(),
                         [&](const TaxAmount& tax) { return tax.rate_percent == rate; });
    });
    if (draw.once_in(on_a_line ? 2 : 60)) one.taxes.push_back({rate, adjusted(order, &rate, one.lowers, draw)});
  }
}

void add_shipment(Order& order, Draw& draw) {
  Shipment& shipment = order.shipments.emplace_back();
  shipment.shipment_no = static_cast<std::uint32_t>(order.shipments.size());
  shipment.net_minor = an_amount(draw);
  shipment.taxes = some_taxes(draw, an_amount);
}

/// Up to three tenders that sum to the total, cut anywhere; no tender only where there is nothing to pay.
void pay(Order& order, Draw& draw) {
  Minor left = std::max<Minor>(order_total(order), 0);
  const std::int64_t tenders = draw.between(left > 0 ? 1 : 0, 3);
  for (std::int64_t i = 1; i <= tenders; ++i) {
    const Minor paid = i == tenders ? left : draw.between(0, left);
    order.tenders.push_back({static_cast<std::uint32_t>(i), TenderKind::card, {}, paid});
    left -= paid;
  }
}

}  // namespace

Order a_small_order(Draw& draw) {
  Order order;
  order.currency = {"EUR", 2};
  for (std::int64_t i = draw.once_in(2) ? 1 : draw.between(1, 4); i > 0; --i) add_line(order, draw);
  for (std::int64_t i = draw.once_in(2) ? 0 : draw.between(1, 2); i > 0; --i) add_adjustment(order, draw);
  for (std::int64_t i = draw.once_in(3) ? draw.between(1, 2) : 0; i > 0; --i) add_shipment(order, draw);
  pay(order, draw);
  return order;
}

Order a_large_order(Draw& draw) {
  Order order;
  order.currency = {"EUR", 2};
  const std::int64_t lines = draw.between(1, 3);
  for (std::int64_t i = 1; i <= lines; ++i) {
    OrderLine& line = order.lines.emplace_back();
    line.line_no = static_cast<std::uint32_t>(i);
    line.quantity = draw.between(1, draw.once_in(3) ? quantity_max : 100'000);
    line.net_minor = draw.between(0, draw.once_in(2) ? minor_max / 5 : 100'000'000);
    line.taxes = some_taxes(draw, [](Draw& d) { return d.between(0, minor_max / 50); });
    line.discount_minor = draw.between(0, minor_max / 10);
  }
  if (draw.once_in(2)) {
    OrderAdjustment& one = order.adjustments.emplace_back();
    one.net_minor = draw.between(0, held(order, nullptr));
  }
  if (draw.once_in(2)) add_shipment(order, draw);
  pay(order, draw);
  return order;
}

}  // namespace retour::testing
