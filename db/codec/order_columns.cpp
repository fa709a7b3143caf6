#include "db/codec/order_columns.hpp"

#include <numeric>

#include "db/codec/column_form.hpp"
#include "db/codec/digest.hpp"
#include "db/codec/feed_chunk.hpp"
#include "db/codec/order_codec.hpp"
#include "db/codec/row_form.hpp"

namespace retour::codec {
namespace {

constexpr std::uint8_t has_customer = 1;
constexpr std::uint8_t has_card = 2;
constexpr std::uint8_t whole_evidence = 4;  // not what this program would pack: carried as it is
constexpr std::uint8_t other_catchment = 8;
constexpr std::uint8_t feed_flags_all = 15;

// The largest step that all differences of times are multiples of: sources count in minutes or seconds.
std::uint64_t time_unit(std::span<const Order> orders) {
  std::uint64_t unit = 0;
  std::int64_t before = 0;
  for (const Order& order : orders) {
    const auto difference =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(order.sold_at_ms) - static_cast<std::uint64_t>(before));
    if (difference == INT64_MIN) return 1;
    unit = std::gcd(unit, static_cast<std::uint64_t>(difference < 0 ? -difference : difference));
    before = order.sold_at_ms;
  }
  return unit == 0 ? 1 : unit;
}

bool id_is_derived(const Order& order) {
  return order.id == derive_order_id(order.authority, order.number);
}

void put_key(ByteWriter& out, const LookupKey& key) {
  if (!key.is_zero()) out.raw(key.bytes.data(), key.bytes.size());
}
LookupKey take_key(ByteReader& in) {
  LookupKey key;
  std::memcpy(key.bytes.data(), in.raw(key.bytes.size()).data(), key.bytes.size());
  return key;
}

// The order when the evidence is exactly what this program makes of it; else the evidence must travel whole.
std::optional<Order> as_columns(const FeedItem& item) {
  Order order = unpack_order(item.evidence);
  if (order.id == item.order_id && pack_order(order) == item.evidence) return order;
  return std::nullopt;
}

void put_feed_item(ColumnWriter& form, const FeedItem& item, bool whole, const FeedItem* before) {
  const std::uint16_t catchment_before = before == nullptr ? std::uint16_t{0} : before->catchment;
  const std::uint64_t seq_before = before == nullptr ? 0 : before->feed_seq;
  const bool moved = item.catchment != catchment_before;
  form.to(FeedColumn::flags)
      .byte(static_cast<std::uint8_t>((item.customer.is_zero() ? 0 : has_customer) |
                                      (item.card.is_zero() ? 0 : has_card) | (whole ? whole_evidence : 0) |
                                      (moved ? other_catchment : 0)));
  if (moved) form.to(FeedColumn::catchment).varint(item.catchment);
  form.to(FeedColumn::seq).signed_varint(static_cast<std::int64_t>(item.feed_seq - seq_before - 1));
  put_key(form.to(FeedColumn::customer), item.customer);
  put_key(form.to(FeedColumn::card), item.card);
  if (!whole) return;
  form.to(FeedColumn::evidence).raw(item.order_id.bytes.data(), item.order_id.bytes.size());
  form.to(FeedColumn::evidence).blob(item.evidence);
}

class ChunkReader {
 public:
  ChunkReader(std::span<const std::uint8_t> chunk, const Catalogue* shared) : m_form(chunk, shared) {}

  void read(const std::function<void(const FeedItem&, const Order&)>& take) {
    for (std::uint64_t i = 0; i < m_form.count(); ++i) {
      next();
      take(m_item, m_order);
    }
    m_form.expect_end();
  }

 private:
  void next() {
    const std::uint8_t flags = m_form.from(FeedColumn::flags).byte();
    if (flags > feed_flags_all) m_form.from(FeedColumn::flags).fail("unknown flags of a feed item before");
    if (flags & other_catchment) {
      m_item.catchment = static_cast<std::uint16_t>(m_form.from(FeedColumn::catchment).varint_to(UINT16_MAX));
    }
    m_item.feed_seq += static_cast<std::uint64_t>(m_form.from(FeedColumn::seq).signed_varint()) + 1;
    m_item.customer = flags & has_customer ? take_key(m_form.from(FeedColumn::customer)) : LookupKey{};
    m_item.card = flags & has_card ? take_key(m_form.from(FeedColumn::card)) : LookupKey{};
    if (flags & whole_evidence) {
      take_whole();
    } else {
      take_columns();
    }
  }
  void take_whole() {
    ByteReader& in = m_form.from(FeedColumn::evidence);
    std::memcpy(m_item.order_id.bytes.data(), in.raw(16).data(), 16);
    const auto evidence = in.blob();
    m_item.evidence.assign(evidence.begin(), evidence.end());
    unpack_order(evidence, m_order);
  }
  void take_columns() {
    const bool derived = order_fields::read_order(m_form, m_order);
    if (derived) m_order.id = derive_order_id(m_order.authority, m_order.number);
    m_item.order_id = m_order.id;
    m_row.clear();
    write_evidence(m_row, m_order, derived);
    m_item.evidence.assign(m_row.bytes().begin(), m_row.bytes().end());
  }

  ColumnReader m_form;
  FeedItem m_item;
  Order m_order;
  ByteWriter m_row;
};

}  // namespace

Bytes pack_columns(std::span<const Order> orders, const Catalogue* shared) {
  ColumnWriter form(shared, time_unit(orders));
  for (const Order& order : orders) order_fields::write_order(form, order, id_is_derived(order));
  return form.finish(orders.size());
}

std::vector<Order> unpack_columns(std::span<const std::uint8_t> batch, const Catalogue* shared) {
  ColumnReader form(batch, shared);
  std::vector<Order> orders;
  for (std::uint64_t i = 0; i < form.count(); ++i) {
    Order& order = orders.emplace_back();
    if (order_fields::read_order(form, order)) order.id = derive_order_id(order.authority, order.number);
  }
  form.expect_end();
  return orders;
}

Bytes pack_chunk(std::span<const FeedItem> items, const Catalogue* shared) {
  std::vector<std::optional<Order>> orders;
  std::vector<Order> in_columns;
  for (const FeedItem& item : items) orders.push_back(as_columns(item));
  for (const auto& order : orders) {
    if (order) in_columns.push_back(*order);
  }
  ColumnWriter form(shared, time_unit(in_columns));
  for (std::size_t i = 0; i < items.size(); ++i) {
    put_feed_item(form, items[i], !orders[i], i == 0 ? nullptr : &items[i - 1]);
    if (orders[i]) order_fields::write_order(form, *orders[i], id_is_derived(*orders[i]));
  }
  return form.finish(items.size());
}

void read_chunk(std::span<const std::uint8_t> chunk, const Catalogue* shared,
                const std::function<void(const FeedItem&, const Order&)>& take) {
  ChunkReader(chunk, shared).read(take);
}

std::vector<FeedItem> unpack_chunk(std::span<const std::uint8_t> chunk, const Catalogue* shared) {
  std::vector<FeedItem> items;
  read_chunk(chunk, shared, [&items](const FeedItem& item, const Order&) { items.push_back(item); });
  return items;
}

}  // namespace retour::codec
