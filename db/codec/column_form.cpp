#include "db/codec/column_form.hpp"

#include "db/codec/digest.hpp"

namespace retour::codec {
namespace {

constexpr std::uint8_t batch_format = 1;
constexpr std::size_t digits_max = 17;  // of an order number: its differences stay within 63 bits

std::uint64_t bits(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

void join_number(const SplitNumber& split, std::string& number) {
  char digits[20];
  std::size_t at = sizeof digits;
  std::int64_t value = split.value;
  for (std::size_t i = 0; i < split.digits; ++i, value /= 10) digits[--at] = static_cast<char>('0' + value % 10);
  number.assign(split.prefix).append(digits + at, split.digits);
}

std::int64_t power_of_ten(std::size_t exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

}  // namespace

void split_number(std::string_view number, SplitNumber& split) {
  std::size_t begin = number.size();
  split.value = 0;
  while (begin > 0 && number.size() - begin < digits_max && number[begin - 1] >= '0' && number[begin - 1] <= '9') {
    --begin;
  }
  for (const char digit : number.substr(begin)) split.value = split.value * 10 + (digit - '0');
  split.digits = number.size() - begin;
  split.prefix = number.substr(0, begin);
}

void ColumnWriter::put_head(const Order& order, std::uint16_t flags) {
  m_head.clear();
  order_fields::write_head(m_head, order, flags);
  const auto found = std::find(m_heads.begin(), m_heads.end(), m_head.bytes());
  to(Column::head).varint(static_cast<std::uint64_t>(found - m_heads.begin()));
  if (found == m_heads.end()) m_heads.push_back(m_head.bytes());
}

// 0 and the text, or 1 + zigzag of the difference to the number before, when prefix and width are the same.
void ColumnWriter::put_number(const std::string& number) {
  split_number(number, m_number);
  if (m_number.digits > 0 && m_number.digits == m_number_before.digits && m_number.prefix == m_number_before.prefix) {
    to(Column::number).varint(1 + zigzag(m_number.value - m_number_before.value));
  } else {
    to(Column::number).varint(0);
    to(Column::number_text).text(number);
  }
  std::swap(m_number, m_number_before);
}

void ColumnWriter::put_sold_at(std::int64_t ms) {
  const auto difference = static_cast<std::int64_t>(bits(ms) - bits(m_sold_at));
  to(Column::sold_at).signed_varint(difference / static_cast<std::int64_t>(m_unit));
  m_sold_at = ms;
}

void ColumnWriter::begin_line(const OrderLine& line) {
  const auto known = m_shared == nullptr ? std::nullopt : m_shared->find(line);
  if (known) {
    m_item_number = *known;
    m_item = &m_shared->item(*known);
    return;
  }
  const std::uint32_t own = m_own.add(line);
  m_item_number = own + static_cast<std::uint32_t>(m_shared == nullptr ? 0 : m_shared->size());
  m_item = &m_own.item(own);
}

void ColumnWriter::put_item(const OrderLine&) {
  require(m_item_number < catalogue_items_max, "the number of an item has three bytes");
  to(Column::item_low).byte(static_cast<std::uint8_t>(m_item_number));
  to(Column::item_middle).byte(static_cast<std::uint8_t>(m_item_number >> 8));
  to(Column::item_high).byte(static_cast<std::uint8_t>(m_item_number >> 16));
}

bool ColumnWriter::expects_price(const OrderLine& line) const {
  return order_fields::same_digits(m_item->price, line.unit_price);
}

bool ColumnWriter::expects_rates(const OrderLine& line) const {
  return std::equal(
      m_item->rates.begin(), m_item->rates.end(), line.taxes.begin(), line.taxes.end(),
      [](const Decimal& rate, const TaxAmount& tax) { return order_fields::same_digits(rate, tax.rate_percent); });
}

Bytes ColumnWriter::finish(std::uint64_t count) {
  for (const Bytes& head : m_heads) m_runs[heads_run].blob(head);
  const Bytes items = m_own.pack();
  m_runs[items_run].raw(items.data(), items.size());
  ByteWriter out;
  out.byte(batch_format);
  out.varint(count);
  out.varint(m_unit);
  out.byte(m_shared == nullptr ? 0 : 1);
  if (m_shared != nullptr) {
    const Hash256 hash = m_shared->hash();
    out.raw(hash.bytes.data(), hash.bytes.size());
  }
  pack_streams(out, m_runs);
  return out.take();
}

ColumnReader::ColumnReader(std::span<const std::uint8_t> bytes, const Catalogue* shared) : m_shared(shared) {
  ByteReader in(bytes);
  if (in.byte() != batch_format) in.fail("the batch has a format that this program does not know, before");
  m_header.count = in.varint();
  m_header.time_unit_ms = in.varint_to(INT64_MAX);
  if (!in.flag()) {
    m_shared = nullptr;
  } else {
    const auto wanted = in.raw(sizeof(Hash256::bytes));
    const bool have = shared != nullptr && std::equal(wanted.begin(), wanted.end(), shared->hash().bytes.begin());
    if (!have) in.fail("the batch refers to a catalogue that is not here, before");
  }
  m_streams.emplace(in, run_count);
  in.expect_end();
  for (std::size_t run = 0; run < run_count; ++run) m_runs.push_back(m_streams->reader(run));
  read_heads(m_runs[heads_run]);
  m_own = Catalogue::unpack(m_streams->run(items_run));
}

void ColumnReader::read_heads(ByteReader in) {
  while (in.remaining() > 0) {
    ByteReader bytes(in.blob());
    Head& head = m_heads.emplace_back();
    head.flags = order_fields::read_head(bytes, head.order);
    bytes.expect_end();
  }
}

std::uint16_t ColumnReader::take_head(Order& order) {
  const std::uint64_t number = from(Column::head).varint();
  if (number >= m_heads.size()) from(Column::head).fail("unknown head before");
  const Head& head = m_heads[number];
  order.authority = head.order.authority;
  order.division = head.order.division;
  order.channel = head.order.channel;
  order.tax_mode = head.order.tax_mode;
  order.currency = head.order.currency;
  return head.flags;
}

void ColumnReader::take_number(std::string& number) {
  const std::uint64_t code = from(Column::number).varint();
  if (code == 0) {
    number = from(Column::number_text).text();
    split_number(number, m_number);
    return;
  }
  const auto value = static_cast<std::int64_t>(bits(m_number.value) + bits(unzigzag(code - 1)));
  if (value < 0 || value >= power_of_ten(m_number.digits))
    from(Column::number).fail("an order number is out of range before");
  m_number.value = value;
  join_number(m_number, number);
}

std::int64_t ColumnReader::take_sold_at() {
  m_sold_at = static_cast<std::int64_t>(bits(m_sold_at) +
                                        bits(from(Column::sold_at).signed_varint()) * m_header.time_unit_ms);
  return m_sold_at;
}

void ColumnReader::take_item(OrderLine& line) {
  std::size_t number = from(Column::item_low).byte();
  number |= static_cast<std::size_t>(from(Column::item_middle).byte()) << 8;
  number |= static_cast<std::size_t>(from(Column::item_high).byte()) << 16;
  const std::size_t shared = m_shared == nullptr ? 0 : m_shared->size();
  if (number >= shared + m_own.size()) from(Column::item_low).fail("unknown item before");
  m_item = number < shared ? &m_shared->item(static_cast<std::uint32_t>(number))
                           : &m_own.item(static_cast<std::uint32_t>(number - shared));
  line.sku = m_item->sku;
  line.gtin = m_item->gtin;
  line.description = m_item->description;
}

void ColumnReader::take_expected_rates(OrderLine& line) const {
  line.taxes.resize(m_item->rates.size());
  for (std::size_t i = 0; i < line.taxes.size(); ++i) line.taxes[i].rate_percent = m_item->rates[i];
}

void ColumnReader::expect_end() const {
  for (std::size_t run = 0; run < heads_run; ++run) m_runs[run].expect_end();
}

}  // namespace retour::codec
