#include "db/codec/catalogue.hpp"

#include "db/codec/digest.hpp"
#include "db/codec/order_fields.hpp"
#include "db/codec/streams.hpp"

namespace retour::codec {
namespace {

enum Run : std::size_t {
  text_sizes,
  skus,
  gtins,
  gtin_bytes,
  descriptions = gtin_bytes + 6,
  prices,
  rates,
  run_count
};

constexpr std::uint8_t gtin_empty = 0;
constexpr std::uint8_t gtin_plain = 1;  // its number, a byte a run: makers repeat in the high ones
constexpr std::uint8_t gtin_text = 2;

void put_text(std::array<ByteWriter, run_count>& runs, Run run, std::string_view text) {
  runs[text_sizes].varint(text.size());
  runs[run].raw(text.data(), text.size());
}

void put_gtin(std::array<ByteWriter, run_count>& runs, const std::string& gtin) {
  const auto number = order_fields::gtin_number(gtin);
  runs[gtins].byte(number ? gtin_plain : gtin.empty() ? gtin_empty : gtin_text);
  if (number) {
    for (std::size_t i = 0; i < 6; ++i) runs[gtin_bytes + i].byte(static_cast<std::uint8_t>(*number >> (40 - 8 * i)));
  } else if (!gtin.empty()) {
    runs[gtins].text(gtin);
  }
}

std::array<ByteWriter, run_count> runs_of(const Catalogue& catalogue) {
  std::array<ByteWriter, run_count> runs;
  for (std::uint32_t i = 0; i < catalogue.size(); ++i) {
    const CatalogueItem& item = catalogue.item(i);
    put_text(runs, skus, item.sku);
    put_gtin(runs, item.gtin);
    put_text(runs, descriptions, item.description);
    order_fields::write_decimal(runs[prices], item.price);
    runs[rates].varint(item.rates.size());
    for (const Decimal& rate : item.rates) order_fields::write_decimal(runs[rates], rate);
  }
  return runs;
}

class ItemReader {
 public:
  explicit ItemReader(const Streams& streams) {
    for (std::size_t run = 0; run < run_count; ++run) m_runs.push_back(streams.reader(run));
  }
  bool at_end() const { return m_runs[gtins].remaining() == 0; }
  void next(OrderLine& line) {
    take_text(skus, line.sku);
    take_gtin(line.gtin);
    take_text(descriptions, line.description);
    line.unit_price = order_fields::read_decimal(m_runs[prices]);
    line.taxes.resize(m_runs[rates].count());
    for (TaxAmount& tax : line.taxes) tax.rate_percent = order_fields::read_decimal(m_runs[rates]);
  }
  void expect_end() const {
    for (const ByteReader& run : m_runs) run.expect_end();
  }

 private:
  void take_text(Run run, std::string& text) {
    const auto bytes = m_runs[run].raw(m_runs[text_sizes].varint());
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void take_gtin(std::string& gtin) {
    switch (m_runs[gtins].byte()) {
      case gtin_empty:
        gtin.clear();
        break;
      case gtin_text:
        gtin = m_runs[gtins].text();
        break;
      case gtin_plain: {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 6; ++i) number = number << 8 | m_runs[gtin_bytes + i].byte();
        if (number > order_fields::gtin_number_max) m_runs[gtin_bytes].fail("a GTIN is out of range before");
        order_fields::set_gtin(gtin, number);
        break;
      }
      default:
        m_runs[gtins].fail("unknown kind of GTIN before");
    }
  }
  std::vector<ByteReader> m_runs;
};

}  // namespace

void Catalogue::key_of(const OrderLine& line, std::string& key) {
  key.assign(line.sku).append(1, '\x1f').append(line.gtin).append(1, '\x1f').append(line.description);
}

std::optional<std::uint32_t> Catalogue::find(const OrderLine& line) const {
  key_of(line, m_key);
  const auto found = m_numbers.find(m_key);
  if (found == m_numbers.end()) return std::nullopt;
  const CatalogueItem& item = m_items[found->second];  // texts that hold the separator may share a key
  const bool same = item.sku == line.sku && item.gtin == line.gtin && item.description == line.description;
  return same ? std::optional(found->second) : std::nullopt;
}

std::uint32_t Catalogue::add(const OrderLine& line) {
  if (const auto known = find(line)) return *known;
  const auto number = static_cast<std::uint32_t>(m_items.size());
  require(number < catalogue_items_max, "a catalogue has room for its items");
  CatalogueItem& item =
      m_items.emplace_back(CatalogueItem{line.sku, line.gtin, line.description, line.unit_price, {}});
  for (const TaxAmount& tax : line.taxes) item.rates.push_back(tax.rate_percent);
  m_numbers.insert_or_assign(m_key, number);
  m_hash.reset();
  return number;
}

Bytes Catalogue::pack() const {
  ByteWriter out;
  pack_streams(out, runs_of(*this));
  return out.take();
}

Catalogue Catalogue::unpack(std::span<const std::uint8_t> bytes) {
  ByteReader in(bytes);
  const Streams streams(in, run_count);
  in.expect_end();
  ItemReader items(streams);
  Catalogue catalogue;
  for (OrderLine line; !items.at_end();) {
    items.next(line);
    if (catalogue.add(line) + 1 != catalogue.size()) in.fail("an item stands twice in a catalogue before");
  }
  items.expect_end();
  return catalogue;
}

Hash256 Catalogue::hash() const {
  if (m_hash) return *m_hash;
  Sha256 hasher;
  for (const ByteWriter& run : runs_of(*this)) {
    ByteWriter size;
    size.varint(run.size());
    hasher.update(size.bytes()).update(run.bytes());
  }
  m_hash = hasher.finish();
  return *m_hash;
}

}  // namespace retour::codec
