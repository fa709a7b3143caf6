#include "plugin/app/return_outcome.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/projections/credit_notes.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/alerts.hpp"
#include "plugin/app/case_code.hpp"
#include "plugin/app/credit_slip.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::app {

namespace {

EvidenceNote note_of(const OrderAttached& attached) {
  const Order order = codec::unpack_order(attached.evidence);
  EvidenceNote note{attached.order_id, order.number, {}};
  for (const OrderLine& line : order.lines) note.descriptions.emplace_back(line.line_no, line.description);
  for (const OrderAdjustment& adjustment : order.adjustments) {
    note.offer_lines.insert(note.offer_lines.end(), adjustment.line_nos.begin(), adjustment.line_nos.end());
  }
  return note;
}

std::map<std::uint32_t, ports::Recall> recalls_of(StoreContext& store, const ReturnCase& state) {
  std::map<std::uint32_t, ports::Recall> recalls;
  for (const CaseLine& line : state.lines) {
    if (store.recalls == nullptr || !is_raised(line.decision.trace.facts.alerts, Alert::recalled)) continue;
    if (auto recall = store.recalls->find(line.ask.sku, line.ask.serial)) recalls[line.ask.line_no] = *recall;
  }
  return recalls;
}

/// Each sale once, in order of the plans.
std::vector<OrderId> sales_paid_by(const ReturnCase& state) {
  std::vector<OrderId> sales;
  const auto add = [&](const OrderId& sale) {
    if (!sale.is_zero() && std::find(sales.begin(), sales.end(), sale) == sales.end()) sales.push_back(sale);
  };
  for (const CasePlan& plan : state.plans) add(plan.carried_to);
  for (const TradeInTaken& taken : state.trade_ins) add(taken.carried_to);
  return sales;
}

bool any_line(const ReturnCase& state, auto matches) {
  return std::any_of(state.lines.begin(), state.lines.end(), matches);
}

}  // namespace

std::optional<ReturnOutcome> read_outcome(StoreContext& store, const ReturnCaseId& case_id) {
  const std::vector<EventEnvelope> events = store.journal.envelopes_of_case(case_id);
  if (events.empty()) return std::nullopt;
  ReturnOutcome outcome;
  if (const auto number = projections::credit_note_of(store.journal.database(), case_id, projections::taking_back)) {
    outcome.taken_back = TakenBack{*number, {}};
  }
  outcome.case_id = case_id;
  outcome.code = case_code(case_id);
  std::vector<EventBody> bodies;
  for (const EventEnvelope& event : events) {
    auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (!body) continue;
    if (const auto* attached = std::get_if<OrderAttached>(&*body)) outcome.evidence.push_back(note_of(*attached));
    const auto* said = std::get_if<FiscalSigned>(&*body);
    if (said != nullptr && said->plan_no == projections::taking_back && outcome.taken_back) {
      outcome.taken_back->fiscal = *said;
    }
    bodies.push_back(std::move(*body));
  }
  auto folded = fold_case(bodies);
  if (!folded.ok()) {
    throw Error({.operation = "read return case",
                 .object = case_id.to_string(),
                 .cause = "its events contradict each other: " + std::string(to_string(folded.error())),
                 .consequence = "the case is left as it is; run `retour journal verify`"});
  }
  outcome.state = std::move(folded).value();
  for (const CreditIssued& credit : outcome.state.credits) {
    Order account = codec::unpack_order(credit.order);
    std::string qr_text = slip_qr_text(store, account, store.journal.identity().node);
    outcome.credits.push_back({std::move(account), std::move(qr_text)});
  }
  for (const OrderId& sale : sales_paid_by(outcome.state)) {
    if (const auto packed = packed_sale(store, sale)) outcome.exchanged.push_back(codec::unpack_order(*packed));
  }
  outcome.recalls = recalls_of(store, outcome.state);
  outcome.journal_seq = events.back().seq;
  outcome.journal_head = events.back().hash.to_string().substr(0, 8);
  return outcome;
}

std::optional<ReturnCaseId> case_of_code(StoreContext& store, std::string_view code) {
  const auto prefix = parse_case_code(code);
  if (!prefix) return std::nullopt;
  return projections::case_of_prefix(store.journal.database(), *prefix);
}

bool has_waiting_line(const ReturnCase& state) {
  return any_line(state, [](const CaseLine& line) { return line.state == LineState::referred; });
}

bool has_deferred_line(const ReturnCase& state) {
  return any_line(state, [](const CaseLine& line) { return line.state == LineState::deferred; });
}

bool has_answered_line(const ReturnCase& state) {
  return any_line(state, [](const CaseLine& line) {
    return line.state == LineState::approved || line.state == LineState::refused;
  });
}

}  // namespace retour::app
