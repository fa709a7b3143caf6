// Details that few orders have, at the end of an order's evidence. Layout: docs/orders.md, "Details".

#include "db/codec/order_fields.hpp"

namespace retour::codec::order_fields {
namespace {

enum LineDetail : std::uint8_t { has_seller = 1, is_confirmed_final = 2, has_parcel = 4, has_serials = 8, all = 15 };

std::uint8_t details_of(const OrderLine& line) {
  return static_cast<std::uint8_t>(
      (line.seller.empty() ? 0 : has_seller) | (line.confirmed_final ? is_confirmed_final : 0) |
      (line.shipment_no == 0 ? 0 : has_parcel) | (line.serials.empty() ? 0 : has_serials));
}

void write_line_details(ByteWriter& out, const OrderLine& line) {
  const std::uint8_t details = details_of(line);
  out.byte(details);
  if (details & has_seller) out.text(line.seller);
  if (details & has_parcel) out.varint(line.shipment_no);
  if (details & has_serials) {
    out.varint(line.serials.size());
    for (const std::string& serial : line.serials) out.text(serial);
  }
}

void read_line_details(ByteReader& in, OrderLine& line) {
  const std::uint8_t details = in.byte();
  if (details > all) in.fail("unknown details of a line before");
  if (details & has_seller) line.seller = in.text();
  line.confirmed_final = (details & is_confirmed_final) != 0;
  if (details & has_parcel) line.shipment_no = static_cast<std::uint32_t>(in.varint_to(UINT32_MAX));
  if (details & has_serials) {
    for_each_element(line.serials, in.count(), [&in](std::string& serial) { serial = in.text(); });
  }
}

void read_named_lines(ByteReader& in, OrderAdjustment& adjustment) {
  for_each_element(adjustment.line_nos, in.count(),
                   [&in](std::uint32_t& line_no) { line_no = static_cast<std::uint32_t>(in.varint_to(UINT32_MAX)); });
}

}  // namespace

bool has_any_details(const Order& order) {
  return order.loyalty != Loyalty{} ||
         std::any_of(order.lines.begin(), order.lines.end(),
                     [](const OrderLine& line) { return details_of(line) != 0; }) ||
         std::any_of(order.adjustments.begin(), order.adjustments.end(),
                     [](const OrderAdjustment& adjustment) { return !adjustment.line_nos.empty(); });
}

void write_details(ByteWriter& out, const Order& order) {
  out.signed_varint(order.loyalty.points_earned);
  out.signed_varint(order.loyalty.points_spent);
  for (const OrderLine& line : order.lines) write_line_details(out, line);
  for (const OrderAdjustment& adjustment : order.adjustments) {
    out.varint(adjustment.line_nos.size());
    for (const std::uint32_t line_no : adjustment.line_nos) out.varint(line_no);
  }
}

void read_details(ByteReader& in, Order& order) {
  order.loyalty.points_earned = in.signed_varint();
  order.loyalty.points_spent = in.signed_varint();
  for (OrderLine& line : order.lines) read_line_details(in, line);
  for (OrderAdjustment& adjustment : order.adjustments) read_named_lines(in, adjustment);
}

void clear_details(Order& order) {
  order.loyalty = {};
  for (OrderLine& line : order.lines) {
    line.seller.clear();
    line.confirmed_final = false;
    line.shipment_no = 0;
    line.serials.clear();
  }
  for (OrderAdjustment& adjustment : order.adjustments) adjustment.line_nos.clear();
}

}  // namespace retour::codec::order_fields
