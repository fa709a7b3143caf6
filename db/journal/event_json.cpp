#include "db/journal/event_json.hpp"

#include <nlohmann/json.hpp>

#include "db/codec/event_codec.hpp"
#include "db/journal/inspect.hpp"

// Fields carry the names of the members; ids, hashes and packed orders are hex, enums their stable names, dates ISO,
// decimals text. Amounts are minor units and below 2^53, as are quantities: JSON numbers hold them exactly.

namespace retour::journal {

namespace {

using Json = nlohmann::ordered_json;

// ---- values ------------------------------------------------------------------------------------------------------
template <class Tag>
Json json(const Id<Tag>& id) {
  return id.to_string();
}
Json json(const Hash256& hash) {
  return hash.to_string();
}
Json json(const Bytes& bytes) {
  return to_hex(bytes.data(), bytes.size());
}
Json json(const Decimal& value) {
  return value.to_string();
}
Json json(CivilDate date) {
  return date.to_string();
}
Json json(const Currency& currency) {
  return std::string(currency.name());
}
Json json(const UnitRange& units) {
  return {{"line_no", units.line_no}, {"first", units.first}, {"count", units.count}};
}
template <class Enum>
requires std::is_enum_v<Enum> Json json(Enum value) {
  return std::string(to_string(value));
}
Json json(std::int64_t number) {
  return number;
}
// Values that stand in lists or may be absent: the templates below must know them.
Json json(const Approval& approval);
Json json(const UnprovenSale& sale);
Json json(const DeliveryFacts& facts);
Json json(const CarriedPart& part);
Json json(const LoweredUnits& lowered);
template <class T>
Json json(const std::optional<T>& value) {
  return value ? json(*value) : Json(nullptr);
}
template <class T>
Json json_list(const std::vector<T>& values);

Json json(const OrderUnits& part) {
  return {{"order_id", json(part.order_id)}, {"units", json(part.units)}};
}
Json json(const TaxAmount& tax) {
  return {{"rate_percent", json(tax.rate_percent)}, {"minor", tax.minor}};
}
Json json(const TenderShare& share) {
  return {{"tender_no", share.tender_no}, {"minor", share.minor}};
}
Json json(const PaidAmounts& paid) {
  return {{"net_minor", paid.net_minor},
          {"taxes", json_list(paid.taxes)},
          {"discount_minor", paid.discount_minor},
          {"tenders", json_list(paid.tenders)},
          {"points_earned", paid.points.points_earned},
          {"points_spent", paid.points.points_spent}};
}
Json json(const Claim& claim) {
  return {{"order_id", json(claim.order_id)},
          {"units", json(claim.units)},
          {"paid", json(claim.paid)},
          {"evidence_hash", json(claim.evidence_hash)}};
}
Json json(const Leg& leg) {
  return {{"leg_id", json(leg.leg_id)},          {"leg_no", leg.planned.leg_no},
          {"tender", json(leg.planned.tender)},  {"order_id", json(leg.planned.order_id)},
          {"tender_no", leg.planned.tender_no},  {"reference", leg.planned.reference},
          {"pays_minor", leg.planned.pays_minor}};
}
Json json(const Lot& lot) {
  return {{"order_id", json(lot.order_id)},
          {"line_no", lot.line_no},
          {"sold_at_ms", lot.sold_at_ms},
          {"unit_price", json(lot.unit_price)},
          {"bought", lot.bought},
          {"free", json_list(lot.free)},
          {"channel", json(lot.channel)},
          {"sold_on", json(lot.sold_on)},
          {"delivered_on", json(lot.delivered_on)},
          {"last_delivered_on", json(lot.last_delivered_on)},
          {"paid_minor", lot.paid_minor},
          {"seller", lot.seller},
          {"confirmed_final", lot.confirmed_final},
          {"has_serials", lot.has_serials},
          {"serial_unit", json(lot.serial_unit)}};
}
Json json(const KeptBack& kept) {
  return {{"line_no", kept.line_no}, {"kind", json(kept.kind)}, {"rule", kept.rule}, {"minor", kept.minor}};
}
Json json(const CheckAnswer& answer) {
  return {{"question", answer.question}, {"answer", answer.answer}};
}
Json json(const ReturnAsk& ask) {
  return {{"line_no", ask.line_no},
          {"order_id", json(ask.order_id)},
          {"order_line_no", ask.order_line_no},
          {"sku", ask.sku},
          {"quantity", ask.quantity},
          {"asked_price", json(ask.asked_price)},
          {"reason", json(ask.reason)},
          {"source_ref", ask.source_ref},
          {"serial", ask.serial},
          {"no_receipt", ask.no_receipt},
          {"remedy", json(ask.remedy)},
          {"gift", ask.gift}};
}
Json json(const Approval& approval) {
  return {{"role", json(approval.role)}, {"approver", approval.approver}, {"reason", approval.reason}};
}
Json json(const RiskCount& seen) {
  return {{"signal", json(seen.signal)}, {"count", seen.count}};
}
Json json(const UnprovenSale& sale) {
  return {{"currency", json(sale.currency)}, {"lowest_minor", sale.lowest_minor}};
}
Json json(const DeliveryFacts& facts) {
  return {
      {"currency", json(facts.currency)}, {"goods_claimed", facts.goods_claimed}, {"whole_order", facts.whole_order}};
}
Json json(const LineFacts& facts) {
  return {{"category", facts.category},
          {"brand", facts.brand},
          {"tier", facts.tier},
          {"store", facts.store},
          {"region", facts.region},
          {"grade", json(facts.grade)},
          {"role", json(facts.role)},
          {"data_age_minutes", json(facts.data_age_minutes)},
          {"risk", json_list(facts.risk)},
          {"approval", json(facts.approval)},
          {"alerts", json_list(facts.alerts)},
          {"unproven", json(facts.unproven)},
          {"beyond_repair", facts.beyond_repair},
          {"delivery", json(facts.delivery)}};
}
Json json(const FeeTerms& fee) {
  return {{"rule", fee.rule},
          {"kind", json(fee.kind)},
          {"share_basis_points", fee.share.value},
          {"each_minor", fee.each_minor},
          {"rounding", json(fee.rounding)}};
}
Json json(const UnitTerms& terms) {
  return {{"fees", json_list(terms.fees)}, {"refund_as", json(terms.refund_as)}};
}
Json json(const DecisionTrace& trace) {
  return {{"policy_id", trace.policy_id},
          {"policy_version", trace.policy_version},
          {"rule", trace.rule},
          {"applied", trace.applied},
          {"feed_position", trace.feed_position},
          {"final_word", trace.final_word},
          {"lots", json_list(trace.lots)},
          {"facts", json(trace.facts)},
          {"total_minor", trace.total_minor},
          {"would_change", trace.would_change},
          {"needs", json(trace.needs)}};
}
Json json(const Decision& decision) {
  return {{"verdict", json(decision.verdict)},     {"refusal", json(decision.refusal)},
          {"assurance", json(decision.assurance)}, {"taken", json_list(decision.taken)},
          {"terms", json_list(decision.terms)},    {"trace", json(decision.trace)}};
}

template <class T>
Json json_list(const std::vector<T>& values) {
  Json list = Json::array();
  for (const T& value : values) list.push_back(json(value));
  return list;
}

// ---- events ------------------------------------------------------------------------------------------------------
Json json(const CaseOpened& e) {
  return {{"case_id", json(e.case_id)},    {"till", e.till},
          {"cashier", e.cashier},          {"business_date", json(e.business_date)},
          {"reference", e.reference},      {"subject", json(e.subject)},
          {"opened_at_ms", e.opened_at_ms}};
}
Json json(const OrderAttached& e) {
  return {{"case_id", json(e.case_id)},
          {"order_id", json(e.order_id)},
          {"order_version", e.order_version},
          {"evidence_hash", json(e.evidence_hash)},
          {"evidence", json(e.evidence)}};
}
Json json(const LineAnswered& e) {
  return {{"case_id", json(e.case_id)}, {"ask", json(e.ask)}, {"decision", json(e.decision)}};
}
Json json(const LineReferred& e) {
  return {{"case_id", json(e.case_id)},
          {"referral_id", json(e.referral_id)},
          {"ask", json(e.ask)},
          {"subject", json(e.subject)},
          {"asked_at_ms", e.asked_at_ms},
          {"local", json(e.local)},
          {"business_date", json(e.business_date)}};
}
Json json(const LineDeferred& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"referral_id", json(e.referral_id)},
          {"slip_code", e.slip_code}};
}
Json json(const LineSettled& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"referral_id", json(e.referral_id)},
          {"decision", json(e.decision)}};
}
Json json(const UnitsClaimed& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"assurance", json(e.assurance)},
          {"claims", json_list(e.claims)}};
}
template <class Goods>
Json goods_json(const Goods& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"sku", e.sku},
          {"quantity", e.quantity},
          {"bucket", json(e.bucket)}};
}
Json json(const GoodsReceived& e) {
  return goods_json(e);
}
Json json(const GoodsHandedBack& e) {
  return goods_json(e);
}
Json json(const GoodsMoved& e) {
  return {{"case_id", json(e.case_id)}, {"line_no", e.line_no}, {"sku", e.sku},
          {"quantity", e.quantity},     {"from", json(e.from)}, {"to", json(e.to)}};
}
Json json(const ItemInspected& e) {
  return {{"case_id", json(e.case_id)},         {"line_no", e.line_no},         {"checklist", e.checklist},
          {"answers", json_list(e.answers)},    {"grade", json(e.grade)},       {"because", e.because},
          {"disposition", json(e.disposition)}, {"photos", json_list(e.photos)}};
}
Json json(const OverrideGiven& e) {
  return {{"case_id", json(e.case_id)}, {"line_no", e.line_no},   {"approval", json(e.approval)},
          {"method", json(e.method)},   {"declined", e.declined}, {"rule", e.rule}};
}
template <class Undone>
Json undone_json(const Undone& e) {
  return {{"case_id", json(e.case_id)},   {"by", e.by},
          {"reason", e.reason},           {"items", json_list(e.items)},
          {"currency", json(e.currency)}, {"total_minor", e.total_minor}};
}
Json json(const CaseVoided& e) {
  return undone_json(e);
}
Json json(const RefundReversed& e) {
  return undone_json(e);
}
Json json(const PolicyAdopted& e) {
  return {{"policy_id", e.policy_id},
          {"policy_version", e.policy_version},
          {"pack_hash", json(e.pack_hash)},
          {"pack", e.pack}};
}
Json json(const CarriedPart& part) {
  return {{"tender", json(part.tender)},
          {"order_id", json(part.order_id)},
          {"tender_no", part.tender_no},
          {"reference", part.reference},
          {"minor", part.minor}};
}
Json json(const RefundPlanned& e) {
  return {{"case_id", json(e.case_id)},
          {"plan_no", e.plan_no},
          {"currency", json(e.currency)},
          {"total_minor", e.total_minor},
          {"kept", json_list(e.kept)},
          {"rounding_minor", e.rounding_minor},
          {"correction_minor", e.correction_minor},
          {"legs", json_list(e.legs)},
          {"carried", json_list(e.carried)},
          {"carried_to", json(e.carried_to)},
          {"credit_note_no", e.credit_note_no}};
}
Json json(const RefundLegStarted& e) {
  return {{"case_id", json(e.case_id)}, {"leg_id", json(e.leg_id)}};
}
Json json(const RefundLegEnded& e) {
  return {{"case_id", json(e.case_id)},     {"leg_id", json(e.leg_id)},
          {"outcome", json(e.outcome)},     {"device_reference", e.device_reference},
          {"confirmed_by", e.confirmed_by}, {"problem", json(e.problem)}};
}
Json json(const CaseClosed& e) {
  return {{"case_id", json(e.case_id)}};
}
Json json(const StockMoved& e) {
  return {{"sku", e.sku}, {"bucket", json(e.bucket)}, {"quantity", e.quantity}, {"cause", e.cause}};
}
Json json(const SaleRecorded& e) {
  return {{"order", json(e.order)}, {"order_id", json(e.order_id)}, {"till", e.till}, {"paid_by", json(e.paid_by)}};
}
Json json(const LoweredUnits& lowered) {
  return {
      {"units", json(lowered.units)}, {"each", json(lowered.each)}, {"evidence_hash", json(lowered.evidence_hash)}};
}
Json json(const LegRerouted& e) {
  return {{"case_id", json(e.case_id)},   {"leg_id", json(e.leg_id)},           {"legs", json_list(e.legs)},
          {"currency", json(e.currency)}, {"rounding_minor", e.rounding_minor}, {"by", e.by},
          {"reason", json(e.reason)}};
}
Json json(const CreditIssued& e) {
  return {{"case_id", json(e.case_id)},
          {"leg_id", json(e.leg_id)},
          {"order_id", json(e.order_id)},
          {"order", json(e.order)}};
}
Json json(const UnitsLowered& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"assurance", json(e.assurance)},
          {"lowered", json_list(e.lowered)}};
}
Json json(const LineWithdrawn& e) {
  return {{"case_id", json(e.case_id)}, {"line_no", e.line_no}, {"by", e.by}};
}
Json json(const FiscalSigned& e) {
  return {{"case_id", json(e.case_id)}, {"plan_no", e.plan_no},     {"state", json(e.state)},
          {"signer", e.signer},         {"signature", e.signature}, {"signed_at_ms", e.signed_at_ms},
          {"problem", e.problem}};
}
Json json(const RepairStarted& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"units", json_list(e.units)},
          {"serial", e.serial},
          {"promised_on", json(e.promised_on)}};
}
Json json(const RepairEnded& e) {
  return {{"case_id", json(e.case_id)}, {"line_no", e.line_no}, {"outcome", json(e.outcome)}};
}
Json json(const TradeInTaken& e) {
  return {{"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"sku", e.sku},
          {"serial", e.serial},
          {"quantity", e.quantity},
          {"grade", json(e.grade)},
          {"rule", e.rule},
          {"currency", json(e.currency)},
          {"credit_minor", e.credit_minor},
          {"carried_to", json(e.carried_to)}};
}
Json json(const BudgetCreated& e) {
  return {{"node", json(e.node)}, {"order_id", json(e.order_id)}, {"order", json(e.order)}, {"by", e.by}};
}
Json json(const ReturnStarted& e) {
  return {{"started_id", json(e.started_id)},    {"code", e.code},
          {"order_id", json(e.order_id)},        {"asks", json_list(e.asks)},
          {"decisions", json_list(e.decisions)}, {"started_at_ms", e.started_at_ms},
          {"decide_by_ms", e.decide_by_ms}};
}
Json json(const ReturnStartedEnded& e) {
  return {{"started_id", json(e.started_id)}, {"verdict", json(e.verdict)}, {"by", e.by}, {"reason", e.reason}};
}
Json json(const RightsReceived& e) {
  return {{"transfer_id", json(e.transfer_id)}, {"items", json_list(e.items)}, {"lowered", json_list(e.lowered)}};
}
Json json(const RightsReleased& e) {
  return {{"transfer_id", json(e.transfer_id)}, {"recall_id", json(e.recall_id)}, {"items", json_list(e.items)}};
}
Json json(const ReferralAnswered& e) {
  return {{"referral_id", json(e.referral_id)},
          {"case_id", json(e.case_id)},
          {"line_no", e.line_no},
          {"decision", json(e.decision)},
          {"transfer_id", json(e.transfer_id)}};
}
Json json(const NodeEnrolled& e) {
  return {{"node", json(e.node)}, {"name", e.name}, {"catchment", e.catchment}};
}
Json json(const RightsGranted& e) {
  return {{"transfer_id", json(e.transfer_id)},
          {"node", json(e.node)},
          {"items", json_list(e.items)},
          {"lowered", json_list(e.lowered)}};
}
Json json(const RecallIssued& e) {
  return {{"recall_id", json(e.recall_id)}, {"node", json(e.node)}, {"items", json_list(e.items)}};
}
Json json(const ReferralDecided& e) {
  return {{"node", json(e.node)}, {"answer", json(e.answer)}, {"settled_no", e.settled_no}};
}

/// A body of a known kind that is damaged, or of one that is not known, stands as the bytes it has.
Json body_json(const EventEnvelope& event) {
  try {
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (body) return std::visit([](const auto& e) { return json(e); }, *body);
  } catch (const codec::MalformedBody& error) {
    return {{"malformed", error.what()}, {"hex", json(event.body)}};
  }
  return {{"hex", json(event.body)}};
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json_line(const EventEnvelope& event) {
  return line_of({{"seq", event.seq},
                  {"kind", event.kind},
                  {"kind_version", event.kind_version},
                  {"at_ms", event.hlc.ms()},
                  {"hlc", std::to_string(event.hlc.packed)},
                  {"return_case_id", json(event.case_id)},
                  {"command_id", json(event.command_id)},
                  {"command_part", event.command_part},
                  {"body", body_json(event)},
                  {"node_id", json(event.node_id)},
                  {"epoch", event.epoch},
                  {"prev_hash", json(event.prev_hash)},
                  {"hash", json(event.hash)}});
}

std::string unreadable_json_line(std::uint64_t seq, const std::string& column) {
  return line_of({{"seq", seq}, {"unreadable", column}});
}

}  // namespace retour::journal
