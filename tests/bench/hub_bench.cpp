// The hub: orders in from the real file, journals in from 50 stores.

#include <sqlite3.h>

#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/journal/chain.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/core/base/require.hpp"
#include "pos-adapters/csv/csv_source.hpp"
#include "sync/transport/in_memory.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/callgrind.hpp"
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

// ---- journals ----------------------------------------------------------------------------------------------------
constexpr std::size_t stores = 50;
constexpr std::size_t returns_a_store = 20;
constexpr std::size_t batch_events = 20;

/// Journals as 50 shops write them: rights received, then cash returns.
struct Journals {
  std::vector<std::vector<EventEnvelope>> of_store;
  std::size_t events = 0;
};

void sync_down(BenchHub& hub, BenchStore& store, std::size_t index) {
  transport::InMemoryConnection wire(
      hub.service(), transport::InMemoryOptions{.peer = hub.node(index).id, .peer_serial = hub.node(index).serial});
  daemon::SyncNode sync = store.sync_over(wire, hub.node(index).catchment);
  while (sync.carry_out(engine::Pull{}).news()) {
  }
}

std::vector<RightsReceived> received_rights(BenchStore& store) {
  std::vector<RightsReceived> all;
  for (const EventEnvelope& event : store.journal.read(1, 1'000, SIZE_MAX)) {
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (const auto* received = std::get_if<RightsReceived>(&*body)) all.push_back(*received);
  }
  return all;
}

void take_returns(BenchStore& store) {
  std::size_t done = 0;
  for (const RightsReceived& received : received_rights(store)) {
    for (const OrderUnits& part : received.items) {
      if (done == returns_a_store) return;
      if (part.units.line_no != 1) continue;
      app::ReturnCommand command{
          .command_id = store.ids.make<CommandId>(), .till = "1", .cashier = "bench", .reference = {}};
      command.visit.business_date = CivilDate::of_ms(store.clock.now_ms());
      command.visit.lines.push_back({.line_no = 1, .order_id = part.order_id, .order_line_no = 1, .quantity = 1});
      require(app::execute_return(store.context, command).ok(), "a held unit comes back");
      ++done;
    }
  }
}

Journals write_journals(BenchHub& hub, const std::filesystem::path& folder) {
  Journals journals;
  for (std::size_t i = 0; i < stores; ++i) {
    BenchStore store(folder / hub.node(i).name, hub, i, sqlite::Synchronous::off);
    sync_down(hub, store, i);
    take_returns(store);
    journals.of_store.push_back(store.journal.read(1, SIZE_MAX, SIZE_MAX));
    journals.events += journals.of_store.back().size();
  }
  return journals;
}

/// The same events as those of another hub's stores, under kinds that it does not know: it keeps them and folds
/// nothing.
Journals unknown_kinds(Journals journals, const BenchHub& hub) {
  journal::EventHasher hash;
  for (std::size_t i = 0; i < stores; ++i) {
    Hash256 before;
    for (EventEnvelope& event : journals.of_store[i]) {
      event.node_id = hub.node(i).id;
      event.kind = "x_" + event.kind;
      event.prev_hash = before;
      before = event.hash = hash(event);
    }
  }
  return journals;
}

/// What every store sends in turn: rounds of one batch a store.
std::vector<std::vector<protocol::PushRequest>> rounds_of(const Journals& journals, const BenchHub& hub) {
  std::vector<std::vector<protocol::PushRequest>> rounds;
  for (std::size_t i = 0; i < journals.of_store.size(); ++i) {
    const auto& events = journals.of_store[i];
    const auto key = codec::SigningKey::from_pem(hub.node(i).identity.key_pem);
    for (std::size_t at = 0; at < events.size(); at += batch_events) {
      const auto end = events.begin() + static_cast<std::ptrdiff_t>(std::min(events.size(), at + batch_events));
      protocol::PushRequest request{.node = hub.node(i).id, .epoch = i + 1};
      request.events.assign(events.begin() + static_cast<std::ptrdiff_t>(at), end);
      request.signature = key.sign(request.events.back().hash.bytes);
      if (rounds.size() <= at / batch_events) rounds.emplace_back();
      rounds[at / batch_events].push_back(std::move(request));
    }
  }
  return rounds;
}

double push_seconds(BenchHub& hub, const std::vector<std::vector<protocol::PushRequest>>& rounds, bool gathered) {
  const Stopwatch watch;
  for (const auto& round : rounds) {
    if (gathered) {
      for (const auto& reply : hub.hub().push(round))
        require(reply.code == protocol::PushCode::accepted, reply.detail.c_str());
      continue;
    }
    for (const auto& request : round)
      require(hub.hub().push(request).code == protocol::PushCode::accepted, "the batch is taken");
  }
  return watch.seconds();
}

double bare_seconds(const std::filesystem::path& file, const Journals& journals) {
  std::vector<EventEnvelope> all;
  for (std::size_t at = 0; all.size() < journals.events; at += batch_events) {
    for (const auto& events : journals.of_store) {
      for (std::size_t i = at; i < std::min(at + batch_events, events.size()); ++i) all.push_back(events[i]);
    }
  }
  BareEvents bare(file);
  const Stopwatch watch;
  for (std::size_t at = 0; at < all.size(); at += 1'000)
    bare.insert(std::span(all).subspan(at, std::min<std::size_t>(1'000, all.size() - at)));
  return watch.seconds();
}

struct IntakeTimes {
  std::vector<double> gathered, one_by_one, bare;
  std::uint64_t gathered_syncs = 0;
};

IntakeTimes measure_intake(const Options& options, const Journals& journals) {
  IntakeTimes times;
  for (int round = 0; round < 3; ++round) {
    const std::filesystem::path folder = options.folder / std::to_string(round);
    BenchHub first(folder / "gathered", stores);
    BenchHub second(folder / "one", stores);
    const auto gathered = rounds_of(unknown_kinds(journals, first), first);
    const auto one_by_one = rounds_of(unknown_kinds(journals, second), second);
    times.bare.push_back(bare_seconds(folder / "bare.db", journals));
    const std::uint64_t syncs = syncs_so_far();
    times.gathered.push_back(push_seconds(first, gathered, true));
    times.gathered_syncs = syncs_so_far() - syncs;
    times.one_by_one.push_back(push_seconds(second, one_by_one, false));
  }
  return times;
}

void hub_intake(const Options& options) {
  BenchHub hub(options.folder / "hub", stores);
  Workload workload(options.seed);
  hub.import(source_items(workload, stores * returns_a_store * 2, true));
  const Journals journals = write_journals(hub, options.folder);
  const IntakeTimes times = measure_intake(options, journals);
  const double folded = push_seconds(hub, rounds_of(journals, hub), true);
  require(hub.anomalies() == 0, "the hub agrees with what the stores did");

  const double thousands = static_cast<double>(journals.events) / 1000;
  const double bare = thousands / value_at(times.bare, 0.5);
  report({.bench = "hub_intake",
          .figure = "journals of 50 stores, batches of 20 events gathered into one commit: append, chain, signature",
          .value = thousands / value_at(times.gathered, 0.5),
          .unit = "1000 events/s",
          .yardstick = bare,
          .must_be_ratio = true,
          .must = 0.5,
          .sense = Must::at_least,
          .fdatasyncs = times.gathered_syncs,
          .note = std::to_string(journals.events) + " events; yardstick: 1,000 a transaction"});
  report({.bench = "hub_intake",
          .figure = "the same with the fold into rights, stock and money",
          .value = thousands / folded,
          .unit = "1000 events/s",
          .yardstick = bare});
  report({.bench = "hub_intake",
          .figure = "one batch a commit, as when a single store pushes",
          .value = thousands / value_at(times.one_by_one, 0.5),
          .unit = "1000 events/s",
          .yardstick = bare});
}

/// Instructions of the intake, by event, without and with the fold.
void count_hub_intake(const Options& options) {
  BenchHub hub(options.folder / "hub", stores);
  BenchHub unfolded(options.folder / "unfolded", stores);
  Workload workload(options.seed);
  hub.import(source_items(workload, stores * returns_a_store * 2, true));
  const Journals journals = write_journals(hub, options.folder);
  auto rounds = rounds_of(journals, hub);
  auto unknown = rounds_of(unknown_kinds(journals, unfolded), unfolded);
  const auto each = [&](const std::function<void()>& work) {
    return static_cast<double>(instructions_of(work)) / static_cast<double>(journals.events);
  };
  const double bare = each([&] { bare_seconds(options.folder / "bare.db", journals); });
  report({.bench = "hub_intake",
          .figure = "intake of an event, batches of 20 of 50 stores gathered: append, chain, signature",
          .value = each([&] { push_seconds(unfolded, std::move(unknown), true); }),
          .unit = "instructions",
          .yardstick = bare});
  report({.bench = "hub_intake",
          .figure = "the same with the fold into rights, stock and money",
          .value = each([&] { push_seconds(hub, std::move(rounds), true); }),
          .unit = "instructions",
          .yardstick = bare});
}

const Registration import_bench("hub_import", hub_import, {20, 20});
const Registration intake_bench("hub_intake", hub_intake, {8, 8});
const CountRegistration intake_count("hub_intake", count_hub_intake, 90);

}  // namespace
}  // namespace retour::bench
