#pragma once
// Orders from a seed that use every field in every odd way: for what must hold for any order whatever it says.

#include <random>
#include <string>

#include "plugin/core/order/order.hpp"

namespace retour::samples {

class RandomOrders {
 public:
  explicit RandomOrders(std::uint64_t seed) : m_random(seed) {}

  Order next() {
    Order order;
    fill(order.id.bytes.data(), order.id.bytes.size());
    order.authority = one_in(3) ? "store-" + std::to_string(below(40)) : "web";
    order.number = one_in(5) ? text(12) : std::to_string(536365 + m_count * 3);
    order.version = one_in(6) ? static_cast<std::uint32_t>(1 + below(5)) : 1;
    order.division = one_in(20) ? 2 : 1;
    order.channel = static_cast<SaleChannel>(1 + below(4));
    order.tax_mode = static_cast<TaxMode>(1 + below(2));
    order.currency = one_in(4) ? Currency{"JPY", 0} : one_in(4) ? Currency{"KWD", 3} : Currency{"GBP", 2};
    order.sold_at_ms = 1291190760000 + m_count++ * 60'000 + (one_in(8) ? -odd_number() / 1'000'000 : 0);
    order.sold_on = {CivilDate::of_ms(order.sold_at_ms).days + static_cast<std::int32_t>(below(3)) - 1};
    if (one_in(2)) order.delivered_on = CivilDate{order.sold_on.days + static_cast<std::int32_t>(below(9))};
    if (one_in(2)) fill(order.subject.emplace().bytes.data(), 16);
    for (auto left = below(7); left > 0; --left) add_line(order);
    for (auto left = one_in(4) ? below(3) : 0; left > 0; --left) {
      order.adjustments.push_back({.kind = static_cast<AdjustmentKind>(1 + below(2)),
                                   .lowers = one_in(2),
                                   .label = text(20),
                                   .net_minor = amount(),
                                   .taxes = taxes()});
    }
    for (auto left = one_in(4) ? below(3) : 0; left > 0; --left) {
      Shipment shipment{.shipment_no = static_cast<std::uint32_t>(left), .label = text(9), .net_minor = amount()};
      shipment.taxes = taxes();
      if (one_in(2)) shipment.delivered_on = CivilDate{static_cast<std::int32_t>(below(30000)) - 10000};
      order.shipments.push_back(shipment);
    }
    add_tenders(order);
    if (one_in(3)) add_details(order);
    return order;
  }

  std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  void fill(std::uint8_t* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(m_random());
  }

 private:
  std::int64_t odd_number() { return static_cast<std::int64_t>(m_random() >> below(64)); }
  // Mostly prices as they are; sometimes anything that 64 bits hold, which the division would refuse.
  Minor amount() { return one_in(20) ? odd_number() : static_cast<Minor>(below(100'000)); }
  std::string text(std::uint64_t size_max) {
    std::string made;
    for (auto left = below(size_max + 1); left > 0; --left)
      made += static_cast<char>(one_in(9) ? below(256) : 'A' + below(26));
    return made;
  }
  std::vector<TaxAmount> taxes() {
    std::vector<TaxAmount> made;
    for (auto left = below(4); left > 0; --left)
      made.push_back(
          {{static_cast<std::int64_t>(left * 5 + below(2)), static_cast<std::uint8_t>(below(2))}, amount()});
    return made;
  }
  void add_line(Order& order) {
    OrderLine line;
    line.line_no = static_cast<std::uint32_t>(one_in(10) ? below(1000) : order.lines.size() + 1);
    line.sku = one_in(5) ? text(10) : "8" + std::to_string(below(200));
    line.gtin = one_in(3) ? text(14) : one_in(2) ? "04006381333931" : "";
    line.description = text(28);
    line.quantity = one_in(30) ? odd_number() : static_cast<std::int64_t>(1 + below(3));
    line.unit_price = {amount(), static_cast<std::uint8_t>(below(4))};
    line.taxes = taxes();
    line.net_minor = amount();
    if (one_in(3)) line.discount_minor = amount();
    if (one_in(2)) {  // as a source would say it: quantity x price, one rate of tax
      line.unit_price.scale = order.currency.decimals;
      line.net_minor = static_cast<Minor>(static_cast<std::uint64_t>(line.unit_price.mantissa) *
                                          static_cast<std::uint64_t>(line.quantity));
      line.taxes.clear();
    }
    order.lines.push_back(line);
  }
  void add_details(Order& order) {
    if (one_in(2)) order.loyalty = {odd_number(), static_cast<std::int64_t>(below(5000))};
    for (OrderLine& line : order.lines) {
      if (one_in(3)) line.seller = text(10);
      line.confirmed_final = one_in(4);
      if (one_in(3)) line.shipment_no = static_cast<std::uint32_t>(below(4));
      for (auto left = one_in(3) ? below(4) : 0; left > 0; --left) line.serials.push_back(text(15));
    }
    for (OrderAdjustment& adjustment : order.adjustments) {
      for (auto left = below(4); left > 0; --left) {
        adjustment.line_nos.push_back(static_cast<std::uint32_t>(below(1000)));
      }
    }
  }
  void add_tenders(Order& order) {
    const auto count = below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      Tender tender{.tender_no = static_cast<std::uint32_t>(one_in(10) ? below(50) : i + 1)};
      tender.kind = static_cast<TenderKind>(1 + below(7));
      if (one_in(2)) tender.reference = text(20);
      tender.paid_minor = one_in(2) ? order_total(order) : amount();
      order.tenders.push_back(tender);
    }
  }

  std::mt19937_64 m_random;
  std::int64_t m_count = 0;
};

}  // namespace retour::samples
