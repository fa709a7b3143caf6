#include "db/journal/event_table.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::journal {

namespace {

constexpr std::string_view insert_sql =
    "INSERT INTO event (seq, node_id, epoch, hlc, return_case_id, command_id, command_part, kind, kind_version, "
    "prev_hash, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view head_sql = "SELECT seq, hash, hlc FROM event ORDER BY seq DESC LIMIT 1";
constexpr std::string_view read_sql =
    "SELECT seq, node_id, epoch, hlc, return_case_id, command_id, command_part, kind, kind_version, prev_hash, hash, "
    "body FROM event WHERE seq >= ? ORDER BY seq";
constexpr std::string_view of_command_sql =
    "SELECT seq, node_id, epoch, hlc, return_case_id, command_id, command_part, kind, kind_version, prev_hash, hash, "
    "body FROM event WHERE command_id = ? ORDER BY command_part";
constexpr std::string_view of_case_sql =
    "SELECT seq, node_id, epoch, hlc, return_case_id, command_id, command_part, kind, kind_version, prev_hash, hash, "
    "body FROM event WHERE return_case_id = ? ORDER BY seq";
constexpr std::string_view of_kind_sql =
    "SELECT seq, node_id, epoch, hlc, return_case_id, command_id, command_part, kind, kind_version, prev_hash, hash, "
    "body FROM event WHERE kind = ? ORDER BY seq";

EventEnvelope envelope_of(const sqlite::Statement& row) {
  const auto body = row.blob(11);
  return {.node_id = row.id<NodeId>(1),
          .epoch = row.uint64(2),
          .seq = row.uint64(0),
          .hlc = HlcTime{row.uint64(3)},
          .case_id = row.optional_id<ReturnCaseId>(4),
          .command_id = row.id<CommandId>(5),
          .command_part = static_cast<std::uint32_t>(row.int64(6)),
          .kind = std::string(row.text(7)),
          .kind_version = static_cast<std::uint32_t>(row.int64(8)),
          .body = Bytes(body.begin(), body.end()),
          .prev_hash = row.hash(9),
          .hash = row.hash(10)};
}

std::vector<EventEnvelope> all_of(sqlite::Statement& statement) {
  std::vector<EventEnvelope> events;
  while (statement.step()) events.push_back(envelope_of(statement));
  return events;
}

}  // namespace

void insert_event(sqlite::Database& database, const EventEnvelope& event) {
  database.statement(insert_sql)
      .bind_all(event.seq, event.node_id, event.epoch, event.hlc.packed, event.case_id, event.command_id,
                event.command_part, std::string_view(event.kind), event.kind_version, event.prev_hash, event.hash,
                std::span<const std::uint8_t>(event.body))
      .run();
}

Head read_head(sqlite::Database& database, const Identity& identity) {
  Head head{.identity = identity};
  auto row = database.statement(head_sql);
  if (row.step()) {
    head.seq = row.uint64(0);
    head.hash = row.hash(1);
    head.hlc = HlcTime{row.uint64(2)};
  }
  return head;
}

std::vector<EventEnvelope> read_events(sqlite::Database& database, const Identity&, std::uint64_t from_seq,
                                       std::size_t events_max, std::size_t bytes_max) {
  std::vector<EventEnvelope> events;
  std::size_t bytes = 0;
  auto row = database.statement(read_sql);
  row.bind(1, from_seq);
  while (events.size() < events_max && row.step()) {
    EventEnvelope event = envelope_of(row);
    bytes += event.body.size();
    if (!events.empty() && bytes > bytes_max) break;
    events.push_back(std::move(event));
  }
  return events;
}

std::optional<EventEnvelope> read_event(sqlite::Database& database, const Identity& identity, std::uint64_t seq) {
  std::vector<EventEnvelope> found = read_events(database, identity, seq, 1, SIZE_MAX);
  if (found.empty() || found.front().seq != seq) return std::nullopt;
  return std::move(found.front());
}

std::vector<EventEnvelope> events_of_command(sqlite::Database& database, const CommandId& command) {
  auto statement = database.statement(of_command_sql);
  return all_of(statement.bind(1, command));
}

std::vector<EventEnvelope> events_of_case(sqlite::Database& database, const ReturnCaseId& case_id) {
  auto statement = database.statement(of_case_sql);
  return all_of(statement.bind(1, case_id));
}

std::vector<EventEnvelope> events_of_kind(sqlite::Database& database, std::string_view kind) {
  auto statement = database.statement(of_kind_sql);
  return all_of(statement.bind(1, kind));
}

}  // namespace retour::journal
