// What goes over the wire: bootstrap of a store, one change. Yardsticks: plain_tables.hpp for the bootstrap, a bare
// loopback socket that does the same work for the change.

#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "plugin/core/base/require.hpp"
#include "sync/protocol/message_codec.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/plain_tables.hpp"
#include "tests/bench/raw_tls.hpp"
#include "tests/bench/transport_bench.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {
namespace {

std::string thousands(std::size_t count) {
  return count >= 1'000'000 ? "1,000,000" : "100,000";
}

// ---- bootstrap ---------------------------------------------------------------------------------------------------
/// Every order has a customer, and all customers are at home in the one store: it gets them all.
void fill_hub(BenchHub& hub, std::uint64_t seed, std::size_t count) {
  Workload workload(seed);
  for (std::size_t done = 0; done < count; done += hub::import_orders_max)
    hub.import(source_items(workload, hub::import_orders_max, false));
  hub.checkpoint();
}

/// As retour-sync of a new store does it: a connection of its own, manifest, signature, chunks, swap.
double bootstrap(BenchHub& hub, const std::filesystem::path& folder, std::size_t count) {
  BenchStore store(folder, hub, 0);
  const Stopwatch watch;
  const auto client = hub.connect(0);
  const daemon::Carried carried = store.sync_over(*client, hub.node(0).catchment).carry_out(engine::Bootstrap{});
  const double seconds = watch.seconds();
  require(carried.orders == count, "every order is in the replica");
  return seconds;
}

/// Of the chunks that the hub keeps.
std::uintmax_t bytes_in(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) bytes += file.file_size();
  return bytes;
}

double load_plain(const std::filesystem::path& file, std::uint64_t seed, std::size_t count) {
  Account account;
  PlainTables plain(file);
  Workload workload(seed);
  for (std::size_t done = 0; done < count; done += plain_transaction_orders) {
    const auto batch = workload.next(plain_transaction_orders);
    account.measure([&] { plain.insert(batch); });
  }
  return account.seconds();
}

void measure_bootstrap(const Options& options, std::size_t count, std::size_t repeats, double must) {
  const std::filesystem::path base = options.folder / std::to_string(count);
  BenchHub hub(base / "hub", 1);
  fill_hub(hub, options.seed, count);
  bootstrap(hub, base / "first", count);  // the first store's manifest makes the chunks for all
  int round = 0;
  const auto folder = [&] { return base / std::to_string(round++); };
  const auto paired = take_turns(
      repeats, [&] { return bootstrap(hub, folder(), count); },
      [&] {
        const auto at = folder();
        std::filesystem::create_directories(at);
        return load_plain(at / "plain.db", options.seed, count);
      });
  report({.bench = "bootstrap",
          .figure =
              "bootstrap of a store over TLS on loopback, verified and swapped in, " + thousands(count) + " orders",
          .value = paired.ours,
          .unit = "s",
          .yardstick = paired.yardstick,
          .must_be_ratio = true,
          .must = must,
          .note = "from a real hub; " + std::to_string(bytes_in(base / "hub" / "chunks") / count) +
                  " bytes an order on the wire; yardstick: B"});
}

void bootstrap_bench(const Options& options) {
  measure_bootstrap(options, 100'000, 3, 0.8);
  if (options.full) measure_bootstrap(options, 1'000'000, 1, 0.4);
}

// ---- one change --------------------------------------------------------------------------------------------------
/// A replica of a store that takes one order after the other.
class Taking {
 public:
  Taking(const std::filesystem::path& file, std::uint64_t seed) : m_workload(seed) {
    orders::create_empty_replica(file);
    m_replica.emplace(orders::OrderReplica::open(file, orders::ReplicaMode::read_write));
  }
  void take_one() {
    const codec::FeedItem item = feed_item(m_workload.next(), ++m_seq);
    m_replica->apply({&item, 1}, std::vector<codec::FeedCursor>{{1, m_seq}});
  }

 private:
  Workload m_workload;
  std::uint64_t m_seq = 0;
  std::optional<orders::OrderReplica> m_replica;
};

void one_change_bench(const Options& options) {
  constexpr std::size_t rounds = 2'000;
  Workload workload(options.seed);
  protocol::PullReply reply;
  reply.orders = {feed_item(workload.next(), 1)};
  reply.cursors = {{1, 1}};
  protocol::PullRequest pull;
  pull.cursors = {{1, 1}, {2, 100}, {3, 100}};
  const std::size_t down = protocol::encode(reply).size();
  const std::size_t up = protocol::encode(pull).size();

  Taking ours(options.folder / "ours.db", options.seed);
  const OneChange change = measure_one_change(
      {.rounds = rounds, .down_bytes = down, .up_bytes = up, .hub_work = {}, .node_work = [&] { ours.take_one(); }});
  Taking plain(options.folder / "plain.db", options.seed);
  WirePair wire = WirePair::bare();
  const std::vector<double> bare = ping_pong_us(
      wire,
      {.rounds = rounds, .down_bytes = down, .up_bytes = up, .hub_work = {}, .node_work = [&] { plain.take_one(); }});
  report({.bench = "one_change",
          .figure = "after the hub's commit until the store has committed and its next pull waits, p50",
          .value = value_at(change.us, 0.5),
          .unit = "us",
          .yardstick = value_at(bare, 0.5),
          .must_be_ratio = true,
          .must = 3.0,
          .note = "yardstick: a bare socket, the same commit"});
  report({.bench = "one_change",
          .figure = "on the wire, with acknowledgement",
          .value = change.bytes_a_change,
          .unit = "bytes",
          .must = 600.0,
          .note = std::to_string(reply.orders[0].evidence.size()) + " of these are the order's evidence"});
}

const Registration bootstrap_registration("bootstrap", bootstrap_bench, {25, 220});
const Registration one_change_registration("one_change", one_change_bench, {3, 3});

}  // namespace
}  // namespace retour::bench
