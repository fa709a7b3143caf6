#pragma once
// One event of every kind, with every field set to something of its own, so that a swapped field shows.

#include <numeric>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::samples {

template <class AnyId>
AnyId id(std::uint8_t first) {
  AnyId made;
  std::iota(made.bytes.begin(), made.bytes.end(), first);
  return made;
}

inline Hash256 hash(std::uint8_t first) {
  Hash256 made;
  std::iota(made.bytes.begin(), made.bytes.end(), first);
  return made;
}

inline PaidAmounts paid() {
  return {.net_minor = 1681,
          .taxes = {{.rate_percent = {19, 0}, .minor = 319}, {.rate_percent = {55, 1}, .minor = 0}},
          .discount_minor = 250,
          .tenders = {{.tender_no = 1, .minor = 1500}, {.tender_no = 2, .minor = 500}},
          .points = {.points_earned = 20, .points_spent = 7}};
}

inline ReturnAsk ask() {
  return {.line_no = 2,
          .order_id = id<OrderId>(0x10),
          .order_line_no = 3,
          .sku = "85123A",
          .quantity = 4,
          .asked_price = Decimal{12005, 3},
          .reason = ReturnReason::damaged_in_transit,
          .source_ref = "C536379/141",
          .serial = "SN-0042",
          .no_receipt = true,
          .remedy = Remedy::repair,
          .gift = true};
}

inline LineFacts line_facts() {
  return {.category = "apparel/shirts",
          .brand = "north",
          .tier = "vip",
          .store = "Leeds",
          .region = "uk-north",
          .grade = Grade::refurbishable,
          .role = Role::supervisor,
          .data_age_minutes = 17,
          .risk = {{.signal = RiskSignal::stores_30_days, .count = 3}},
          .approval = Approval{.role = Role::manager, .approver = "m-4", .reason = "regular_customer"},
          .alerts = {Alert::recalled, Alert::own_purchase},
          .unproven = UnprovenSale{.currency = {.code = "SEK", .decimals = 2}, .lowest_minor = 1490},
          .beyond_repair = 3,
          .delivery = DeliveryFacts{*Currency::parse("EUR"), true, false}};
}

inline Decision decision() {
  return {.verdict = Verdict::approved,
          .refusal = Refusal::none,
          .assurance = Assurance::confirmed,
          .taken = {{.order_id = id<OrderId>(0x10), .units = {.line_no = 3, .first = 1, .count = 4}}},
          .terms = {{.fees = {{.rule = "fees/opened",
                               .kind = FeeKind::diminished_value,
                               .share = {1500},
                               .each_minor = 25,
                               .rounding = Rounding::half_up}},
                     .refund_as = TenderKind::store_credit}},
          .trace = {.policy_id = "default",
                    .policy_version = 7,
                    .rule = "matching",
                    .applied = {"windows/general", "fees/opened"},
                    .feed_position = 20725,
                    .final_word = true,
                    .lots = {{.order_id = id<OrderId>(0x10),
                              .line_no = 3,
                              .sold_at_ms = 1291190760000,
                              .unit_price = {255, 2},
                              .bought = 80995,
                              .free = {{.line_no = 3, .first = 1, .count = 80994}},
                              .channel = SaleChannel::phone,
                              .sold_on = {14944},
                              .delivered_on = CivilDate{14946},
                              .last_delivered_on = CivilDate{14950},
                              .paid_minor = 20653725,
                              .seller = "north-market",
                              .confirmed_final = true,
                              .has_serials = true,
                              .serial_unit = 41}},
                    .facts = line_facts(),
                    .total_minor = 2000,
                    .would_change = "other_order",
                    .needs = Role::regional_manager}};
}

inline std::vector<OrderUnits> items() {
  return {{.order_id = id<OrderId>(0x20), .units = {.line_no = 1, .first = 0, .count = 6}},
          {.order_id = id<OrderId>(0x30), .units = {.line_no = 300, .first = 128, .count = 1}}};
}

inline ReferralAnswered answer() {
  return {.referral_id = id<ReferralId>(0x40),
          .case_id = id<ReturnCaseId>(0x01),
          .line_no = 2,
          .decision = decision(),
          .transfer_id = id<TransferId>(0x50)};
}

inline Leg leg() {
  return {.leg_id = id<LegId>(0x60),
          .planned = {.leg_no = 1,
                      .tender = TenderKind::card,
                      .order_id = id<OrderId>(0x10),
                      .tender_no = 2,
                      .reference = "psp-8f31",
                      .pays_minor = 2000}};
}

inline std::vector<LoweredUnits> lowered() {
  return {{.units = items().front(), .each = paid(), .evidence_hash = hash(0x80)}};
}

inline std::vector<EventBody> every_event() {
  const auto case_id = id<ReturnCaseId>(0x01);
  return {
      CaseOpened{.case_id = case_id,
                 .till = "anna",
                 .cashier = "c-17",
                 .business_date = {15000},
                 .reference = "C536379",
                 .subject = id<SubjectId>(0x70),
                 .opened_at_ms = 1291197660000},
      OrderAttached{.case_id = case_id,
                    .order_id = id<OrderId>(0x10),
                    .order_version = 2,
                    .evidence_hash = hash(0x80),
                    .evidence = {1, 2, 3, 0xff}},
      LineAnswered{.case_id = case_id, .ask = ask(), .decision = decision()},
      LineReferred{.case_id = case_id,
                   .referral_id = id<ReferralId>(0x40),
                   .ask = ask(),
                   .subject = id<SubjectId>(0x70),
                   .asked_at_ms = 1291197661000,
                   .local = decision(),
                   .business_date = {15000}},
      LineDeferred{.case_id = case_id, .line_no = 2, .referral_id = id<ReferralId>(0x40), .slip_code = "R-7K2M-93QX"},
      LineSettled{.case_id = case_id, .line_no = 2, .referral_id = id<ReferralId>(0x40), .decision = decision()},
      UnitsClaimed{.case_id = case_id,
                   .line_no = 2,
                   .assurance = Assurance::held,
                   .claims = {{.order_id = id<OrderId>(0x10),
                               .units = {.line_no = 3, .first = 1, .count = 4},
                               .paid = paid(),
                               .evidence_hash = hash(0x80)}}},
      GoodsReceived{.case_id = case_id, .line_no = 2, .sku = "85123A", .quantity = 4, .bucket = Bucket::hold},
      RefundPlanned{.case_id = case_id,
                    .plan_no = 1,
                    .currency = {.code = "GBP", .decimals = 2},
                    .total_minor = 2000,
                    .kept = {{.line_no = 2, .kind = FeeKind::return_shipping, .rule = "fees/label", .minor = 399}},
                    .rounding_minor = -2,
                    .correction_minor = -1,
                    .legs = {leg()},
                    .carried = {{.tender = TenderKind::gift_card,
                                 .order_id = id<OrderId>(0x10),
                                 .tender_no = 1,
                                 .reference = "gc-17",
                                 .minor = 499}},
                    .carried_to = id<OrderId>(0x91),
                    .credit_note_no = 1207},
      RefundLegStarted{.case_id = case_id, .leg_id = id<LegId>(0x60)},
      RefundLegEnded{.case_id = case_id,
                     .leg_id = id<LegId>(0x60),
                     .outcome = LegOutcome::settled,
                     .device_reference = "T-000123",
                     .confirmed_by = "c-18",
                     .problem = LegProblem::card_closed},
      CaseClosed{.case_id = case_id},
      StockMoved{.sku = "22423", .bucket = Bucket::sellable, .quantity = -12, .cause = "sale"},
      SaleRecorded{.order = {9, 8, 7}, .order_id = id<OrderId>(0x90), .till = "bert", .paid_by = case_id},
      RightsReceived{.transfer_id = id<TransferId>(0x50), .items = items(), .lowered = lowered()},
      RightsReleased{.transfer_id = id<TransferId>(0x51), .recall_id = id<TransferId>(0x52), .items = items()},
      answer(),
      NodeEnrolled{.node = id<NodeId>(0xa0), .name = "Leeds", .catchment = 38},
      RightsGranted{
          .transfer_id = id<TransferId>(0x50), .node = id<NodeId>(0xa0), .items = items(), .lowered = lowered()},
      RecallIssued{.recall_id = id<TransferId>(0x52), .node = id<NodeId>(0xa0), .items = items()},
      ReferralDecided{.node = id<NodeId>(0xa0), .answer = answer(), .settled_no = 9288},
      GoodsHandedBack{.case_id = case_id, .line_no = 2, .sku = "85123A", .quantity = 3, .bucket = Bucket::refurbish},
      ItemInspected{.case_id = case_id,
                    .line_no = 2,
                    .checklist = "apparel",
                    .answers = {{"tag", "missing"}, {"smell", "none"}},
                    .grade = Grade::refurbishable,
                    .because = "tag",
                    .disposition = Disposition::outlet,
                    .photos = {hash(0x33), hash(0x44)}},
      OverrideGiven{.case_id = case_id,
                    .line_no = 2,
                    .approval = {.role = Role::supervisor, .approver = "s-2", .reason = "regular_customer"},
                    .method = ApprovalMethod::code,
                    .declined = true,
                    .rule = "windows/late"},
      CaseVoided{.case_id = case_id,
                 .by = "c-17",
                 .reason = "wrong_customer",
                 .items = items(),
                 .currency = {.code = "GBP", .decimals = 2},
                 .total_minor = 2000},
      RefundReversed{.case_id = case_id,
                     .by = "m-4",
                     .reason = "kept_after_all",
                     .items = items(),
                     .currency = {.code = "EUR", .decimals = 2},
                     .total_minor = 4711},
      PolicyAdopted{.policy_id = "uk", .policy_version = 9, .pack_hash = hash(0x21), .pack = "{}"},
      LegRerouted{.case_id = case_id,
                  .leg_id = id<LegId>(0x61),
                  .legs = {leg()},
                  .currency = {.code = "CHF", .decimals = 2},
                  .rounding_minor = -3,
                  .by = "c-17",
                  .reason = LegProblem::card_expired},
      CreditIssued{.case_id = case_id, .leg_id = id<LegId>(0x60), .order_id = id<OrderId>(0x92), .order = {4, 5, 6}},
      UnitsLowered{.case_id = case_id, .line_no = 2, .assurance = Assurance::confirmed, .lowered = lowered()},
      LineWithdrawn{.case_id = case_id, .line_no = 2, .by = "c-17"},
      FiscalSigned{.case_id = case_id,
                   .plan_no = 1,
                   .state = FiscalState::failed,
                   .signer = "tse-4411",
                   .signature = "V0;4711",
                   .signed_at_ms = 1291197662000,
                   .problem = "certificate expired"},
      RepairStarted{.case_id = case_id, .line_no = 2, .units = items(), .serial = "SN-0042", .promised_on = {15014}},
      RepairEnded{.case_id = case_id, .line_no = 2, .outcome = RepairOutcome::not_repairable},
      TradeInTaken{.case_id = case_id,
                   .line_no = 3,
                   .sku = "PHONE-OLD",
                   .serial = "SN-7",
                   .quantity = 2,
                   .grade = Grade::refurbishable,
                   .rule = "trade_in/phones",
                   .currency = {.code = "EUR", .decimals = 2},
                   .credit_minor = 8000,
                   .carried_to = id<OrderId>(0x91)},
      BudgetCreated{.node = id<NodeId>(0xa0), .order_id = id<OrderId>(0x93), .order = {7, 7}, .by = "r-1"},
      ReturnStarted{.started_id = id<ReturnCaseId>(0x02),
                    .code = "RMA-7K2M",
                    .order_id = id<OrderId>(0x10),
                    .asks = {ask()},
                    .decisions = {decision()},
                    .started_at_ms = 1291197660000,
                    .decide_by_ms = 1291284060000},
      ReturnStartedEnded{
          .started_id = id<ReturnCaseId>(0x02), .verdict = Verdict::refused, .by = "m-4", .reason = "worn"},
      GoodsMoved{.case_id = case_id,
                 .line_no = 2,
                 .sku = "85123A",
                 .quantity = 3,
                 .from = Bucket::hold,
                 .to = Bucket::outlet},
  };
}

}  // namespace retour::samples
