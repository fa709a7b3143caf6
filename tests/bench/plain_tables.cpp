#include "tests/bench/plain_tables.hpp"

#include <sqlite3.h>

#include <stdexcept>

#include "plugin/core/base/require.hpp"

namespace retour::bench {
namespace {

constexpr const char* tables_sql = R"sql(
    CREATE TABLE IF NOT EXISTS orders (
      order_key INTEGER PRIMARY KEY, order_id BLOB, number TEXT, authority TEXT, customer BLOB, sold_on INTEGER,
      sold_at_ms INTEGER, channel INTEGER, tax_mode INTEGER, currency TEXT, version INTEGER, catchment INTEGER,
      feed_seq INTEGER);
    CREATE INDEX IF NOT EXISTS orders_number ON orders (number);
    CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer, sold_on);
    CREATE TABLE IF NOT EXISTS line (
      order_key INTEGER, line_no INTEGER, sku TEXT, gtin TEXT, description TEXT, quantity INTEGER, price INTEGER,
      price_scale INTEGER, net_minor INTEGER, tax_rate INTEGER, tax_minor INTEGER, discount_minor INTEGER,
      PRIMARY KEY (order_key, line_no)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS line_gtin ON line (gtin);
    CREATE TABLE IF NOT EXISTS tender (
      order_key INTEGER, tender_no INTEGER, kind INTEGER, reference TEXT, paid_minor INTEGER, card BLOB,
      PRIMARY KEY (order_key, tender_no)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS tender_card ON tender (card);
)sql";

void put(sqlite3_stmt* s, int at, std::int64_t value) {
  sqlite3_bind_int64(s, at, value);
}
void put(sqlite3_stmt* s, int at, std::string_view value) {
  sqlite3_bind_text(s, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}
template <class Tag>
void put(sqlite3_stmt* s, int at, const Id<Tag>& id) {
  sqlite3_bind_blob(s, at, id.bytes.data(), 16, SQLITE_STATIC);
}

std::string text(sqlite3_stmt* s, int column) {
  return {reinterpret_cast<const char*>(sqlite3_column_text(s, column)),
          static_cast<std::size_t>(sqlite3_column_bytes(s, column))};
}

}  // namespace

PlainTables::PlainTables(const std::filesystem::path& file) {
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  require(sqlite3_open_v2(file.c_str(), &m_database, flags, nullptr) == SQLITE_OK, "the yardstick's file opens");
  execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=4294967296");
  execute(("PRAGMA cache_size=-" + std::to_string(plain_cache_kib)).c_str());
  execute(tables_sql);
  m_begin = prepare("BEGIN");
  m_commit = prepare("COMMIT");
  m_order = prepare("INSERT INTO orders VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
  m_line = prepare("INSERT INTO line VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
  m_tender = prepare("INSERT INTO tender VALUES (?,?,?,?,?,?)");
  m_find = prepare("SELECT * FROM orders WHERE number = ?");
  m_lines = prepare("SELECT * FROM line WHERE order_key = ? ORDER BY line_no");
  m_tenders = prepare("SELECT * FROM tender WHERE order_key = ? ORDER BY tender_no");
}

PlainTables::~PlainTables() {
  for (sqlite3_stmt* statement : {m_begin, m_commit, m_order, m_line, m_tender, m_find, m_lines, m_tenders}) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(m_database);
}

void PlainTables::execute(const char* sql) {
  require(sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, "the yardstick's SQL runs");
}

sqlite3_stmt* PlainTables::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v3(m_database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK,
          "the yardstick's SQL compiles");
  return statement;
}

void PlainTables::step(sqlite3_stmt* statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) {
    throw std::runtime_error(std::string("the yardstick's statement fails: ") + sqlite3_errmsg(m_database));
  }
  sqlite3_reset(statement);
}

void PlainTables::insert(std::span<const WorkloadOrder> orders) {
  step(m_begin);
  for (const WorkloadOrder& order : orders) insert(order);
  step(m_commit);
}

void PlainTables::insert(const WorkloadOrder& made) {
  const Order& order = made.order;
  const std::int64_t key = m_next_key++;
  put(m_order, 1, key);
  put(m_order, 2, order.id);
  put(m_order, 3, order.number);
  put(m_order, 4, order.authority);
  put(m_order, 5, made.customer);
  put(m_order, 6, order.sold_on.days);
  put(m_order, 7, order.sold_at_ms);
  put(m_order, 8, static_cast<std::int64_t>(order.channel));
  put(m_order, 9, static_cast<std::int64_t>(order.tax_mode));
  put(m_order, 10, order.currency.name());
  put(m_order, 11, order.version);
  put(m_order, 12, 1);
  put(m_order, 13, key);
  step(m_order);
  for (const OrderLine& line : order.lines) {
    put(m_line, 1, key);
    put(m_line, 2, line.line_no);
    put(m_line, 3, line.sku);
    put(m_line, 4, line.gtin);
    put(m_line, 5, line.description);
    put(m_line, 6, line.quantity);
    put(m_line, 7, line.unit_price.mantissa);
    put(m_line, 8, line.unit_price.scale);
    put(m_line, 9, line.net_minor);
    put(m_line, 10, line.taxes[0].rate_percent.mantissa);
    put(m_line, 11, line.taxes[0].minor);
    put(m_line, 12, line.discount_minor);
    step(m_line);
  }
  for (const Tender& tender : order.tenders) {
    put(m_tender, 1, key);
    put(m_tender, 2, tender.tender_no);
    put(m_tender, 3, static_cast<std::int64_t>(tender.kind));
    put(m_tender, 4, tender.reference);
    put(m_tender, 5, tender.paid_minor);
    if (tender.kind == TenderKind::card) {
      put(m_tender, 6, made.card);
    } else {
      sqlite3_bind_null(m_tender, 6);
    }
    step(m_tender);
  }
}

std::optional<Order> PlainTables::by_number(const std::string& number) {
  step(m_begin);
  std::optional<Order> found;
  put(m_find, 1, number);
  if (sqlite3_step(m_find) == SQLITE_ROW) {
    Order& order = found.emplace();
    std::memcpy(order.id.bytes.data(), sqlite3_column_blob(m_find, 1), 16);
    order.number = text(m_find, 2);
    order.authority = text(m_find, 3);
    order.sold_on.days = sqlite3_column_int(m_find, 5);
    order.sold_at_ms = sqlite3_column_int64(m_find, 6);
    order.channel = static_cast<SaleChannel>(sqlite3_column_int(m_find, 7));
    order.tax_mode = static_cast<TaxMode>(sqlite3_column_int(m_find, 8));
    std::memcpy(order.currency.code, sqlite3_column_text(m_find, 9), 3);
    order.version = static_cast<std::uint32_t>(sqlite3_column_int(m_find, 10));
    const std::int64_t key = sqlite3_column_int64(m_find, 0);
    read_lines(key, order);
    read_tenders(key, order);
  }
  sqlite3_reset(m_find);
  step(m_commit);
  return found;
}

void PlainTables::read_lines(std::int64_t key, Order& order) {
  put(m_lines, 1, key);
  while (sqlite3_step(m_lines) == SQLITE_ROW) {
    OrderLine& line = order.lines.emplace_back();
    line.line_no = static_cast<std::uint32_t>(sqlite3_column_int(m_lines, 1));
    line.sku = text(m_lines, 2);
    line.gtin = text(m_lines, 3);
    line.description = text(m_lines, 4);
    line.quantity = sqlite3_column_int64(m_lines, 5);
    line.unit_price = {sqlite3_column_int64(m_lines, 6), static_cast<std::uint8_t>(sqlite3_column_int(m_lines, 7))};
    line.net_minor = sqlite3_column_int64(m_lines, 8);
    line.taxes.push_back({{sqlite3_column_int64(m_lines, 9), 0}, sqlite3_column_int64(m_lines, 10)});
    line.discount_minor = sqlite3_column_int64(m_lines, 11);
  }
  sqlite3_reset(m_lines);
}

void PlainTables::read_tenders(std::int64_t key, Order& order) {
  put(m_tenders, 1, key);
  while (sqlite3_step(m_tenders) == SQLITE_ROW) {
    Tender& tender = order.tenders.emplace_back();
    tender.tender_no = static_cast<std::uint32_t>(sqlite3_column_int(m_tenders, 1));
    tender.kind = static_cast<TenderKind>(sqlite3_column_int(m_tenders, 2));
    tender.reference = text(m_tenders, 3);
    tender.paid_minor = sqlite3_column_int64(m_tenders, 4);
  }
  sqlite3_reset(m_tenders);
}

}  // namespace retour::bench
