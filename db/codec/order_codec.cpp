#include "db/codec/order_codec.hpp"

#include "db/codec/digest.hpp"
#include "db/codec/row_form.hpp"

namespace retour::codec {
namespace {

ByteReader opened(std::span<const std::uint8_t> evidence) {
  ByteReader in(evidence);
  if (in.byte() != evidence_format) in.fail("the evidence has a format that this program does not know, before");
  return in;
}

}  // namespace

Bytes pack_order(const Order& order) {
  ByteWriter out;
  out.reserve(64 + 64 * order.lines.size());
  write_evidence(out, order, order.id == derive_order_id(order.authority, order.number));
  return out.take();
}

void unpack_order(std::span<const std::uint8_t> evidence, Order& order, const OrderId* id) {
  ByteReader in = opened(evidence);
  RowReader form(in, order);
  if (order_fields::read_order(form, order)) {
    order.id = id != nullptr ? *id : derive_order_id(order.authority, order.number);
  }
  in.expect_end();
}

Order unpack_order(std::span<const std::uint8_t> evidence) {
  Order order;
  unpack_order(evidence, order);
  return order;
}

OrderLots unpack_lots(std::span<const std::uint8_t> evidence, std::string_view sku, const OrderId* id,
                      std::string_view asked_serial) {
  static thread_local Order order;  // its memory is used again: this runs over every order of a customer
  unpack_order(evidence, order, id);
  OrderLots found{order.id, order.sold_at_ms, {}};
  for (const OrderLine& line : order.lines) {
    if (line.sku == sku) found.lots.push_back(lot_of(order, line, asked_serial));
  }
  return found;
}

}  // namespace retour::codec
