#include "sync/hub/counted_returns.hpp"

#include <set>

#include "sync/protocol/counted_returns.hpp"

namespace retour::hub {

namespace {

CivilDate oldest(CivilDate today) {
  return {today.days - protocol::counted_days};
}

void tell(Hub& hub, const NodeId& node, const CountedRow& row) {
  if (row.node == node || !row.counts()) return;
  hub.store().tell_counted(node, row.case_id);
  hub.note_news(node);
}

/// The homes of her orders, and the stores that have served her.
std::set<NodeId> interested(HubStore& store, const CountedRow& row) {
  std::set<NodeId> nodes;
  for (const std::uint16_t catchment : store.catchments_of_customer(row.customer)) {
    if (const auto home = store.node_of_catchment(catchment)) nodes.insert(home->node);
  }
  for (const CountedRow& visit : store.counted_of_customer(row.customer, oldest(row.day))) nodes.insert(visit.node);
  return nodes;
}

std::optional<CountedRow> row_of(HubStore& store, const NodeId& node, const ReturnCaseId& case_id) {
  std::optional<CountedRow> row = store.counted(case_id);
  if (row && row->node != node) row.reset();
  return row;
}

void keep(Hub& hub, const CountedRow& row) {
  HubStore& store = hub.store();
  store.put_counted(row);
  for (const NodeId& node : interested(store, row)) tell(hub, node, row);
  for (const NodeId& node : store.told_of_counted(row.case_id)) hub.note_news(node);
}

}  // namespace

void count_visit(Hub& hub, const NodeId& node, const CaseOpened& opened, CivilDate today) {
  HubStore& store = hub.store();
  if (!opened.subject || store.counted(opened.case_id)) return;
  const std::optional<LookupKey> customer = store.customer_of(*opened.subject);
  if (!customer) return;
  store.drop_counted_before(oldest(today));
  store.put_counted({.case_id = opened.case_id, .node = node, .customer = *customer, .day = opened.business_date});
  for (const CountedRow& row : store.counted_of_customer(*customer, oldest(today))) tell(hub, node, row);
}

void count_given(Hub& hub, const NodeId& node, const ReturnCaseId& case_id, Minor given_minor) {
  std::optional<CountedRow> row = row_of(hub.store(), node, case_id);
  if (!row || given_minor == 0) return;
  row->given_minor += given_minor;
  keep(hub, *row);
}

void count_no_receipt(Hub& hub, const NodeId& node, const ReturnCaseId& case_id) {
  std::optional<CountedRow> row = row_of(hub.store(), node, case_id);
  if (!row || row->no_receipt) return;
  row->no_receipt = true;
  keep(hub, *row);
}

void count_undone(Hub& hub, const NodeId& node, const ReturnCaseId& case_id, Minor given_minor) {
  std::optional<CountedRow> row = row_of(hub.store(), node, case_id);
  if (!row) return;
  row->given_minor -= given_minor;
  row->no_receipt = false;
  keep(hub, *row);
}

void tell_home(Hub& hub, const LookupKey& customer, std::uint16_t catchment, CivilDate today) {
  if (customer.is_zero() || catchment == 0) return;
  HubStore& store = hub.store();
  const std::vector<CountedRow> rows = store.counted_of_customer(customer, oldest(today));
  if (rows.empty()) return;
  const auto home = store.node_of_catchment(catchment);
  if (!home) return;
  for (const CountedRow& row : rows) tell(hub, home->node, row);
}

}  // namespace retour::hub
