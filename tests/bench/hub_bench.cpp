// The hub: orders in from the real file.

#include <sqlite3.h>

#include <algorithm>

#include "db/codec/digest.hpp"
#include "plugin/core/base/require.hpp"
#include "pos-adapters/csv/csv_source.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/plain_tables.hpp"

namespace retour::bench {
namespace {

constexpr const char* real_file = "tests/data/online_retail.csv.gz";

csv::CsvSource open_real_file() {
  const std::filesystem::path file = std::filesystem::path(RETOUR_SOURCE_DIR) / real_file;
  return {file, csv::CsvFormat::parse(*csv::shipped_format("online_retail"), "online_retail"),
          csv::CsvOptions{.order_id = codec::derive_order_id}};
}

std::vector<ports::SourceItem> read_real_file() {
  std::vector<ports::SourceItem> items;
  csv::CsvSource source = open_real_file();
  source.read([&](ports::SourceItem&& item) { items.push_back(std::move(item)); },
              [](std::uint64_t, std::uint64_t) {});
  return items;
}

// ---- import ------------------------------------------------------------------------------------------------------
struct Rows {
  std::vector<WorkloadOrder> orders;  // as the plain tables take them
  std::size_t rows = 0;
};

Rows rows_of(const std::vector<ports::SourceItem>& items) {
  Rows rows;
  for (const ports::SourceItem& item : items) {
    const auto* source = std::get_if<ports::SourceOrder>(&item);
    if (source == nullptr) continue;
    rows.rows += source->order.lines.size();
    rows.orders.push_back({source->order, codec::hmac_key({}, source->customer_ref), {}});
    for (OrderLine& line : rows.orders.back().order.lines) {
      if (line.taxes.empty()) line.taxes.push_back({});
    }
  }
  return rows;
}

double insert_plain(const std::filesystem::path& file, const Rows& rows) {
  PlainTables plain(file);
  const Stopwatch watch;
  for (std::size_t at = 0; at < rows.orders.size(); at += plain_transaction_orders) {
    plain.insert(std::span(rows.orders).subspan(at, std::min(plain_transaction_orders, rows.orders.size() - at)));
  }
  return watch.seconds();
}

void put(sqlite3_stmt* insert, int at, std::string_view text) {
  sqlite3_bind_text(insert, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

/// One table of the file's own columns, without an index, in one transaction an import's worth of orders.
double insert_flat(const std::filesystem::path& file, const Rows& rows) {
  BareDatabase database(
      file,
      "CREATE TABLE row (number TEXT, sku TEXT, description TEXT, quantity INTEGER, sold_at INTEGER, "
      "price INTEGER, customer BLOB, country TEXT)",
      {.cache_kib = 64 * 1024});
  sqlite3_stmt* insert = database.prepare("INSERT INTO row VALUES (?,?,?,?,?,?,?,?)");
  const Stopwatch watch;
  for (std::size_t at = 0; at < rows.orders.size(); ++at) {
    if (at % hub::import_orders_max == 0) database.begin();
    const WorkloadOrder& made = rows.orders[at];
    for (const OrderLine& line : made.order.lines) {
      put(insert, 1, made.order.number);
      put(insert, 2, line.sku);
      put(insert, 3, line.description);
      sqlite3_bind_int64(insert, 4, line.quantity);
      sqlite3_bind_int64(insert, 5, made.order.sold_at_ms);
      sqlite3_bind_int64(insert, 6, line.unit_price.mantissa);
      sqlite3_bind_blob(insert, 7, made.customer.bytes.data(), 16, SQLITE_STATIC);
      put(insert, 8, "United Kingdom");
      database.run(insert);
    }
    if (at % hub::import_orders_max == hub::import_orders_max - 1 || at + 1 == rows.orders.size()) database.commit();
  }
  return watch.seconds();
}

/// As `retour-hub import` does it: the file is read, checked and handed in, a transaction every so many orders.
double import_real_file(BenchHub& hub) {
  const Stopwatch watch;
  std::vector<ports::SourceItem> batch;
  csv::CsvSource source = open_real_file();
  source.read(
      [&](ports::SourceItem&& item) {
        batch.push_back(std::move(item));
        if (batch.size() < hub::import_orders_max) return;
        hub.import(batch);
        batch.clear();
      },
      [](std::uint64_t, std::uint64_t) {});
  hub.import(batch);
  return watch.seconds();
}

double take_in(BenchHub& hub, const std::vector<ports::SourceItem>& items) {
  const Stopwatch watch;
  hub.import(items);
  return watch.seconds();
}

void hub_import(const Options& options) {
  const auto items = read_real_file();
  const Rows rows = rows_of(items);
  std::vector<double> whole, hub_only, plain, flat;
  for (int round = 0; round < 3; ++round) {
    const std::filesystem::path folder = options.folder / std::to_string(round);
    BenchHub first(folder / "whole", 10);
    BenchHub second(folder / "hub", 10);
    plain.push_back(insert_plain(folder / "plain.db", rows));
    whole.push_back(import_real_file(first));
    flat.push_back(insert_flat(folder / "flat.db", rows));
    hub_only.push_back(take_in(second, items));
  }
  const double rate = static_cast<double>(rows.rows) / 1000;
  const double ours = rate / value_at(whole, 0.5);
  report({.bench = "hub_import",
          .figure = "import of the real file, gzip to committed, 531,282 rows in 20,725 orders",
          .value = ours,
          .unit = "1000 rows/s",
          .yardstick = rate / value_at(plain, 0.5),
          .must_be_ratio = true,
          .must = 0.6,
          .sense = Must::at_least,
          .note = "yardstick: the same rows, in memory already, into three plain tables with four live indexes"});
  report({.bench = "hub_import",
          .figure = "the hub's part of it: items at hand to committed",
          .value = rate / value_at(hub_only, 0.5),
          .unit = "1000 rows/s",
          .yardstick = rate / value_at(plain, 0.5)});
  report({.bench = "hub_import",
          .figure = "the same against one flat table without any index",
          .value = ours,
          .unit = "1000 rows/s",
          .yardstick = rate / value_at(flat, 0.5),
          .note = "a table that can find nothing: for orientation"});
}

const Registration import_bench("hub_import", hub_import, {20, 20});

}  // namespace
}  // namespace retour::bench
