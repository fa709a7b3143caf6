#include "plugin/app/started_return.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "plugin/app/case_code.hpp"

namespace retour::app {

namespace {

/// The orders that a line may be about: the one it names, else those in which the customer bought the article.
std::vector<OrderId> orders_of(StoreContext& store, const Visit& visit, const ReturnAsk& ask) {
  if (ask.order_id) return {*ask.order_id};
  std::vector<OrderId> orders;
  const LookupKey customer = customer_key(store, visit);
  if (customer.is_zero()) return orders;
  for (const orders::StoredLots& stored : store.orders.lots_of(customer, ask.sku))
    orders.push_back(stored.found.order_id);
  return orders;
}

/// Place of the line among what was announced; empty when it was not.
std::optional<std::size_t> place_of(const ReturnStarted& started, const ReturnAsk& ask) {
  for (std::size_t i = 0; i < started.asks.size(); ++i) {
    const ReturnAsk& announced = started.asks[i];
    const bool same = ask.order_id == announced.order_id && ask.order_line_no == announced.order_line_no;
    if (same && ask.quantity <= announced.quantity) return i;
  }
  return std::nullopt;
}

/// A person's yes to a line, as far as it reaches: never for goods of another grade than she was told of.
std::optional<Approval> approval_for(const projections::KnownStarted& known, const Visit& visit, const ReturnAsk& ask,
                                     Grade seen) {
  if (!known.approved || known.approved_by.empty() || known.approved_by == visit.cashier) return std::nullopt;
  const auto place = place_of(known.started, ask);
  if (!place) return std::nullopt;
  const DecisionTrace& told = known.started.decisions[*place].trace;
  if (seen != Grade::ungraded && seen != told.facts.grade) return std::nullopt;
  return Approval{told.needs.value_or(Role::manager), known.approved_by, "started_return"};
}

void raise_alert(LineFacts& facts) {
  if (std::find(facts.alerts.begin(), facts.alerts.end(), Alert::return_started) == facts.alerts.end())
    facts.alerts.push_back(Alert::return_started);
}

}  // namespace

std::string started_code(std::string_view text) {
  const auto bytes = parse_case_code(text);
  if (!bytes) return {};
  ReturnCaseId id;
  std::copy(bytes->begin(), bytes->end(), id.bytes.begin());
  return case_code(id);
}

std::optional<StartedReturn> find_started(StoreContext& store, std::string_view code) {
  const std::string written = started_code(code);
  if (written.empty()) return std::nullopt;
  auto known = projections::started_of_code(store.journal.database(), written);
  if (!known) return std::nullopt;
  auto order = find_order(store, known->started.order_id);
  return StartedReturn{std::move(*known), std::move(order)};
}

void add_started(StoreContext& store, const Visit& visit, const ReturnAsk& ask, LineFacts& facts) {
  sqlite::Database& database = store.journal.database();
  if (projections::started_cursor(database) == 0) return;  // most stores, most days: nothing was ever told
  const std::string shown = started_code(visit.reference);
  for (const OrderId& order : orders_of(store, visit, ask)) {
    for (const std::string& code : projections::started_codes_of_order(database, order)) {
      if (code != shown) raise_alert(facts);
    }
  }
  if (shown.empty()) return;
  const auto known = projections::started_of_code(database, shown);
  if (!known) return;
  if (const auto approval = approval_for(*known, visit, ask, facts.grade)) facts.approval = *approval;
}

void take_started(journal::Journal& journal, const std::vector<StartedNews>& news, std::uint64_t cursor) {
  sqlite::Transaction transaction(journal.database(), sqlite::Transaction::Kind::write);
  sqlite::Database& database = journal.database();
  for (const StartedNews& one : news) {
    if (one.known) {
      projections::put_started(database, *one.known);
    } else {
      projections::drop_started(database, one.id);
    }
  }
  projections::set_started_cursor(database, cursor);
  transaction.commit();
}

void forget_started(journal::Journal& journal) {
  sqlite::Transaction transaction(journal.database(), sqlite::Transaction::Kind::write);
  projections::forget_started(journal.database());
  transaction.commit();
}

}  // namespace retour::app
