#pragma once
// The row form of an order: one run of bytes. Internal to db/codec.

#include "db/codec/order_fields.hpp"

namespace retour::codec {

class RowWriter {
 public:
  explicit RowWriter(ByteWriter& out) : m_out(out) {}
  ByteWriter& to(Column) { return m_out; }
  void put_head(const Order& order, std::uint16_t flags) { order_fields::write_head(m_out, order, flags); }
  void put_number(const std::string& number) { m_out.text(number); }
  void put_sold_at(std::int64_t ms) { m_out.signed_varint(ms); }
  void put_item(const OrderLine& line) { order_fields::write_item(m_out, line); }
  void begin_line(const OrderLine& line) {
    m_before = m_line;
    m_line = &line;
  }
  bool expects_price(const OrderLine&) const { return false; }
  /// A line is expected to have the rates of the line before.
  bool expects_rates(const OrderLine& line) const {
    if (m_before == nullptr) return line.taxes.empty();
    return std::equal(m_before->taxes.begin(), m_before->taxes.end(), line.taxes.begin(), line.taxes.end(),
                      [](const TaxAmount& a, const TaxAmount& b) {
                        return order_fields::same_digits(a.rate_percent, b.rate_percent);
                      });
  }

 private:
  ByteWriter& m_out;
  const OrderLine* m_before = nullptr;
  const OrderLine* m_line = nullptr;
};

class RowReader {
 public:
  RowReader(ByteReader& in, const Order& order) : m_in(in), m_order(order) {}
  ByteReader& from(Column) { return m_in; }
  std::uint16_t take_head(Order& order) { return order_fields::read_head(m_in, order); }
  void take_number(std::string& number) { number = m_in.text(); }
  std::int64_t take_sold_at() { return m_in.signed_varint(); }
  void take_item(OrderLine& line) { order_fields::read_item(m_in, line); }
  Decimal expected_price() { m_in.fail("no price is expected in this form, before"); }
  void take_expected_rates(OrderLine& line) const {
    const bool is_first = &line == m_order.lines.data();
    if (is_first) {
      line.taxes.clear();
    } else {
      line.taxes = (&line - 1)->taxes;
    }
  }

 private:
  ByteReader& m_in;
  const Order& m_order;
};

/// The evidence of an order whose id is, or is not, the derived one.
inline void write_evidence(ByteWriter& out, const Order& order, bool id_is_derived) {
  out.byte(1);
  RowWriter form(out);
  order_fields::write_order(form, order, id_is_derived);
}

}  // namespace retour::codec
