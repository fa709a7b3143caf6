// Orders, their feed, their rights.
#include "db/codec/lowered_codec.hpp"
#include "db/sqlite/statement.hpp"
#include "sync/hub/sqlite/rights_codec.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view order_sql =
    "SELECT order_id, version, number, catchment, feed_seq, day, customer_key, card_key, evidence FROM order_record "
    "WHERE order_id = ?";
constexpr std::string_view orders_of_customer_sql =
    "SELECT order_id, version, number, catchment, feed_seq, day, customer_key, card_key, evidence FROM order_record "
    "WHERE customer_key = ?";
constexpr std::string_view insert_order_sql =
    "INSERT INTO order_record (order_id, version, number, catchment, feed_seq, day, customer_key, card_key, "
    "evidence) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

std::optional<LookupKey> nullable(const LookupKey& key) {
  return key.is_zero() ? std::nullopt : std::optional(key);
}

OrderRow order_of(const sqlite::Statement& row) {
  const auto evidence = row.blob(8);
  return {.order_id = row.id<OrderId>(0),
          .version = static_cast<std::uint32_t>(row.int64(1)),
          .number = std::string(row.text(2)),
          .catchment = static_cast<std::uint16_t>(row.int64(3)),
          .feed_seq = row.uint64(4),
          .day = CivilDate{static_cast<std::int32_t>(row.int64(5))},
          .customer = row.optional_id<LookupKey>(6).value_or(LookupKey{}),
          .card = row.optional_id<LookupKey>(7).value_or(LookupKey{}),
          .evidence = Bytes(evidence.begin(), evidence.end())};
}

}  // namespace

std::optional<OrderRow> SqliteHubStore::order(const OrderId& id) {
  auto row = m_database.statement(order_sql);
  if (!row.bind(1, id).step()) return std::nullopt;
  return order_of(row);
}

std::vector<OrderRow> SqliteHubStore::orders_of_customer(const LookupKey& customer) {
  std::vector<OrderRow> all;
  auto row = m_database.statement(orders_of_customer_sql);
  row.bind(1, customer);
  while (row.step()) all.push_back(order_of(row));
  return all;
}

void SqliteHubStore::insert_order(const OrderRow& row) {
  m_database.statement(insert_order_sql)
      .bind_all(row.order_id, row.version, std::string_view(row.number), row.catchment, row.feed_seq, row.day.days,
                nullable(row.customer), nullable(row.card), std::span<const std::uint8_t>(row.evidence))
      .run();
}

namespace {
constexpr std::string_view quarantine_sql =
    "INSERT OR IGNORE INTO order_quarantine (order_id, evidence_hash, number, reason, evidence) "
    "VALUES (?, ?, ?, ?, ?)";
}
void SqliteHubStore::quarantine_order(const OrderRow& row, const Hash256& evidence_hash, const std::string& reason) {
  m_database.statement(quarantine_sql)
      .bind_all(row.order_id, evidence_hash, std::string_view(row.number), std::string_view(reason),
                std::span<const std::uint8_t>(row.evidence))
      .run();
}

// ---- feed ------------------------------------------------------------------------------------------------------
namespace {
constexpr std::string_view feed_head_sql = "SELECT coalesce(max(feed_seq), 0) FROM order_record WHERE catchment = ?";
// Loose index scan: one step a catchment, however many orders there are.
constexpr std::string_view feed_heads_sql =
    "WITH RECURSIVE c (catchment) AS (SELECT min(catchment) FROM order_record UNION ALL "
    "SELECT (SELECT min(o.catchment) FROM order_record o WHERE o.catchment > c.catchment) FROM c "
    "WHERE c.catchment IS NOT NULL) "
    "SELECT catchment, (SELECT max(feed_seq) FROM order_record o WHERE o.catchment = c.catchment) FROM c "
    "WHERE catchment IS NOT NULL";
constexpr std::string_view feed_sql =
    "SELECT feed_seq, order_id, customer_key, card_key, evidence, day FROM order_record "
    "WHERE catchment = ? AND feed_seq > ? ORDER BY feed_seq";
constexpr std::string_view feed_ids_sql =
    "SELECT feed_seq, order_id FROM order_record WHERE catchment = ? AND feed_seq > ? ORDER BY feed_seq LIMIT ?";
}  // namespace

std::uint64_t SqliteHubStore::feed_head(std::uint16_t catchment) {
  auto row = m_database.statement(feed_head_sql);
  row.bind(1, catchment).step();
  return row.uint64(0);
}

std::vector<std::pair<std::uint16_t, std::uint64_t>> SqliteHubStore::feed_heads() {
  std::vector<std::pair<std::uint16_t, std::uint64_t>> heads;
  auto row = m_database.statement(feed_heads_sql);
  while (row.step()) heads.emplace_back(static_cast<std::uint16_t>(row.int64(0)), row.uint64(1));
  return heads;
}

FeedSlice SqliteHubStore::feed(std::uint16_t catchment, std::uint64_t after, CivilDate from_day, std::size_t max,
                               std::size_t bytes_max) {
  FeedSlice slice{.next_seq = after};
  std::size_t bytes = 0;
  auto row = m_database.statement(feed_sql);
  row.bind_all(catchment, after);
  while (row.step()) {
    if (slice.items.size() == max || bytes > bytes_max) {
      slice.more = true;
      break;
    }
    slice.next_seq = row.uint64(0);
    if (row.int64(5) < from_day.days) continue;
    const auto evidence = row.blob(4);
    bytes += evidence.size();
    slice.items.push_back({.feed_seq = row.uint64(0),
                           .catchment = catchment,
                           .order_id = row.id<OrderId>(1),
                           .evidence = Bytes(evidence.begin(), evidence.end()),
                           .customer = row.optional_id<LookupKey>(2).value_or(LookupKey{}),
                           .card = row.optional_id<LookupKey>(3).value_or(LookupKey{})});
  }
  return slice;
}

std::vector<std::pair<std::uint64_t, OrderId>> SqliteHubStore::feed_ids(std::uint16_t catchment, std::uint64_t after,
                                                                        std::size_t max) {
  std::vector<std::pair<std::uint64_t, OrderId>> ids;
  auto row = m_database.statement(feed_ids_sql);
  row.bind_all(catchment, after, static_cast<std::uint64_t>(max));
  while (row.step()) ids.emplace_back(row.uint64(0), row.id<OrderId>(1));
  return ids;
}

// Feeds have no gaps, so their heads add up to the number of orders; counting a million rows takes a while.
std::uint64_t SqliteHubStore::order_count() {
  std::uint64_t count = 0;
  for (const auto& [catchment, head] : feed_heads()) count += head;
  return count;
}

// ---- rights ----------------------------------------------------------------------------------------------------
namespace {
constexpr std::string_view rights_sql = "SELECT ranges FROM order_right WHERE order_id = ?";
constexpr std::string_view put_rights_sql =
    "INSERT INTO order_right (order_id, ranges) VALUES (?, ?) ON CONFLICT (order_id) DO UPDATE SET ranges = "
    "excluded.ranges";
constexpr std::string_view each_right_sql = "SELECT order_id, ranges FROM order_right";
}  // namespace

std::optional<OrderRights> SqliteHubStore::rights(const OrderId& id) {
  auto row = m_database.statement(rights_sql);
  if (!row.bind(1, id).step()) return std::nullopt;
  return unpack_rights(row.blob(0));
}

void SqliteHubStore::put_rights(const OrderId& id, const OrderRights& rights) {
  const Bytes packed = pack_rights(rights);
  m_database.statement(put_rights_sql).bind_all(id, std::span<const std::uint8_t>(packed)).run();
}

void SqliteHubStore::each_right(const std::function<void(const OrderId&, const OrderRights&)>& take) {
  auto row = m_database.statement(each_right_sql);
  while (row.step()) take(row.id<OrderId>(0), unpack_rights(row.blob(1)));
}

// ---- what was taken off accounts -------------------------------------------------------------------------------
namespace {
constexpr std::string_view lowered_sql = "SELECT lowered FROM lowered_units WHERE order_id = ?";
constexpr std::string_view put_lowered_sql =
    "INSERT INTO lowered_units (order_id, lowered) VALUES (?, ?) ON CONFLICT (order_id) DO UPDATE SET lowered = "
    "excluded.lowered";
}  // namespace

std::vector<LoweredUnits> SqliteHubStore::lowered(const OrderId& id) {
  auto row = m_database.statement(lowered_sql);
  if (!row.bind(1, id).step()) return {};
  return codec::unpack_lowered(row.blob(0));
}

void SqliteHubStore::add_lowered(std::span<const LoweredUnits> lowered) {
  for (const LoweredUnits& one : lowered) {
    std::vector<LoweredUnits> all = this->lowered(one.units.order_id);
    all.push_back(one);
    const Bytes packed = codec::pack_lowered(all);
    m_database.statement(put_lowered_sql).bind_all(one.units.order_id, std::span<const std::uint8_t>(packed)).run();
  }
}

}  // namespace retour::hub
