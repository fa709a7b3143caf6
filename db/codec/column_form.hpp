#pragma once
// The column form of a batch of orders. Internal to db/codec.
// Columns of order_fields, then three dictionaries: heads, the batch's own items, and what feed items add.

#include <array>

#include "db/codec/catalogue.hpp"
#include "db/codec/order_fields.hpp"
#include "db/codec/streams.hpp"

namespace retour::codec {

enum class FeedColumn : std::uint8_t { flags = column_count, seq, catchment, customer, card, evidence };
inline constexpr std::size_t heads_run = column_count + 6;
inline constexpr std::size_t items_run = heads_run + 1;
inline constexpr std::size_t run_count = items_run + 1;

struct BatchHeader {
  std::uint64_t count = 0;         // orders, or feed items
  std::uint64_t time_unit_ms = 1;  // that all differences of times are multiples of
};

/// Prefix and trailing digits of an order number: numbers that follow each other differ little.
struct SplitNumber {
  std::string prefix;
  std::size_t digits = 0;
  std::int64_t value = 0;
};
void split_number(std::string_view number, SplitNumber& split);

class ColumnWriter {
 public:
  /// `shared` may be null; it outlives the writer.
  ColumnWriter(const Catalogue* shared, std::uint64_t time_unit_ms) : m_shared(shared), m_unit(time_unit_ms) {}

  ByteWriter& to(Column column) { return m_runs[static_cast<std::size_t>(column)]; }
  ByteWriter& to(FeedColumn column) { return m_runs[static_cast<std::size_t>(column)]; }

  void put_head(const Order& order, std::uint16_t flags);
  void put_number(const std::string& number);
  void put_sold_at(std::int64_t ms);
  void begin_line(const OrderLine& line);
  void put_item(const OrderLine& line);
  bool expects_price(const OrderLine& line) const;
  bool expects_rates(const OrderLine& line) const;

  Bytes finish(std::uint64_t count);

 private:
  const Catalogue* m_shared;
  std::uint64_t m_unit;
  Catalogue m_own;
  std::array<ByteWriter, run_count> m_runs;
  std::vector<Bytes> m_heads;
  ByteWriter m_head;
  SplitNumber m_number, m_number_before;
  std::int64_t m_sold_at = 0;
  std::uint32_t m_item_number = 0;
  const CatalogueItem* m_item = nullptr;
};

class ColumnReader {
 public:
  /// `shared` may be null when the batch refers to none; throws MalformedBody when it refers to another.
  ColumnReader(std::span<const std::uint8_t> bytes, const Catalogue* shared);

  ByteReader& from(Column column) { return m_runs[static_cast<std::size_t>(column)]; }
  ByteReader& from(FeedColumn column) { return m_runs[static_cast<std::size_t>(column)]; }

  std::uint16_t take_head(Order& order);
  void take_number(std::string& number);
  std::int64_t take_sold_at();
  void take_item(OrderLine& line);
  Decimal expected_price() const { return m_item->price; }
  void take_expected_rates(OrderLine& line) const;

  std::uint64_t count() const { return m_header.count; }
  /// Throws MalformedBody when a column holds more than was read.
  void expect_end() const;

 private:
  void read_heads(ByteReader in);

  struct Head {
    std::uint16_t flags = 0;
    Order order;
  };
  BatchHeader m_header;
  const Catalogue* m_shared;
  Catalogue m_own;
  std::optional<Streams> m_streams;
  std::vector<ByteReader> m_runs;
  std::vector<Head> m_heads;
  SplitNumber m_number;
  std::int64_t m_sold_at = 0;
  const CatalogueItem* m_item = nullptr;
};

}  // namespace retour::codec
