#include "db/projections/credits.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {
constexpr std::string_view claimed_sql = "SELECT coalesce(sum(unit_count), 0) FROM claim WHERE order_id = ?";
}  // namespace

std::int64_t claimed_here(sqlite::Database& database, const OrderId& order) {
  auto row = database.statement(claimed_sql);
  return row.bind(1, order).step() ? row.int64(0) : 0;
}

}  // namespace retour::projections
