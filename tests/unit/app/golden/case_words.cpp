#include "tests/unit/app/golden/case_words.hpp"

#include <algorithm>
#include <regex>
#include <sstream>

#include "db/codec/order_codec.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/core/policy/decide_delivery.hpp"

namespace retour::testing {

namespace {

using app::words;

std::string line_name(std::uint32_t line_no) {
  return " line " + std::to_string(line_no) + ": ";
}

std::string name_of(const OrderId& order, const OrderNumbers& orders) {
  const auto known = orders.find(order);
  return known == orders.end() ? "an unknown order" : known->second;
}

std::string text_of_units(const std::vector<OrderUnits>& units, const OrderNumbers& orders) {
  std::string text;
  for (const OrderUnits& part : units) {
    const bool delivery = is_shipment_line(part.units.line_no);
    text += (text.empty() ? "" : " and ") + (delivery ? "delivery" : std::to_string(part.units.count)) + " of " +
            name_of(part.order_id, orders);
    if (delivery) continue;
    if (part.units.line_no != 1) text += " line " + std::to_string(part.units.line_no);
  }
  return text;
}

std::string text_of_decision(const Decision& decision, const OrderNumbers& orders) {
  std::string text(to_string(decision.verdict));
  if (decision.refusal != Refusal::none) text += " " + std::string(to_string(decision.refusal));
  text += " by " + decision.trace.rule;
  if (decision.trace.needs) text += ", needs " + std::string(to_string(*decision.trace.needs));
  if (!decision.taken.empty()) text += ", " + text_of_units(decision.taken, orders);
  for (const std::string& rule : decision.trace.applied) text += ", applied " + rule;
  if (!decision.trace.facts.category.empty()) text += ", category " + decision.trace.facts.category;
  return text;
}

struct EventWords {
  const OrderNumbers& orders;

  std::string operator()(const CaseOpened& event) const {
    return " at till " + event.till + " by " + event.cashier + " on " + event.business_date.to_string();
  }
  std::string operator()(const OrderAttached& event) const { return " " + name_of(event.order_id, orders); }
  std::string operator()(const ItemInspected& event) const {
    std::string text = line_name(event.line_no) + std::string(to_string(event.grade));
    if (!event.because.empty()) text += " because of " + event.because;
    text += ", to " + std::string(to_string(event.disposition));
    return event.photos.empty() ? text : text + ", " + std::to_string(event.photos.size()) + " photos";
  }
  std::string operator()(const OverrideGiven& event) const {
    return line_name(event.line_no) + (event.declined ? "no" : "yes") + " by " + event.approval.approver + " (" +
           std::string(to_string(event.approval.role)) + ", " + std::string(to_string(event.method)) + ") to " +
           event.rule + ": " + event.approval.reason;
  }
  std::string operator()(const LineAnswered& event) const {
    return line_name(event.ask.line_no) + text_of_decision(event.decision, orders);
  }
  std::string operator()(const LineReferred& event) const {
    return line_name(event.ask.line_no) + std::to_string(event.ask.quantity) + " " + event.ask.sku;
  }
  std::string operator()(const LineDeferred& event) const { return " line " + std::to_string(event.line_no); }
  std::string operator()(const LineSettled& event) const {
    return line_name(event.line_no) + text_of_decision(event.decision, orders);
  }
  std::string operator()(const ReferralAnswered& event) const {
    return line_name(event.line_no) + text_of_decision(event.decision, orders);
  }
  std::string operator()(const UnitsClaimed& event) const {
    std::vector<OrderUnits> units;
    Minor total = 0;
    for (const Claim& claim : event.claims) {
      units.push_back({claim.order_id, claim.units});
      total += claim.paid.total_minor();
    }
    return line_name(event.line_no) + text_of_units(units, orders) + ", " + std::to_string(total) + " minor, " +
           std::string(to_string(event.assurance));
  }
  std::string operator()(const UnitsLowered& event) const {
    std::vector<OrderUnits> units;
    Minor total = 0;
    for (const LoweredUnits& lowered : event.lowered) {
      units.push_back(lowered.units);
      total += claim_on(lowered).paid.total_minor();
    }
    return line_name(event.line_no) + text_of_units(units, orders) + ", " + std::to_string(total) + " minor";
  }
  std::string operator()(const LineWithdrawn& event) const {
    return " line " + std::to_string(event.line_no) + " by " + event.by;
  }
  std::string operator()(const GoodsReceived& event) const {
    return line_name(event.line_no) + std::to_string(event.quantity) + " " + event.sku + " into " +
           std::string(to_string(event.bucket));
  }
  std::string operator()(const GoodsHandedBack& event) const {
    return line_name(event.line_no) + std::to_string(event.quantity) + " " + event.sku + " out of " +
           std::string(to_string(event.bucket));
  }
  std::string operator()(const GoodsMoved& event) const {
    return line_name(event.line_no) + std::to_string(event.quantity) + " " + event.sku + " from " +
           std::string(to_string(event.from)) + " to " + std::string(to_string(event.to));
  }
  std::string operator()(const RefundPlanned& event) const {
    std::string text = " " + std::to_string(event.plan_no) + ": " + to_string(event.total_minor, event.currency);
    for (const KeptBack& kept : event.kept) {
      text += ", kept " + to_string(kept.minor, event.currency) + " by " + kept.rule;
    }
    if (event.rounding_minor != 0) text += ", rounding " + std::to_string(event.rounding_minor) + " minor";
    for (const Leg& leg : event.legs) {
      text +=
          ", " + std::string(to_string(leg.planned.tender)) + " " + to_string(leg.planned.pays_minor, event.currency);
    }
    for (const CarriedPart& part : event.carried) {
      text += ", carried " + std::string(to_string(part.tender)) + " " + to_string(part.minor, event.currency);
    }
    return text;
  }
  std::string operator()(const CreditIssued& event) const {
    const Order account = codec::unpack_order(event.order);
    return " " + name_of(event.order_id, orders) + ": " + account.lines.front().sku + " " +
           to_string(account.lines.front().quantity, account.currency);
  }
  std::string operator()(const SaleRecorded& event) const {
    const Order sale = codec::unpack_order(event.order);
    std::string text = " " + name_of(event.order_id, orders) + ": " + to_string(order_total(sale), sale.currency);
    for (const Tender& tender : sale.tenders) {
      text += ", " + std::string(to_string(tender.kind)) + " " + to_string(tender.paid_minor, sale.currency);
    }
    return event.paid_by ? text + ", in exchange" : text;
  }
  std::string operator()(const RefundLegEnded& event) const {
    const std::string by = event.confirmed_by.empty() ? "" : ", says " + event.confirmed_by;
    const std::string why =
        event.problem == LegProblem::none ? "" : " (" + std::string(to_string(event.problem)) + ")";
    return ": " + std::string(to_string(event.outcome)) + why + by;
  }
  std::string operator()(const LegRerouted& event) const {
    std::string text = " by " + event.by;
    if (event.reason != LegProblem::none) text += ", because " + std::string(to_string(event.reason));
    if (event.rounding_minor != 0) text += ", rounding " + std::to_string(event.rounding_minor) + " minor";
    for (const Leg& leg : event.legs) {
      text +=
          ", " + std::string(to_string(leg.planned.tender)) + " " + to_string(leg.planned.pays_minor, event.currency);
      if (!leg.planned.reference.empty()) text += " (" + leg.planned.reference + ")";
    }
    return text;
  }
  std::string operator()(const FiscalSigned& event) const {
    const std::string what = event.plan_no == 0 ? " taking back" : " " + std::to_string(event.plan_no);
    return what + ": " + std::string(to_string(event.state)) + (event.problem.empty() ? "" : ", " + event.problem);
  }
  std::string operator()(const TradeInTaken& event) const {
    return line_name(event.line_no) + std::to_string(event.quantity) + " " + event.sku + ", " +
           std::string(to_string(event.grade)) + ", " + to_string(event.credit_minor, event.currency) + " by " +
           event.rule;
  }
  std::string operator()(const StockMoved& event) const {
    return ": " + std::to_string(event.quantity) + " " + event.sku + " into " + std::string(to_string(event.bucket)) +
           ", " + event.cause;
  }
  std::string operator()(const RightsReceived& event) const { return ": " + text_of_units(event.items, orders); }
  std::string operator()(const RightsReleased& event) const { return ": " + text_of_units(event.items, orders); }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

void add_would_change(std::string& text, const Decision& decision) {
  const std::string hint = words("would_change." + decision.trace.would_change);
  if (!decision.trace.would_change.empty() && !hint.empty()) text += " " + hint;
}

std::string words_of_leg(const CaseLeg& leg) {
  const bool told = leg.state == LegState::failed && leg.problem != LegProblem::none;
  return told ? words("leg.not_paid") + " " + words("problem." + std::string(to_string(leg.problem)))
              : app::words_of_payment(leg.leg.planned.tender, to_string(leg.state));
}

/// Numbers of orders, as the screen knows them.
using Known = std::vector<std::pair<OrderId, std::string>>;

std::string name_of_line(const ReturnAsk& ask, const Known& known) {
  if (!asks_for_delivery(ask)) return std::to_string(ask.quantity) + " " + ask.sku;
  const auto order = std::ranges::find(known, *ask.order_id, &Known::value_type::first);
  return app::delivery_name(order == known.end() ? "" : order->second);
}

std::string words_of_line(const ReturnAsk& ask, std::string_view state, const Decision& decision,
                          const Known& known) {
  std::string text = "line " + std::to_string(ask.line_no) + ": " + name_of_line(ask, known) + ": ";
  const std::string verdict = asks_for_delivery(ask) ? "verdict.delivery." : "verdict.";
  if (state == "needs_manager") return text + words("needs." + std::string(to_string(*decision.trace.needs)));
  if (decision.refusal == Refusal::none) return text + words(verdict + std::string(state));
  text += app::words_of(decision.refusal);
  if (state == "refused") add_would_change(text, decision);
  return text;
}

}  // namespace

std::string words_of_event(const EventBody& event, const OrderNumbers& orders) {
  return std::string(kind_of(event)) + std::visit(EventWords{orders}, event);
}

std::vector<std::string> screen_of(const app::ReturnOutcome& outcome) {
  const ReturnCase& state = outcome.state;
  std::vector<std::string> lines;
  if (outcome.already_recorded) lines.push_back("this was done before; nothing is done again");
  Known known;
  for (const app::EvidenceNote& note : outcome.evidence) known.emplace_back(note.order_id, note.number);
  for (const CaseLine& line : state.lines) {
    lines.push_back(words_of_line(line.ask, to_string(line.state), line.decision, known));
  }
  for (const auto& [line_no, recall] : outcome.recalls) {
    lines.push_back("line " + std::to_string(line_no) + ", recall " + recall.id + ": " + recall.en);
  }
  for (const CaseLeg& leg : state.legs) {
    lines.push_back(app::words_of(leg.leg.planned.tender) + " " +
                    to_string(leg.leg.planned.pays_minor, state.plans.front().currency) + ": " + words_of_leg(leg));
  }
  for (const TradeInTaken& taken : state.trade_ins) {
    lines.push_back("traded in " + std::to_string(taken.quantity) + " " + taken.sku + ", " +
                    std::string(to_string(taken.grade)) + ": " + to_string(taken.credit_minor, taken.currency));
  }
  for (const Order& sale : outcome.exchanged) {
    lines.push_back("in exchange for sale " + sale.number + " of " + to_string(order_total(sale), sale.currency));
  }
  if (state.voided || state.reversed) {
    lines.push_back(state.voided ? "the return was called off" : "the refund was reversed");
  } else {
    lines.push_back(state.closed ? "the return is done" : "the return stays open");
  }
  return lines;
}

std::vector<std::string> screen_of(const app::Quote& quote) {
  std::vector<std::string> lines;
  for (const app::AnsweredLine& line : quote.lines) {
    lines.push_back(words_of_line(line.ask, to_string(line.decision.verdict), line.decision, quote.order_numbers));
    for (const Alert alert : line.decision.trace.facts.alerts) {
      lines.push_back("  " + words("alert." + std::string(to_string(alert))));
    }
    if (line.recall) lines.push_back("  recall " + line.recall->id + ": " + line.recall->en);
    if (line.checklist == nullptr || line.inspection) continue;
    for (const ChecklistQuestion& question : line.checklist->questions) lines.push_back("  " + question.words.en);
  }
  if (quote.exchange) {
    const Currency& currency = quote.exchange->sale.currency;
    for (const app::TradedIn& old : quote.exchange->trade_ins) {
      lines.push_back(
          "trade in " + std::to_string(old.ask.quantity) + " " + old.ask.sku + ": " +
          (old.checklist != nullptr && !old.inspection ? "look at it first" : to_string(old.credit_minor, currency)));
    }
    lines.push_back("sale " + quote.exchange->sale.number + " of " +
                    to_string(quote.exchange->goods_minor, currency) + ": " +
                    to_string(quote.exchange->plan.carried_minor, currency) + " carried over, " +
                    to_string(quote.exchange->to_add_minor, currency) + " to be paid besides");
  }
  if (quote.plan) {
    lines.push_back("would give back " + to_string(quote.plan->total_minor, quote.plan->currency));
  } else {
    lines.push_back("would give back nothing");
  }
  return lines;
}

std::vector<std::string> screen_of(const app::CommandRefusal& refusal) {
  return {"not done, " + refusal.code + ": " + refusal.reason};
}

std::vector<std::string> lines_of_paper(std::string paper) {
  static const std::regex number("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"), qr("(R[CG]1)[.][0-9A-Z.\\n-]*");
  paper = std::regex_replace(std::regex_replace(paper, number, "XXXX-XXXX-XXXX"), qr, "$1...\n");
  static const std::regex code("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}"), head("(Journal [0-9]+ .*)[0-9a-f]{8}");
  paper = std::regex_replace(std::regex_replace(paper, code, "XXXX-XXXX-XX"), head, "$1........");
  std::vector<std::string> lines;
  std::istringstream in(paper);
  for (std::string line; std::getline(in, line);) {
    while (line.ends_with(' ')) line.pop_back();
    lines.push_back(line);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();  // they would be lost between two commands
  return lines;
}

}  // namespace retour::testing
