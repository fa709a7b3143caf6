#include "db/projections/counted_returns.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {

constexpr std::string_view put_sql =
    "INSERT OR REPLACE INTO return_elsewhere (case_id, node_id, customer_key, day, given_back, no_receipt) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view drop_sql = "DELETE FROM return_elsewhere WHERE case_id = ?";
constexpr std::string_view forget_sql = "DELETE FROM return_elsewhere";
constexpr std::string_view drop_before_sql = "DELETE FROM return_elsewhere WHERE day < ?";
constexpr std::string_view cursor_sql = "SELECT last_seq FROM counted_lane";
constexpr std::string_view set_cursor_sql = "INSERT OR REPLACE INTO counted_lane (one, last_seq) VALUES (1, ?)";

}  // namespace

void put_elsewhere(sqlite::Database& database, const ReturnElsewhere& known) {
  if (!known.given_back && !known.no_receipt) {
    database.statement(drop_sql).bind(1, known.case_id).run();
    return;
  }
  database.statement(put_sql)
      .bind_all(known.case_id, known.node, known.customer, known.day.days, known.given_back ? 1 : 0,
                known.no_receipt ? 1 : 0)
      .run();
}

void forget_elsewhere(sqlite::Database& database) {
  database.statement(forget_sql).run();
  set_counted_cursor(database, 0);
}

void drop_elsewhere_before(sqlite::Database& database, BusinessDate day) {
  database.statement(drop_before_sql).bind(1, day.days).run();
}

std::uint64_t counted_cursor(sqlite::Database& database) {
  auto row = database.statement(cursor_sql);
  return row.step() ? row.uint64(0) : 0;
}

void set_counted_cursor(sqlite::Database& database, std::uint64_t seq) {
  database.statement(set_cursor_sql).bind(1, seq).run();
}

}  // namespace retour::projections
