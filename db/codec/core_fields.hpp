#pragma once
// The fields of the core's types in the order in which they are stored. A field is never removed and never moves; a
// change to an event is a new kind_version with its own list. The same lists serve the messages of sync/protocol.

#include "db/codec/archive.hpp"
#include "db/codec/feed_chunk.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::codec {

template <class T>
NumberField<T> money(T& minor) {
  return within(minor, -minor_max, minor_max);
}

// ---- values ----------------------------------------------------------------------------------------------------
inline void save(VarintOutput& archive, const Currency& currency) {
  archive.writer().raw(currency.code, 3);
  archive(within(currency.decimals, 0, decimal_scale_max));
}
inline void load(VarintInput& archive, Currency& currency) {
  std::memcpy(currency.code, archive.reader().raw(3).data(), 3);
  archive(within(currency.decimals, 0, decimal_scale_max));
}
template <class A>
void serialize(A& archive, Decimal& v) {
  archive(v.mantissa, within(v.scale, 0, decimal_scale_max));
}
template <class A>
void serialize(A& archive, CivilDate& v) {
  archive(v.days);
}
template <class A>
void serialize(A& archive, HlcTime& v) {
  archive(v.packed);
}
template <class A>
void serialize(A& archive, TaxAmount& v) {
  archive(v.rate_percent, money(v.minor));
}
template <class A>
void serialize(A& archive, UnitRange& v) {
  archive(v.line_no, within(v.first, 0, quantity_max), within(v.count, 0, quantity_max));
}
template <class A>
void serialize(A& archive, OrderUnits& v) {
  archive(v.order_id, v.units);
}
template <class A>
void serialize(A& archive, TenderShare& v) {
  archive(v.tender_no, money(v.minor));
}
template <class A>
void serialize(A& archive, PaidAmounts& v) {
  archive(money(v.net_minor), v.taxes, money(v.discount_minor), v.tenders,
          within(v.points.points_earned, -points_max, points_max),
          within(v.points.points_spent, -points_max, points_max));
}
template <class A>
void serialize(A& archive, Lot& v) {
  archive(v.order_id, v.line_no, v.sold_at_ms, v.unit_price, within(v.bought, 0, quantity_max), v.free,
          in_range(v.channel, SaleChannel::online, SaleChannel::value), v.sold_on, v.delivered_on,
          v.last_delivered_on, money(v.paid_minor), v.seller, v.confirmed_final, v.has_serials, v.serial_unit);
}
template <class A>
void serialize(A& archive, Claim& v) {
  archive(v.order_id, v.units, v.paid, v.evidence_hash);
}
template <class A>
void serialize(A& archive, PlannedLeg& v) {
  archive(v.leg_no, in_range(v.tender, TenderKind::cash, TenderKind::bank_transfer), v.order_id, v.tender_no,
          v.reference, money(v.pays_minor));
}
template <class A>
void serialize(A& archive, Leg& v) {
  archive(v.leg_id, v.planned);
}
template <class A>
void serialize(A& archive, ReturnAsk& v) {
  archive(v.line_no, v.order_id, v.order_line_no, v.sku, v.quantity, v.asked_price,
          in_range(v.reason, ReturnReason::unspecified, ReturnReason::other), v.source_ref, v.serial, v.no_receipt,
          in_range(v.remedy, Remedy::refund, Remedy::repair), v.gift);
}
template <class A>
void serialize(A& archive, FeeTerms& v) {
  archive(v.rule, in_range(v.kind, FeeKind::restocking, FeeKind::faster_delivery), within(v.share.value, 0, 10'000),
          money(v.each_minor), in_range(v.rounding, Rounding::down, Rounding::half_even));
}
template <class A>
void serialize(A& archive, Approval& v) {
  archive(in_range(v.role, Role::cashier, Role::regional_manager), v.approver, v.reason);
}
template <class A>
void serialize(A& archive, RiskCount& v) {
  archive(in_range(v.signal, RiskSignal::returns_30_days, RiskSignal::overrides_30_days), v.count);
}
template <class A>
void serialize(A& archive, UnprovenSale& v) {
  archive(v.currency, money(v.lowest_minor));
}
template <class A>
void serialize(A& archive, DeliveryFacts& v) {
  archive(v.currency, v.goods_claimed, v.whole_order);
}
/// A list of words is stored as their numbers.
template <class E>
void save_words(VarintOutput& archive, const std::vector<E>& words) {
  archive.writer().varint(words.size());
  for (const E word : words) archive.writer().byte(static_cast<std::uint8_t>(word));
}
template <class E>
void load_words(VarintInput& archive, std::vector<E>& words, E first, E last) {
  words.resize(archive.reader().count());
  for (E& word : words) archive(in_range(word, first, last));
}
inline void save(VarintOutput& archive, const std::vector<Alert>& alerts) {
  save_words(archive, alerts);
}
inline void load(VarintInput& archive, std::vector<Alert>& alerts) {
  load_words(archive, alerts, Alert::own_purchase, alert_last);
}
template <class A>
void serialize(A& archive, LineFacts& v) {
  archive(v.category, v.brand, v.tier, v.store, v.region, in_range(v.grade, Grade::ungraded, Grade::unsellable),
          in_range(v.role, Role::cashier, Role::regional_manager), v.data_age_minutes, v.risk, v.approval, v.alerts,
          v.unproven, v.beyond_repair, v.delivery);
}
template <class A>
void serialize(A& archive, DecisionTrace& v) {
  archive(v.policy_id, v.policy_version, v.rule, v.applied, v.feed_position, v.final_word, v.lots, v.facts,
          money(v.total_minor), v.would_change, in_range(v.needs, Role::cashier, Role::regional_manager));
}
template <class A>
void serialize(A& archive, UnitTerms& v) {
  archive(v.fees, in_range(v.refund_as, TenderKind::cash, TenderKind::bank_transfer));
}
template <class A>
void serialize(A& archive, Decision& v) {
  archive(in_range(v.verdict, Verdict::approved, Verdict::refused), in_range(v.refusal, Refusal::none, refusal_last),
          in_range(v.assurance, Assurance::none, Assurance::provisional), v.taken, v.terms, v.trace);
}

// ---- events, version 1 of each -----------------------------------------------------------------------------------
template <class A, class Event>
void bucket_of(A& archive, Event& v) {
  archive(in_range(v.bucket, Bucket::sellable, Bucket::scrap));
}
template <class A>
void serialize(A& archive, CaseOpened& v) {
  archive(v.case_id, v.till, v.cashier, v.business_date, v.reference, v.subject, v.opened_at_ms);
}
template <class A>
void serialize(A& archive, OrderAttached& v) {
  archive(v.case_id, v.order_id, v.order_version, v.evidence_hash, v.evidence);
}
template <class A>
void serialize(A& archive, LineAnswered& v) {
  archive(v.case_id, v.ask, v.decision);
}
template <class A>
void serialize(A& archive, LineReferred& v) {
  archive(v.case_id, v.referral_id, v.ask, v.subject, v.asked_at_ms, v.local, v.business_date);
}
template <class A>
void serialize(A& archive, LineDeferred& v) {
  archive(v.case_id, v.line_no, v.referral_id, v.slip_code);
}
template <class A>
void serialize(A& archive, LineSettled& v) {
  archive(v.case_id, v.line_no, v.referral_id, v.decision);
}
template <class A>
void serialize(A& archive, UnitsClaimed& v) {
  archive(v.case_id, v.line_no, in_range(v.assurance, Assurance::none, Assurance::provisional), v.claims);
}
template <class A>
void serialize(A& archive, GoodsReceived& v) {
  archive(v.case_id, v.line_no, v.sku, v.quantity);
  bucket_of(archive, v);
}
template <class A>
void serialize(A& archive, GoodsHandedBack& v) {
  archive(v.case_id, v.line_no, v.sku, v.quantity);
  bucket_of(archive, v);
}
template <class A>
void serialize(A& archive, GoodsMoved& v) {
  archive(v.case_id, v.line_no, v.sku, v.quantity, in_range(v.from, Bucket::sellable, Bucket::scrap),
          in_range(v.to, Bucket::sellable, Bucket::scrap));
}
template <class A>
void serialize(A& archive, KeptBack& v) {
  archive(v.line_no, in_range(v.kind, FeeKind::restocking, FeeKind::faster_delivery), v.rule, money(v.minor));
}
template <class A>
void serialize(A& archive, CarriedPart& v) {
  archive(in_range(v.tender, TenderKind::cash, TenderKind::bank_transfer), v.order_id, v.tender_no, v.reference,
          money(v.minor));
}
template <class A>
void serialize(A& archive, RefundPlanned& v) {
  archive(v.case_id, v.plan_no, v.currency, money(v.total_minor), v.kept, money(v.rounding_minor),
          money(v.correction_minor), v.legs, v.carried, v.carried_to, v.credit_note_no);
}
template <class A>
void serialize(A& archive, CheckAnswer& v) {
  archive(v.question, v.answer);
}
template <class A>
void serialize(A& archive, ItemInspected& v) {
  archive(v.case_id, v.line_no, v.checklist, v.answers, in_range(v.grade, Grade::ungraded, Grade::unsellable),
          v.because, in_range(v.disposition, Disposition::undecided, Disposition::hold), v.photos);
}
template <class A>
void serialize(A& archive, OverrideGiven& v) {
  archive(v.case_id, v.line_no, v.approval, in_range(v.method, ApprovalMethod::pin, ApprovalMethod::code), v.declined,
          v.rule);
}
template <class A>
void serialize(A& archive, CaseVoided& v) {
  archive(v.case_id, v.by, v.reason, v.items, v.currency, money(v.total_minor));
}
template <class A>
void serialize(A& archive, RefundReversed& v) {
  archive(v.case_id, v.by, v.reason, v.items, v.currency, money(v.total_minor));
}
template <class A>
void serialize(A& archive, PolicyAdopted& v) {
  archive(v.policy_id, v.policy_version, v.pack_hash, v.pack);
}
template <class A>
void serialize(A& archive, RefundLegStarted& v) {
  archive(v.case_id, v.leg_id);
}
template <class A>
void serialize(A& archive, RefundLegEnded& v) {
  archive(v.case_id, v.leg_id, in_range(v.outcome, LegOutcome::settled, LegOutcome::queued), v.device_reference,
          v.confirmed_by, in_range(v.problem, LegProblem::none, leg_problem_last));
}
template <class A>
void serialize(A& archive, CaseClosed& v) {
  archive(v.case_id);
}
template <class A>
void serialize(A& archive, StockMoved& v) {
  archive(v.sku);
  bucket_of(archive, v);
  archive(v.quantity, v.cause);
}
template <class A>
void serialize(A& archive, SaleRecorded& v) {
  archive(v.order, v.order_id, v.till, v.paid_by);
}
template <class A>
void serialize(A& archive, LoweredUnits& v) {
  archive(v.units, v.each, v.evidence_hash);
}
template <class A>
void serialize(A& archive, RightsReceived& v) {
  archive(v.transfer_id, v.items, v.lowered);
}
template <class A>
void serialize(A& archive, RightsReleased& v) {
  archive(v.transfer_id, v.recall_id, v.items);
}
template <class A>
void serialize(A& archive, ReferralAnswered& v) {
  archive(v.referral_id, v.case_id, v.line_no, v.decision, v.transfer_id);
}
template <class A>
void serialize(A& archive, NodeEnrolled& v) {
  archive(v.node, v.name, v.catchment);
}
template <class A>
void serialize(A& archive, RightsGranted& v) {
  archive(v.transfer_id, v.node, v.items, v.lowered);
}
template <class A>
void serialize(A& archive, LegRerouted& v) {
  archive(v.case_id, v.leg_id, v.legs, v.currency, money(v.rounding_minor), v.by,
          in_range(v.reason, LegProblem::none, leg_problem_last));
}
template <class A>
void serialize(A& archive, CreditIssued& v) {
  archive(v.case_id, v.leg_id, v.order_id, v.order);
}
template <class A>
void serialize(A& archive, UnitsLowered& v) {
  archive(v.case_id, v.line_no, in_range(v.assurance, Assurance::none, Assurance::provisional), v.lowered);
}
template <class A>
void serialize(A& archive, LineWithdrawn& v) {
  archive(v.case_id, v.line_no, v.by);
}
template <class A>
void serialize(A& archive, FiscalSigned& v) {
  archive(v.case_id, v.plan_no, in_range(v.state, FiscalState::signed_, FiscalState::failed), v.signer, v.signature,
          v.signed_at_ms, v.problem);
}
template <class A>
void serialize(A& archive, RepairStarted& v) {
  archive(v.case_id, v.line_no, v.units, v.serial, v.promised_on);
}
template <class A>
void serialize(A& archive, RepairEnded& v) {
  archive(v.case_id, v.line_no, in_range(v.outcome, RepairOutcome::repaired, RepairOutcome::not_repairable));
}
template <class A>
void serialize(A& archive, TradeInTaken& v) {
  archive(v.case_id, v.line_no, v.sku, v.serial, within(v.quantity, 0, quantity_max),
          in_range(v.grade, Grade::ungraded, Grade::unsellable), v.rule, v.currency, money(v.credit_minor),
          v.carried_to);
}
template <class A>
void serialize(A& archive, BudgetCreated& v) {
  archive(v.node, v.order_id, v.order, v.by);
}
template <class A>
void serialize(A& archive, ReturnStarted& v) {
  archive(v.started_id, v.code, v.order_id, v.asks, v.decisions, v.started_at_ms, v.decide_by_ms);
}
template <class A>
void serialize(A& archive, ReturnStartedEnded& v) {
  archive(v.started_id, in_range(v.verdict, Verdict::approved, Verdict::refused), v.by, v.reason);
}
template <class A>
void serialize(A& archive, RecallIssued& v) {
  archive(v.recall_id, v.node, v.items);
}
template <class A>
void serialize(A& archive, ReferralDecided& v) {
  archive(v.node, v.answer, v.settled_no);
}

/// As sent between node and hub; the hash covers other bytes (db/journal).
template <class A>
void serialize(A& archive, EventEnvelope& v) {
  archive(v.node_id, v.epoch, v.seq, v.hlc, v.case_id, v.command_id, v.command_part, v.kind, v.kind_version, v.body,
          v.prev_hash, v.hash);
}

// ---- the feed
// ------------------------------------------------------------------------------------------------------
template <class A>
void serialize(A& archive, FeedItem& v) {
  archive(v.feed_seq, v.catchment, v.order_id, v.evidence, v.customer, v.card);
}
template <class A>
void serialize(A& archive, FeedCursor& v) {
  archive(v.catchment, v.feed_seq);
}

}  // namespace retour::codec
