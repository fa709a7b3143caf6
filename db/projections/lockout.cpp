#include "db/projections/lockout.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {
constexpr std::string_view read_sql = "SELECT tries, locked_until_ms FROM staff_lockout WHERE staff = ?";
constexpr std::string_view put_sql =
    "INSERT INTO staff_lockout (staff, tries, locked_until_ms) VALUES (?, ?, ?) "
    "ON CONFLICT (staff) DO UPDATE SET tries = excluded.tries, locked_until_ms = excluded.locked_until_ms";
constexpr std::string_view drop_sql = "DELETE FROM staff_lockout WHERE staff = ?";
}  // namespace

Lockout lockout_of(sqlite::Database& database, std::string_view staff) {
  auto row = database.statement(read_sql);
  if (!row.bind_all(staff).step()) return {};
  return {static_cast<std::uint32_t>(row.int64(0)), row.int64(1)};
}

void put_lockout(sqlite::Database& database, std::string_view staff, const Lockout& lockout) {
  database.statement(put_sql).bind_all(staff, lockout.tries, lockout.locked_until_ms).run();
}

void drop_lockout(sqlite::Database& database, std::string_view staff) {
  database.statement(drop_sql).bind_all(staff).run();
}

}  // namespace retour::projections
