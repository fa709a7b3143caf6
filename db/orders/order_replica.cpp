#include "db/orders/order_replica.hpp"

#include <algorithm>

#include "db/orders/record_writer.hpp"
#include "db/orders/replica_schema.hpp"

namespace retour::orders {
namespace {

constexpr int open_attempts_max = 5;  // a swap between looking and opening; two in a row are already unlikely

constexpr sqlite::OpenOptions options_of(ReplicaMode mode) {
  sqlite::OpenOptions options;
  options.mode = mode == ReplicaMode::read ? sqlite::Mode::read_only : sqlite::Mode::read_write;
  options.synchronous = sqlite::Synchronous::normal;  // what a power cut takes, the feed brings again
  options.wal_autocheckpoint_pages = 8'000;           // 32 MB: a bound, should nobody call checkpoint()
  options.cache_kib = 16'384;
  options.mmap_bytes = std::int64_t{4} << 30;  // 1,000,000 orders take half a gigabyte
  options.application_id = replica_application_id;
  options.user_version_max = replica_version;
  return options;
}

#define RETOUR_STORED "SELECT r.catchment, r.customer, r.card, r.evidence, r.order_id "

constexpr std::string_view get_sql = RETOUR_STORED R"sql(
      FROM order_id_key k JOIN order_record r USING (order_key)
     WHERE k.id_head = ?1 AND r.order_id = ?2
)sql";
constexpr std::string_view by_number_sql = RETOUR_STORED R"sql(
      FROM number_key k JOIN order_record r USING (order_key)
     WHERE k.number_hash = ?1
)sql";
constexpr std::string_view by_customer_sql = RETOUR_STORED R"sql(
      FROM customer_key k JOIN order_record r USING (order_key)
     WHERE k.customer_head = ?1 AND r.customer = ?2
     ORDER BY k.sold_on DESC, k.order_key DESC LIMIT ?3
)sql";
constexpr std::string_view by_card_sql = RETOUR_STORED R"sql(
      FROM card_key k JOIN order_record r USING (order_key)
     WHERE k.card_head = ?1 AND r.card = ?2
     ORDER BY k.sold_on DESC, k.order_key DESC LIMIT ?3
)sql";
constexpr std::string_view by_item_and_date_sql = RETOUR_STORED R"sql(
      FROM item_key k JOIN order_record r USING (order_key)
     WHERE k.item_no = ?1 AND k.sold_on BETWEEN ?2 AND ?3
     ORDER BY k.sold_on DESC, k.order_key DESC LIMIT ?4
)sql";
// The customer's orders that hold the item: a probe of the small item tree instead of unpacking every order.
constexpr std::string_view by_item_and_customer_sql = RETOUR_STORED R"sql(
      FROM customer_key k JOIN order_record r USING (order_key)
     WHERE k.customer_head = ?1 AND r.customer = ?2
       AND EXISTS (SELECT 1 FROM item_key i
                    WHERE i.item_no = ?3 AND i.sold_on = k.sold_on AND i.order_key = k.order_key)
     ORDER BY k.sold_on DESC, k.order_key DESC
)sql";
constexpr std::string_view item_by_sku_sql = "SELECT item_no FROM item WHERE sku = ?1";
constexpr std::string_view items_by_gtin_sql = "SELECT item_no FROM item_barcode WHERE gtin = ?1";
constexpr std::string_view skus_by_gtin_sql =
    "SELECT i.sku FROM item_barcode b JOIN item i USING (item_no) WHERE b.gtin = ?1 ORDER BY i.sku";
constexpr std::string_view cursors_sql = "SELECT catchment, feed_seq FROM feed_cursor ORDER BY catchment";
constexpr std::string_view feed_position_sql = "SELECT coalesce(sum(feed_seq), 0) FROM feed_cursor";
constexpr std::string_view count_sql = "SELECT count(*) FROM order_id_key";
constexpr std::string_view local_sql =
    "SELECT catchment, customer, card, evidence, order_id FROM order_record WHERE feed_seq = 0 ORDER BY order_key";
constexpr std::string_view purge_sql =
    "SELECT order_key FROM order_record WHERE catchment <> ?1 AND sold_on < ?2 AND order_key > ?3 LIMIT ?4";

#undef RETOUR_STORED

StoredOrder stored(const sqlite::Statement& row) {
  StoredOrder found;
  const auto evidence = row.blob(3);
  found.evidence.assign(evidence.begin(), evidence.end());
  codec::unpack_order(evidence, found.order);
  found.customer = row.optional_id<LookupKey>(1).value_or(LookupKey{});
  found.card = row.optional_id<LookupKey>(2).value_or(LookupKey{});
  found.catchment = static_cast<std::uint16_t>(row.int64(0));
  return found;
}

// Dates order the rows; within a day the time does. A stable sort keeps later entries first among equals.
void sort_newest_first(std::vector<StoredOrder>& orders) {
  std::stable_sort(orders.begin(), orders.end(), [](const StoredOrder& a, const StoredOrder& b) {
    return a.order.sold_at_ms > b.order.sold_at_ms;
  });
}

std::vector<StoredOrder> all_stored(sqlite::Statement statement) {
  std::vector<StoredOrder> orders;
  while (statement.step()) orders.push_back(stored(statement));
  sort_newest_first(orders);
  return orders;
}

std::optional<std::int64_t> item_of_sku(sqlite::Database& database, std::string_view sku) {
  auto statement = database.statement(item_by_sku_sql);
  statement.bind(1, sku);
  return statement.step() ? std::optional(statement.int64(0)) : std::nullopt;
}

// The numbers of items that `item` may mean: its barcode, or its SKU.
std::vector<std::int64_t> item_numbers(sqlite::Database& database, std::string_view item) {
  std::vector<std::int64_t> numbers;
  if (const auto number = item_of_sku(database, item)) numbers.push_back(*number);
  auto statement = database.statement(items_by_gtin_sql);
  statement.bind(1, item);
  while (statement.step()) {
    if (std::find(numbers.begin(), numbers.end(), statement.int64(0)) == numbers.end()) {
      numbers.push_back(statement.int64(0));
    }
  }
  return numbers;
}

void append(std::vector<StoredOrder>& orders, std::vector<StoredOrder>&& more) {
  for (StoredOrder& order : more) {
    const bool known = std::any_of(orders.begin(), orders.end(),
                                   [&order](const StoredOrder& other) { return other.order.id == order.order.id; });
    if (!known) orders.push_back(std::move(order));
  }
}

}  // namespace

OrderReplica::OrderReplica(std::filesystem::path path, ReplicaMode mode) : m_path(std::move(path)), m_mode(mode) {}

OrderReplica OrderReplica::open(const std::filesystem::path& path, ReplicaMode mode) {
  OrderReplica replica(path, mode);
  replica.current();
  return replica;
}

sqlite::Database& OrderReplica::current() {
  const auto identity = identity_of(m_path);
  if (!identity) {
    throw Error({.operation = "open",
                 .object = m_path.string(),
                 .cause = "there is no replica of orders",
                 .consequence = "it is fetched from the hub; until then returns need the hub"});
  }
  if (!m_database || m_identity != *identity) reopen(*identity);
  return *m_database;
}

// Opens what the path stands for, and makes sure that it still does when the file is open.
void OrderReplica::reopen(const FileIdentity& identity) {
  FileIdentity wanted = identity;
  for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
    m_database.emplace(sqlite::Database::open(m_path, options_of(m_mode)));
    const int version = m_database->user_version();  // also takes hold of log and index, which a swap unlinks
    const auto now = identity_of(m_path);
    if (now && *now == wanted) {
      if (version == replica_version) {
        m_identity = wanted;
        return;
      }
      m_database.reset();
      throw ReplicaOutdated({.operation = "open",
                             .object = m_path.string(),
                             .cause = "its layout is version " + std::to_string(version) + ", this program uses " +
                                      std::to_string(replica_version),
                             .consequence = "it is built again from the hub, nothing is lost"});
    }
    if (now) wanted = *now;
  }
  m_database.reset();
  throw Error({.operation = "open",
               .object = m_path.string(),
               .cause = "the replica was swapped each time it was opened",
               .consequence = "try again"});
}

std::optional<StoredOrder> OrderReplica::get(const OrderId& id) {
  auto statement = current().statement(get_sql);
  statement.bind_all(head_of(id), id);
  return statement.step() ? std::optional(stored(statement)) : std::nullopt;
}

std::vector<StoredOrder> OrderReplica::by_number(std::string_view number) {
  auto statement = current().statement(by_number_sql);
  statement.bind(1, text_hash(number));
  std::vector<StoredOrder> orders;
  while (statement.step()) {
    orders.push_back(stored(statement));
    if (orders.back().order.number != number) orders.pop_back();  // another text with the same hash
  }
  sort_newest_first(orders);
  return orders;
}

std::vector<StoredOrder> OrderReplica::by_customer(const LookupKey& customer, std::size_t max) {
  auto statement = current().statement(by_customer_sql);
  statement.bind_all(head_of(customer), customer, max);
  return all_stored(std::move(statement));
}

std::vector<StoredOrder> OrderReplica::by_card(const LookupKey& card, std::size_t max) {
  auto statement = current().statement(by_card_sql);
  statement.bind_all(head_of(card), card, max);
  return all_stored(std::move(statement));
}

std::vector<StoredOrder> OrderReplica::by_item_and_date(std::string_view item, const DateRange& dates,
                                                        std::size_t max) {
  sqlite::Database& database = current();
  sqlite::Transaction reading(database, sqlite::Transaction::Kind::read);
  std::vector<StoredOrder> orders;
  for (const std::int64_t number : item_numbers(database, item)) {
    auto statement = database.statement(by_item_and_date_sql);
    statement.bind_all(number, dates.from.days, dates.to.days, max);
    append(orders, all_stored(std::move(statement)));
  }
  sort_newest_first(orders);
  if (orders.size() > max) orders.resize(max);
  return orders;
}

std::vector<StoredOrder> OrderReplica::by_item_and_customer(std::string_view item, const LookupKey& customer) {
  sqlite::Database& database = current();
  sqlite::Transaction reading(database, sqlite::Transaction::Kind::read);
  std::vector<StoredOrder> orders;
  for (const std::int64_t number : item_numbers(database, item)) {
    auto statement = database.statement(by_item_and_customer_sql);
    statement.bind_all(head_of(customer), customer, number);
    append(orders, all_stored(std::move(statement)));
  }
  sort_newest_first(orders);
  return orders;
}

std::vector<StoredLots> OrderReplica::lots_of(const LookupKey& customer, std::string_view sku) {
  sqlite::Database& database = current();
  sqlite::Transaction reading(database, sqlite::Transaction::Kind::read);
  std::vector<StoredLots> lots;
  const auto number = item_of_sku(database, sku);
  if (!number) return lots;
  auto statement = database.statement(by_item_and_customer_sql);
  statement.bind_all(head_of(customer), customer, *number);
  while (statement.step()) {
    lots.push_back({codec::unpack_lots(statement.blob(3), sku), static_cast<std::uint16_t>(statement.int64(0))});
  }
  std::stable_sort(lots.begin(), lots.end(),
                   [](const StoredLots& a, const StoredLots& b) { return a.found.sold_at_ms > b.found.sold_at_ms; });
  return lots;
}

std::vector<std::string> OrderReplica::skus_of(std::string_view gtin) {
  auto statement = current().statement(skus_by_gtin_sql);
  statement.bind(1, gtin);
  std::vector<std::string> skus;
  while (statement.step()) skus.emplace_back(statement.text(0));
  return skus;
}

std::vector<FeedCursor> OrderReplica::cursors() {
  auto statement = current().statement(cursors_sql);
  std::vector<FeedCursor> cursors;
  while (statement.step()) {
    cursors.push_back({static_cast<std::uint16_t>(statement.int64(0)), statement.uint64(1)});
  }
  return cursors;
}

std::uint64_t OrderReplica::feed_position() {
  return static_cast<std::uint64_t>(current().query_int64(feed_position_sql).value_or(0));
}

std::uint64_t OrderReplica::order_count() {
  return static_cast<std::uint64_t>(current().query_int64(count_sql).value_or(0));
}

std::vector<FeedItem> OrderReplica::local_sales() {
  auto statement = current().statement(local_sql);
  std::vector<FeedItem> items;
  while (statement.step()) {
    FeedItem& item = items.emplace_back();
    item.catchment = static_cast<std::uint16_t>(statement.int64(0));
    item.customer = statement.optional_id<LookupKey>(1).value_or(LookupKey{});
    item.card = statement.optional_id<LookupKey>(2).value_or(LookupKey{});
    item.evidence.assign(statement.blob(3).begin(), statement.blob(3).end());
    item.order_id = statement.id<OrderId>(4);
  }
  return items;
}

// A swap may come between looking and locking: what is written then would stay in a file that nobody reads.
sqlite::Transaction OrderReplica::begin_write() {
  require(m_mode == ReplicaMode::read_write, "a replica opened for reading is not written");
  for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
    sqlite::Transaction writing(current(), sqlite::Transaction::Kind::write);
    if (identity_of(m_path) == m_identity) return writing;
  }
  throw Error({.operation = "write to",
               .object = m_path.string(),
               .cause = "the replica was swapped each time it was locked",
               .consequence = "nothing was written; the feed brings it again"});
}

OrderReplica::Applied OrderReplica::apply(std::span<const FeedItem> items, std::span<const FeedCursor> cursors) {
  sqlite::Transaction writing = begin_write();
  RecordWriter writer(*m_database);
  Applied applied;
  for (const FeedItem& item : items) writer.apply(item, applied);
  for (const FeedCursor& cursor : cursors) writer.move_cursor(cursor);
  writing.commit();
  return applied;
}

std::size_t OrderReplica::purge(std::uint16_t own_catchment, CivilDate limit) {
  std::size_t purged = 0;
  std::int64_t last_key = 0;
  for (bool more = true; more;) {
    sqlite::Transaction writing = begin_write();
    std::vector<std::int64_t> keys;
    {
      auto statement = m_database->statement(purge_sql);
      statement.bind_all(own_catchment, limit.days, last_key, purge_transaction_orders);
      while (statement.step()) keys.push_back(statement.int64(0));
    }
    RecordWriter writer(*m_database);
    for (const std::int64_t key : keys) writer.remove(key);
    writing.commit();
    purged += keys.size();
    more = keys.size() == purge_transaction_orders;
    if (more) last_key = keys.back();
  }
  return purged;
}

void OrderReplica::checkpoint() {
  current().checkpoint_passive();
}

}  // namespace retour::orders
