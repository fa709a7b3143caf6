// A hub.db of before journals were kept in batches: its events stay where they are and count like all others.

#include <boost/test/unit_test.hpp>

#include "db/journal/chain.hpp"
#include "db/sqlite/migrations.hpp"
#include "db/sqlite/statement.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::hub {
namespace {

constexpr std::int64_t now_ms = 1'700'000'000'000;

std::vector<EventEnvelope> a_journal_of(std::size_t count) {
  journal::EventHasher hash;
  std::vector<EventEnvelope> events;
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    events.push_back({.node_id = samples::id<NodeId>(1),
                      .epoch = 4,
                      .seq = seq,
                      .hlc = HlcTime{seq << 16u},
                      .command_id = samples::id<CommandId>(static_cast<std::uint8_t>(seq)),
                      .kind = "case_closed",
                      .kind_version = 1,
                      .body = Bytes{1, 2, 3}});
    if (seq > 1) events.back().prev_hash = events[seq - 2].hash;
    events.back().hash = hash(events.back());
  }
  return events;
}

/// What a hub of version 1 wrote.
void insert_row(sqlite::Database& database, const EventEnvelope& event) {
  database
      .statement(
          "INSERT INTO node_event (node_id, epoch, seq, hlc, command_id, command_part, kind, kind_version, hash, "
          "body) VALUES (?, ?, ?, ?, ?, 0, ?, 1, ?, ?)")
      .bind_all(event.node_id, event.epoch, event.seq, event.hlc.packed, event.command_id,
                std::string_view(event.kind), event.hash, std::span<const std::uint8_t>(event.body))
      .run();
}

void write_hub_of_version_1(const std::filesystem::path& file, std::span<const EventEnvelope> events) {
  sqlite::Database database = sqlite::Database::open(
      file, {.mode = sqlite::Mode::create, .application_id = hub_application_id, .user_version_max = 1});
  sqlite::migrate(database, hub_migrations().first(1));
  database.statement("INSERT INTO hub (one, node_id, journal_epoch, hub_epoch, decisions) VALUES (1, ?, 5, 6, 0)")
      .bind_all(samples::id<NodeId>(9))
      .run();
  for (const EventEnvelope& event : events) insert_row(database, event);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_old_events_tests)

BOOST_AUTO_TEST_CASE(events_of_before_batches_are_found_and_what_follows_goes_on) {
  const Scratch folder;
  const std::vector<EventEnvelope> events = a_journal_of(5);
  const auto old = std::span(events).first(3), fresh = std::span(events).last(2);
  write_hub_of_version_1(folder / "hub.db", old);
  {
    const auto store = SqliteHubStore::open(folder / "hub.db");
    Work work(*store, now_ms);
    store->insert_events(fresh);
    work.commit();
  }
  const auto store = SqliteHubStore::open(folder / "hub.db");
  Work work(*store, now_ms);
  for (const EventEnvelope& event : events)
    BOOST_TEST((store->event_hash(event.node_id, event.epoch, event.seq) == event.hash), "event " << event.seq);
  BOOST_CHECK_THROW(store->insert_events(std::span(events).subspan(2, 1)), Error);
  BOOST_CHECK_THROW(store->insert_events(events), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
