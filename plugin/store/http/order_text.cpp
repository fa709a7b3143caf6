#include "plugin/store/http/order_text.hpp"

#include "plugin/app/messages.hpp"
#include "plugin/store/http/json_text.hpp"

namespace retour::store {

namespace {

using app::words;

void write_taxes(JsonText& json, const std::vector<TaxAmount>& taxes) {
  json.name("taxes").open_array();
  for (const TaxAmount& tax : taxes) {
    json.open_object().field("rate_percent", tax.rate_percent.to_string()).field("minor", tax.minor).close_object();
  }
  json.close_array();
}

/// The units of the line that can be taken back here at once, as a number and as ranges.
void write_held(JsonText& json, const std::vector<UnitRange>& held) {
  std::int64_t returnable = 0;
  for (const UnitRange& units : held) returnable += units.count;
  json.field("returnable_here", returnable).name("held").open_array();
  for (const UnitRange& units : held) {
    json.open_object()
        .field("line_no", units.line_no)
        .field("first", units.first)
        .field("count", units.count)
        .close_object();
  }
  json.close_array();
}

void write_alerts(JsonText& json, const app::FoundOrder& found, std::uint32_t line_no) {
  json.name("alerts").open_array();
  for (const auto& [of_line, noticed] : found.notices) {
    if (of_line != line_no) continue;
    for (const Alert alert : noticed.alerts) {
      const std::string code(to_string(alert));
      const bool told = alert == Alert::recalled && noticed.recall.has_value();
      json.open_object()
          .field("alert", code)
          .field("message", words("alert." + code))
          .field("recall", told ? noticed.recall->id : "")
          .name("what_to_do");
      if (told) {
        json.open_object().field("en", noticed.recall->en).field("zh", noticed.recall->zh).close_object();
      } else {
        json.null();
      }
      json.close_object();
    }
  }
  json.close_array();
}

void write_line(JsonText& json, const app::FoundOrder& found, const OrderLine& line) {
  json.open_object()
      .field("line_no", line.line_no)
      .field("sku", line.sku)
      .field("gtin", line.gtin)
      .field("description", line.description)
      .field("quantity", line.quantity)
      .field("unit_price", line.unit_price.to_string())
      .field("net_minor", line.net_minor);
  write_taxes(json, line.taxes);
  json.field("discount_minor", line.discount_minor)
      .field("seller", line.seller)
      .field("confirmed_final", line.confirmed_final)
      .field("shipment", line.shipment_no);
  json.name("serials").open_array();
  for (const std::string& serial : line.serials) json.value(serial);
  json.close_array();
  write_held(json, found.held.of_line(line.line_no));
  write_alerts(json, found, line.line_no);
  json.close_object();
}

void write_date(JsonText& json, const std::optional<CivilDate>& date) {
  if (date) {
    json.value(date->to_string());
  } else {
    json.null();
  }
}

void write_shipment(JsonText& json, const Shipment& shipment) {
  json.open_object()
      .field("shipment", shipment.shipment_no)
      .field("label", shipment.label)
      .field("net_minor", shipment.net_minor);
  write_taxes(json, shipment.taxes);
  write_date(json.name("delivered_on"), shipment.delivered_on);
  json.close_object();
}

/// What was taken off, or added, at order level, and over which lines; all lines when it names none.
void write_adjustment(JsonText& json, const OrderAdjustment& adjustment) {
  json.open_object()
      .field("kind", adjustment.kind == AdjustmentKind::discount ? "discount" : "source_rounding")
      .field("lowers", adjustment.lowers)
      .field("label", adjustment.label)
      .field("net_minor", adjustment.net_minor);
  write_taxes(json, adjustment.taxes);
  json.name("lines").open_array();
  for (const std::uint32_t line_no : adjustment.line_nos) json.value(line_no);
  json.close_array().close_object();
}

void write_loyalty(JsonText& json, const Loyalty& loyalty) {
  json.name("loyalty")
      .open_object()
      .field("points_earned", loyalty.points_earned)
      .field("points_spent", loyalty.points_spent)
      .close_object();
}

void write_tender(JsonText& json, const Tender& tender) {
  json.open_object()
      .field("tender_no", tender.tender_no)
      .field("kind", to_string(tender.kind))
      .field("reference", tender.reference)
      .field("paid_minor", tender.paid_minor)
      .close_object();
}

void write_order(JsonText& json, const app::FoundOrder& found) {
  const Order& order = found.order;
  json.open_object()
      .field("order", order.id.to_string())
      .field("number", order.number)
      .field("authority", order.authority)
      .field("version", order.version)
      .field("channel", to_string(order.channel))
      .field("currency", order.currency.name())
      .field("sold_on", order.sold_on.to_string())
      .field("sold_at_ms", order.sold_at_ms)
      .name("delivered_on");
  write_date(json, order.delivered_on);
  json.field("total_minor", order_total(order))
      .field("sold_here", found.sold_here)
      .field("evidence_hash", found.evidence_hash.to_string())
      .name("lines")
      .open_array();
  for (const OrderLine& line : order.lines) write_line(json, found, line);
  json.close_array().name("adjustments").open_array();
  for (const OrderAdjustment& adjustment : order.adjustments) write_adjustment(json, adjustment);
  json.close_array().name("shipments").open_array();
  for (const Shipment& shipment : order.shipments) write_shipment(json, shipment);
  json.close_array().name("started_returns").open_array();
  for (const std::string& code : found.started) json.value(code);
  json.close_array().name("tenders").open_array();
  for (const Tender& tender : order.tenders) write_tender(json, tender);
  json.close_array();
  write_loyalty(json, order.loyalty);
  json.close_object();
}

}  // namespace

std::string order_text(const app::FoundOrder& found) {
  JsonText json;
  write_order(json, found);
  return json.take() + "\n";
}

std::string orders_text(const std::vector<app::FoundOrder>& found) {
  JsonText json;
  json.open_object().name("orders").open_array();
  for (const app::FoundOrder& order : found) write_order(json, order);
  json.close_array().close_object();
  return json.take() + "\n";
}

}  // namespace retour::store
