#include "db/orders/replica_builder.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "db/orders/item_prices.hpp"
#include "db/orders/key_index.hpp"
#include "db/orders/replica_file.hpp"
#include "db/orders/replica_schema.hpp"

namespace retour::orders {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view insert_record_sql = R"sql(
    INSERT INTO order_record (order_key, order_id, version, catchment, sold_on, feed_seq, customer, card, evidence)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
)sql";
constexpr std::string_view insert_item_sql = "INSERT INTO item VALUES (?1, ?2)";
constexpr std::string_view insert_barcode_sql = "INSERT INTO item_barcode VALUES (?1, ?2)";
constexpr std::string_view insert_price_sql = "INSERT INTO item_price VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view insert_cursor_sql = "INSERT INTO feed_cursor VALUES (?1, ?2)";
constexpr std::string_view count_sql = "UPDATE replica_state SET order_count = ?1";
constexpr std::string_view version_sql = "SELECT order_id, version FROM order_record WHERE order_key = ?1";
constexpr std::string_view delete_record_sql = "DELETE FROM order_record WHERE order_key = ?1";
sqlite::Database open_for_building(const fs::path& file) {
  sqlite::OpenOptions options;
  options.mode = sqlite::Mode::create;
  options.synchronous = sqlite::Synchronous::off;  // synced once, whole, before the swap
  options.wal = false;
  options.cache_kib = 65'536;
  options.application_id = replica_application_id;
  sqlite::Database database = sqlite::Database::open(file, options);
  database.execute("PRAGMA journal_mode=OFF; PRAGMA locking_mode=EXCLUSIVE");  // nobody else knows the file
  create_tables(database);
  return database;
}

// From now on several processes may use the file.
void end_building(const fs::path& file) {
  sqlite::OpenOptions options;
  options.synchronous = sqlite::Synchronous::normal;
  options.application_id = replica_application_id;
  sqlite::Database::open(file, options);  // sets the write-ahead log, which stays with the file
  sync_to_disk(file);
}

}  // namespace

struct ReplicaBuilder::Build {
  Build(const fs::path& path, std::uint64_t number)
      : generation(number),
        file(generation_file(path, number)),
        database(open_for_building(file)),
        loading(database, sqlite::Transaction::Kind::write) {}

  void load(const codec::FeedItem& item, const Order& order);
  std::int64_t item_number(const ItemOfOrder& item);
  void drop_older_versions();
  void number_items_by_sku();
  void write_keys();
  void note_prices(const Order& order);
  void write_items();
  void write_prices();
  std::vector<KeyRow>& rows_of(KeyKind kind) { return rows[static_cast<std::size_t>(kind)]; }

  std::uint64_t generation;
  fs::path file;
  sqlite::Database database;
  sqlite::Transaction loading;
  std::uint32_t order_count = 0;
  std::unordered_set<std::uint32_t> dropped;
  std::array<std::vector<KeyRow>, key_kinds> rows;
  std::unordered_map<std::string, std::int64_t> item_numbers;  // by SKU, from 1
  std::unordered_map<std::string, std::int64_t> known_items;   // by SKU and GTIN: what most lines ask for
  std::vector<std::pair<std::string, std::int64_t>> barcodes;
  std::unordered_set<std::string> chunks;
  std::vector<ItemOfOrder> items_of_order;
  std::vector<ItemPrice> prices_of_order;
  std::map<std::tuple<std::int64_t, std::string, std::int32_t>, Minor> prices;  // by item, currency and day
  std::string memory;                                                           // used again
};

void ReplicaBuilder::Build::load(const codec::FeedItem& item, const Order& order) {
  if (order.id != item.order_id) {
    throw Error({.operation = "load",
                 .object = "order " + item.order_id.to_string(),
                 .cause = "its evidence is of order " + order.id.to_string(),
                 .consequence = "the replica stays as it was"});
  }
  const std::uint32_t key = ++order_count;
  auto statement = database.statement(insert_record_sql);
  statement.bind_all(key, item.order_id, order.version, item.catchment, order.sold_on.days, item.feed_seq);
  if (!item.customer.is_zero()) statement.bind(7, item.customer);
  if (!item.card.is_zero()) statement.bind(8, item.card);
  statement.bind(9, std::span<const std::uint8_t>(item.evidence));
  statement.run();

  const std::int32_t day = order.sold_on.days;
  rows_of(KeyKind::order_id).push_back({head_of(item.order_id), 0, key});
  rows_of(KeyKind::number).push_back({text_hash(order.number), 0, key});
  if (!item.customer.is_zero()) rows_of(KeyKind::customer).push_back({head_of(item.customer), day, key});
  if (!item.card.is_zero()) rows_of(KeyKind::card).push_back({head_of(item.card), day, key});
  items_of(order, items_of_order);
  for (const ItemOfOrder& of_order : items_of_order) {
    rows_of(KeyKind::item).push_back({item_number(of_order), day, key});
  }
  note_prices(order);
}

void ReplicaBuilder::Build::note_prices(const Order& order) {
  prices_of(order, prices_of_order);
  for (const ItemPrice& price : prices_of_order) {
    const std::int64_t number = item_number({price.sku, {}});
    const auto [known, is_new] =
        prices.try_emplace({number, std::string(order.currency.name()), order.sold_on.days}, price.lowest_minor);
    if (!is_new) known->second = std::min(known->second, price.lowest_minor);
  }
}

std::int64_t ReplicaBuilder::Build::item_number(const ItemOfOrder& item) {
  memory.assign(item.sku).append(1, '\x1f').append(item.gtin);
  const auto [known, is_new] = known_items.try_emplace(memory, 0);
  if (!is_new) return known->second;
  const auto next = static_cast<std::int64_t>(item_numbers.size()) + 1;
  known->second = item_numbers.try_emplace(std::string(item.sku), next).first->second;
  if (!item.gtin.empty()) barcodes.emplace_back(item.gtin, known->second);
  return known->second;
}

// The same order from two chunks: the highest version stays, of equal ones the first.
void ReplicaBuilder::Build::drop_older_versions() {
  struct Entry {
    OrderId id;
    std::int64_t version;
    std::uint32_t key;
  };
  const auto entry_of = [this](std::uint32_t key) {
    auto statement = database.statement(version_sql);
    statement.bind(1, key);
    require(statement.step(), "a loaded order has its record");
    return Entry{statement.id<OrderId>(0), statement.int64(1), key};
  };
  std::vector<KeyRow>& ids = rows_of(KeyKind::order_id);
  std::sort(ids.begin(), ids.end());
  for (std::size_t begin = 0, end = 0; begin < ids.size(); begin = end) {
    for (end = begin + 1; end < ids.size() && ids[end].key == ids[begin].key;) ++end;
    if (end - begin == 1) continue;
    std::vector<Entry> entries;
    for (std::size_t i = begin; i < end; ++i) entries.push_back(entry_of(ids[i].order_key));
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tuple(a.id, -a.version, a.key) < std::tuple(b.id, -b.version, b.key);
    });
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (entries[i].id == entries[i - 1].id) dropped.insert(entries[i].key);
    }
  }
  for (const std::uint32_t key : dropped) database.statement(delete_record_sql).bind_all(key).run();
  if (dropped.empty()) return;
  for (std::vector<KeyRow>& of_kind : rows) {
    std::erase_if(of_kind, [this](const KeyRow& row) { return dropped.contains(row.order_key); });
  }
}

// Numbers in the order of the SKUs: then table and index of the items grow at their ends only.
void ReplicaBuilder::Build::number_items_by_sku() {
  std::vector<std::pair<std::string_view, std::int64_t>> by_sku(item_numbers.begin(), item_numbers.end());
  std::sort(by_sku.begin(), by_sku.end());
  std::vector<std::int64_t> new_numbers(by_sku.size() + 1);
  auto statement = database.statement(insert_item_sql);
  for (std::size_t i = 0; i < by_sku.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i + 1);
    new_numbers[static_cast<std::size_t>(by_sku[i].second)] = number;
    statement.bind_all(number, by_sku[i].first).run();
  }
  for (KeyRow& row : rows_of(KeyKind::item)) row.key = new_numbers[static_cast<std::size_t>(row.key)];
  for (auto& [gtin, number] : barcodes) number = new_numbers[static_cast<std::size_t>(number)];
  decltype(prices) renumbered;
  for (auto& [key, lowest] : prices) {
    const auto& [number, currency, day] = key;
    renumbered.emplace(std::tuple(new_numbers[static_cast<std::size_t>(number)], currency, day), lowest);
  }
  prices = std::move(renumbered);
}

void ReplicaBuilder::Build::write_prices() {
  auto statement = database.statement(insert_price_sql);
  for (const auto& [key, lowest] : prices) {
    const auto& [number, currency, day] = key;
    statement.bind_all(number, std::string_view(currency), day, lowest).run();
  }
}

void ReplicaBuilder::Build::write_items() {
  number_items_by_sku();
  std::sort(barcodes.begin(), barcodes.end());
  barcodes.erase(std::unique(barcodes.begin(), barcodes.end()), barcodes.end());
  auto statement = database.statement(insert_barcode_sql);
  for (const auto& [gtin, number] : barcodes) statement.bind_all(std::string_view(gtin), number).run();
}

void ReplicaBuilder::Build::write_keys() {
  for (std::size_t kind = 0; kind < key_kinds; ++kind) {
    std::sort(rows[kind].begin(), rows[kind].end());
    rows[kind].erase(std::unique(rows[kind].begin(), rows[kind].end()), rows[kind].end());
    write_key_blocks(database, static_cast<KeyKind>(kind), rows[kind]);
  }
}

ReplicaBuilder::ReplicaBuilder(fs::path path, const codec::Catalogue* shared)
    : m_path(std::move(path)), m_chunks(m_path.string() + ".chunks"), m_shared(shared) {
  const std::uint64_t current = current_generation(m_path);
  remove_generations(m_path, current);
  m_build = std::make_unique<Build>(m_path, current + 1);
}

ReplicaBuilder::~ReplicaBuilder() {
  if (!m_build) return;
  m_build.reset();
  std::error_code ignored;  // the next builder removes what is left
  remove_generations(m_path, current_generation(m_path));
}

std::vector<Hash256> ReplicaBuilder::begin(std::span<const Hash256> chunks) {
  fs::create_directories(m_chunks);
  std::unordered_set<std::string> named;
  for (const Hash256& hash : chunks) named.insert(hash.to_string());
  std::vector<fs::path> strays;
  for (const auto& entry : fs::directory_iterator(m_chunks)) {
    if (!named.contains(entry.path().filename().string())) strays.push_back(entry.path());
  }
  for (const fs::path& stray : strays) fs::remove(stray);

  std::vector<Hash256> missing;
  for (const Hash256& hash : chunks) {
    std::ifstream in(m_chunks / hash.to_string(), std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (in.is_open() && codec::sha256(bytes) == hash) {
      add(hash, bytes);
    } else {
      missing.push_back(hash);
    }
  }
  return missing;
}

void ReplicaBuilder::add(const Hash256& hash, std::span<const std::uint8_t> chunk) {
  require(m_build != nullptr, "a builder that has finished takes no chunks");
  if (codec::sha256(chunk) != hash) {
    throw Error({.operation = "load",
                 .object = "chunk " + hash.to_string(),
                 .cause = "its bytes have another hash",
                 .consequence = "it is fetched again; the replica stays as it was"});
  }
  const std::string name = hash.to_string();
  if (!m_build->chunks.insert(name).second) return;
  const fs::path kept = m_chunks / name;
  if (!fs::exists(kept)) {
    fs::create_directories(m_chunks);
    std::ofstream out(kept, std::ios::binary);  // half a file after a crash has another hash and is fetched again
    out.write(reinterpret_cast<const char*>(chunk.data()), static_cast<std::streamsize>(chunk.size()));
  }
  codec::read_chunk(chunk, m_shared,
                    [this](const codec::FeedItem& item, const Order& order) { m_build->load(item, order); });
}

// Empty when nothing can be taken over: a damaged, newer or outdated replica is what a new one is built for.
std::optional<OrderReplica> ReplicaBuilder::open_old() const {
  try {
    return OrderReplica::open(m_path, ReplicaMode::read_write);
  } catch (const sqlite::DatabaseDamaged&) {
  } catch (const sqlite::DatabaseNewer&) {
  } catch (const sqlite::DatabaseForeign&) {
  } catch (const ReplicaOutdated&) {
  }
  return std::nullopt;
}

void ReplicaBuilder::finish(std::span<const codec::FeedCursor> cursors) {
  require(m_build != nullptr, "a builder finishes once");
  Build& build = *m_build;
  // Who writes to the old replica waits from here on, and finds the new one when its turn comes.
  std::optional<OrderReplica> old = identity_of(m_path) ? open_old() : std::nullopt;
  std::optional<sqlite::Transaction> lock;
  if (old) {
    lock.emplace(old->begin_write());
    // One that the chunks hold too goes again with the older versions.
    for (const codec::FeedItem& sale : OrderReplica::local_sales_of(*old->m_open)) {
      build.load(sale, codec::unpack_order(sale.evidence));
    }
  }
  build.drop_older_versions();
  build.write_items();
  build.write_prices();
  build.write_keys();
  for (const codec::FeedCursor& cursor : cursors) {
    build.database.statement(insert_cursor_sql).bind_all(cursor.catchment, cursor.feed_seq).run();
  }
  build.database.statement(count_sql).bind_all(build.order_count - build.dropped.size()).run();
  build.loading.commit();
  const fs::path file = build.file;
  const std::uint64_t generation = build.generation;
  m_build.reset();
  end_building(file);
  swap_in(m_path, generation);
  if (old) {
    old->mark_swapped(generation);  // a commit that readers notice, and look where they are
    lock->commit();
    lock.reset();
    old.reset();
  }
  remove_generations(m_path, generation);
  std::error_code ignored;  // kept chunks cost room, nothing else
  fs::remove_all(m_chunks, ignored);
}

std::uint64_t ReplicaBuilder::orders() const {
  return m_build ? m_build->order_count : 0;
}

namespace {

bool can_be_opened(const fs::path& path) {
  try {
    OrderReplica::open(path, ReplicaMode::read);
    return true;
  } catch (const sqlite::DatabaseDamaged&) {
  } catch (const ReplicaOutdated&) {
  }
  return false;
}

/// The link goes, the file it named keeps its bytes under a name that no generation has.
fs::path set_replica_aside(const fs::path& path, std::int64_t now_ms) {
  const std::uint64_t generation = current_generation(path);
  const fs::path file = generation == 0 ? path : generation_file(path, generation);
  const fs::path kept = path.string() + ".damaged-" + std::to_string(now_ms);
  for (const char* suffix : {"-wal", "-shm", ""}) {
    std::error_code ignored;  // the other program of this store may have done it a moment ago
    fs::rename(file.string() + suffix, kept.string() + suffix, ignored);
  }
  std::error_code ignored;
  if (generation != 0) fs::remove(path, ignored);
  return kept;
}

}  // namespace

std::optional<fs::path> ensure_replica(const fs::path& path, std::int64_t now_ms) {
  std::optional<fs::path> kept;
  if (identity_of(path) && !can_be_opened(path)) kept = set_replica_aside(path, now_ms);
  create_empty_replica(path);
  return kept;
}

void create_empty_replica(const fs::path& path) {
  if (identity_of(path)) return;
  ReplicaBuilder(path).finish({});
}

}  // namespace retour::orders
