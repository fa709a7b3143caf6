#include "plugin/app/status.hpp"

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/case_code.hpp"

namespace retour::app {

namespace {

std::vector<CaseSummary> summaries(StoreContext& store, const std::vector<projections::CaseRow>& rows) {
  const auto legs = projections::open_legs(store.journal.database());
  std::vector<CaseSummary> list;
  for (const projections::CaseRow& row : rows) {
    CaseSummary summary{.case_id = row.case_id,
                        .code = case_code(row.case_id),
                        .till = row.till,
                        .business_date = row.business_date,
                        .opened_at_ms = row.opened_at_ms,
                        .closed = row.closed,
                        .lines = row.lines,
                        .lines_waiting = row.lines_waiting,
                        .lines_for_manager = row.lines_for_manager};
    for (const projections::OpenLeg& leg : legs) {
      if (leg.case_id != row.case_id) continue;
      summary.legs_unknown += leg.state == LegState::unknown;
      summary.legs_failed += leg.state == LegState::failed;
      summary.legs_planned += leg.state == LegState::planned;
    }
    list.push_back(std::move(summary));
  }
  return list;
}

}  // namespace

StoreStatus status(StoreContext& store) {
  sqlite::Database& database = store.journal.database();
  const sqlite::Transaction one_view(database, sqlite::Transaction::Kind::read);
  const journal::Head head = store.journal.head();
  const auto acknowledged = store.journal.acknowledged();
  const std::uint64_t seen = acknowledged ? acknowledged->seq : 0;
  std::vector<std::pair<std::string, Minor>> refunded;
  for (const projections::Refunded& sum : projections::refunded(database))
    refunded.emplace_back(sum.currency, sum.minor);
  return {.store_name = store.store_name,
          .node = head.identity.node,
          .journal_seq = head.seq,
          .journal_head = head.hash.to_string().substr(0, 8),
          .waiting_events = head.seq > seen ? head.seq - seen : 0,
          .orders = store.orders.order_count(),
          .refunded = std::move(refunded),
          .open_cases = summaries(store, projections::open_cases(database, listed_cases_max))};
}

std::vector<CaseSummary> cases_of_day(StoreContext& store, BusinessDate date) {
  sqlite::Database& database = store.journal.database();
  const sqlite::Transaction one_view(database, sqlite::Transaction::Kind::read);
  return summaries(store, projections::cases_of_day(database, date, listed_cases_max));
}

std::vector<StockLevel> stock(StoreContext& store, const std::string& sku) {
  std::vector<StockLevel> levels;
  for (const projections::StockLevel& level : projections::stock_levels(store.journal.database())) {
    if (levels.size() == listed_stock_max) break;
    if (sku.empty() || level.sku == sku) levels.push_back({level.sku, level.bucket, level.quantity});
  }
  return levels;
}

}  // namespace retour::app
