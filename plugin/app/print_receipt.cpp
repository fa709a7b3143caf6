#include "plugin/app/print_receipt.hpp"

#include <algorithm>

#include "plugin/app/authorise_lines.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/core/order/order.hpp"

namespace retour::app {

namespace {

PaperHead head_of(const StoreContext& store, const ReturnOutcome& outcome, const char* title) {
  const CaseOpened& opened = *outcome.state.opened;
  return {.store = store.store_name,
          .title = words(title),
          .code = outcome.code,
          .till = opened.till,
          .cashier = opened.cashier,
          .date = opened.business_date,
          .reference = opened.reference,
          .journal_seq = outcome.journal_seq,
          .journal_head = outcome.journal_head};
}

const EvidenceNote* note_of(const ReturnOutcome& outcome, const OrderId& order) {
  const auto found = std::find_if(outcome.evidence.begin(), outcome.evidence.end(),
                                  [&](const EvidenceNote& note) { return note.order_id == order; });
  return found == outcome.evidence.end() ? nullptr : &*found;
}

std::string description_of(const EvidenceNote& note, std::uint32_t line_no) {
  for (const auto& [number, description] : note.descriptions) {
    if (number == line_no) return description;
  }
  return {};
}

Currency currency_of_plan(const ReturnOutcome& outcome, std::size_t plan) {
  return plan < outcome.state.plans.size() ? outcome.state.plans[plan].currency : Currency{};
}

PaperLine paper_line(const ReturnOutcome& outcome, const CaseLine& line) {
  PaperLine paper{.sku = line.ask.sku,
                  .description = {},
                  .quantity = line.ask.quantity,
                  .verdict = std::string(to_string(line.state)),
                  .refusal = line.state == LineState::refused ? line.decision.refusal : Refusal::none,
                  .would_change = line.state == LineState::refused ? line.decision.trace.would_change : "",
                  .claims = {},
                  .currency = currency_of_plan(outcome, 0),
                  .handed_back = line.handed_back,
                  .reason = std::string(to_string(line.ask.reason))};
  if (line.repair && !line.repaired) paper.repaired_by = line.repair->promised_on;
  if (line.decision.trace.facts.unproven && !line.claims.empty()) {  // which budget pays is nothing to a customer
    paper.claims.push_back({"", line.ask.quantity, total_of(line.claims)});
    return paper;
  }
  for (const Claim& claim : line.claims) {
    const EvidenceNote* note = note_of(outcome, claim.order_id);
    if (note == nullptr) continue;
    paper.claims.push_back({note->number, claim.units.count, claim.paid.total_minor()});
    if (paper.description.empty()) paper.description = description_of(*note, claim.units.line_no);
  }
  return paper;
}

PaidAmounts paid_for_all(const ReturnCase& state) {
  PaidAmounts sum;
  for (const CaseLine& line : state.lines) {
    for (const Claim& claim : line.claims) add_to(sum, claim.paid);
  }
  return sum;
}

/// All plans together: a customer does not care in how many steps the money was planned.
std::vector<PaperRefund> refunds_of(const ReturnCase& state) {
  if (state.plans.empty() || state.voided) return {};
  const PaidAmounts paid = paid_for_all(state);
  PaperRefund refund{.currency = state.plans.front().currency,
                     .net_minor = paid.net_minor,
                     .taxes = {},
                     .fees = {},
                     .total_minor = state.due_minor,
                     .legs = {}};
  for (const TaxAmount& tax : paid.taxes) refund.taxes.push_back({tax.rate_percent.to_string(), tax.minor});
  for (const CasePlan& plan : state.plans) {
    for (const KeptBack& kept : plan.kept) refund.fees.push_back({std::string(to_string(kept.kind)), kept.minor});
    refund.rounding_minor += plan.rounding_minor;
  }
  for (const CaseLeg& leg : state.legs) {
    refund.legs.push_back({leg.leg.planned.tender, leg.leg.planned.reference, leg.leg.planned.pays_minor,
                           std::string(to_string(leg.state))});
  }
  return {std::move(refund)};
}

}  // namespace

std::string receipt_of(const StoreContext& store, const ReturnOutcome& outcome) {
  const ReturnCase& state = outcome.state;
  ReceiptPaper paper{head_of(store, outcome, "receipt.title"), {}, refunds_of(state)};
  if (state.voided || state.reversed) paper.undone = state.voided ? "voided" : "reversed";
  for (const CaseLine& line : state.lines) paper.lines.push_back(paper_line(outcome, line));
  return receipt_text(paper);
}

std::string slip_of(const StoreContext& store, const ReturnOutcome& outcome) {
  SlipPaper slip{head_of(store, outcome, "slip.title"), {}, outcome.state.opened->business_date};
  slip.kept_until.days += refused_goods_kept_days;
  for (const CaseLine& line : outcome.state.lines) {
    if (line.state == LineState::deferred) slip.lines.push_back(paper_line(outcome, line));
  }
  return slip_text(slip);
}

bool has_refused_line(const ReturnCase& state) {
  return std::ranges::any_of(state.lines, [](const CaseLine& line) { return line.state == LineState::refused; });
}

std::string refusal_slip_of(const StoreContext& store, const ReturnOutcome& outcome) {
  RefusalPaper slip{head_of(store, outcome, "refusal_slip.title"), {}};
  for (const CaseLine& line : outcome.state.lines) {
    if (line.state == LineState::refused) slip.lines.push_back(paper_line(outcome, line));
  }
  return refusal_slip_text(slip);
}

void print_paper(StoreContext& store, const std::string& text) {
  try {
    store.printer.print(text);
  } catch (const std::exception&) {
    // The refund is recorded and the paper can be printed again: nothing here may undo or repeat it.
  }
}

}  // namespace retour::app
