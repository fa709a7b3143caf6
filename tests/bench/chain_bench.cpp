// The real parts together: a store's decision on a line as its API asks for it, and one order on its way from the
// hub's import to the store's replica.

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "db/codec/digest.hpp"
#include "db/orders/replica_builder.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/core/base/require.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/callgrind.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/raw_tls.hpp"

namespace retour::bench {
namespace {

// ---- decision ----------------------------------------------------------------------------------------------------
constexpr std::size_t orders_usual = 100'000;
constexpr std::size_t orders_full = 1'000'000;
constexpr std::size_t grant_orders = 2'000;
constexpr std::size_t quotes = 50'000;

struct Asked {
  std::string customer_ref;
  std::string sku;
};

void hold_rights(BenchStore& store, const std::vector<WorkloadOrder>& orders) {
  RightsReceived received{.transfer_id = store.ids.make<TransferId>(), .items = {}};
  for (const WorkloadOrder& made : orders) {
    for (const OrderLine& line : made.order.lines)
      received.items.push_back({made.order.id, {line.line_no, 0, line.quantity}});
  }
  journal::Write write = store.journal.begin(store.clock.now_ms());
  require(write.append(CommandId{received.transfer_id.bytes}, received) == journal::Appended::recorded,
          "rights are taken");
  write.commit();
}

/// Replica and rights of `count` orders; what is asked for is drawn from all of them.
std::vector<Asked> fill(const Options& options, BenchStore& store, const Bytes& lookup_secret, std::size_t count) {
  std::vector<Asked> asked;
  std::mt19937_64 random(options.seed);
  Workload workload(options.seed);
  orders::ReplicaBuilder builder(store.orders_path);
  for (std::size_t done = 0; done < count; done += grant_orders) {
    auto batch = workload.next(grant_orders);
    for (WorkloadOrder& made : batch) made.customer = codec::hmac_key(lookup_secret, "c" + made.order.number);
    const Bytes chunk = codec::pack_chunk(feed_items(batch, done + 1));
    builder.add(codec::sha256(chunk), chunk);
    hold_rights(store, batch);
    for (std::size_t i = 0; i < grant_orders * quotes / count; ++i) {
      const Order& order = batch[random() % batch.size()].order;
      asked.push_back({"c" + order.number, order.lines[random() % order.lines.size()].sku});
    }
  }
  builder.finish(std::vector<codec::FeedCursor>{{1, count}});
  std::shuffle(asked.begin(), asked.end(), random);
  return asked;
}

void quote(BenchStore& store, const Asked& asked) {
  app::Visit visit{
      .customer_ref = asked.customer_ref, .subject = {}, .business_date = CivilDate::of_ms(store.clock.now_ms())};
  visit.lines.push_back({.line_no = 1, .sku = asked.sku, .quantity = 1});
  const auto quoted = app::quote_return(store.context, visit);
  require(quoted.ok() && quoted->plan && quoted->plan->total_minor > 0, "a unit whose right is here is approved");
}

/// Everything asked once before, so that the files' pages are in memory: a till's are.
void chain_decision(const Options& options) {
  const std::size_t count = options.full ? orders_full : orders_usual;
  BenchHub hub(options.folder / "hub", 1);
  BenchStore store(options.folder / "store", hub, 0, sqlite::Synchronous::normal);
  const std::vector<Asked> asked = fill(options, store, hub.lookup_secret(), count);
  store.journal.database().checkpoint_truncate();
  for (const Asked& one : asked) quote(store, one);
  std::vector<double> times, processor;
  for (const Asked& one : asked) {
    const double before = thread_seconds();
    const Stopwatch watch;
    quote(store, one);
    times.push_back(watch.seconds() * 1e6);
    processor.push_back((thread_seconds() - before) * 1e6);
  }
  const auto micros = [](double value) { return std::to_string(static_cast<int>(value)) + " us"; };
  const std::string size = options.full ? "1,000,000 orders" : "100,000 orders";
  report({.bench = "chain_decision",
          .figure = "quote of a line by customer and item: look-up, rights, rules, plan, warm, p99, " + size,
          .value = value_at(times, 0.99),
          .unit = "us",
          .must = 1'000.0,
          .note = "p50 " + micros(value_at(times, 0.5))});
  report({.bench = "chain_decision",
          .figure = "the same in processor time, p99",
          .value = value_at(processor, 0.99),
          .unit = "us",
          .note = "p50 " + micros(value_at(processor, 0.5)) + ", the longest " + micros(value_at(processor, 1.0)) +
                  "; what neighbours take does not count"});
}

void count_chain_decision(const Options& options) {
  constexpr std::size_t count = 10'000;
  constexpr std::size_t counted = 1'000;
  BenchHub hub(options.folder / "hub", 1);
  BenchStore store(options.folder / "store", hub, 0, sqlite::Synchronous::normal);
  const std::vector<Asked> asked = fill(options, store, hub.lookup_secret(), count);
  const auto ask = [&] {
    for (std::size_t i = 0; i < counted; ++i) quote(store, asked[i]);
  };
  ask();
  report({.bench = "chain_decision",
          .figure = "quote of a line by customer and item: look-up, rights, rules, plan, 10,000 orders",
          .value = static_cast<double>(instructions_of(ask)) / counted,
          .unit = "instructions"});
}

// ---- one change --------------------------------------------------------------------------------------------------
constexpr std::size_t changes = 1'000;
constexpr std::size_t change_bytes = 180;  // about what an order and its keys take in both databases
constexpr std::size_t acknowledge_bytes = 100;

/// The thread of retour-sync that pulls: each reply is applied and committed before the next call goes out.
class PullingStore {
 public:
  PullingStore(BenchHub& hub, BenchStore& store)
      : m_client(hub.connect(0)), m_sync(store.sync_over(*m_client, hub.node(0).catchment)) {
    m_thread = std::thread([this] {
      while (!m_stop) {
        const daemon::Carried carried = m_sync.carry_out(engine::Pull{.wait_ms = 10'000});
        if (carried.news()) m_taken.fetch_add(carried.orders);
        m_taken.notify_all();
      }
    });
  }
  ~PullingStore() {
    m_stop = true;
    m_client->interrupt();
    m_thread.join();
  }
  void wait_for(std::size_t orders) {
    for (std::size_t seen = m_taken; seen < orders; seen = m_taken) m_taken.wait(seen);
  }
  transport::WireBytes wire_bytes() const { return m_client->wire_bytes(); }

 private:
  std::unique_ptr<transport::HttpsClient> m_client;
  daemon::SyncNode m_sync;
  std::atomic<std::size_t> m_taken = 0;
  std::atomic<bool> m_stop = false;
  std::thread m_thread;
};

void wait_until_waiting(BenchHub& hub) {
  while (hub.service().waiting() == 0) std::this_thread::yield();
}

/// The same over a bare socket: a durable commit, the message, a commit as the replica makes it, the acknowledgement.
std::vector<double> bare_changes(const Options& options) {
  BareCommits at_hub(options.folder / "bare-hub.db");
  BareCommits at_store(options.folder / "bare-store.db", "NORMAL");
  WirePair wire = WirePair::bare();
  return ping_pong_us(wire, {.rounds = changes,
                             .down_bytes = change_bytes,
                             .up_bytes = acknowledge_bytes,
                             .hub_work = [&] { at_hub.commit(change_bytes); },
                             .node_work = [&] { at_store.commit(change_bytes); }});
}

void chain_change(const Options& options) {
  BenchHub hub(options.folder / "hub", 1);
  BenchStore store(options.folder / "store", hub, 0);
  Workload workload(options.seed);
  std::vector<double> times;
  transport::WireBytes before, after;
  {
    // The order alone: without a customer it stays with the hub, and its rights are not placed. Sold today, so that
    // every store wants it.
    std::vector<ports::SourceItem> items = source_items(workload, changes + 1, true);
    for (ports::SourceItem& item : items) {
      auto& source = std::get<ports::SourceOrder>(item);
      source.customer_ref.clear();
      source.order.sold_at_ms = store.clock.now_ms();
      source.order.sold_on = CivilDate::of_ms(source.order.sold_at_ms);
    }
    PullingStore pulling(hub, store);
    hub.import(std::span(items).first(1));
    pulling.wait_for(1);
    wait_until_waiting(hub);
    before = pulling.wire_bytes();
    for (std::size_t i = 1; i <= changes; ++i) {
      const Stopwatch watch;
      hub.import(std::span(items).subspan(i, 1));
      pulling.wait_for(i + 1);
      times.push_back(watch.seconds() * 1e6);
      wait_until_waiting(hub);
    }
    after = pulling.wire_bytes();
  }
  const std::vector<double> bare = bare_changes(options);
  report({.bench = "chain_change",
          .figure = "one order, hub's import to the store's commit, p50",
          .value = value_at(times, 0.5),
          .unit = "us",
          .yardstick = value_at(bare, 0.5),
          .must_be_ratio = true,
          .must = 3.0,
          .note = "TLS 1.3; hub commits with FULL, replica with NORMAL, both sides alike; p99 " +
                  std::to_string(static_cast<int>(value_at(times, 0.99))) + " us"});
  report({.bench = "chain_change",
          .figure = "bytes of one change on the wire, acknowledgement included",
          .value = static_cast<double>(after.sent + after.received - before.sent - before.received) / changes,
          .unit = "bytes",
          .must = 600.0,
          .note = "HTTP and TLS included, TCP/IP headers not"});
}

const Registration decision_bench("chain_decision", chain_decision, {10, 70});
const Registration change_bench("chain_change", chain_change, {8, 8});
const CountRegistration decision_count("chain_decision", count_chain_decision, 30);

}  // namespace
}  // namespace retour::bench
