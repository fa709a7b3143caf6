// The hub: journals in from 50 stores, and what the cryptography of it costs alone.

#include <algorithm>
#include <map>

#include "db/codec/event_codec.hpp"
#include "db/journal/chain.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/core/base/require.hpp"
#include "sync/transport/in_memory.hpp"
#include "tests/bench/bare_sqlite.hpp"
#include "tests/bench/callgrind.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/harness.hpp"

namespace retour::bench {
namespace {

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

double push_seconds(BenchHub& hub, std::vector<std::vector<protocol::PushRequest>> rounds, bool gathered) {
  const Stopwatch watch;
  for (auto& round : rounds) {
    if (gathered) {
      for (const auto& reply : hub.hub().push(round))
        require(reply.code == protocol::PushCode::accepted, reply.detail.c_str());
      continue;
    }
    for (auto& request : round)
      require(hub.hub().push(std::move(request)).code == protocol::PushCode::accepted, "the batch is taken");
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
  for (int round = 0; round < 5; ++round) {
    const std::filesystem::path folder = options.folder / std::to_string(round);
    BenchHub first(folder / "gathered", stores);
    BenchHub second(folder / "one", stores);
    auto gathered = rounds_of(unknown_kinds(journals, first), first);
    auto one_by_one = rounds_of(unknown_kinds(journals, second), second);
    times.bare.push_back(bare_seconds(folder / "bare.db", journals));
    const std::uint64_t syncs = syncs_so_far();
    times.gathered.push_back(push_seconds(first, std::move(gathered), true));
    times.gathered_syncs = syncs_so_far() - syncs;
    times.one_by_one.push_back(push_seconds(second, std::move(one_by_one), false));
  }
  return times;
}

/// The part of the intake that no storage makes cheaper.
struct Floor {
  Account hashing, checking, countersigning;
  std::size_t batches = 0;
  double seconds() const { return hashing.seconds() + checking.seconds() + countersigning.seconds(); }
};

Floor measure_floor(const Journals& journals, const BenchHub& hub) {
  Floor floor;
  std::map<NodeId, codec::VerifyKey> keys;
  for (std::size_t i = 0; i < stores; ++i)
    keys.emplace(hub.node(i).id, codec::VerifyKey::from_pem(hub.node(i).identity.certificate_pem));
  const codec::SigningKey own = codec::SigningKey::generate();
  journal::EventHasher hash;
  for (const auto& round : rounds_of(journals, hub)) {
    for (const protocol::PushRequest& request : round) {
      Hash256 head;
      floor.hashing.measure([&] {
        for (const EventEnvelope& event : request.events) head = hash(event);
      });
      const codec::VerifyKey& key = keys.at(request.node);
      require(floor.checking.measure([&] { return key.verify(head.bytes, request.signature); }),
              "the head is signed");
      floor.countersigning.measure([&] { return own.sign(head.bytes); });
      ++floor.batches;
    }
  }
  return floor;
}

void report_floor(const Floor& floor, double thousands, double bare) {
  report({.bench = "hub_intake",
          .figure = "of it cryptography alone, keys at hand: hash each event, check a signature and sign one a batch",
          .value = thousands / floor.seconds(),
          .unit = "1000 events/s",
          .yardstick = bare,
          .note = "the floor: an intake that costs nothing else reaches no more on one core"});
  const auto report_part = [&](const char* figure, const Account& part) {
    report({.bench = "hub_intake",
            .figure = figure,
            .value = part.seconds() * 1e6 / static_cast<double>(floor.batches),
            .unit = "us a batch"});
  };
  report_part("the floor's part for the hashes of a batch's events", floor.hashing);
  report_part("the floor's part for the signature of a batch", floor.checking);
  report_part("the floor's part for the countersignature of its head", floor.countersigning);
}

void hub_intake(const Options& options) {
  BenchHub hub(options.folder / "hub", stores);
  Workload workload(options.seed);
  hub.import(source_items(workload, stores * returns_a_store * 2, true));
  const Journals journals = write_journals(hub, options.folder);
  const IntakeTimes times = measure_intake(options, journals);
  const Floor floor = measure_floor(unknown_kinds(journals, hub), hub);
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
  report_floor(floor, thousands, bare);
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

const Registration intake_bench("hub_intake", hub_intake, {8, 8});
const CountRegistration intake_count("hub_intake", count_hub_intake, 90);

}  // namespace
}  // namespace retour::bench
