// A till at work: the commits of a return beside bare commits of as many bytes, and the local HTTP API beside a bare
// epoll server that does the same look-up.

#include <sqlite3.h>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/record_sale.hpp"
#include "plugin/core/base/require.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/simulated/shop.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t returns_measured = 1'000;
constexpr std::size_t returns_before = 200;  // so that files and caches are those of a working day

/// One store on real files, synchronous=FULL, with devices that answer at once.
class Till {
 public:
  explicit Till(const std::filesystem::path& folder)
      : m_journal(journal::Journal::create(folder / "journal.db", {NodeId{{1}}, 7},
                                           {.projections = projections::store_projections()})),
        m_orders(open_orders(folder / "orders.db")),
        m_context{.journal = m_journal,
                  .orders = m_orders,
                  .clock = m_clock,
                  .ids = m_ids,
                  .terminal = m_shop.terminal,
                  .drawer = m_shop.drawer,
                  .printer = m_shop.printer,
                  .legs_in_motion = m_legs,
                  .policy = {},
                  .lookup_secret = Bytes(32, 1),
                  .store_name = "bench",
                  .authority = "bench",
                  .hub_reachable = [] { return false; },
                  .pause = [](std::int64_t) {}} {}

  OrderId sell(Order order) {
    Minor total = order_total(order);
    order.tenders = {{1, TenderKind::cash, "", total}};
    const auto sold = app::record_sale(m_context, {m_ids.make<CommandId>(), "1", std::move(order), "", ""});
    require(sold.ok(), "the sale of a bench is taken");
    return sold->order_id;
  }

  /// One unit of the first line comes back for cash: two commits.
  app::ReturnOutcome take_back(const OrderId& order) {
    app::ReturnCommand command{
        .command_id = m_ids.make<CommandId>(), .till = "1", .cashier = "anna", .reference = "", .visit = {}};
    command.visit.business_date = CivilDate::of_ms(m_clock.now_ms());
    command.visit.asked_at_ms = m_clock.now_ms();
    ReturnAsk ask;
    ask.line_no = 1;
    ask.order_id = order;
    ask.order_line_no = 1;
    ask.quantity = 1;
    command.visit.lines.push_back(std::move(ask));
    auto outcome = app::execute_return(m_context, command);
    require(outcome.ok() && outcome->state.closed, "the return of a bench is paid");
    return std::move(*outcome);
  }

  std::int64_t wal_bytes(const std::filesystem::path& folder) const {
    return sqlite::wal_bytes(folder / "journal.db");
  }
  journal::Journal& journal() { return m_journal; }

 private:
  static orders::OrderReplica open_orders(const std::filesystem::path& file) {
    orders::create_empty_replica(file);
    return orders::OrderReplica::open(file, orders::ReplicaMode::read);
  }

  simulated::ManualClock m_clock{1'795'348'800'000};
  simulated::SeededIds m_ids{1};
  simulated::Shop m_shop;
  app::LegsInMotion m_legs;
  journal::Journal m_journal;
  orders::OrderReplica m_orders;
  app::StoreContext m_context;
};

/// A table of one blob a row over the raw C API; each insert is one durable transaction.
class BareCommits {
 public:
  explicit BareCommits(const std::filesystem::path& file) {
    require(sqlite3_open(file.c_str(), &m_database) == SQLITE_OK, "the yardstick's file opens");
    execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)");
    require(sqlite3_prepare_v2(m_database, "INSERT INTO t (b) VALUES (?)", -1, &m_insert, nullptr) == SQLITE_OK,
            "insert");
  }
  ~BareCommits() {
    sqlite3_finalize(m_insert);
    sqlite3_close(m_database);
  }
  BareCommits(const BareCommits&) = delete;
  BareCommits& operator=(const BareCommits&) = delete;

  void commit(const Bytes& bytes) {
    sqlite3_bind_blob(m_insert, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    require(sqlite3_step(m_insert) == SQLITE_DONE, "the yardstick commits");
    sqlite3_reset(m_insert);
  }

 private:
  void execute(const char* sql) {
    require(sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, "the yardstick's statement");
  }

  sqlite3* m_database = nullptr;
  sqlite3_stmt* m_insert = nullptr;
};

/// Bytes that a case's events are: bodies, and what the envelope adds (ids, hashes, kind, times).
std::size_t event_bytes(journal::Journal& journal, const ReturnCaseId& id) {
  constexpr std::size_t envelope_bytes = 16 + 8 + 8 + 8 + 16 + 16 + 4 + 4 + 32 + 32;
  std::size_t bytes = 0;
  for (const EventEnvelope& event : journal.envelopes_of_case(id)) {
    bytes += envelope_bytes + event.kind.size() + event.body.size();
  }
  return bytes;
}

void store_commit(const Options& options) {
  Till till(options.folder);
  BareCommits bare(options.folder / "bare.db");
  Workload workload(options.seed);
  std::vector<OrderId> sold;
  for (std::size_t i = 0; i < returns_before + returns_measured; ++i)
    sold.push_back(till.sell(workload.next().order));
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < returns_before; ++i)
    bytes += event_bytes(till.journal(), till.take_back(sold[i]).case_id);
  const Bytes as_many(bytes / returns_before / 2, 0x5a);  // a return is two commits
  for (std::size_t i = 0; i < returns_before; ++i) bare.commit(as_many);

  std::vector<double> ours, theirs;
  std::uint64_t syncs = 0;
  std::optional<std::uint64_t> instructions = 0;
  for (std::size_t i = returns_before; i < sold.size(); ++i) {
    const std::uint64_t before = syncs_so_far();
    const InstructionCount counter;
    const Stopwatch watch;
    till.take_back(sold[i]);
    ours.push_back(watch.seconds() * 1e6 / 2);
    const auto counted = counter.so_far();
    instructions = instructions && counted ? std::optional(*instructions + *counted) : std::nullopt;
    syncs += syncs_so_far() - before;
    const Stopwatch bare_watch;
    bare.commit(as_many);
    bare.commit(as_many);
    theirs.push_back(bare_watch.seconds() * 1e6 / 2);
  }
  const std::string note =
      "a cash return by order line, look-up, rules and devices included, divided by its 2 commits; " +
      std::to_string(as_many.size()) + " bytes of events a commit";
  report({.bench = "store_commit",
          .figure = "a step of a return, durable, p50",
          .value = value_at(ours, 0.5),
          .unit = "us",
          .yardstick = value_at(theirs, 0.5),
          .must_be_ratio = true,
          .must = 1.3,
          .instructions = instructions,
          .fdatasyncs = syncs,
          .note = note});
  report({.bench = "store_commit",
          .figure = "a step of a return, durable, p99",
          .value = value_at(ours, 0.99),
          .unit = "us",
          .yardstick = value_at(theirs, 0.99)});
  report({.bench = "store_commit",
          .figure = "fdatasync a commit",
          .value = static_cast<double>(syncs) / (2.0 * returns_measured),
          .unit = "calls",
          .must = 1.05});
}

const Registration commit_bench("store_commit", store_commit);

}  // namespace
}  // namespace retour::bench
