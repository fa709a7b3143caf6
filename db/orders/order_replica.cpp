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

constexpr std::string_view record_sql =
    "SELECT catchment, customer, card, evidence, order_id FROM order_record WHERE order_key = ?1";
constexpr std::string_view item_by_sku_sql = "SELECT item_no FROM item WHERE sku = ?1";
constexpr std::string_view items_by_gtin_sql = "SELECT item_no FROM item_barcode WHERE gtin = ?1";
constexpr std::string_view skus_by_gtin_sql =
    "SELECT i.sku FROM item_barcode b JOIN item i USING (item_no) WHERE b.gtin = ?1 ORDER BY i.sku";
constexpr std::string_view cursors_sql = "SELECT catchment, feed_seq FROM feed_cursor ORDER BY catchment";
constexpr std::string_view feed_position_sql = "SELECT coalesce(sum(feed_seq), 0) FROM feed_cursor";
constexpr std::string_view count_sql = "SELECT order_count FROM replica_state";
constexpr std::string_view local_sql =
    "SELECT catchment, customer, card, evidence, order_id FROM order_record WHERE feed_seq = 0 ORDER BY order_key";
constexpr std::string_view state_sql = "SELECT next_generation FROM replica_state";
constexpr std::string_view swapped_sql = "UPDATE replica_state SET next_generation = ?1";
constexpr std::string_view lowest_price_sql =
    "SELECT min(lowest_minor) FROM item_price WHERE item_no = ?1 AND currency = ?2 AND sold_on BETWEEN ?3 AND ?4";
constexpr std::string_view purge_prices_sql = "DELETE FROM item_price WHERE sold_on < ?1";
constexpr std::string_view purge_sql =
    "SELECT order_key FROM order_record WHERE catchment <> ?1 AND sold_on < ?2 AND order_key > ?3 LIMIT ?4";

LookupKey customer_of(const sqlite::Statement& row) {
  return row.optional_id<LookupKey>(1).value_or(LookupKey{});
}
LookupKey card_of(const sqlite::Statement& row) {
  return row.optional_id<LookupKey>(2).value_or(LookupKey{});
}

void take_stored(const sqlite::Statement& row, StoredOrder& found) {
  const auto evidence = row.blob(3);
  const auto id = row.id<OrderId>(4);
  found.evidence.assign(evidence.begin(), evidence.end());
  codec::unpack_order(evidence, found.order, &id);
  found.customer = customer_of(row);
  found.card = card_of(row);
  found.catchment = static_cast<std::uint16_t>(row.int64(0));
}

// Days order the rows; within a day the time does. Equals stay as they are: the one that came later first.
void sort_newest_first(std::vector<StoredOrder>& orders) {
  if (orders.size() < 2) return;
  std::stable_sort(orders.begin(), orders.end(), [](const StoredOrder& a, const StoredOrder& b) {
    return a.order.sold_at_ms > b.order.sold_at_ms;
  });
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

bool holds_item(const Order& order, std::string_view item) {
  return std::any_of(order.lines.begin(), order.lines.end(),
                     [item](const OrderLine& line) { return line.sku == item || line.gtin == item; });
}

// Rows of several items, newest first, each order once.
void merge_rows(std::vector<KeyRow>& rows) {
  for (KeyRow& row : rows) row.key = 0;
  std::sort(rows.begin(), rows.end(), std::greater<>());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

}  // namespace

/// An open file of the replica and what was read of it for good.
struct OpenReplica {
  OpenReplica(const std::filesystem::path& path, ReplicaMode mode)
      : database(sqlite::Database::open(path, options_of(mode))) {}

  sqlite::Database database;
  std::optional<KeyIndex> keys;

  /// Orders behind the rows, as they come, at most `max`. `wanted(row, order)` judges each: keys are cut and rows may
  /// be left over from earlier versions. `before(record)` may pass over a record before it is unpacked.
  template <class Before, class Wanted>
  std::vector<StoredOrder> orders_of(const std::vector<KeyRow>& rows, std::size_t max, Before before, Wanted wanted) {
    std::vector<StoredOrder> orders;
    for (const KeyRow& row : rows) {
      if (orders.size() == max) break;
      auto record = database.statement(record_sql);
      record.bind(1, row.order_key);
      if (!record.step() || !before(record)) continue;
      take_stored(record, orders.emplace_back());
      if (!wanted(orders.back().order)) orders.pop_back();
    }
    sort_newest_first(orders);
    return orders;
  }
  template <class Wanted>
  std::vector<StoredOrder> orders_of(const std::vector<KeyRow>& rows, std::size_t max, Wanted wanted) {
    return orders_of(
        rows, max, [](const sqlite::Statement&) { return true; }, wanted);
  }

  /// The customer's rows of orders that hold the item.
  std::vector<KeyRow> rows_of(const LookupKey& customer, std::int64_t item) {
    std::vector<KeyRow> rows = keys->find(KeyKind::customer, head_of(customer));
    std::erase_if(rows, [&](const KeyRow& row) {
      return !keys->contains(KeyKind::item, {item, row.sold_on, row.order_key});
    });
    return rows;
  }
};

OrderReplica::~OrderReplica() = default;
OrderReplica::OrderReplica(OrderReplica&&) noexcept = default;

OrderReplica::OrderReplica(std::filesystem::path path, ReplicaMode mode) : m_path(std::move(path)), m_mode(mode) {}

OrderReplica OrderReplica::open(const std::filesystem::path& path, ReplicaMode mode) {
  OrderReplica replica(path, mode);
  replica.current();
  return replica;
}

OpenReplica& OrderReplica::current() {
  const auto identity = identity_of(m_path);
  if (!identity) {
    throw Error({.operation = "open",
                 .object = m_path.string(),
                 .cause = "there is no replica of orders",
                 .consequence = "it is fetched from the hub; until then returns need the hub"});
  }
  if (!m_open || m_identity != *identity) reopen(*identity);
  m_looked_at = std::chrono::steady_clock::now();
  return *m_open;
}

bool OrderReplica::is_current() const {
  return identity_of(m_path) == m_identity;
}

// A statement that stands on a row keeps the state of the file for all that run meanwhile, at half the cost of BEGIN
// and COMMIT; and its row says whether the file has been swapped.
template <class Read>
auto OrderReplica::read(Read read) {
  for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
    if (!m_open || std::chrono::steady_clock::now() - m_looked_at > look_again_ms) current();
    {
      auto state = m_open->database.statement(state_sql);
      if (state.step() && state.int64(0) == 0) return read(*m_open);
    }
    current();
  }
  throw_swapped("read");
}

void OrderReplica::throw_swapped(const char* operation) const {
  throw Error({.operation = operation,
               .object = m_path.string(),
               .cause = "the replica was swapped each time it was used",
               .consequence = "nothing was written; try again"});
}

// Opens what the path stands for, and makes sure that it still does when the file is open.
void OrderReplica::reopen(const FileIdentity& identity) {
  FileIdentity wanted = identity;
  for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
    m_open = std::make_unique<OpenReplica>(m_path, m_mode);
    const int version = m_open->database.user_version();  // also takes hold of log and index, which a swap unlinks
    const auto now = identity_of(m_path);
    if (now && *now == wanted) {
      if (version == replica_version) {
        m_open->keys.emplace(m_open->database);
        m_identity = wanted;
        return;
      }
      m_open.reset();
      throw ReplicaOutdated({.operation = "open",
                             .object = m_path.string(),
                             .cause = "its layout is version " + std::to_string(version) + ", this program uses " +
                                      std::to_string(replica_version),
                             .consequence = "it is built again from the hub, nothing is lost"});
    }
    if (now) wanted = *now;
  }
  m_open.reset();
  throw_swapped("open");
}

std::optional<StoredOrder> OrderReplica::get(const OrderId& id) {
  return read([&](OpenReplica& open) {
    auto orders = open.orders_of(open.keys->find(KeyKind::order_id, head_of(id)), 1,
                                 [&id](const Order& order) { return order.id == id; });
    return orders.empty() ? std::optional<StoredOrder>() : std::optional(std::move(orders.front()));
  });
}

std::vector<StoredOrder> OrderReplica::by_number(std::string_view number) {
  return read([&](OpenReplica& open) {
    return open.orders_of(open.keys->find(KeyKind::number, text_hash(number)), lookup_orders_max,
                          [number](const Order& order) { return order.number == number; });
  });
}

std::vector<StoredOrder> OrderReplica::by_customer(const LookupKey& customer, std::size_t max) {
  return read([&](OpenReplica& open) {
    return open.orders_of(
        open.keys->find(KeyKind::customer, head_of(customer)), max,
        [&](const sqlite::Statement& record) { return customer_of(record) == customer; },
        [](const Order&) { return true; });
  });
}

std::vector<StoredOrder> OrderReplica::by_card(const LookupKey& card, std::size_t max) {
  return read([&](OpenReplica& open) {
    return open.orders_of(
        open.keys->find(KeyKind::card, head_of(card)), max,
        [&](const sqlite::Statement& record) { return card_of(record) == card; }, [](const Order&) { return true; });
  });
}

std::vector<StoredOrder> OrderReplica::by_item_and_date(std::string_view item, const DateRange& dates,
                                                        std::size_t max) {
  return read([&](OpenReplica& open) {
    std::vector<KeyRow> rows;
    for (const std::int64_t number : item_numbers(open.database, item)) {
      const auto& found = open.keys->find(KeyKind::item, number, {dates.from.days, dates.to.days});
      rows.insert(rows.end(), found.begin(), found.end());
    }
    merge_rows(rows);
    return open.orders_of(rows, max, [item](const Order& order) { return holds_item(order, item); });
  });
}

std::optional<Minor> OrderReplica::lowest_price(std::string_view sku, const DateRange& dates,
                                                const Currency& currency) {
  return read([&](OpenReplica& open) -> std::optional<Minor> {
    const auto item = item_of_sku(open.database, sku);
    if (!item) return std::nullopt;
    auto row = open.database.statement(lowest_price_sql);
    row.bind_all(*item, currency.name(), dates.from.days, dates.to.days);
    if (!row.step() || row.is_null(0)) return std::nullopt;
    return row.int64(0);
  });
}

std::vector<StoredOrder> OrderReplica::by_item_and_customer(std::string_view item, const LookupKey& customer) {
  return read([&](OpenReplica& open) {
    std::vector<KeyRow> rows;
    for (const std::int64_t number : item_numbers(open.database, item)) {
      const auto found = open.rows_of(customer, number);
      rows.insert(rows.end(), found.begin(), found.end());
    }
    merge_rows(rows);
    return open.orders_of(
        rows, lookup_orders_max, [&](const sqlite::Statement& record) { return customer_of(record) == customer; },
        [item](const Order& order) { return holds_item(order, item); });
  });
}

std::vector<StoredLots> OrderReplica::lots_of(const LookupKey& customer, std::string_view sku,
                                              std::string_view asked_serial) {
  return read([&](OpenReplica& open) {
    std::vector<StoredLots> lots;
    const auto number = item_of_sku(open.database, sku);
    if (!number) return lots;
    for (const KeyRow& row : open.rows_of(customer, *number)) {
      auto record = open.database.statement(record_sql);
      record.bind(1, row.order_key);
      if (!record.step() || customer_of(record) != customer) continue;
      const auto id = record.id<OrderId>(4);
      lots.push_back(
          {codec::unpack_lots(record.blob(3), sku, &id, asked_serial), static_cast<std::uint16_t>(record.int64(0))});
      if (lots.back().found.lots.empty()) lots.pop_back();  // an earlier version of the order held the item
    }
    std::stable_sort(lots.begin(), lots.end(), [](const StoredLots& a, const StoredLots& b) {
      return a.found.sold_at_ms > b.found.sold_at_ms;
    });
    return lots;
  });
}

std::vector<std::string> OrderReplica::skus_of(std::string_view gtin) {
  return read([&](OpenReplica& open) {
    auto statement = open.database.statement(skus_by_gtin_sql);
    statement.bind(1, gtin);
    std::vector<std::string> skus;
    while (statement.step()) skus.emplace_back(statement.text(0));
    return skus;
  });
}

std::vector<FeedCursor> OrderReplica::cursors() {
  return read([](OpenReplica& open) {
    auto statement = open.database.statement(cursors_sql);
    std::vector<FeedCursor> cursors;
    while (statement.step()) {
      cursors.push_back({static_cast<std::uint16_t>(statement.int64(0)), statement.uint64(1)});
    }
    return cursors;
  });
}

std::uint64_t OrderReplica::feed_position() {
  return read([](OpenReplica& open) {
    return static_cast<std::uint64_t>(open.database.query_int64(feed_position_sql).value_or(0));
  });
}

std::uint64_t OrderReplica::order_count() {
  return read(
      [](OpenReplica& open) { return static_cast<std::uint64_t>(open.database.query_int64(count_sql).value_or(0)); });
}

std::vector<FeedItem> OrderReplica::local_sales() {
  return read([](OpenReplica& open) { return local_sales_of(open); });
}

std::vector<FeedItem> OrderReplica::local_sales_of(OpenReplica& open) {
  auto statement = open.database.statement(local_sql);
  std::vector<FeedItem> items;
  while (statement.step()) {
    FeedItem& item = items.emplace_back();
    item.catchment = static_cast<std::uint16_t>(statement.int64(0));
    item.customer = customer_of(statement);
    item.card = card_of(statement);
    item.evidence.assign(statement.blob(3).begin(), statement.blob(3).end());
    item.order_id = statement.id<OrderId>(4);
  }
  return items;
}

// A swap may come between looking and locking: what is written then would stay in a file that nobody reads.
sqlite::Transaction OrderReplica::begin_write() {
  require(m_mode == ReplicaMode::read_write, "a replica opened for reading is not written");
  for (int attempt = 0; attempt < open_attempts_max; ++attempt) {
    sqlite::Transaction writing(current().database, sqlite::Transaction::Kind::write);
    if (is_current()) return writing;
  }
  throw_swapped("write to");
}

void OrderReplica::mark_swapped(std::uint64_t next_generation) {
  m_open->database.statement(swapped_sql).bind_all(next_generation).run();
}

RecordWriter OrderReplica::writer() {
  return {m_open->database, *m_open->keys};
}

OrderReplica::Applied OrderReplica::apply(std::span<const FeedItem> items, std::span<const FeedCursor> cursors) {
  sqlite::Transaction writing = begin_write();
  RecordWriter writer = this->writer();
  Applied applied;
  for (const FeedItem& item : items) writer.apply(item, applied);
  for (const FeedCursor& cursor : cursors) writer.move_cursor(cursor);
  writer.count();
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
      auto statement = m_open->database.statement(purge_sql);
      statement.bind_all(own_catchment, limit.days, last_key, purge_transaction_orders);
      while (statement.step()) keys.push_back(statement.int64(0));
    }
    RecordWriter writer = this->writer();
    for (const std::int64_t key : keys) writer.remove(key);
    writer.count();
    writing.commit();
    purged += keys.size();
    more = keys.size() == purge_transaction_orders;
    if (more) last_key = keys.back();
  }
  sqlite::Transaction writing = begin_write();
  m_open->database.statement(purge_prices_sql).bind_all(limit.days - price_days).run();
  writing.commit();
  return purged;
}

void OrderReplica::checkpoint() {
  current().database.checkpoint_passive();
}

}  // namespace retour::orders
