// What goes over the wire: bootstrap of a store, one change, thousands of waiting stores. Yardsticks:
// plain_tables.hpp for the bootstrap, a bare loopback socket that does the same work for the change.

#include <map>

#include "db/codec/digest.hpp"
#include "db/codec/signature.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "plugin/core/base/require.hpp"
#include "sync/protocol/message_codec.hpp"
#include "sync/transport/https_client.hpp"
#include "sync/transport/https_server.hpp"
#include "tests/bench/bench_keys.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/plain_tables.hpp"
#include "tests/bench/raw_tls.hpp"
#include "tests/bench/transport_bench.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {
namespace {

// ---- bootstrap
// ----------------------------------------------------------------------------------------------------- The hub's
// bulk end: a signed manifest, and chunks by name.
class BulkService final : public transport::Service {
 public:
  BulkService(std::uint64_t seed, std::size_t orders, const codec::SigningKey& key) {
    Workload workload(seed);
    for (std::uint64_t seq = 1; seq <= orders; seq += codec::chunk_orders) {
      Bytes chunk = codec::pack_chunk(feed_items(workload.next(codec::chunk_orders), seq));
      const Hash256 hash = codec::sha256(chunk);
      m_manifest.chunks.push_back({hash, chunk.size(), codec::chunk_orders});
      m_bytes += chunk.size();
      m_chunks["/sync/v1/chunk/" + hash.to_string()] = std::move(chunk);
    }
    m_manifest.cursors = {{1, orders}};
    m_manifest.signature = key.sign(protocol::signed_part(m_manifest));
  }
  void handle(transport::Request&& request, Answer answer) override {
    if (request.path == "/sync/v1/manifest") return answer({200, protocol::encode(m_manifest)});
    const auto found = m_chunks.find(request.path);
    answer(found == m_chunks.end() ? transport::Reply{404, {}} : transport::Reply{200, found->second});
  }
  std::uint64_t bytes() const { return m_bytes; }

 private:
  protocol::Manifest m_manifest;
  std::map<std::string, Bytes> m_chunks;
  std::uint64_t m_bytes = 0;
};

Bytes fetch(transport::HubConnection& hub, const std::string& path) {
  transport::Reply reply = hub.call("GET", path, {}, 60'000);
  require(reply.status == 200, "the bulk end has what its manifest names");
  return std::move(reply.body);
}

// The steps of retour-sync: manifest, signature, chunks, swap; a connection of its own.
double bootstrap(const BenchKeys& keys, std::uint16_t port, const codec::VerifyKey& hub_key,
                 const std::filesystem::path& file) {
  const Stopwatch watch;
  transport::HttpsClient hub({.host = "127.0.0.1",
                              .port = port,
                              .ca_pem = keys.ca.certificate_pem,
                              .ca_fingerprint = {},
                              .identity = keys.node});
  const auto manifest = protocol::decode<protocol::Manifest>(fetch(hub, "/sync/v1/manifest"));
  require(hub_key.verify(protocol::signed_part(manifest), manifest.signature), "the manifest is the hub's");
  orders::ReplicaBuilder builder(file);
  std::vector<Hash256> names;
  for (const protocol::ChunkRef& chunk : manifest.chunks) names.push_back(chunk.hash);
  for (const Hash256& name : builder.begin(names)) {
    builder.add(name, fetch(hub, "/sync/v1/chunk/" + name.to_string()));
  }
  builder.finish(manifest.cursors);
  return watch.seconds();
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
  const BenchKeys keys;
  const codec::SigningKey key = codec::SigningKey::generate();
  BulkService service(options.seed, count, key);
  transport::HttpsServer server(
      {.address = "127.0.0.1", .port = 0, .ca_pem = keys.ca.certificate_pem, .hub = keys.hub}, service);
  int round = 0;
  const auto file = [&](const char* name) {
    return options.folder / (std::to_string(count) + "-" + std::to_string(round++) + name);
  };
  const auto paired = take_turns(
      repeats, [&] { return bootstrap(keys, server.port(), key.verify_key(), file("orders.db")); },
      [&] { return load_plain(file("plain.db"), options.seed, count); });
  report({.bench = "bootstrap",
          .figure = "over TLS on loopback, verified and swapped in, " + std::to_string(count) + " orders",
          .value = paired.ours,
          .unit = "s",
          .yardstick = paired.yardstick,
          .must_be_ratio = true,
          .must = must,
          .note = std::to_string(service.bytes() / count) + " bytes an order"});
}

void bootstrap_bench(const Options& options) {
  measure_bootstrap(options, 100'000, 3, 0.8);
  if (options.full) measure_bootstrap(options, 1'000'000, 1, 0.4);
}

// ---- one change
// ----------------------------------------------------------------------------------------------------
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

// ---- waiting connections
// ---------------------------------------------------------------------------------------------
void waiting_bench(const Options&) {
  const WaitingConnections waiting = measure_waiting_connections(10'000);
  report({.bench = "waiting_connections",
          .figure = "memory of the hub, 10,000 TLS connections waiting, woken too",
          .value = waiting.hub_resident_bytes_max / 1e9,
          .unit = "GB",
          .must = 1.2,
          .note = std::to_string(static_cast<std::uint64_t>(waiting.bytes_a_connection)) + " bytes a connection"});
  report({.bench = "waiting_connections",
          .figure = "from one change until all 10,000 have it",
          .value = waiting.wake_seconds,
          .unit = "s",
          .must = 2.0});
}

const Registration bootstrap_registration("bootstrap", bootstrap_bench);
const Registration one_change_registration("one_change", one_change_bench);
const Registration waiting_registration("waiting_connections", waiting_bench);
const ChildRegistration waiting_clients(run_as_waiting_clients);

}  // namespace
}  // namespace retour::bench
