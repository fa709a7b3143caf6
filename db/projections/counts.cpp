#include "db/projections/counts.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {
// Several subjects may mean one customer.
constexpr std::string_view returns_sql =
    "SELECT count(*) FROM subject s JOIN return_case c ON c.subject_id = s.subject_id "
    "WHERE s.customer_key = ? AND c.business_date > ? AND c.planned_minor > 0";
constexpr std::string_view overrides_sql =
    "SELECT count(*) FROM override_used WHERE cashier = ? AND business_date > ?";
// A walk along the claims on one order: some thousands on a budget that lasted a year.
constexpr std::string_view visits_sql =
    "SELECT count(DISTINCT k.case_id) FROM claim k JOIN return_case c ON c.case_id = k.case_id "
    "JOIN subject s ON s.subject_id = c.subject_id "
    "WHERE k.order_id = ? AND s.customer_key = ? AND c.business_date > ?";
}  // namespace

std::int64_t returns_since(sqlite::Database& database, const LookupKey& customer, BusinessDate day) {
  auto row = database.statement(returns_sql);
  row.bind_all(customer, day.days).step();
  return row.int64(0);
}

std::int64_t overrides_since(sqlite::Database& database, std::string_view cashier, BusinessDate day) {
  auto row = database.statement(overrides_sql);
  row.bind_all(cashier, day.days).step();
  return row.int64(0);
}

std::int64_t visits_paid_from(sqlite::Database& database, const OrderId& budget, const LookupKey& customer,
                              BusinessDate day) {
  auto row = database.statement(visits_sql);
  row.bind_all(budget, customer, day.days).step();
  return row.int64(0);
}

}  // namespace retour::projections
