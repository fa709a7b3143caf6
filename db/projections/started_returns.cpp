#include "db/projections/started_returns.hpp"

#include "db/codec/event_codec.hpp"
#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {

constexpr std::string_view put_sql =
    "INSERT OR REPLACE INTO started_return (started_id, code, order_id, approved, approved_by, body) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view drop_sql = "DELETE FROM started_return WHERE started_id = ?";
constexpr std::string_view forget_sql = "DELETE FROM started_return";
constexpr std::string_view of_code_sql = "SELECT approved, approved_by, body FROM started_return WHERE code = ?";
constexpr std::string_view codes_sql = "SELECT code FROM started_return WHERE order_id = ? ORDER BY code";
constexpr std::string_view cursor_sql = "SELECT last_seq FROM started_lane";
constexpr std::string_view set_cursor_sql = "INSERT OR REPLACE INTO started_lane (one, last_seq) VALUES (1, ?)";

constexpr std::uint32_t body_version = 1;  // what this program keeps; what it does not know is not kept

}  // namespace

void put_started(sqlite::Database& database, const KnownStarted& known) {
  const Bytes body = codec::encode(known.started).bytes;
  database.statement(put_sql)
      .bind_all(known.started.started_id, std::string_view(known.started.code), known.started.order_id,
                known.approved ? 1 : 0, std::string_view(known.approved_by), std::span<const std::uint8_t>(body))
      .run();
}

void drop_started(sqlite::Database& database, const ReturnCaseId& id) {
  database.statement(drop_sql).bind(1, id).run();
}

void forget_started(sqlite::Database& database) {
  database.statement(forget_sql).run();
  set_started_cursor(database, 0);
}

std::optional<KnownStarted> started_of_code(sqlite::Database& database, std::string_view code) {
  auto row = database.statement(of_code_sql);
  if (!row.bind(1, code).step()) return std::nullopt;
  const auto body = codec::decode("return_started", body_version, row.blob(2));
  require(body.has_value(), "this program reads what it has written");
  return KnownStarted{std::get<ReturnStarted>(*body), row.int64(0) != 0, std::string(row.text(1))};
}

std::vector<std::string> started_codes_of_order(sqlite::Database& database, const OrderId& order) {
  std::vector<std::string> codes;
  auto row = database.statement(codes_sql);
  row.bind(1, order);
  while (row.step()) codes.emplace_back(row.text(0));
  return codes;
}

std::uint64_t started_cursor(sqlite::Database& database) {
  auto row = database.statement(cursor_sql);
  return row.step() ? row.uint64(0) : 0;
}

void set_started_cursor(sqlite::Database& database, std::uint64_t seq) {
  database.statement(set_cursor_sql).bind(1, seq).run();
}

}  // namespace retour::projections
