// What the chain counts of visits, and which stores are told of it.
#include "db/sqlite/statement.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view put_sql =
    "INSERT INTO counted_return (case_id, node_id, customer_key, day, given_minor, no_receipt) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (case_id) DO UPDATE SET given_minor = excluded.given_minor, "
    "no_receipt = excluded.no_receipt";
constexpr std::string_view row_sql =
    "SELECT case_id, node_id, customer_key, day, given_minor, no_receipt FROM counted_return WHERE case_id = ?";
constexpr std::string_view of_customer_sql =
    "SELECT case_id, node_id, customer_key, day, given_minor, no_receipt FROM counted_return "
    "WHERE customer_key = ? AND day >= ? ORDER BY day, case_id";
constexpr std::string_view catchments_sql =
    "SELECT DISTINCT catchment FROM order_record WHERE customer_key = ? AND catchment > 0 ORDER BY catchment";
constexpr std::string_view told_sql = "SELECT node_id FROM counted_told WHERE case_id = ? ORDER BY node_id";
constexpr std::string_view is_told_sql = "SELECT 1 FROM counted_told WHERE node_id = ? AND case_id = ?";
constexpr std::string_view next_sql =
    "INSERT INTO counted_head (node_id, seq) VALUES (?, 1) ON CONFLICT (node_id) DO UPDATE SET seq = seq + 1 "
    "RETURNING seq";
constexpr std::string_view tell_sql =
    "INSERT INTO counted_told (node_id, case_id, seq) VALUES (?, ?, ?) "
    "ON CONFLICT (node_id, case_id) DO UPDATE SET seq = excluded.seq";
constexpr std::string_view head_sql = "SELECT seq FROM counted_head WHERE node_id = ?";
constexpr std::string_view after_sql =
    "SELECT c.case_id, c.node_id, c.customer_key, c.day, c.given_minor, c.no_receipt, t.seq FROM counted_told t "
    "JOIN counted_return c USING (case_id) WHERE t.node_id = ? AND t.seq > ? ORDER BY t.seq LIMIT ?";
constexpr std::string_view drop_told_sql =
    "DELETE FROM counted_told WHERE case_id IN (SELECT case_id FROM counted_return WHERE day < ?)";
constexpr std::string_view drop_sql = "DELETE FROM counted_return WHERE day < ?";

CountedRow row_of(const sqlite::Statement& row) {
  return {.case_id = row.id<ReturnCaseId>(0),
          .node = row.id<NodeId>(1),
          .customer = row.id<LookupKey>(2),
          .day = {static_cast<std::int32_t>(row.int64(3))},
          .given_minor = row.int64(4),
          .no_receipt = row.int64(5) != 0};
}

void give_number(sqlite::Database& database, const NodeId& node, const ReturnCaseId& id) {
  auto next = database.statement(next_sql);
  next.bind(1, node).step();
  const std::uint64_t seq = next.uint64(0);
  next.step();  // to its end: then it is written
  database.statement(tell_sql).bind_all(node, id, seq).run();
}

}  // namespace

void SqliteHubStore::put_counted(const CountedRow& row) {
  m_database.statement(put_sql)
      .bind_all(row.case_id, row.node, row.customer, row.day.days, row.given_minor, row.no_receipt ? 1 : 0)
      .run();
  for (const NodeId& node : told_of_counted(row.case_id)) give_number(m_database, node, row.case_id);
}

std::optional<CountedRow> SqliteHubStore::counted(const ReturnCaseId& id) {
  auto row = m_database.statement(row_sql);
  if (!row.bind(1, id).step()) return std::nullopt;
  return row_of(row);
}

std::vector<CountedRow> SqliteHubStore::counted_of_customer(const LookupKey& customer, CivilDate from_day) {
  std::vector<CountedRow> rows;
  auto row = m_database.statement(of_customer_sql);
  row.bind_all(customer, from_day.days);
  while (row.step()) rows.push_back(row_of(row));
  return rows;
}

std::vector<std::uint16_t> SqliteHubStore::catchments_of_customer(const LookupKey& customer) {
  std::vector<std::uint16_t> catchments;
  auto row = m_database.statement(catchments_sql);
  row.bind(1, customer);
  while (row.step()) catchments.push_back(static_cast<std::uint16_t>(row.int64(0)));
  return catchments;
}

void SqliteHubStore::tell_counted(const NodeId& node, const ReturnCaseId& id) {
  bool told = false;
  {
    auto row = m_database.statement(is_told_sql);
    told = row.bind_all(node, id).step();
  }
  if (!told) give_number(m_database, node, id);
}

std::vector<NodeId> SqliteHubStore::told_of_counted(const ReturnCaseId& id) {
  std::vector<NodeId> nodes;
  auto row = m_database.statement(told_sql);
  row.bind(1, id);
  while (row.step()) nodes.push_back(row.id<NodeId>(0));
  return nodes;
}

std::uint64_t SqliteHubStore::counted_head(const NodeId& node) {
  auto row = m_database.statement(head_sql);
  return row.bind(1, node).step() ? row.uint64(0) : 0;
}

std::vector<protocol::CountedItem> SqliteHubStore::counted_after(const NodeId& node, std::uint64_t seq,
                                                                 std::size_t max) {
  std::vector<protocol::CountedItem> items;
  auto row = m_database.statement(after_sql);
  row.bind_all(node, seq, static_cast<std::int64_t>(max));
  while (row.step()) {
    const CountedRow one = row_of(row);
    items.push_back({.seq = row.uint64(6),
                     .case_id = one.case_id,
                     .node = one.node,
                     .customer = one.customer,
                     .day = one.day,
                     .given_back = one.given_minor > 0,
                     .no_receipt = one.no_receipt});
  }
  return items;
}

void SqliteHubStore::drop_counted_before(CivilDate day) {
  m_database.statement(drop_told_sql).bind(1, day.days).run();
  m_database.statement(drop_sql).bind(1, day.days).run();
}

}  // namespace retour::hub
