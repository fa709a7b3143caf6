#include "db/codec/order_fields.hpp"

#include <array>

#include "plugin/core/base/require.hpp"
#include "plugin/core/money/int128.hpp"

namespace retour::codec::order_fields {
namespace {

constexpr std::array<std::int64_t, decimal_scale_max + 1> power_of_ten = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

// dividend / divisor, half up; in 64 bits where they do, because dividing 128 costs four times as much.
std::int64_t quotient(Int128 dividend, Int128 divisor) {
  const Int128 raised = dividend * 2 + divisor;
  const Int128 twice = divisor * 2;
  if (raised <= INT64_MAX && twice <= INT64_MAX) {
    return static_cast<std::int64_t>(raised) / static_cast<std::int64_t>(twice);
  }
  const Int128 result = raised / twice;
  return result > minor_max ? 0 : static_cast<std::int64_t>(result);
}

bool usable(const Decimal& value) {
  return value.mantissa >= 0 && value.mantissa <= minor_max && value.scale <= decimal_scale_max;
}

constexpr std::uint64_t gtin_none = 0;
constexpr std::uint64_t gtin_as_text = 1;
constexpr std::uint64_t gtin_base = 2;
constexpr std::uint64_t gtin_max = gtin_base + gtin_number_max;

}  // namespace

std::optional<std::uint64_t> gtin_number(std::string_view gtin) {
  if (gtin.size() != 14) return std::nullopt;
  std::uint64_t number = 0;
  unsigned sum = 0;
  for (std::size_t i = 0; i < 14; ++i) {
    const unsigned digit = static_cast<unsigned char>(gtin[i]) - unsigned{'0'};
    if (digit > 9) return std::nullopt;
    sum += i % 2 == 0 ? 3 * digit : digit;  // the check digit makes it a multiple of ten
    if (i < 13) number = number * 10 + digit;
  }
  return sum % 10 == 0 ? std::optional(number) : std::nullopt;
}

void set_gtin(std::string& gtin, std::uint64_t number) {
  gtin.resize(14);
  unsigned sum = 0;
  for (std::size_t i = 13; i-- > 0; number /= 10) {
    const auto digit = static_cast<unsigned>(number % 10);
    sum += i % 2 == 0 ? 3 * digit : digit;
    gtin[i] = static_cast<char>('0' + digit);
  }
  gtin[13] = static_cast<char>('0' + (10 - sum % 10) % 10);
}

Minor expected_amount(const OrderLine& line, std::uint8_t decimals) {
  if (!usable(line.unit_price) || line.quantity < 0 || line.quantity > quantity_max || decimals > decimal_scale_max) {
    return 0;
  }
  const Int128 product = static_cast<Int128>(line.unit_price.mantissa) * line.quantity;
  const std::uint8_t scale = line.unit_price.scale;
  const Minor gross = scale == decimals  ? quotient(product, 1)
                      : scale > decimals ? quotient(product, power_of_ten[scale - decimals])
                                         : quotient(product * power_of_ten[decimals - scale], 1);
  return minor(bits(gross) - bits(line.discount_minor));
}

Minor expected_tax(std::uint64_t shown, const OrderLine& line, TaxMode mode) {
  if (line.taxes.size() != 1 || shown > bits(minor_max)) return 0;
  const Decimal& rate = line.taxes.front().rate_percent;
  if (!usable(rate)) return 0;
  const Int128 whole = static_cast<Int128>(100) * power_of_ten[rate.scale];
  return quotient(static_cast<Int128>(shown) * rate.mantissa,
                  mode == TaxMode::included ? whole + rate.mantissa : whole);
}

std::uint64_t order_sum(const Order& order) {
  std::uint64_t sum = 0;
  for (const OrderLine& line : order.lines) sum += bits(line.net_minor) + tax_sum(line.taxes);
  for (const Shipment& shipment : order.shipments) sum += bits(shipment.net_minor) + tax_sum(shipment.taxes);
  for (const OrderAdjustment& adjustment : order.adjustments) {
    const std::uint64_t part = bits(adjustment.net_minor) + tax_sum(adjustment.taxes);
    sum += adjustment.lowers ? ~part + 1 : part;
  }
  return sum;
}

std::int32_t day_shift(const Order& order) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(order.sold_on.days) -
                                   static_cast<std::uint32_t>(CivilDate::of_ms(order.sold_at_ms).days));
}

void shift_day(Order& order, std::int64_t days) {
  order.sold_on.days = static_cast<std::int32_t>(static_cast<std::uint32_t>(CivilDate::of_ms(order.sold_at_ms).days) +
                                                 static_cast<std::uint32_t>(days));
}

bool plain_numbering(const Order& order) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (order.lines[i].line_no != i + 1) return false;
  }
  for (std::size_t i = 0; i < order.tenders.size(); ++i) {
    if (order.tenders[i].tender_no != i + 1) return false;
  }
  return true;
}

void number_plainly(Order& order) {
  std::uint32_t next = 1;
  for (OrderLine& line : order.lines) line.line_no = next++;
  next = 1;
  for (Tender& tender : order.tenders) tender.tender_no = next++;
}

void write_numbering(ByteWriter& out, const Order& order) {
  for (const OrderLine& line : order.lines) out.varint(line.line_no);
  for (const Tender& tender : order.tenders) out.varint(tender.tender_no);
}

void read_numbering(ByteReader& in, Order& order) {
  for (OrderLine& line : order.lines) line.line_no = static_cast<std::uint32_t>(in.varint_to(UINT32_MAX));
  for (Tender& tender : order.tenders) tender.tender_no = static_cast<std::uint32_t>(in.varint_to(UINT32_MAX));
}

void write_decimal(ByteWriter& out, const Decimal& value) {
  require(value.scale <= decimal_scale_max, "a decimal to be stored has at most nine decimals");
  out.signed_varint(value.mantissa);
  out.byte(value.scale);
}

Decimal read_decimal(ByteReader& in) {
  const std::int64_t mantissa = in.signed_varint();
  return {mantissa, static_cast<std::uint8_t>(in.varint_to(decimal_scale_max))};
}

void write_taxes(ByteWriter& out, const std::vector<TaxAmount>& taxes) {
  out.varint(taxes.size());
  for (const TaxAmount& tax : taxes) {
    write_decimal(out, tax.rate_percent);
    out.signed_varint(tax.minor);
  }
}

void read_taxes(ByteReader& in, std::vector<TaxAmount>& taxes) {
  for_each_element(taxes, in.count(), [&in](TaxAmount& tax) {
    tax.rate_percent = read_decimal(in);
    tax.minor = in.signed_varint();
  });
}

std::uint16_t head_flags(const Order& order, bool id_is_derived) {
  return static_cast<std::uint16_t>(
      (order.version != 1 ? later_version : 0) | (order.delivered_on ? has_delivery : 0) |
      (order.subject ? has_subject : 0) | (order.adjustments.empty() ? 0 : has_adjustments) |
      (order.shipments.empty() ? 0 : has_shipments) | (plain_numbering(order) ? 0 : own_numbering) |
      (id_is_derived ? 0 : own_id) | (order.division != 1 ? other_division : 0) |
      (has_any_details(order) ? has_details : 0));
}

void write_head(ByteWriter& out, const Order& order, std::uint16_t flags) {
  out.byte(static_cast<std::uint8_t>(flags & 0xffU));
  out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(order.channel) |
                                     static_cast<unsigned>(order.tax_mode) << 4 |
                                     (flags & has_details ? details_bit : 0)));
  out.raw(order.currency.code, 3);
  out.byte(order.currency.decimals);
  if (flags & other_division) out.byte(order.division);
  out.text(order.authority);
}

std::uint16_t read_head(ByteReader& in, Order& order) {
  std::uint16_t flags = in.byte();
  const std::uint8_t kinds = in.byte();
  if (kinds & details_bit) flags |= has_details;
  const unsigned channel = kinds & 0x0fU;
  const unsigned mode = (kinds & ~details_bit) >> 4U;
  if (channel < 1 || channel > 5 || mode < 1 || mode > 2) in.fail("unknown channel or tax mode before");
  order.channel = static_cast<SaleChannel>(channel);
  order.tax_mode = static_cast<TaxMode>(mode);
  std::memcpy(order.currency.code, in.raw(3).data(), 3);
  order.currency.decimals = in.byte();
  order.division = flags & other_division ? in.byte() : 1;
  order.authority = in.text();
  return flags;
}

void write_rare(ByteWriter& out, const Order& order, std::uint16_t flags) {
  if (flags & later_version) out.varint(order.version);
  if (flags & has_delivery) out.signed_varint(std::int64_t{order.delivered_on->days} - order.sold_on.days);
  if (flags & has_adjustments) {
    out.varint(order.adjustments.size());
    for (const OrderAdjustment& adjustment : order.adjustments) {
      out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(adjustment.kind) | (adjustment.lowers ? 0x10U : 0U)));
      out.text(adjustment.label);
      out.signed_varint(adjustment.net_minor);
      write_taxes(out, adjustment.taxes);
    }
  }
  if (flags & has_shipments) {
    out.varint(order.shipments.size());
    for (const Shipment& shipment : order.shipments) {
      out.varint(shipment.shipment_no);
      out.text(shipment.label);
      out.signed_varint(shipment.net_minor);
      write_taxes(out, shipment.taxes);
      out.byte(shipment.delivered_on ? 1 : 0);
      if (shipment.delivered_on) out.signed_varint(shipment.delivered_on->days);
    }
  }
}

namespace {

std::int32_t read_days(ByteReader& in, std::int64_t since) {
  const std::int64_t shift = in.signed_varint();
  const bool sane =
      shift >= INT32_MIN && shift <= INT32_MAX && shift + since >= INT32_MIN && shift + since <= INT32_MAX;
  if (!sane) in.fail("a date is out of range before");
  return static_cast<std::int32_t>(shift + since);
}

void read_adjustment(ByteReader& in, OrderAdjustment& adjustment) {
  const std::uint8_t code = in.byte();
  const unsigned kind = code & 0x0fU;
  if (code >= 0x20 || kind < 1 || kind > 2) in.fail("unknown kind of adjustment before");
  adjustment.kind = static_cast<AdjustmentKind>(kind);
  adjustment.lowers = (code & 0x10U) != 0;
  adjustment.label = in.text();
  adjustment.net_minor = in.signed_varint();
  read_taxes(in, adjustment.taxes);
}

void read_shipment(ByteReader& in, Shipment& shipment) {
  shipment.shipment_no = static_cast<std::uint32_t>(in.varint_to(UINT32_MAX));
  shipment.label = in.text();
  shipment.net_minor = in.signed_varint();
  read_taxes(in, shipment.taxes);
  shipment.delivered_on.reset();
  if (in.flag()) shipment.delivered_on = CivilDate{read_days(in, 0)};
}

}  // namespace

void read_rare(ByteReader& in, Order& order, std::uint16_t flags) {
  order.version = flags & later_version ? static_cast<std::uint32_t>(in.varint_to(UINT32_MAX)) : 1;
  order.delivered_on.reset();
  if (flags & has_delivery) order.delivered_on = CivilDate{read_days(in, order.sold_on.days)};
  for_each_element(order.adjustments, flags & has_adjustments ? in.count() : 0,
                   [&in](OrderAdjustment& adjustment) { read_adjustment(in, adjustment); });
  for_each_element(order.shipments, flags & has_shipments ? in.count() : 0,
                   [&in](Shipment& shipment) { read_shipment(in, shipment); });
}

void write_item(ByteWriter& out, const OrderLine& line) {
  out.text(line.sku);
  if (const auto number = gtin_number(line.gtin)) {
    out.varint(*number + gtin_base);
  } else if (line.gtin.empty()) {
    out.varint(gtin_none);
  } else {
    out.varint(gtin_as_text);
    out.text(line.gtin);
  }
  out.text(line.description);
}

void read_item(ByteReader& in, OrderLine& line) {
  line.sku = in.text();
  switch (const std::uint64_t code = in.varint_to(gtin_max)) {
    case gtin_none:
      line.gtin.clear();
      break;
    case gtin_as_text:
      line.gtin = in.text();
      break;
    default:
      set_gtin(line.gtin, code - gtin_base);
  }
  line.description = in.text();
}

}  // namespace retour::codec::order_fields
