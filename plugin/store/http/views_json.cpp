#include "plugin/store/http/views_json.hpp"

#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/policy/reason_catalogue.hpp"
#include "plugin/store/http/exchange_json.hpp"

namespace retour::store {

namespace {

using app::words;

/// Numbers of the orders that claims name, as people know them.
using Numbers = std::vector<std::pair<OrderId, std::string>>;

std::string number_of(const Numbers& numbers, const OrderId& id) {
  for (const auto& [order, number] : numbers) {
    if (order == id) return number;
  }
  return {};
}

Json taxes_json(const std::vector<TaxAmount>& taxes) {
  Json list = Json::array();
  for (const TaxAmount& tax : taxes) {
    list.push_back({{"rate_percent", tax.rate_percent.to_string()}, {"minor", tax.minor}});
  }
  return list;
}

Json units_json(const UnitRange& units) {
  return {{"line_no", units.line_no}, {"first", units.first}, {"count", units.count}};
}

/// Earned points are taken back, spent ones given back.
Json points_json(const Loyalty& points) {
  return {{"taken_back", points.points_earned}, {"given_back", points.points_spent}};
}

/// Of a gift no points are told: they are its buyer's.
Json claim_json(const Claim& claim, const Numbers& numbers, bool of_gift) {
  Json tenders = Json::array();
  for (const TenderShare& share : claim.paid.tenders) {
    tenders.push_back({{"tender_no", share.tender_no}, {"minor", share.minor}});
  }
  return {{"order", claim.order_id.to_string()},
          {"order_number", number_of(numbers, claim.order_id)},
          {"units", units_json(claim.units)},
          {"net_minor", claim.paid.net_minor},
          {"taxes", taxes_json(claim.paid.taxes)},
          {"discount_minor", claim.paid.discount_minor},
          {"total_minor", claim.paid.total_minor()},
          {"tenders", std::move(tenders)},
          {"points", points_json(of_gift ? Loyalty{} : claim.paid.points)}};
}

Json claims_json(const std::vector<Claim>& claims, const Numbers& numbers, bool of_gift) {
  Json list = Json::array();
  for (const Claim& claim : claims) list.push_back(claim_json(claim, numbers, of_gift));
  return list;
}

Json trace_json(const DecisionTrace& trace) {
  Json lots = Json::array();
  for (const Lot& lot : trace.lots) {
    Json free = Json::array();
    for (const UnitRange& units : lot.free) free.push_back(units_json(units));
    lots.push_back({{"order", lot.order_id.to_string()},
                    {"line_no", lot.line_no},
                    {"sold_at_ms", lot.sold_at_ms},
                    {"unit_price", lot.unit_price.to_string()},
                    {"bought", lot.bought},
                    {"seller", lot.seller},
                    {"free", std::move(free)}});
  }
  return {{"policy", trace.policy_id},
          {"policy_version", trace.policy_version},
          {"rule", trace.rule},
          {"feed_position", trace.feed_position},
          {"lots", std::move(lots)}};
}

/// Who has to agree; null when nobody has to.
Json needs_json(const Decision& decision) {
  if (decision.verdict != Verdict::needs_manager || !decision.trace.needs) return nullptr;
  const std::string role(to_string(*decision.trace.needs));
  return {{"role", role}, {"message", words("needs." + role)}};
}

Json alerts_json(const std::vector<Alert>& alerts, const std::optional<ports::Recall>& recall) {
  Json list = Json::array();
  for (const Alert alert : alerts) {
    const std::string code(to_string(alert));
    const bool told = alert == Alert::recalled && recall.has_value();
    list.push_back({{"alert", code}, {"message", words("alert." + code)}, {"recall", told ? recall->id : ""}});
    list.back()["what_to_do"] = told ? Json{{"en", recall->en}, {"zh", recall->zh}} : Json(nullptr);
  }
  return list;
}

/// Null when nothing is, or was, repaired.
Json repair_json(const CaseLine& line) {
  if (!line.repair) return nullptr;
  const std::string outcome = line.repaired ? std::string(to_string(*line.repaired)) : "open";
  return {{"outcome", outcome},
          {"promised_on", line.repair->promised_on.to_string()},
          {"serial", line.repair->serial},
          {"message", words("repair." + outcome)}};
}

Json would_change_json(const std::string& code) {
  if (code.empty() || code == "nothing") return nullptr;
  return {{"code", code}, {"message", words("would_change." + code)}};
}

/// Null when the line is one of goods.
Json delivery_json(const ReturnAsk& ask, const Numbers& numbers) {
  if (!asks_for_delivery(ask)) return nullptr;
  const std::string number = number_of(numbers, *ask.order_id);
  return {{"order", ask.order_id->to_string()},
          {"order_number", number},
          {"shipment_no", ask.order_line_no & ~shipment_line_bit},
          {"message", app::delivery_name(number)}};
}

std::string message_of(const ReturnAsk& ask, const std::string& state, const Decision& decision) {
  if (decision.refusal != Refusal::none) return app::words_of(decision.refusal);
  return words((asks_for_delivery(ask) ? "verdict.delivery." : "verdict.") + state);
}

/// What a quoted and a recorded line have in common.
Json line_json(const ReturnAsk& ask, const std::string& state, const Decision& decision, Assurance assurance,
               const std::vector<Claim>& claims, const Numbers& numbers) {
  return {{"line_no", ask.line_no},
          {"sku", ask.sku},
          {"quantity", ask.quantity},
          {"serial", ask.serial},
          {"reason", to_string(ask.reason)},
          {"state", state},
          {"assurance", to_string(assurance)},
          {"refusal", to_string(decision.refusal)},
          {"message", message_of(ask, state, decision)},
          {"needs", needs_json(decision)},
          {"would_change", would_change_json(decision.trace.would_change)},
          {"claims", claims_json(claims, numbers, ask.gift)},
          {"delivery", delivery_json(ask, numbers)},
          {"trace", trace_json(decision.trace)}};
}

Json words_json(const ChecklistWords& words) {
  return {{"en", words.en}, {"zh", words.zh}};
}

Json inspection_json(Grade grade, const std::string& because, Disposition disposition) {
  return {{"grade", to_string(grade)}, {"because", because}, {"disposition", to_string(disposition)}};
}

Json leg_json(const PlannedLeg& leg) {
  return {{"leg_no", leg.leg_no},
          {"tender", to_string(leg.tender)},
          {"reference", leg.reference},
          {"pays_minor", leg.pays_minor}};
}

}  // namespace

Json problem_json(LegProblem problem) {
  if (problem == LegProblem::none) return nullptr;
  const std::string code(to_string(problem));
  return {{"code", code}, {"message", words("problem." + code)}};
}

namespace {

Json case_leg_json(const CaseLeg& leg) {
  Json json = {{"leg", leg.leg.leg_id.to_string()}};
  json.update(leg_json(leg.leg.planned));
  const std::string state(to_string(leg.state));
  json["state"] = state;
  json["message"] = app::words_of_payment(leg.leg.planned.tender, state);
  json["device_reference"] = leg.device_reference;
  json["confirmed_by"] = leg.confirmed_by;
  json["problem"] = problem_json(leg.problem);
  return json;
}

/// What a quoted and a recorded plan have in common: how the claims become what is paid.
Json amounts_json(const Currency& currency, const std::vector<KeptBack>& kept, Minor rounding_minor,
                  Minor total_minor) {
  Json fees = Json::array();
  for (const KeptBack& fee : kept) {
    fees.push_back({{"line_no", fee.line_no},
                    {"kind", to_string(fee.kind)},
                    {"rule", fee.rule},
                    {"minor", fee.minor},
                    {"message", words("fee." + std::string(to_string(fee.kind)))}});
  }
  return {{"currency", currency.name()},
          {"kept", std::move(fees)},
          {"rounding_minor", rounding_minor},
          {"total_minor", total_minor}};
}

/// Null when no number was given; state "none" when no signer is asked.
Json note_json(std::uint64_t number, const std::optional<FiscalSigned>& said) {
  if (number == 0) return nullptr;
  const FiscalSigned fiscal = said.value_or(FiscalSigned{});
  const std::string state = said ? std::string(to_string(fiscal.state)) : "none";
  return {{"number", number},
          {"state", state},
          {"message", words("fiscal." + state)},
          {"signer", fiscal.signer},
          {"signature", fiscal.signature},
          {"signed_at_ms", fiscal.signed_at_ms},
          {"problem", fiscal.problem}};
}

Json plan_json(const CasePlan& plan, const std::vector<CaseLeg>& legs) {
  Json list = Json::array();
  for (const CaseLeg& leg : legs) {
    if (leg.plan_no == plan.plan_no) list.push_back(case_leg_json(leg));
  }
  Json json = amounts_json(plan.currency, plan.kept, plan.rounding_minor, plan.total_minor);
  json["plan_no"] = plan.plan_no;
  json["credit_note"] = note_json(plan.credit_note_no, plan.fiscal);
  json["legs"] = std::move(list);
  return json;
}

std::string_view state_of(const ReturnCase& state) {
  if (state.voided) return "voided";
  if (state.reversed) return "reversed";
  return state.closed ? "closed" : "open";
}

}  // namespace

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json checklist_json(const Checklist* checklist) {
  if (checklist == nullptr) return nullptr;
  Json questions = Json::array();
  for (const ChecklistQuestion& question : checklist->questions) {
    Json answers = Json::array();
    for (const ChecklistAnswer& answer : question.answers) {
      answers.push_back({{"answer", answer.id}, {"words", words_json(answer.words)}});
    }
    questions.push_back(
        {{"question", question.id}, {"words", words_json(question.words)}, {"answers", std::move(answers)}});
  }
  return {{"checklist", checklist->id}, {"questions", std::move(questions)}};
}

Json quote_json(const app::Quote& quote) {
  Json lines = Json::array();
  for (const app::AnsweredLine& line : quote.lines) {
    Json json = line_json(line.ask, std::string(to_string(line.decision.verdict)), line.decision,
                          line.decision.assurance, line.claims, quote.order_numbers);
    json["alerts"] = alerts_json(line.decision.trace.facts.alerts, line.recall);
    json["checklist"] = checklist_json(line.checklist);
    json["inspection"] = nullptr;
    if (line.inspection) {
      json["inspection"] =
          inspection_json(line.inspection->grade, line.inspection->because, line.inspection->disposition);
    }
    lines.push_back(std::move(json));
  }
  Json refund = nullptr;
  if (quote.plan) {
    Json legs = Json::array();
    for (const PlannedLeg& leg : quote.plan->legs) legs.push_back(leg_json(leg));
    refund =
        amounts_json(quote.plan->currency, quote.plan->kept, quote.plan->rounding_minor, quote.plan->total_minor);
    refund["claimed_minor"] = quote.plan->claimed_minor;
    refund["legs"] = std::move(legs);
  }
  Json exchange = quote.exchange ? planned_exchange_json(*quote.exchange) : Json(nullptr);
  return {{"lines", std::move(lines)}, {"refund", std::move(refund)}, {"exchange", std::move(exchange)}};
}

Json outcome_json(const app::ReturnOutcome& outcome) {
  const ReturnCase& state = outcome.state;
  Numbers numbers;
  for (const app::EvidenceNote& note : outcome.evidence) numbers.emplace_back(note.order_id, note.number);
  Json lines = Json::array();
  for (const CaseLine& line : state.lines) {
    Json json =
        line_json(line.ask, std::string(to_string(line.state)), line.decision, line.assurance, line.claims, numbers);
    json["inspection"] = nullptr;
    if (const ItemInspected* seen = find_inspection(state, line.ask.line_no)) {
      json["inspection"] = inspection_json(seen->grade, seen->because, seen->disposition);
    }
    const auto recall = outcome.recalls.find(line.ask.line_no);
    json["alerts"] = alerts_json(line.decision.trace.facts.alerts,
                                 recall == outcome.recalls.end() ? std::nullopt : std::optional(recall->second));
    json["repair"] = repair_json(line);
    std::vector<Claim> lowered;
    for (const LoweredUnits& one : line.lowered) lowered.push_back(claim_on(one));
    json["lowered"] = claims_json(lowered, numbers, false);
    json["settled_later"] = line.settled;
    json["slip_code"] = line.slip_code;
    json["received"] = line.received;
    json["handed_back"] = line.handed_back;
    lines.push_back(std::move(json));
  }
  Json refunds = Json::array();
  for (const CasePlan& plan : state.plans) refunds.push_back(plan_json(plan, state.legs));
  return {{"case", outcome.case_id.to_string()},
          {"code", outcome.code},
          {"already_recorded", outcome.already_recorded},
          {"state", state_of(state)},
          {"till", state.opened->till},
          {"cashier", state.opened->cashier},
          {"business_date", state.opened->business_date.to_string()},
          {"reference", state.opened->reference},
          {"opened_at_ms", state.opened->opened_at_ms},
          {"lines", std::move(lines)},
          {"refunds", std::move(refunds)},
          {"exchanges", exchanges_json(outcome)},
          {"credits", credits_json(outcome)},
          {"taken_back",
           outcome.taken_back ? note_json(outcome.taken_back->number, outcome.taken_back->fiscal) : Json(nullptr)},
          {"planned_minor", state.planned_minor},
          {"due_minor", state.due_minor},
          {"paid_minor", state.paid_minor},
          {"journal_seq", outcome.journal_seq},
          {"journal_head", outcome.journal_head}};
}

Json summary_json(const app::CaseSummary& summary) {
  return {{"case", summary.case_id.to_string()},
          {"code", summary.code},
          {"state", summary.closed ? "closed" : "open"},
          {"till", summary.till},
          {"business_date", summary.business_date.to_string()},
          {"opened_at_ms", summary.opened_at_ms},
          {"lines", summary.lines},
          {"lines_waiting", summary.lines_waiting},
          {"lines_for_manager", summary.lines_for_manager},
          {"legs_unknown", summary.legs_unknown},
          {"legs_failed", summary.legs_failed},
          {"legs_planned", summary.legs_planned}};
}

Json sale_json(const app::SaleOutcome& outcome) {
  return {{"order", outcome.order_id.to_string()}, {"already_recorded", outcome.already_recorded}};
}

Json status_json(const app::StoreStatus& status) {
  Json open_cases = Json::array();
  for (const app::CaseSummary& summary : status.open_cases) open_cases.push_back(summary_json(summary));
  Json refunded = Json::object();
  for (const auto& [currency, minor] : status.refunded) refunded[currency] = minor;
  return {{"store", status.store_name},
          {"node", status.node.to_string()},
          {"journal_seq", status.journal_seq},
          {"journal_head", status.journal_head},
          {"waiting_events", status.waiting_events},
          {"orders", status.orders},
          {"refunded", std::move(refunded)},
          {"open_cases", std::move(open_cases)}};
}

Json reasons_json(const PolicyPack& policy) {
  Json list = Json::array();
  for (const ReasonEntry& entry : reasons_of(policy)) {
    const std::string code(to_string(entry.reason));
    list.push_back({{"reason", code},
                    {"words", words("reason." + code)},
                    {"department", entry.department},
                    {"merchant_at_fault", entry.merchant_at_fault}});
  }
  return {{"reasons", std::move(list)}};
}

Json stock_json(const std::vector<app::StockLevel>& levels) {
  Json list = Json::array();
  for (const app::StockLevel& level : levels) {
    list.push_back({{"sku", level.sku}, {"bucket", to_string(level.bucket)}, {"quantity", level.quantity}});
  }
  return {{"stock", std::move(list)}};
}

}  // namespace retour::store
