#include "plugin/store/http/order_details_json.hpp"

#include "plugin/core/order/card_number.hpp"
#include "plugin/core/order/serial_number.hpp"

namespace retour::store {

namespace {

constexpr std::size_t seller_bytes_max = 128;
constexpr std::size_t label_bytes_max = 200;
constexpr std::int64_t line_no_max = 1'000'000'000;

void check_serial(const Fields& fields, const char* name, const std::string& serial) {
  const SerialFault fault = fault_of_serial(serial);
  if (fault == SerialFault::none) return;
  fields.refuse(name, std::string(words_of(fault)),
                fault == SerialFault::card_number ? "card_number_refused" : "value_invalid");
}

std::string words_or_none(Fields& fields, const char* name, std::size_t bytes_max) {
  std::string text = fields.text_or(name, bytes_max, "");
  if (looks_like_card_number(text)) {
    fields.refuse(name, "looks like a card number, which must never be kept here", "card_number_refused");
  }
  return text;
}

std::vector<TaxAmount> read_taxes(Fields& fields) {
  std::vector<TaxAmount> taxes;
  for (Fields& tax : fields.objects_or_none("taxes", tax_rates_max)) {
    taxes.push_back({tax.decimal("rate_percent").normalized(), tax.minor("minor")});
    tax.done();
  }
  return taxes;
}

}  // namespace

void read_line_details(Fields& fields, OrderLine& line) {
  line.seller = words_or_none(fields, "seller", seller_bytes_max);
  line.confirmed_final = fields.boolean_or("confirmed_final", false);
  line.shipment_no = static_cast<std::uint32_t>(fields.integer_or("shipment", 1, shipments_max, 0));
  line.serials = fields.texts_or_none("serials", serials_max, serial_bytes_max);
  for (const std::string& serial : line.serials) check_serial(fields, "serials", serial);
}

void read_named_lines(Fields& fields, OrderAdjustment& adjustment) {
  for (const std::int64_t line_no : fields.integers_or_none("lines", 5'000, 1, line_no_max)) {
    adjustment.line_nos.push_back(static_cast<std::uint32_t>(line_no));
  }
}

void read_loyalty(Fields& fields, Order& order) {
  std::optional<Fields> loyalty = fields.object_or_none("loyalty");
  if (!loyalty) return;
  order.loyalty.points_earned = loyalty->integer_or("points_earned", 0, points_max, 0);
  order.loyalty.points_spent = loyalty->integer_or("points_spent", 0, points_max, 0);
  loyalty->done();
}

void read_shipments(Fields& fields, Order& order) {
  for (Fields& one : fields.objects_or_none("shipments", shipments_max)) {
    Shipment shipment{.shipment_no = static_cast<std::uint32_t>(order.shipments.size() + 1)};
    shipment.label = words_or_none(one, "label", label_bytes_max);
    shipment.net_minor = one.minor("net_minor");
    shipment.taxes = read_taxes(one);
    shipment.delivered_on = one.optional_date("delivered_on");
    one.done();
    order.shipments.push_back(std::move(shipment));
  }
}

std::string read_serial(Fields& fields) {
  std::string serial = fields.text_or("serial", serial_bytes_max, "");
  if (!serial.empty()) check_serial(fields, "serial", serial);
  return serial;
}

}  // namespace retour::store
