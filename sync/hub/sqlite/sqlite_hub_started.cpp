// Returns that customers started, and which stores are told of them.
#include "db/codec/event_codec.hpp"
#include "db/sqlite/statement.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view put_started_sql =
    "INSERT INTO started_return (started_id, code, order_id, state, vip, decide_by_ms, decided_at_ms, decided_by, "
    "body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (started_id) DO UPDATE SET state = excluded.state, "
    "decided_at_ms = excluded.decided_at_ms, decided_by = excluded.decided_by";
// The next number counts the row that it replaces, so a number is never given twice.
constexpr std::string_view tell_started_sql =
    "INSERT INTO started_told (node_id, started_id, seq) "
    "SELECT ?1, ?2, coalesce(max(seq), 0) + 1 FROM started_told WHERE node_id = ?1 "
    "ON CONFLICT (node_id, started_id) DO UPDATE SET seq = excluded.seq";
constexpr std::string_view told_sql = "SELECT node_id FROM started_told WHERE started_id = ? ORDER BY node_id";
constexpr std::string_view started_sql =
    "SELECT state, vip, decided_at_ms, decided_by, body FROM started_return WHERE started_id = ?";
constexpr std::string_view of_code_sql =
    "SELECT state, vip, decided_at_ms, decided_by, body FROM started_return WHERE code = ?";
constexpr std::string_view of_order_sql =
    "SELECT state, vip, decided_at_ms, decided_by, body FROM started_return WHERE order_id = ? AND state <= 2 "
    "ORDER BY started_id";
constexpr std::string_view waiting_sql =
    "SELECT state, vip, decided_at_ms, decided_by, body FROM started_return WHERE state = 1 "
    "ORDER BY vip DESC, decide_by_ms, started_id LIMIT ?";
constexpr std::string_view late_sql =
    "SELECT state, vip, decided_at_ms, decided_by, body FROM started_return WHERE decide_by_ms > 0 "
    "AND decide_by_ms < ? AND state <> 5 AND (decided_at_ms = 0 OR decided_at_ms > decide_by_ms) "
    "ORDER BY decide_by_ms LIMIT ?";
constexpr std::string_view head_sql = "SELECT coalesce(max(seq), 0) FROM started_told WHERE node_id = ?";
constexpr std::string_view after_sql =
    "SELECT t.seq, s.state, s.decided_by, s.body FROM started_told t JOIN started_return s USING (started_id) "
    "WHERE t.node_id = ? AND t.seq > ? ORDER BY t.seq LIMIT ?";

constexpr std::uint32_t body_version = 1;  // what this program writes; a later one is a column of its own

Bytes bytes_of(const sqlite::Statement& row, int column) {
  const auto blob = row.blob(column);
  return {blob.begin(), blob.end()};
}

StartedRow row_of(const sqlite::Statement& row) {
  const auto body = codec::decode("return_started", body_version, row.blob(4));
  require(body.has_value(), "this program reads what it has written");
  return {.started = std::get<ReturnStarted>(*body),
          .state = static_cast<StartedState>(row.int64(0)),
          .vip = row.int64(1) != 0,
          .decided_at_ms = row.int64(2),
          .decided_by = std::string(row.text(3))};
}

std::vector<StartedRow> rows_of(sqlite::Statement& row) {
  std::vector<StartedRow> all;
  while (row.step()) all.push_back(row_of(row));
  return all;
}

}  // namespace

std::string_view to_string(StartedState state) {
  switch (state) {
    case StartedState::waiting:
      return "waiting";
    case StartedState::approved:
      return "approved";
    case StartedState::refused:
      return "refused";
    case StartedState::used:
      return "used";
    case StartedState::called_off:
      return "called_off";
  }
  return "unknown";
}

void SqliteHubStore::put_started(const StartedRow& row) {
  const Bytes body = codec::encode(row.started).bytes;
  m_database.statement(put_started_sql)
      .bind_all(row.started.started_id, std::string_view(row.started.code), row.started.order_id,
                static_cast<std::int64_t>(row.state), static_cast<std::int64_t>(row.vip), row.started.decide_by_ms,
                row.decided_at_ms, std::string_view(row.decided_by), std::span<const std::uint8_t>(body))
      .run();
  for (const NodeId& node : told_of_started(row.started.started_id)) tell_started(node, row.started.started_id);
}

void SqliteHubStore::tell_started(const NodeId& node, const ReturnCaseId& id) {
  m_database.statement(tell_started_sql).bind_all(node, id).run();
}

std::vector<NodeId> SqliteHubStore::told_of_started(const ReturnCaseId& id) {
  std::vector<NodeId> nodes;
  auto row = m_database.statement(told_sql);
  row.bind(1, id);
  while (row.step()) nodes.push_back(row.id<NodeId>(0));
  return nodes;
}

std::optional<StartedRow> SqliteHubStore::started(const ReturnCaseId& id) {
  auto row = m_database.statement(started_sql);
  if (!row.bind(1, id).step()) return std::nullopt;
  return row_of(row);
}

std::optional<StartedRow> SqliteHubStore::started_of_code(std::string_view code) {
  auto row = m_database.statement(of_code_sql);
  if (!row.bind(1, code).step()) return std::nullopt;
  return row_of(row);
}

std::vector<StartedRow> SqliteHubStore::open_started_of_order(const OrderId& order) {
  auto row = m_database.statement(of_order_sql);
  row.bind(1, order);
  return rows_of(row);
}

std::vector<StartedRow> SqliteHubStore::waiting_started(std::size_t max) {
  auto row = m_database.statement(waiting_sql);
  row.bind(1, static_cast<std::int64_t>(max));
  return rows_of(row);
}

std::vector<StartedRow> SqliteHubStore::late_started(std::int64_t now_ms, std::size_t max) {
  auto row = m_database.statement(late_sql);
  row.bind_all(now_ms, static_cast<std::int64_t>(max));
  return rows_of(row);
}

std::uint64_t SqliteHubStore::started_head(const NodeId& node) {
  auto row = m_database.statement(head_sql);
  row.bind(1, node).step();
  return row.uint64(0);
}

std::vector<protocol::StartedItem> SqliteHubStore::started_after(const NodeId& node, std::uint64_t seq,
                                                                 std::size_t max, std::size_t bytes_max) {
  std::vector<protocol::StartedItem> items;
  std::size_t bytes = 0;
  auto row = m_database.statement(after_sql);
  row.bind_all(node, seq, static_cast<std::int64_t>(max));
  while (bytes < bytes_max && row.step()) {
    const auto state = static_cast<StartedState>(row.int64(1));
    items.push_back({.seq = row.uint64(0),
                     .open = is_open(state),
                     .approved = state == StartedState::approved,
                     .approved_by = state == StartedState::approved ? std::string(row.text(2)) : "",
                     .version = body_version,
                     .body = bytes_of(row, 3)});
    bytes += items.back().body.size();
  }
  return items;
}

}  // namespace retour::hub
