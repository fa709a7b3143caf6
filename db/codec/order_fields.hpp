#pragma once
// The fields of an order in stored order, once for both forms: row by row (order_codec) and column by column
// (order_columns). Internal to db/codec. A form says where a field goes and what it may expect there:
//   row:    every column is the same run of bytes; items, numbers and times stand in full
//   column: every column is its own run; items are numbers in a dictionary, numbers and times differences
// What a price and a rate already say (quantity x price, tax by rate, one tender that pays all) is not written; only
// the difference is. Amounts are added modulo 2^64, so that any order comes back as it was: judging it is the
// division's. The layout is frozen: evidence hashes cover its bytes. A change is a new format number beside this one.

#include <algorithm>
#include <cstdint>

#include "db/codec/varint.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::codec {

enum class Column : std::uint8_t {
  head,  // what most orders share: flags, channel, currency, authority
  number,
  number_text,
  sold_at,
  sold_on,
  rare,  // version, dates of delivery, adjustments, shipments, numbers with gaps, details
  subject,
  line_count,
  line_flags,
  item_low,  // column form: number of the item, a byte a column
  item_middle,
  item_high,
  quantity,
  price,
  discount,
  amount,  // what quantity x price does not explain
  rates,
  tax,  // what the rate does not explain
  tender_count,
  tender_flags,
  tender_text,
  tender_paid,
};
inline constexpr std::size_t column_count = static_cast<std::size_t>(Column::tender_paid) + 1;

namespace order_fields {

enum HeadFlag : std::uint16_t {
  later_version = 1,
  has_delivery = 2,
  has_subject = 4,
  has_adjustments = 8,
  has_shipments = 16,
  own_numbering = 32,
  own_id = 64,
  other_division = 128,
  has_details = 256,  // stored in the byte of channel and tax mode
};
inline constexpr unsigned details_bit = 0x80;  // of that byte
enum LineFlag : std::uint8_t {
  many_units = 1,
  discounted = 2,
  amount_differs = 4,
  price_expected = 8,
  rates_expected = 16,
  tax_differs = 32,
  line_flags_all = 63
};
inline constexpr std::uint8_t tender_pays_rest = 0x10;
inline constexpr std::uint8_t tender_has_text = 0x20;

inline std::uint64_t bits(Minor value) {
  return static_cast<std::uint64_t>(value);
}
inline Minor minor(std::uint64_t value) {
  return static_cast<Minor>(value);
}

/// quantity x price, half up, less the discount; 0 where it does not fit. Only ever a guess that saves bytes.
Minor expected_amount(const OrderLine& line, std::uint8_t decimals);
/// The tax that one rate gives for what the source shows; 0 for several rates.
Minor expected_tax(std::uint64_t shown, const OrderLine& line, TaxMode mode);

inline std::uint64_t tax_sum(const std::vector<TaxAmount>& taxes) {
  std::uint64_t sum = 0;
  for (const TaxAmount& tax : taxes) sum += bits(tax.minor);
  return sum;
}
/// The amount as the source shows it: with tax or without.
inline std::uint64_t shown_amount(const OrderLine& line, TaxMode mode) {
  return bits(line.net_minor) + (mode == TaxMode::included ? tax_sum(line.taxes) : 0);
}
std::uint64_t order_sum(const Order& order);

inline bool same_digits(const Decimal& a, const Decimal& b) {
  return a.mantissa == b.mantissa && a.scale == b.scale;
}

/// Days from the UTC day of the sale's instant to the day the source names.
std::int32_t day_shift(const Order& order);
void shift_day(Order& order, std::int64_t days);

/// True when lines and tenders are numbered 1, 2, 3, ... and need not be written.
bool plain_numbering(const Order& order);

void write_decimal(ByteWriter& out, const Decimal& value);
Decimal read_decimal(ByteReader& in);
void write_taxes(ByteWriter& out, const std::vector<TaxAmount>& taxes);
void read_taxes(ByteReader& in, std::vector<TaxAmount>& taxes);
void write_rare(ByteWriter& out, const Order& order, std::uint16_t head_flags);
void read_rare(ByteReader& in, Order& order, std::uint16_t head_flags);

std::uint16_t head_flags(const Order& order, bool id_is_derived);
void write_head(ByteWriter& out, const Order& order, std::uint16_t flags);
/// Returns the flags.
std::uint16_t read_head(ByteReader& in, Order& order);

/// 14 digits with a good check digit as the number of the first 13; empty for other texts.
inline constexpr std::uint64_t gtin_number_max = 9'999'999'999'999;
std::optional<std::uint64_t> gtin_number(std::string_view gtin);
/// @pre number <= gtin_number_max.
void set_gtin(std::string& gtin, std::uint64_t number);

/// sku, gtin and description. A GTIN with a good check digit costs seven bytes.
void write_item(ByteWriter& out, const OrderLine& line);
void read_item(ByteReader& in, OrderLine& line);

inline constexpr std::size_t elements_trusted = 16;  // of a count that is only claimed: three kilobytes of lines

/// Makes the vector `count` long and fills it element by element, keeping the memory of what was there. It grows as
/// it is filled, so that a lying count takes no memory.
template <class Element, class Fill>
void for_each_element(std::vector<Element>& elements, std::size_t count, Fill fill) {
  if (elements.size() > count) elements.resize(count);
  elements.reserve(std::min(count, elements_trusted));
  for (std::size_t i = 0; i < count; ++i) {
    if (i == elements.size()) elements.emplace_back();
    fill(elements[i]);
  }
}

template <class Form>
void write_line(Form& form, const Order& order, const OrderLine& line) {
  form.begin_line(line);
  const Minor amount = expected_amount(line, order.currency.decimals);
  const std::uint64_t shown = shown_amount(line, order.tax_mode);
  const bool rates_known = form.expects_rates(line);
  const bool price_known = form.expects_price(line);
  const Minor tax = expected_tax(shown, line, order.tax_mode);
  const bool tax_as_expected =
      std::all_of(line.taxes.begin(), line.taxes.end(), [tax](const TaxAmount& t) { return t.minor == tax; });

  form.to(Column::line_flags)
      .byte(static_cast<std::uint8_t>(
          (line.quantity != 1 ? many_units : 0) | (line.discount_minor != 0 ? discounted : 0) |
          (shown != bits(amount) ? amount_differs : 0) | (price_known ? price_expected : 0) |
          (rates_known ? rates_expected : 0) | (tax_as_expected ? 0 : tax_differs)));
  form.put_item(line);
  if (line.quantity != 1) form.to(Column::quantity).varint(static_cast<std::uint64_t>(line.quantity));
  if (!price_known) write_decimal(form.to(Column::price), line.unit_price);
  if (line.discount_minor != 0) form.to(Column::discount).signed_varint(line.discount_minor);
  if (shown != bits(amount)) form.to(Column::amount).signed_varint(minor(shown - bits(amount)));
  if (!rates_known) {
    form.to(Column::rates).varint(line.taxes.size());
    for (const TaxAmount& t : line.taxes) write_decimal(form.to(Column::rates), t.rate_percent);
  }
  if (!tax_as_expected) {
    for (const TaxAmount& t : line.taxes) form.to(Column::tax).signed_varint(minor(bits(t.minor) - bits(tax)));
  }
}

template <class Form>
void read_line(Form& form, const Order& order, OrderLine& line) {
  const std::uint8_t flags = form.from(Column::line_flags).byte();
  if (flags > line_flags_all) form.from(Column::line_flags).fail("unknown flags of a line before");
  form.take_item(line);
  line.quantity = flags & many_units ? static_cast<std::int64_t>(form.from(Column::quantity).varint()) : 1;
  line.unit_price = flags & price_expected ? form.expected_price() : read_decimal(form.from(Column::price));
  line.discount_minor = flags & discounted ? form.from(Column::discount).signed_varint() : 0;
  std::uint64_t shown = bits(expected_amount(line, order.currency.decimals));
  if (flags & amount_differs) shown += bits(form.from(Column::amount).signed_varint());
  if (flags & rates_expected) {
    form.take_expected_rates(line);
  } else {
    line.taxes.resize(form.from(Column::rates).count());
    for (TaxAmount& t : line.taxes) t.rate_percent = read_decimal(form.from(Column::rates));
  }
  const Minor tax = expected_tax(shown, line, order.tax_mode);
  for (TaxAmount& t : line.taxes) {
    t.minor = flags & tax_differs ? minor(bits(tax) + bits(form.from(Column::tax).signed_varint())) : tax;
  }
  line.net_minor = minor(shown - (order.tax_mode == TaxMode::included ? tax_sum(line.taxes) : 0));
}

template <class Form>
void write_tenders(Form& form, const Order& order) {
  form.to(Column::tender_count).varint(order.tenders.size());
  std::uint64_t rest = order_sum(order);
  for (const Tender& tender : order.tenders) {
    const bool pays_rest = bits(tender.paid_minor) == rest;
    form.to(Column::tender_flags)
        .byte(static_cast<std::uint8_t>(static_cast<std::uint8_t>(tender.kind) | (pays_rest ? tender_pays_rest : 0) |
                                        (tender.reference.empty() ? 0 : tender_has_text)));
    if (!tender.reference.empty()) form.to(Column::tender_text).text(tender.reference);
    if (!pays_rest) form.to(Column::tender_paid).signed_varint(tender.paid_minor);
    rest -= bits(tender.paid_minor);
  }
}

template <class Form>
void read_tenders(Form& form, Order& order) {
  const std::size_t count = form.from(Column::tender_count).varint();
  if (count > form.from(Column::tender_flags).remaining()) form.from(Column::tender_count).fail("too many tenders");
  std::uint64_t rest = order_sum(order);
  for_each_element(order.tenders, count, [&](Tender& tender) {
    const std::uint8_t flags = form.from(Column::tender_flags).byte();
    const std::uint8_t kind = flags & 0x0f;
    if (flags >= 0x40 || kind < static_cast<std::uint8_t>(TenderKind::cash) ||
        kind > static_cast<std::uint8_t>(TenderKind::bank_transfer)) {
      form.from(Column::tender_flags).fail("unknown kind of tender before");
    }
    tender.kind = static_cast<TenderKind>(kind);
    tender.reference.clear();
    if (flags & tender_has_text) tender.reference = form.from(Column::tender_text).text();
    tender.paid_minor = flags & tender_pays_rest ? minor(rest) : form.from(Column::tender_paid).signed_varint();
    rest -= bits(tender.paid_minor);
  });
}

/// Numbers 1, 2, 3, ... first; `rare` holds others.
void number_plainly(Order& order);
void write_numbering(ByteWriter& out, const Order& order);
void read_numbering(ByteReader& in, Order& order);

/// What few orders have: sellers, final sales, parcels and serial numbers of lines, lines that an adjustment names,
/// points. By position, so that numbers with gaps cost nothing.
bool has_any_details(const Order& order);
void write_details(ByteWriter& out, const Order& order);
/// @pre details were cleared.
void read_details(ByteReader& in, Order& order);
void clear_details(Order& order);

template <class Form>
void write_order(Form& form, const Order& order, bool id_is_derived) {
  const std::uint16_t flags = head_flags(order, id_is_derived);
  form.put_head(order, flags);
  form.put_number(order.number);
  form.put_sold_at(order.sold_at_ms);
  form.to(Column::sold_on).signed_varint(day_shift(order));
  if (flags & own_id) form.to(Column::subject).raw(order.id.bytes.data(), order.id.bytes.size());
  if (flags & has_subject) form.to(Column::subject).raw(order.subject->bytes.data(), order.subject->bytes.size());
  write_rare(form.to(Column::rare), order, flags);
  form.to(Column::line_count).varint(order.lines.size());
  for (const OrderLine& line : order.lines) write_line(form, order, line);
  write_tenders(form, order);
  if (flags & own_numbering) write_numbering(form.to(Column::rare), order);
  if (flags & has_details) write_details(form.to(Column::rare), order);
}

/// Overwrites every field of `order` except `id` when it is derived: `read_order` says so by returning true.
/// What `order` held before only lends its memory.
template <class Form>
bool read_order(Form& form, Order& order) {
  const std::uint16_t flags = form.take_head(order);
  form.take_number(order.number);
  order.sold_at_ms = form.take_sold_at();
  shift_day(order, form.from(Column::sold_on).signed_varint());
  if (flags & own_id) std::memcpy(order.id.bytes.data(), form.from(Column::subject).raw(16).data(), 16);
  order.subject.reset();
  if (flags & has_subject) {
    std::memcpy(order.subject.emplace().bytes.data(), form.from(Column::subject).raw(16).data(), 16);
  }
  read_rare(form.from(Column::rare), order, flags);
  const std::size_t count = form.from(Column::line_count).varint();
  if (count > form.from(Column::line_flags).remaining()) form.from(Column::line_count).fail("too many lines");
  for_each_element(order.lines, count, [&](OrderLine& line) { read_line(form, order, line); });
  read_tenders(form, order);
  number_plainly(order);
  if (flags & own_numbering) read_numbering(form.from(Column::rare), order);
  clear_details(order);
  if (flags & has_details) read_details(form.from(Column::rare), order);
  return (flags & own_id) == 0;
}

}  // namespace order_fields
}  // namespace retour::codec
