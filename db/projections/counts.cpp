#include "db/projections/counts.hpp"

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {
// Several subjects may mean one customer.
constexpr std::string_view own_sql =
    "SELECT count(*) FROM subject s JOIN return_case c ON c.subject_id = s.subject_id "
    "WHERE s.customer_key = ?1 AND c.business_date > ?2 AND c.case_id <> ?3 AND c.planned_minor > 0";
// A case of this journal that comes back from the hub, after a restored copy for one, is not another case.
constexpr std::string_view elsewhere_sql =
    "SELECT count(*), count(DISTINCT node_id) FROM return_elsewhere e "
    "WHERE customer_key = ?1 AND day > ?2 AND case_id <> ?3 AND given_back = 1 "
    "AND NOT EXISTS (SELECT 1 FROM return_case c WHERE c.case_id = e.case_id)";
constexpr std::string_view no_receipt_elsewhere_sql =
    "SELECT count(*) FROM return_elsewhere e "
    "WHERE customer_key = ?1 AND day > ?2 AND case_id <> ?3 AND no_receipt = 1 "
    "AND NOT EXISTS (SELECT 1 FROM return_case c WHERE c.case_id = e.case_id)";
constexpr std::string_view overrides_sql =
    "SELECT count(*) FROM override_used WHERE cashier = ? AND business_date > ?";
// A walk along the claims on one order: some thousands on a budget that lasted a year.
constexpr std::string_view visits_sql =
    "SELECT count(DISTINCT k.case_id) FROM claim k JOIN return_case c ON c.case_id = k.case_id "
    "JOIN subject s ON s.subject_id = c.subject_id "
    "WHERE s.customer_key = ?1 AND c.business_date > ?2 AND k.case_id <> ?3 AND k.order_id = ?4";

std::int64_t count(sqlite::Database& database, std::string_view sql, const Counted& counted, int column = 0) {
  auto row = database.statement(sql);
  row.bind_all(counted.customer, counted.after.days, counted.but).step();
  return row.int64(column);
}

}  // namespace

std::int64_t returns_since(sqlite::Database& database, const Counted& counted) {
  return count(database, own_sql, counted) + count(database, elsewhere_sql, counted);
}

std::int64_t stores_since(sqlite::Database& database, const Counted& counted) {
  return (count(database, own_sql, counted) > 0 ? 1 : 0) + count(database, elsewhere_sql, counted, 1);
}

std::int64_t no_receipt_elsewhere_since(sqlite::Database& database, const Counted& counted) {
  return count(database, no_receipt_elsewhere_sql, counted);
}

std::int64_t overrides_since(sqlite::Database& database, std::string_view cashier, BusinessDate day) {
  auto row = database.statement(overrides_sql);
  row.bind_all(cashier, day.days).step();
  return row.int64(0);
}

std::int64_t visits_paid_from(sqlite::Database& database, const OrderId& budget, const Counted& counted) {
  auto row = database.statement(visits_sql);
  row.bind_all(counted.customer, counted.after.days, counted.but, budget).step();
  return row.int64(0);
}

}  // namespace retour::projections
