// Journals of nodes: a row a batch, packed as it travelled; rows of one event each from before node_batch.
#include <algorithm>

#include "db/journal/chain.hpp"
#include "db/sqlite/statement.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/protocol/batch_codec.hpp"

namespace retour::hub {

namespace {

// Batches of a journal do not overlap: the one that could hold an event is the first that ends at it or behind.
constexpr std::string_view batch_at_sql =
    "SELECT first_seq, events FROM node_batch WHERE node_id = ? AND epoch = ? AND last_seq >= ? "
    "ORDER BY last_seq LIMIT 1";
constexpr std::string_view single_events_sql =
    "SELECT 1 FROM node_event WHERE node_id = ? AND epoch = ? AND seq BETWEEN ? AND ? LIMIT 1";
constexpr std::string_view insert_batch_sql =
    "INSERT INTO node_batch (node_id, epoch, first_seq, last_seq, events) VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view single_event_hash_sql =
    "SELECT hash FROM node_event WHERE node_id = ? AND epoch = ? AND seq = ?";

Hash256 hash_in_batch(std::span<const std::uint8_t> packed, const NodeId& node, std::uint64_t epoch,
                      std::uint64_t seq) {
  codec::ByteReader in(packed);
  std::vector<EventEnvelope> events = protocol::read_batch(in, node, epoch);
  journal::EventHasher hash;
  Hash256 before = events.front().prev_hash;
  for (EventEnvelope& event : events) {
    event.prev_hash = before;
    before = hash(event);
    if (event.seq == seq) return before;
  }
  in.fail("the batch ends before the event that its row promises");
}

}  // namespace

bool SqliteHubStore::holds_any(const EventEnvelope& first, const EventEnvelope& last) {
  auto batch = m_database.statement(batch_at_sql);
  if (batch.bind_all(first.node_id, first.epoch, first.seq).step() && batch.uint64(0) <= last.seq) return true;
  auto single = m_database.statement(single_events_sql);
  return single.bind_all(first.node_id, first.epoch, first.seq, last.seq).step();
}

void SqliteHubStore::insert_events(std::span<const EventEnvelope> events) {
  const EventEnvelope &first = events.front(), &last = events.back();
  if (holds_any(first, last)) {
    throw Error({.operation = "keep events " + std::to_string(first.seq) + " to " + std::to_string(last.seq) +
                              " of node " + first.node_id.to_string() + " in",
                 .object = m_database.path(),
                 .cause = "some of them are there already",
                 .consequence = "nothing of this transaction was kept"});
  }
  codec::ByteWriter packed;
  protocol::write_batch(packed, events);
  m_database.statement(insert_batch_sql)
      .bind_all(first.node_id, first.epoch, first.seq, last.seq, std::span<const std::uint8_t>(packed.bytes()))
      .run();
}

std::optional<Hash256> SqliteHubStore::event_hash(const NodeId& node, std::uint64_t epoch, std::uint64_t seq) {
  auto batch = m_database.statement(batch_at_sql);
  if (batch.bind_all(node, epoch, seq).step() && batch.uint64(0) <= seq)
    return hash_in_batch(batch.blob(1), node, epoch, seq);
  auto single = m_database.statement(single_event_hash_sql);
  if (!single.bind_all(node, epoch, seq).step()) return std::nullopt;
  return single.hash(0);
}

}  // namespace retour::hub
