// The replica of orders: bytes on the wire, bootstrap, look-up, decision. Yardstick: plain_tables.hpp.

#include <random>

#include "db/codec/digest.hpp"
#include "db/codec/order_columns.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "plugin/core/base/require.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/core/refund/refund_plan.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "tests/bench/callgrind.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/plain_tables.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t orders_usual = 100'000;
constexpr std::size_t orders_full = 1'000'000;
constexpr std::size_t lookups = 100'000;

// Every order of the workload, ten thousand at a time: a million would not fit into a till's memory.
void for_each_batch(std::uint64_t seed, std::size_t count, std::size_t batch_orders,
                    const std::function<void(const std::vector<WorkloadOrder>&)>& take) {
  Workload workload(seed);
  for (std::size_t done = 0; done < count; done += batch_orders) take(workload.next(batch_orders));
}

struct Snapshot {
  std::vector<Bytes> chunks;
  std::vector<Hash256> hashes;
};

Snapshot snapshot_of(std::uint64_t seed, std::size_t count) {
  Snapshot snapshot;
  std::uint64_t feed_seq = 1;
  for_each_batch(seed, count, codec::chunk_orders, [&](const std::vector<WorkloadOrder>& orders) {
    snapshot.chunks.push_back(codec::pack_chunk(feed_items(orders, feed_seq)));
    snapshot.hashes.push_back(codec::sha256(snapshot.chunks.back()));
    feed_seq += orders.size();
  });
  return snapshot;
}

double load_plain(const std::filesystem::path& file, std::uint64_t seed, std::size_t count) {
  Account account;
  PlainTables plain(file);
  for_each_batch(seed, count, plain_transaction_orders,
                 [&](const std::vector<WorkloadOrder>& orders) { account.measure([&] { plain.insert(orders); }); });
  return account.seconds();
}

// As retour-sync does it once the bytes are there: hash, keep, unpack, load, index, sync, swap.
double load_replica(const std::filesystem::path& file, const Snapshot& snapshot, std::size_t count) {
  const Stopwatch watch;
  orders::ReplicaBuilder builder(file);
  const auto missing = builder.begin(snapshot.hashes);
  require(missing.size() == snapshot.hashes.size(), "nothing was fetched before");
  for (std::size_t i = 0; i < snapshot.chunks.size(); ++i) builder.add(snapshot.hashes[i], snapshot.chunks[i]);
  builder.finish(std::vector<codec::FeedCursor>{{1, count}});
  return watch.seconds();
}

std::string size_name(std::size_t count) {
  return count >= 1'000'000 ? "1,000,000 orders" : "100,000 orders";
}

void measure_load(const Options& options, std::size_t count, std::size_t repeats, double must) {
  const Snapshot snapshot = snapshot_of(options.seed, count);
  int round = 0;
  const auto file = [&](const char* name) {
    return options.folder / (std::to_string(count) + "-" + std::to_string(round++) + name);
  };
  std::uint64_t syncs = 0;
  std::optional<std::uint64_t> instructions;
  const auto ours = [&] {
    const auto at = file("orders.db");
    const InstructionCount counter;
    const std::uint64_t before = syncs_so_far();
    const double seconds = load_replica(at, snapshot, count);
    syncs = syncs_so_far() - before;
    instructions = counter.so_far();
    return seconds;
  };
  const auto paired = take_turns(repeats, ours, [&] { return load_plain(file("plain.db"), options.seed, count); });
  report({.bench = "replica_load",
          .figure = "bootstrap, bytes at hand to swapped in, " + size_name(count),
          .value = paired.ours,
          .unit = "s",
          .yardstick = paired.yardstick,
          .must_be_ratio = true,
          .must = must,
          .instructions = instructions,
          .fdatasyncs = syncs,
          .note = "without TLS; hash, unpack, load, index, sync, swap"});
}

void replica_load(const Options& options) {
  measure_load(options, orders_usual, 3, 0.8);
  if (options.full) measure_load(options, orders_full, 1, 0.4);
}

// ---- bytes -------------------------------------------------------------------------------------------------------
void replica_bytes(const Options& options) {
  constexpr std::size_t count = 20'000;
  const auto orders = Workload(options.seed).next(count);
  const codec::Catalogue catalogue = Workload(options.seed).catalogue();
  const auto items = feed_items(orders, 1);
  std::size_t rows = 0;
  for (const auto& item : items) rows += item.evidence.size();
  const auto bytes_an_order = [&](std::size_t chunk_orders, const codec::Catalogue* shared) {
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < count; at += chunk_orders) {
      bytes += codec::pack_chunk(std::span(items).subspan(at, chunk_orders), shared).size();
    }
    return static_cast<double>(bytes) / static_cast<double>(count);
  };
  report({.bench = "replica_bytes",
          .figure = "packed evidence of one order",
          .value = static_cast<double>(rows) / count,
          .unit = "bytes"});
  report({.bench = "replica_bytes",
          .figure = "an order in bulk, items inside, 5,000 a chunk",
          .value = bytes_an_order(5'000, nullptr),
          .unit = "bytes",
          .must = 130.0});
  report({.bench = "replica_bytes",
          .figure = "an order in bulk, items inside, 1,000 a chunk",
          .value = bytes_an_order(1'000, nullptr),
          .unit = "bytes",
          .must = 130.0});
  report({.bench = "replica_bytes",
          .figure = "an order in bulk, shared catalogue, 5,000 a chunk",
          .value = bytes_an_order(5'000, &catalogue),
          .unit = "bytes",
          .must = 80.0});
  report({.bench = "replica_bytes",
          .figure = "an order in bulk, shared catalogue, 1,000 a chunk",
          .value = bytes_an_order(1'000, &catalogue),
          .unit = "bytes",
          .must = 80.0});
  report({.bench = "replica_bytes",
          .figure = "the shared catalogue itself, 60,000 items",
          .value = static_cast<double>(catalogue.pack().size()) / workload_items,
          .unit = "bytes an item"});
}

// ---- look-up and decision ---------------------------------------------------------------------------------------
struct Loaded {
  std::vector<std::string> numbers;
  std::vector<LookupKey> customers;
  std::vector<std::string> skus;  // of the order's last line
};

// Both stores filled with the same orders; what to ask for is drawn from all of them.
Loaded fill_both(const Options& options, std::size_t count) {
  Loaded loaded;
  PlainTables plain(options.folder / "plain.db");
  std::mt19937_64 random(options.seed);
  std::uint64_t feed_seq = 1;
  orders::ReplicaBuilder builder(options.folder / "orders.db");
  for_each_batch(options.seed, count, plain_transaction_orders, [&](const std::vector<WorkloadOrder>& batch) {
    plain.insert(batch);
    const Bytes chunk = codec::pack_chunk(feed_items(batch, feed_seq));
    builder.add(codec::sha256(chunk), chunk);
    feed_seq += batch.size();
    for (std::size_t i = 0; i < lookups * batch.size() / count; ++i) {
      const WorkloadOrder& drawn = batch[random() % batch.size()];
      loaded.numbers.push_back(drawn.order.number);
      loaded.customers.push_back(drawn.customer);
      loaded.skus.push_back(drawn.order.lines.back().sku);
    }
  });
  builder.finish(std::vector<codec::FeedCursor>{{1, count}});
  for (std::size_t i = loaded.numbers.size(); i-- > 1;) {
    const std::size_t other = random() % (i + 1);
    std::swap(loaded.numbers[i], loaded.numbers[other]);
    std::swap(loaded.customers[i], loaded.customers[other]);
    std::swap(loaded.skus[i], loaded.skus[other]);
  }
  return loaded;
}

void measure_lookup(const Options& options, std::size_t count, const Loaded& loaded) {
  PlainTables plain(options.folder / "plain.db");
  auto replica = orders::OrderReplica::open(options.folder / "orders.db", orders::ReplicaMode::read);
  std::size_t lines = 0;
  std::size_t plain_lines = 0;
  std::optional<std::uint64_t> instructions;
  const auto ours = [&] {
    const InstructionCount counter;
    const Stopwatch watch;
    for (const std::string& number : loaded.numbers) lines += replica.by_number(number).at(0).order.lines.size();
    const double seconds = watch.seconds();
    instructions = counter.so_far();
    return seconds;
  };
  const auto theirs = [&] {
    const Stopwatch watch;
    for (const std::string& number : loaded.numbers) plain_lines += plain.by_number(number).value().lines.size();
    return watch.seconds();
  };
  ours();
  theirs();
  const auto paired = take_turns(5, ours, theirs);
  require(lines == plain_lines, "both give the same lines");
  const double a_lookup = 1e6 / static_cast<double>(loaded.numbers.size());
  report({.bench = "replica_lookup",
          .figure = "look-up of a whole order by number, warm, " + size_name(count),
          .value = paired.ours * a_lookup,
          .unit = "us",
          .yardstick = paired.yardstick * a_lookup,
          .must_be_ratio = true,
          .must = 0.6,
          .instructions = instructions});
}

// What a till does for "this item, this customer": find the lots, decide by the rules, value the units, plan the
// legs.
Minor decide_and_plan(orders::OrderReplica& replica, const LookupKey& customer, const std::string& sku) {
  DecisionFacts facts{.has_customer = true};
  facts.asked_at_ms = INT64_MAX;
  for (const orders::StoredLots& stored : replica.lots_of(customer, sku)) {
    for (const Lot& lot : stored.found.lots) {
      facts.lots.push_back(lot);
      facts.lots.back().free = {{lot.line_no, 0, lot.bought}};
    }
  }
  const ReturnAsk ask{.line_no = 1, .sku = sku, .quantity = 1};
  const Decision decision = decide_line(ask, facts, PolicyPack{});
  require(decision.verdict == Verdict::approved, "a bought unit that is free is approved");
  const auto stored = replica.get(decision.taken.at(0).order_id);
  const auto accounts = OrderAccounts::divide(stored->order);
  const Claim claim{.order_id = stored->order.id,
                    .units = decision.taken[0].units,
                    .paid = accounts->paid_for(decision.taken[0].units),
                    .evidence_hash = codec::sha256(stored->evidence)};
  const OrderTenders tenders{stored->order.id, stored->order.tenders};
  const LineClaims line{1, {claim}, {}};
  return plan_refund({&line, 1}, {&tenders, 1}, stored->order.currency, {}).total_minor;
}

void measure_decision(const Options& options, std::size_t count, const Loaded& loaded) {
  auto replica = orders::OrderReplica::open(options.folder / "orders.db", orders::ReplicaMode::read);
  std::vector<double> times, processor;
  Minor refunded = 0;
  const InstructionCount counter;
  for (std::size_t i = 0; i < loaded.customers.size(); ++i) {
    const double before = thread_seconds();
    const Stopwatch watch;
    refunded += decide_and_plan(replica, loaded.customers[i], loaded.skus[i]);
    times.push_back(watch.seconds() * 1e6);
    processor.push_back((thread_seconds() - before) * 1e6);
  }
  require(refunded > 0, "units are worth something");
  const auto instructions = counter.so_far();
  report({.bench = "replica_lookup",
          .figure = "decision on a line by item and customer: look-up, rules, plan, warm, p99, " + size_name(count),
          .value = value_at(times, 0.99),
          .unit = "us",
          .must = 1000.0,
          .instructions = instructions});
  report({.bench = "replica_lookup",
          .figure = "the same in processor time, p99",
          .value = value_at(processor, 0.99),
          .unit = "us",
          .note = "p50 " + std::to_string(static_cast<int>(value_at(processor, 0.5))) +
                  " us; what neighbours take does not count"});
}

void replica_lookup(const Options& options) {
  const std::size_t count = options.full ? orders_full : orders_usual;
  const Loaded loaded = fill_both(options, count);
  measure_lookup(options, count, loaded);
  measure_decision(options, count, loaded);
}

/// Instructions of the same, at a size that valgrind fills in seconds.
void count_replica_lookup(const Options& options) {
  constexpr std::size_t count = 10'000;
  constexpr std::size_t counted = 2'000;
  Loaded loaded = fill_both(options, count);
  loaded.numbers.resize(counted);
  PlainTables plain(options.folder / "plain.db");
  auto replica = orders::OrderReplica::open(options.folder / "orders.db", orders::ReplicaMode::read);
  const auto ours = [&] {
    for (const std::string& number : loaded.numbers) require(!replica.by_number(number).empty(), "it is there");
  };
  const auto theirs = [&] {
    for (const std::string& number : loaded.numbers) require(plain.by_number(number).has_value(), "it is there");
  };
  const auto decisions = [&] {
    for (std::size_t i = 0; i < counted; ++i) decide_and_plan(replica, loaded.customers[i], loaded.skus[i]);
  };
  ours();
  theirs();
  decisions();
  const auto each = [](std::uint64_t instructions) { return static_cast<double>(instructions) / counted; };
  report({.bench = "replica_lookup",
          .figure = "look-up of a whole order by number, warm, 10,000 orders",
          .value = each(instructions_of(ours)),
          .unit = "instructions",
          .yardstick = each(instructions_of(theirs))});
  report({.bench = "replica_lookup",
          .figure = "decision on a line by item and customer: look-up, rules, plan, 10,000 orders",
          .value = each(instructions_of(decisions)),
          .unit = "instructions"});
}

// ---- codec -------------------------------------------------------------------------------------------------------
void replica_codec(const Options& options) {
  constexpr std::size_t count = 50'000;
  const auto orders = Workload(options.seed).next(count);
  const auto items = feed_items(orders, 1);
  const auto per_order = [](double seconds) { return seconds * 1e6 / count; };
  {
    const Stopwatch watch;
    std::size_t bytes = 0;
    for (const auto& made : orders) bytes += codec::pack_order(made.order).size();
    require(bytes > 0, "orders have bytes");
    report({.bench = "replica_codec", .figure = "pack one order", .value = per_order(watch.seconds()), .unit = "us"});
  }
  {
    const Stopwatch watch;
    Order order;
    for (const auto& item : items) codec::unpack_order(item.evidence, order);
    report(
        {.bench = "replica_codec", .figure = "unpack one order", .value = per_order(watch.seconds()), .unit = "us"});
  }
  std::vector<Bytes> chunks;
  const Stopwatch packing;
  for (std::size_t at = 0; at < count; at += 5'000)
    chunks.push_back(codec::pack_chunk(std::span(items).subspan(at, 5'000)));
  report({.bench = "replica_codec",
          .figure = "pack into a chunk",
          .value = per_order(packing.seconds()),
          .unit = "us an order"});
  const Stopwatch unpacking;
  std::size_t taken = 0;
  for (const Bytes& chunk : chunks)
    codec::read_chunk(chunk, nullptr, [&](const codec::FeedItem&, const Order&) { ++taken; });
  require(taken == count, "every order comes back");
  report({.bench = "replica_codec",
          .figure = "unpack from a chunk",
          .value = per_order(unpacking.seconds()),
          .unit = "us an order"});
}

const Registration bytes_bench("replica_bytes", replica_bytes, {1, 1});
const Registration codec_bench("replica_codec", replica_codec, {1, 1});
const Registration load_bench("replica_load", replica_load, {12, 90});
const Registration lookup_bench("replica_lookup", replica_lookup, {15, 100});
const CountRegistration lookup_count("replica_lookup", count_replica_lookup, 30);

}  // namespace
}  // namespace retour::bench
