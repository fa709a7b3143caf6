#include "plugin/app/print_receipt.hpp"

#include <algorithm>

#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/authorise_lines.hpp"
#include "plugin/app/credit_slip.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/core/order/order.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/policy/decide_value.hpp"

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

bool is_part_of_offer(const EvidenceNote& note, std::uint32_t line_no) {
  return std::ranges::find(note.offer_lines, line_no) != note.offer_lines.end();
}

Currency currency_of_plan(const ReturnOutcome& outcome, std::size_t plan) {
  return plan < outcome.state.plans.size() ? outcome.state.plans[plan].currency : Currency{};
}

/// What the line pays: for goods that came back, or for goods that the customer keeps.
std::vector<Claim> paid_claims(const CaseLine& line) {
  std::vector<Claim> claims = line.claims;
  for (const LoweredUnits& lowered : line.lowered) claims.push_back(claim_on(lowered));
  return claims;
}

/// The state of the line, or who has to agree: "needs.supervisor".
std::string verdict_of(const CaseLine& line) {
  if (!line.lowered.empty()) return "compensated";
  const auto& needs = line.decision.trace.needs;
  if (line.state == LineState::needs_manager && needs) return "needs." + std::string(to_string(*needs));
  return std::string(to_string(line.state));
}

void name_delivery(PaperLine& paper, const ReturnOutcome& outcome, const CaseLine& line) {
  const EvidenceNote* note = note_of(outcome, *line.ask.order_id);
  paper.sku = delivery_name(note == nullptr ? "" : note->number);
  paper.verdict = "delivery." + paper.verdict;
  paper.is_delivery = true;
}

/// A delivery that was asked about again, because more of its order came back.
bool is_superseded(const ReturnCase& state, const CaseLine& line) {
  return asks_for_delivery(line.ask) && std::ranges::any_of(state.lines, [&](const CaseLine& other) {
           return &other > &line && other.ask.order_id == line.ask.order_id &&
                  other.ask.order_line_no == line.ask.order_line_no;
         });
}

PaperLine paper_line(const ReturnOutcome& outcome, const CaseLine& line) {
  PaperLine paper{.sku = line.ask.sku,
                  .description = {},
                  .quantity = line.ask.quantity,
                  .verdict = verdict_of(line),
                  .refusal = line.state == LineState::refused ? line.decision.refusal : Refusal::none,
                  .would_change = line.state == LineState::refused ? line.decision.trace.would_change : "",
                  .claims = {},
                  .currency = currency_of_plan(outcome, 0),
                  .handed_back = line.handed_back,
                  .reason = std::string(to_string(line.ask.reason))};
  paper.serial = line.ask.serial;
  const bool of_value = is_of_value(line.decision);
  if (of_value) paper.sku = words("tender." + line.ask.sku);
  if (asks_for_delivery(line.ask)) name_delivery(paper, outcome, line);
  if (line.repair && !line.repaired) paper.repaired_by = line.repair->promised_on;
  if (line.decision.trace.facts.unproven && !line.claims.empty()) {  // which budget pays is nothing to a customer
    paper.claims.push_back({"", line.ask.quantity, total_of(line.claims)});
    return paper;
  }
  for (const Claim& claim : paid_claims(line)) {
    const EvidenceNote* note = note_of(outcome, claim.order_id);
    if (note == nullptr) continue;
    paper.claims.push_back({note->number, of_value ? 0 : claim.units.count, claim.paid.total_minor()});
    paper.part_of_offer |= is_part_of_offer(*note, claim.units.line_no);
    if (paper.description.empty()) paper.description = description_of(*note, claim.units.line_no);
  }
  return paper;
}

PaidAmounts paid_for_all(const ReturnCase& state) {
  PaidAmounts sum;
  for (const CaseLine& line : state.lines) {
    for (const Claim& claim : paid_claims(line)) {
      const Loyalty before = sum.points;
      add_to(sum, claim.paid);
      if (line.ask.gift) sum.points = before;  // the points are its buyer's, who is not told
    }
  }
  return sum;
}

/// What was shown before cash was paid is no payment of before, and of no interest to the customer.
PaperLeg paper_leg(const CaseLeg& leg) {
  const PlannedLeg& planned = leg.leg.planned;
  const std::string reference = planned.tender == TenderKind::cash ? "" : planned.reference;
  const bool told = leg.state == LegState::failed && leg.problem != LegProblem::none;
  return {planned.tender, reference, planned.pays_minor, std::string(to_string(leg.state)),
          told ? std::string(to_string(leg.problem)) : ""};
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
  refund.points = paid.points;
  for (const TaxAmount& tax : paid.taxes) refund.taxes.push_back({tax.rate_percent.to_string(), tax.minor});
  for (const CasePlan& plan : state.plans) {
    for (const KeptBack& kept : plan.kept) refund.fees.push_back({std::string(to_string(kept.kind)), kept.minor});
    refund.rounding_minor += plan.rounding_minor;
  }
  for (const CaseLeg& leg : state.legs) {
    if (leg.state == LegState::rerouted) continue;  // what it became stands behind it
    refund.legs.push_back(paper_leg(leg));
  }
  return {std::move(refund)};
}

/// How many of the sale's tenders were carried: they stand in front.
std::size_t carried_tenders(const ReturnCase& state, const Order& sale) {
  for (const CasePlan& plan : state.plans) {
    if (plan.carried_to == sale.id) return std::min(plan.carried.size(), sale.tenders.size());
  }
  return 0;
}

PaperExchange paper_exchange(const ReturnCase& state, const Order& sale) {
  PaperExchange paper{.sale_number = sale.number,
                      .currency = sale.currency,
                      .goods = {},
                      .taxes = {},
                      .total_minor = order_total(sale),
                      .carried = {},
                      .added = {}};
  for (const OrderLine& line : sale.lines) {
    paper.goods.push_back({line.sku, line.description, line.quantity, line_total(line)});
  }
  const auto divided = OrderAccounts::divide(sale);  // what is left of each tax after discounts of the whole order
  PaidAmounts paid;
  for (const OrderLine& line : sale.lines) {
    if (divided.ok()) add_to(paid, divided->paid_for({line.line_no, 0, line.quantity}));
  }
  for (const TaxAmount& tax : paid.taxes) paper.taxes.push_back({tax.rate_percent.to_string(), tax.minor});
  const std::size_t carried = carried_tenders(state, sale);
  for (const TradeInTaken& taken : state.trade_ins) {
    if (taken.carried_to == sale.id)
      paper.traded_in.push_back({taken.sku, std::string(to_string(taken.grade)), taken.quantity, taken.credit_minor});
  }
  for (std::size_t i = 0; i < sale.tenders.size(); ++i) {
    const Tender& tender = sale.tenders[i];
    if (i >= carried && i < carried + paper.traded_in.size()) continue;  // told by article
    (i < carried ? paper.carried : paper.added).push_back({tender.kind, tender.reference, tender.paid_minor});
  }
  return paper;
}

PaperNote note_of_plan(std::uint64_t number, const std::optional<FiscalSigned>& said) {
  PaperNote note{.number = number};
  if (!said) return note;
  note.state = to_string(said->state);
  note.signer = said->signer;
  note.signature = said->signature;
  note.problem = said->problem;
  return note;
}

std::vector<PaperNote> notes_of(const ReturnOutcome& outcome) {
  std::vector<PaperNote> notes;
  for (const CasePlan& plan : outcome.state.plans) {
    if (plan.credit_note_no != 0) notes.push_back(note_of_plan(plan.credit_note_no, plan.fiscal));
  }
  if (outcome.taken_back) {
    notes.push_back(note_of_plan(outcome.taken_back->number, outcome.taken_back->fiscal));
    notes.back().takes_back = true;
  }
  return notes;
}

}  // namespace

std::string receipt_of(const StoreContext& store, const ReturnOutcome& outcome) {
  const ReturnCase& state = outcome.state;
  ReceiptPaper paper{.head = head_of(store, outcome, "receipt.title"),
                     .lines = {},
                     .refunds = refunds_of(state),
                     .notes = notes_of(outcome)};
  for (const Order& sale : outcome.exchanged) paper.exchanges.push_back(paper_exchange(state, sale));
  if (state.voided || state.reversed) paper.undone = state.voided ? "voided" : "reversed";
  for (const CaseLine& line : state.lines) {
    if (!is_superseded(state, line)) paper.lines.push_back(paper_line(outcome, line));
  }
  return receipt_text(paper);
}

std::string slip_of(const StoreContext& store, const ReturnOutcome& outcome) {
  SlipPaper slip{head_of(store, outcome, "slip.title"), {}, kept_until(outcome.state)};
  for (const CaseLine& line : outcome.state.lines) {
    if (line.state == LineState::deferred) slip.lines.push_back(paper_line(outcome, line));
  }
  if (std::ranges::all_of(slip.lines, &PaperLine::is_delivery)) slip.head.title = words("slip.title.delivery");
  return slip_text(slip);
}

namespace {
bool is_refused_goods(const CaseLine& line) {
  return line.state == LineState::refused && !asks_for_delivery(line.ask);
}
}  // namespace

bool has_refused_line(const ReturnCase& state) {
  return std::ranges::any_of(state.lines, [](const CaseLine& line) { return is_refused_goods(line); });
}

std::string refusal_slip_of(const StoreContext& store, const ReturnOutcome& outcome) {
  RefusalPaper slip{head_of(store, outcome, "refusal_slip.title"), {}};
  for (const CaseLine& line : outcome.state.lines) {
    if (is_refused_goods(line)) slip.lines.push_back(paper_line(outcome, line));
  }
  return refusal_slip_text(slip);
}

void print_papers(StoreContext& store, const ReturnOutcome& outcome) {
  print_paper(store, receipt_of(store, outcome));
  for (const GivenCredit& credit : outcome.credits) {
    print_paper(store, credit_paper(store, credit.account, credit.qr_text));
  }
}

void print_paper(StoreContext& store, const std::string& text) {
  try {
    store.printer.print(text);
  } catch (const std::exception&) {
    // The refund is recorded and the paper can be printed again: nothing here may undo or repeat it.
  }
}

}  // namespace retour::app
