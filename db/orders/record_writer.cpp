#include "db/orders/record_writer.hpp"

#include <algorithm>

#include "db/codec/order_codec.hpp"

namespace retour::orders {
namespace {

constexpr std::string_view find_sql = R"sql(
    SELECT r.order_key, r.version, r.feed_seq, r.evidence
      FROM order_id_key k JOIN order_record r USING (order_key)
     WHERE k.id_head = ?1 AND r.order_id = ?2
)sql";
constexpr std::string_view insert_record_sql = R"sql(
    INSERT INTO order_record (order_id, version, catchment, sold_on, feed_seq, customer, card, evidence)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
)sql";
constexpr std::string_view update_feed_sql =
    "UPDATE order_record SET catchment = ?2, feed_seq = ?3 WHERE order_key = ?1";
constexpr std::string_view insert_id_sql = "INSERT INTO order_id_key VALUES (?1, ?2)";
constexpr std::string_view insert_number_sql = "INSERT INTO number_key VALUES (?1, ?2)";
constexpr std::string_view insert_customer_sql = "INSERT INTO customer_key VALUES (?1, ?2, ?3)";
constexpr std::string_view insert_card_sql = "INSERT INTO card_key VALUES (?1, ?2, ?3)";
constexpr std::string_view insert_item_key_sql = "INSERT OR IGNORE INTO item_key VALUES (?1, ?2, ?3)";
constexpr std::string_view find_item_sql = "SELECT item_no FROM item WHERE sku = ?1";
constexpr std::string_view insert_item_sql = "INSERT INTO item (sku) VALUES (?1)";
constexpr std::string_view insert_barcode_sql = "INSERT OR IGNORE INTO item_barcode VALUES (?1, ?2)";
constexpr std::string_view cursor_sql = R"sql(
    INSERT INTO feed_cursor VALUES (?1, ?2)
        ON CONFLICT (catchment) DO UPDATE SET feed_seq = max(feed_seq, excluded.feed_seq)
)sql";
constexpr std::string_view record_sql =
    "SELECT order_id, sold_on, customer, card, evidence FROM order_record WHERE order_key = ?1";
constexpr std::string_view delete_record_sql = "DELETE FROM order_record WHERE order_key = ?1";
constexpr std::string_view delete_id_sql = "DELETE FROM order_id_key WHERE id_head = ?1 AND order_key = ?2";
constexpr std::string_view delete_number_sql = "DELETE FROM number_key WHERE number_hash = ?1 AND order_key = ?2";
constexpr std::string_view delete_customer_sql =
    "DELETE FROM customer_key WHERE customer_head = ?1 AND sold_on = ?2 AND order_key = ?3";
constexpr std::string_view delete_card_sql =
    "DELETE FROM card_key WHERE card_head = ?1 AND sold_on = ?2 AND order_key = ?3";
constexpr std::string_view delete_item_key_sql = R"sql(
    DELETE FROM item_key
     WHERE item_no = (SELECT item_no FROM item WHERE sku = ?1) AND sold_on = ?2 AND order_key = ?3
)sql";

template <class... Values>
void run(sqlite::Database& database, std::string_view sql, const Values&... values) {
  database.statement(sql).bind_all(values...).run();
}

std::optional<LookupKey> optional_key(const LookupKey& key) {
  return key.is_zero() ? std::nullopt : std::optional(key);
}

}  // namespace

std::optional<RecordWriter::Known> RecordWriter::find(const FeedItem& item) {
  auto statement = m_database.statement(find_sql);
  statement.bind_all(head_of(item.order_id), item.order_id);
  if (!statement.step()) return std::nullopt;
  const auto evidence = statement.blob(3);
  return Known{
      .order_key = statement.int64(0),
      .version = static_cast<std::uint32_t>(statement.int64(1)),
      .feed_seq = statement.uint64(2),
      .same_evidence = std::equal(evidence.begin(), evidence.end(), item.evidence.begin(), item.evidence.end())};
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
  insert_keys(m_database.last_insert_rowid(), item, order);
}

void RecordWriter::insert_keys(std::int64_t order_key, const FeedItem& item, const Order& order) {
  run(m_database, insert_id_sql, head_of(item.order_id), order_key);
  run(m_database, insert_number_sql, text_hash(order.number), order_key);
  if (!item.customer.is_zero()) {
    run(m_database, insert_customer_sql, head_of(item.customer), order.sold_on.days, order_key);
  }
  if (!item.card.is_zero()) run(m_database, insert_card_sql, head_of(item.card), order.sold_on.days, order_key);
  items_of(order, m_items);
  for (const ItemOfOrder& of_order : m_items) {
    run(m_database, insert_item_key_sql, item_number(of_order), order.sold_on.days, order_key);
  }
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
    const std::int64_t sold_on = record.int64(1);
    codec::unpack_order(record.blob(4), m_order);
    run(m_database, delete_id_sql, head_of(record.id<OrderId>(0)), order_key);
    if (const auto key = record.optional_id<LookupKey>(2)) {
      run(m_database, delete_customer_sql, head_of(*key), sold_on, order_key);
    }
    if (const auto key = record.optional_id<LookupKey>(3)) {
      run(m_database, delete_card_sql, head_of(*key), sold_on, order_key);
    }
    run(m_database, delete_number_sql, text_hash(m_order.number), order_key);
    items_of(m_order, m_items);
    for (const ItemOfOrder& item : m_items) run(m_database, delete_item_key_sql, item.sku, sold_on, order_key);
  }
  run(m_database, delete_record_sql, order_key);
}

void RecordWriter::move_cursor(const FeedCursor& cursor) {
  run(m_database, cursor_sql, cursor.catchment, cursor.feed_seq);
}

}  // namespace retour::orders
