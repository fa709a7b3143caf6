#include "db/orders/record_writer.hpp"

#include <algorithm>

#include "db/codec/order_codec.hpp"

namespace retour::orders {
namespace {

constexpr std::string_view find_sql =
    "SELECT order_id, version, feed_seq, evidence FROM order_record WHERE order_key = ?1";
constexpr std::string_view insert_record_sql = R"sql(
    INSERT INTO order_record (order_id, version, catchment, sold_on, feed_seq, customer, card, evidence)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
)sql";
constexpr std::string_view update_feed_sql =
    "UPDATE order_record SET catchment = ?2, feed_seq = ?3 WHERE order_key = ?1";
constexpr std::string_view find_item_sql = "SELECT item_no FROM item WHERE sku = ?1";
constexpr std::string_view insert_item_sql = "INSERT INTO item (sku) VALUES (?1)";
constexpr std::string_view insert_barcode_sql = "INSERT OR IGNORE INTO item_barcode VALUES (?1, ?2)";
constexpr std::string_view cursor_sql = R"sql(
    INSERT INTO feed_cursor VALUES (?1, ?2)
        ON CONFLICT (catchment) DO UPDATE SET feed_seq = max(feed_seq, excluded.feed_seq)
)sql";
constexpr std::string_view record_sql = "SELECT customer, card, evidence FROM order_record WHERE order_key = ?1";
constexpr std::string_view count_sql = "UPDATE replica_state SET order_count = order_count + ?1";
constexpr std::string_view delete_record_sql = "DELETE FROM order_record WHERE order_key = ?1";
template <class... Values>
void run(sqlite::Database& database, std::string_view sql, const Values&... values) {
  database.statement(sql).bind_all(values...).run();
}

std::optional<LookupKey> optional_key(const LookupKey& key) {
  return key.is_zero() ? std::nullopt : std::optional(key);
}

}  // namespace

std::optional<RecordWriter::Known> RecordWriter::find(const FeedItem& item) {
  for (const KeyRow& row : m_keys.find(KeyKind::order_id, head_of(item.order_id))) {
    auto statement = m_database.statement(find_sql);
    statement.bind(1, row.order_key);
    if (!statement.step() || statement.id<OrderId>(0) != item.order_id) continue;
    const auto evidence = statement.blob(3);
    return Known{
        .order_key = row.order_key,
        .version = static_cast<std::uint32_t>(statement.int64(1)),
        .feed_seq = statement.uint64(2),
        .same_evidence = std::equal(evidence.begin(), evidence.end(), item.evidence.begin(), item.evidence.end())};
  }
  return std::nullopt;
}

void RecordWriter::apply(const FeedItem& item, OrderReplica::Applied& applied) {
  try {
    codec::unpack_order(item.evidence, m_order);
  } catch (const codec::MalformedBody& error) {
    applied.refused.push_back({item.catchment, item.feed_seq, error.what()});
    return;
  }
  if (m_order.id != item.order_id) {
    applied.refused.push_back({item.catchment, item.feed_seq, "the evidence is of order " + m_order.id.to_string()});
    return;
  }
  const auto known = find(item);
  if (!known) {
    insert(item, m_order);
    ++applied.added;
  } else if (known->version > m_order.version || known->same_evidence) {
    if (known->version == m_order.version) update_feed(*known, item);
    ++applied.known;
  } else {
    remove(known->order_key);
    codec::unpack_order(item.evidence, m_order);  // remove() has used its memory
    insert(item, m_order);
    ++applied.replaced;
  }
}

// A sale of this store comes back through the feed: from now on it is the feed's.
void RecordWriter::update_feed(const Known& known, const FeedItem& item) {
  if (known.feed_seq == 0 && item.feed_seq != 0) {
    run(m_database, update_feed_sql, known.order_key, item.catchment, item.feed_seq);
  }
}

void RecordWriter::insert(const FeedItem& item, const Order& order) {
  run(m_database, insert_record_sql, item.order_id, order.version, item.catchment, order.sold_on.days, item.feed_seq,
      optional_key(item.customer), optional_key(item.card), std::span<const std::uint8_t>(item.evidence));
  const auto order_key = static_cast<std::uint32_t>(m_database.last_insert_rowid());
  ++m_more;
  for_each_key(order_key, item.customer, item.card, order,
               [this](KeyKind kind, const KeyRow& row) { m_keys.add(kind, row); });
  prices_of(order, m_prices);
  for (const ItemPrice& price : m_prices)
    put_price(m_database, item_number({price.sku, {}}), order.sold_on, order.currency, price.lowest_minor);
}

template <class Each>
void RecordWriter::for_each_key(std::uint32_t order_key, const LookupKey& customer, const LookupKey& card,
                                const Order& order, Each each) {
  const std::int32_t day = order.sold_on.days;
  each(KeyKind::order_id, KeyRow{head_of(order.id), 0, order_key});
  each(KeyKind::number, KeyRow{text_hash(order.number), 0, order_key});
  if (!customer.is_zero()) each(KeyKind::customer, KeyRow{head_of(customer), day, order_key});
  if (!card.is_zero()) each(KeyKind::card, KeyRow{head_of(card), day, order_key});
  items_of(order, m_items);
  for (const ItemOfOrder& item : m_items) each(KeyKind::item, KeyRow{item_number(item), day, order_key});
}

std::int64_t RecordWriter::item_number(const ItemOfOrder& item) {
  std::int64_t number = 0;
  {
    auto statement = m_database.statement(find_item_sql);
    statement.bind(1, item.sku);
    if (statement.step()) number = statement.int64(0);
  }
  if (number == 0) {
    run(m_database, insert_item_sql, item.sku);
    number = m_database.last_insert_rowid();
  }
  if (!item.gtin.empty()) run(m_database, insert_barcode_sql, item.gtin, number);
  return number;
}

void RecordWriter::remove(std::int64_t order_key) {
  {
    auto record = m_database.statement(record_sql);
    record.bind(1, order_key);
    if (!record.step()) return;
    codec::unpack_order(record.blob(2), m_order);
    for_each_key(static_cast<std::uint32_t>(order_key), record.optional_id<LookupKey>(0).value_or(LookupKey{}),
                 record.optional_id<LookupKey>(1).value_or(LookupKey{}), m_order,
                 [this](KeyKind kind, const KeyRow& row) { m_keys.remove(kind, row); });
  }
  run(m_database, delete_record_sql, order_key);
  --m_more;
}

void RecordWriter::count() {
  if (m_more != 0) run(m_database, count_sql, m_more);
  m_more = 0;
}

void RecordWriter::move_cursor(const FeedCursor& cursor) {
  run(m_database, cursor_sql, cursor.catchment, cursor.feed_seq);
}

}  // namespace retour::orders
