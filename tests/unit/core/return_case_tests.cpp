#include "plugin/core/return_case/return_case.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;

namespace retour {
std::ostream& operator<<(std::ostream& out, CaseFault fault) {
  return out << to_string(fault);
}
std::ostream& operator<<(std::ostream& out, LineState state) {
  return out << to_string(state);
}
std::ostream& operator<<(std::ostream& out, LegState state) {
  return out << to_string(state);
}
}  // namespace retour

namespace {

const ReturnCaseId the_case{{9}};
const OrderId an_order{{1}};
const ReferralId a_referral{{5}};
const LegId cash_leg{{1}}, card_leg{{2}};
const Hash256 evidence{{7}};

CaseOpened opened() {
  CaseOpened event;
  event.case_id = the_case;
  event.till = "anna";
  return event;
}

OrderAttached attached() {
  return {the_case, an_order, 1, evidence, {}};
}

ReturnAsk ask_for(std::uint32_t line_no, std::int64_t quantity) {
  ReturnAsk ask;
  ask.line_no = line_no;
  ask.sku = "85123A";
  ask.quantity = quantity;
  return ask;
}

Decision approved(std::vector<UnitRange> units) {
  Decision decision;
  decision.verdict = Verdict::approved;
  for (const UnitRange& range : units) decision.taken.push_back({an_order, range});
  return decision;
}

Decision refused() {
  Decision decision;
  decision.refusal = Refusal::already_returned;
  return decision;
}

Decision for_a_manager() {
  Decision decision;
  decision.verdict = Verdict::needs_manager;
  decision.trace.needs = Role::manager;
  return decision;
}

OverrideGiven agreed(std::uint32_t line_no, const char* approver) {
  return {.case_id = the_case, .line_no = line_no, .approval = {Role::manager, approver, "known"}};
}

LineAnswered answered(std::uint32_t line_no, std::int64_t quantity, Decision decision) {
  return {the_case, ask_for(line_no, quantity), std::move(decision)};
}

LineReferred referred(std::uint32_t line_no, std::int64_t quantity) {
  LineReferred event;
  event.case_id = the_case;
  event.referral_id = a_referral;
  event.ask = ask_for(line_no, quantity);
  event.local.verdict = Verdict::deferred;
  return event;
}

LineSettled settled(std::uint32_t line_no, Decision decision) {
  return {the_case, line_no, a_referral, std::move(decision)};
}

/// Each unit paid 255, all by tender 1.
UnitsClaimed claimed(std::uint32_t line_no, std::vector<UnitRange> units) {
  UnitsClaimed event{the_case, line_no, Assurance::held, {}};
  for (const UnitRange& range : units) {
    Claim claim{an_order, range, {}, evidence};
    claim.paid.net_minor = 255 * range.count;
    claim.paid.tenders = {{1, 255 * range.count}};
    event.claims.push_back(claim);
  }
  return event;
}

RefundPlanned planned(std::uint32_t plan_no, std::vector<std::pair<LegId, Minor>> legs) {
  RefundPlanned event{.case_id = the_case, .plan_no = plan_no, .currency = *Currency::parse("GBP")};
  for (const auto& [leg_id, minor] : legs) {
    Leg leg{leg_id, {}};
    leg.planned.leg_no = static_cast<std::uint32_t>(event.legs.size() + 1);
    leg.planned.pays_minor = minor;
    event.legs.push_back(leg);
    event.total_minor += minor;
  }
  return event;
}

RefundLegStarted started(const LegId& leg) {
  return {the_case, leg};
}
RefundLegEnded ended(const LegId& leg, LegOutcome outcome) {
  return {the_case, leg, outcome, "ref", ""};
}
GoodsReceived received(std::uint32_t line_no, std::int64_t quantity) {
  return {the_case, line_no, "85123A", quantity, Bucket::hold};
}
GoodsHandedBack handed_back(std::uint32_t line_no, std::int64_t quantity) {
  return {the_case, line_no, "85123A", quantity, Bucket::hold};
}

ReturnCase fold(std::vector<EventBody> events) {
  return fold_case(events).value();
}

void add(std::vector<EventBody>& events, EventBody event) {
  events.push_back(std::move(event));
}

/// A case with two units of line 1 approved, claimed and planned as one cash leg.
std::vector<EventBody> up_to_the_plan() {
  return {opened(), attached(), answered(1, 2, approved({{1, 0, 2}})), claimed(1, {{1, 0, 2}}),
          planned(1, {{cash_leg, 510}})};
}

void is_refused(std::vector<EventBody> history, const EventBody& event, CaseFault fault) {
  const ReturnCase state = fold(std::move(history));
  const auto legal = check(state, event);
  BOOST_REQUIRE(!legal.ok());
  BOOST_TEST(legal.error() == fault);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(return_case_tests)

BOOST_AUTO_TEST_CASE(a_cash_return_runs_from_opening_to_close) {
  std::vector<EventBody> events = up_to_the_plan();
  ReturnCase state = fold(events);
  BOOST_TEST(find_line(state, 1)->state == LineState::approved);
  BOOST_TEST(state.claimed_minor == 510);
  BOOST_TEST(state.planned_minor == 510);
  BOOST_TEST(state.paid_minor == 0);
  BOOST_TEST((find_leg(state, cash_leg)->state == LegState::planned));
  BOOST_TEST(!is_complete(state));

  state = apply(state, started(cash_leg));
  BOOST_TEST((find_leg(state, cash_leg)->state == LegState::started));
  BOOST_REQUIRE(leg_to_clear(state));
  state = apply(state, ended(cash_leg, LegOutcome::settled));
  BOOST_TEST(!leg_to_clear(state));
  BOOST_TEST(state.paid_minor == 510);
  BOOST_TEST(is_complete(state));
  state = apply(state, CaseClosed{the_case});
  BOOST_TEST(state.closed);
}

BOOST_AUTO_TEST_CASE(folding_and_applying_one_by_one_give_the_same_case) {
  std::vector<EventBody> events = up_to_the_plan();
  add(events, started(cash_leg));
  ReturnCase state;
  for (const EventBody& event : events) state = apply(state, event);
  BOOST_TEST((state == fold(events)));
}

BOOST_AUTO_TEST_CASE(a_deferred_line_is_settled_later_and_gets_a_plan_of_its_own) {
  std::vector<EventBody> events = up_to_the_plan();
  add(events, started(cash_leg));
  add(events, ended(cash_leg, LegOutcome::settled));
  add(events, referred(2, 1));
  add(events, LineDeferred{the_case, 2, a_referral, "K7Q2"});
  add(events, received(2, 1));
  BOOST_TEST(find_line(fold(events), 2)->state == LineState::deferred);
  BOOST_TEST(!is_complete(fold(events)));
  add(events, settled(2, approved({{1, 2, 1}})));
  add(events, claimed(2, {{1, 2, 1}}));
  BOOST_TEST(!is_complete(fold(events)));
  add(events, planned(2, {{card_leg, 255}}));
  add(events, started(card_leg));
  add(events, ended(card_leg, LegOutcome::settled));
  add(events, CaseClosed{the_case});
  const ReturnCase state = fold(events);
  BOOST_TEST(state.paid_minor == 765);
  BOOST_TEST(find_line(state, 2)->settled);
  BOOST_TEST(find_line(state, 2)->slip_code == "K7Q2");
  BOOST_TEST(state.plans.size() == 2U);
}

BOOST_AUTO_TEST_CASE(goods_of_a_refused_deferral_go_back_even_after_the_close) {
  std::vector<EventBody> events{opened(),       referred(1, 2),        LineDeferred{the_case, 1, a_referral, "K7Q2"},
                                received(1, 2), settled(1, refused()), CaseClosed{the_case}};
  is_refused(events, handed_back(1, 3), CaseFault::goods_do_not_fit);
  add(events, handed_back(1, 2));
  is_refused(events, handed_back(1, 1), CaseFault::goods_do_not_fit);
  is_refused(events, started(cash_leg), CaseFault::already_closed);
}

BOOST_AUTO_TEST_CASE(a_case_of_refused_lines_closes_without_a_plan) {
  const ReturnCase state = fold({opened(), answered(1, 2, refused()), CaseClosed{the_case}});
  BOOST_TEST(state.closed);
}

BOOST_AUTO_TEST_CASE(units_that_cost_nothing_close_with_or_without_an_empty_plan) {
  UnitsClaimed free_units = claimed(1, {{1, 0, 1}});
  free_units.claims[0].paid.net_minor = 0;
  free_units.claims[0].paid.tenders.clear();
  std::vector<EventBody> events{opened(), attached(), answered(1, 1, approved({{1, 0, 1}})), free_units};
  BOOST_TEST(is_complete(fold(events)));
  add(events, planned(1, {}));
  BOOST_TEST(is_complete(fold(events)));
  is_refused(events, planned(2, {}), CaseFault::plan_out_of_turn);
}

BOOST_AUTO_TEST_CASE(events_of_another_case_or_of_none_are_refused) {
  CaseOpened other = opened();
  other.case_id = ReturnCaseId{{8}};
  is_refused({}, attached(), CaseFault::other_case);
  is_refused({opened()}, opened(), CaseFault::opened_twice);
  is_refused({opened()}, other, CaseFault::other_case);
  is_refused({opened()}, StockMoved{"85123A", Bucket::sellable, -1, "sale"}, CaseFault::not_of_a_case);
}

BOOST_AUTO_TEST_CASE(a_line_is_asked_and_answered_once) {
  const std::vector<EventBody> history{opened(), answered(1, 2, refused()), referred(2, 1)};
  is_refused(history, answered(1, 2, refused()), CaseFault::line_exists);
  is_refused(history, referred(1, 2), CaseFault::line_exists);
  is_refused(history, settled(1, refused()), CaseFault::line_not_waiting);
  is_refused(history, settled(3, refused()), CaseFault::line_unknown);
  is_refused(history, LineDeferred{the_case, 2, ReferralId{{6}}, "x"}, CaseFault::referral_mismatch);
  std::vector<EventBody> deferred = history;
  add(deferred, LineDeferred{the_case, 2, a_referral, "x"});
  is_refused(deferred, LineDeferred{the_case, 2, a_referral, "x"}, CaseFault::line_not_waiting);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_final_is_refused) {
  Decision deferral;
  deferral.verdict = Verdict::deferred;
  Decision without_reason;
  Decision overlong = approved({{1, 0, INT64_MAX}});
  is_refused({opened()}, answered(1, 2, deferral), CaseFault::answer_unfinished);
  is_refused({opened()}, answered(1, 2, without_reason), CaseFault::answer_unfinished);
  is_refused({opened()}, answered(1, 2, approved({{1, 0, 1}})), CaseFault::answer_unfinished);
  is_refused({opened()}, answered(1, 2, approved({{1, 0, 2}, {1, 5, 1}})), CaseFault::answer_unfinished);
  is_refused({opened()}, answered(1, 2, overlong), CaseFault::answer_unfinished);
  is_refused({opened()}, answered(1, 0, approved({})), CaseFault::answer_unfinished);
}

BOOST_AUTO_TEST_CASE(claims_are_exactly_the_units_of_the_decision) {
  const std::vector<EventBody> history{opened(), attached(), answered(1, 3, approved({{1, 0, 2}, {1, 4, 1}}))};
  BOOST_TEST(check(fold(history), claimed(1, {{1, 4, 1}, {1, 1, 1}, {1, 0, 1}})).ok());  // in other parts
  is_refused(history, claimed(1, {}), CaseFault::claims_differ);
  is_refused(history, claimed(1, {{1, 0, 2}}), CaseFault::claims_differ);
  is_refused(history, claimed(1, {{1, 0, 3}}), CaseFault::claims_differ);
  is_refused(history, claimed(1, {{1, 0, 2}, {1, 4, 1}, {1, 0, 1}}), CaseFault::claims_differ);
  is_refused(history, claimed(1, {{1, 0, 2}, {1, INT64_MAX, 1}}), CaseFault::claims_differ);
  is_refused(history, claimed(2, {{1, 0, 2}}), CaseFault::line_unknown);
  is_refused({opened(), answered(1, 1, refused())}, claimed(1, {{1, 0, 1}}), CaseFault::line_not_approved);
}

BOOST_AUTO_TEST_CASE(a_unit_is_claimed_once_in_a_case) {
  std::vector<EventBody> history{opened(), attached(), answered(1, 2, approved({{1, 0, 2}})), claimed(1, {{1, 0, 2}}),
                                 answered(2, 2, approved({{1, 1, 2}}))};
  is_refused(history, claimed(1, {{1, 0, 2}}), CaseFault::claimed_twice);
  is_refused(history, claimed(2, {{1, 1, 2}}), CaseFault::claimed_twice);
}

BOOST_AUTO_TEST_CASE(a_claim_rests_on_attached_evidence_and_on_what_the_tenders_paid) {
  const std::vector<EventBody> line{opened(), answered(1, 1, approved({{1, 0, 1}}))};
  is_refused(line, claimed(1, {{1, 0, 1}}), CaseFault::evidence_not_attached);
  is_refused({opened(), attached()}, attached(), CaseFault::order_attached_twice);

  std::vector<EventBody> with_evidence = line;
  add(with_evidence, attached());
  UnitsClaimed other_hash = claimed(1, {{1, 0, 1}});
  other_hash.claims[0].evidence_hash = Hash256{{8}};
  is_refused(with_evidence, other_hash, CaseFault::evidence_not_attached);
  for (const Minor wrong : {Minor{-1}, Minor{254}, minor_max + 1, Minor{INT64_MAX}, Minor{INT64_MIN}}) {
    UnitsClaimed wrong_money = claimed(1, {{1, 0, 1}});
    wrong_money.claims[0].paid.net_minor = wrong;
    is_refused(with_evidence, wrong_money, CaseFault::amount_out_of_range);
  }
}

BOOST_AUTO_TEST_CASE(each_claim_is_planned_once_and_the_plan_sums) {
  const std::vector<EventBody> claimed_only{opened(), attached(), answered(1, 2, approved({{1, 0, 2}})),
                                            claimed(1, {{1, 0, 2}})};
  is_refused({opened()}, planned(1, {}), CaseFault::plan_out_of_turn);
  is_refused(claimed_only, planned(2, {{cash_leg, 510}}), CaseFault::plan_out_of_turn);
  is_refused(claimed_only, planned(1, {{cash_leg, 509}}), CaseFault::plan_does_not_sum);
  is_refused(claimed_only, planned(1, {{cash_leg, 511}}), CaseFault::plan_does_not_sum);
  is_refused(claimed_only, planned(1, {{cash_leg, 510}, {card_leg, 0}}), CaseFault::plan_does_not_sum);
  is_refused(claimed_only, planned(1, {{cash_leg, 255}, {cash_leg, 255}}), CaseFault::leg_exists);
  RefundPlanned total_differs = planned(1, {{cash_leg, 510}});
  total_differs.total_minor = 600;
  is_refused(claimed_only, total_differs, CaseFault::plan_does_not_sum);
  is_refused(up_to_the_plan(), planned(2, {{card_leg, 510}}), CaseFault::plan_out_of_turn);
}

BOOST_AUTO_TEST_CASE(a_leg_ends_only_after_it_started_and_its_end_is_final) {
  std::vector<EventBody> history = up_to_the_plan();
  is_refused(history, ended(cash_leg, LegOutcome::settled), CaseFault::leg_not_started);
  is_refused(history, started(card_leg), CaseFault::leg_unknown);
  is_refused(history, ended(card_leg, LegOutcome::settled), CaseFault::leg_unknown);
  add(history, started(cash_leg));
  is_refused(history, started(cash_leg), CaseFault::leg_not_startable);
  add(history, ended(cash_leg, LegOutcome::settled));
  for (const LegOutcome again : {LegOutcome::settled, LegOutcome::failed, LegOutcome::unknown}) {
    is_refused(history, ended(cash_leg, again), CaseFault::leg_not_started);
  }
  is_refused(history, started(cash_leg), CaseFault::leg_not_startable);
}

BOOST_AUTO_TEST_CASE(a_failed_leg_may_be_tried_again_under_its_own_key) {
  std::vector<EventBody> history = up_to_the_plan();
  add(history, started(cash_leg));
  add(history, ended(cash_leg, LegOutcome::failed));
  BOOST_TEST((find_leg(fold(history), cash_leg)->state == LegState::failed));
  BOOST_TEST(!is_complete(fold(history)));
  add(history, started(cash_leg));
  add(history, ended(cash_leg, LegOutcome::settled));
  BOOST_TEST(fold(history).paid_minor == 510);
}

BOOST_AUTO_TEST_CASE(an_unknown_or_queued_leg_waits_for_a_last_word_and_cannot_start_again) {
  for (const LegOutcome waiting : {LegOutcome::unknown, LegOutcome::queued}) {
    std::vector<EventBody> history = up_to_the_plan();
    add(history, started(cash_leg));
    add(history, ended(cash_leg, waiting));
    BOOST_TEST(!is_complete(fold(history)));
    is_refused(history, started(cash_leg), CaseFault::leg_not_startable);
    is_refused(history, ended(cash_leg, waiting), CaseFault::leg_not_started);
    is_refused(history, CaseClosed{the_case}, CaseFault::not_complete);
    add(history, ended(cash_leg, LegOutcome::settled));
    BOOST_TEST(is_complete(fold(history)));
  }
}

BOOST_AUTO_TEST_CASE(no_more_goods_come_in_than_were_asked) {
  const std::vector<EventBody> history{opened(), answered(1, 2, refused()), referred(2, 2), received(2, 1)};
  is_refused(history, received(1, 1), CaseFault::goods_do_not_fit);
  is_refused(history, received(2, 2), CaseFault::goods_do_not_fit);
  is_refused(history, received(2, 0), CaseFault::goods_do_not_fit);
  is_refused(history, received(2, INT64_MIN), CaseFault::goods_do_not_fit);
  is_refused(history, received(3, 1), CaseFault::line_unknown);
  is_refused(history, handed_back(2, 1), CaseFault::goods_do_not_fit);
}

BOOST_AUTO_TEST_CASE(a_case_is_not_closed_while_a_line_waits_or_money_has_not_arrived) {
  is_refused(up_to_the_plan(), CaseClosed{the_case}, CaseFault::not_complete);
  is_refused({opened(), referred(1, 1)}, CaseClosed{the_case}, CaseFault::not_complete);
  is_refused({opened(), attached(), answered(1, 1, approved({{1, 0, 1}}))}, CaseClosed{the_case},
             CaseFault::not_complete);
}

BOOST_AUTO_TEST_CASE(folding_names_the_first_event_that_may_not_follow) {
  std::vector<EventBody> events = up_to_the_plan();
  add(events, ended(cash_leg, LegOutcome::settled));
  BOOST_TEST(fold_case(events).error() == CaseFault::leg_not_started);
}

BOOST_AUTO_TEST_CASE(a_line_that_waits_for_a_person_is_answered_again_under_its_number) {
  std::vector<EventBody> events{opened(), attached(), answered(1, 2, for_a_manager())};
  BOOST_TEST(find_line(fold(events), 1)->state == LineState::needs_manager);
  BOOST_TEST(!is_complete(fold(events)));
  is_refused(events, claimed(1, {{1, 0, 2}}), CaseFault::line_not_approved);
  add(events, agreed(1, "m-4"));
  add(events, answered(1, 2, approved({{1, 0, 2}})));
  const ReturnCase state = fold(events);
  BOOST_TEST(state.lines.size() == 1U);
  BOOST_TEST(state.lines[0].state == LineState::approved);
  BOOST_TEST(find_override(state, 1)->approval.approver == "m-4");
  is_refused(events, answered(1, 2, for_a_manager()), CaseFault::line_exists);
  is_refused(events, agreed(1, "m-4"), CaseFault::line_exists);
}

BOOST_AUTO_TEST_CASE(the_approver_is_never_the_one_who_asks) {
  CaseOpened by_anna = opened();
  by_anna.cashier = "c-1";
  is_refused({by_anna, attached(), answered(1, 2, for_a_manager())}, agreed(1, "c-1"),
             CaseFault::approver_is_requester);
}

BOOST_AUTO_TEST_CASE(needs_manager_names_the_role_and_takes_nothing) {
  Decision nobody = for_a_manager();
  nobody.trace.needs.reset();
  is_refused({opened()}, answered(1, 2, nobody), CaseFault::answer_unfinished);
  Decision taking = for_a_manager();
  taking.taken = {{an_order, {1, 0, 2}}};
  is_refused({opened()}, answered(1, 2, taking), CaseFault::answer_unfinished);
}

BOOST_AUTO_TEST_CASE(a_plan_pays_the_claims_less_named_fees_plus_named_rounding) {
  std::vector<EventBody> events{opened(), attached(), answered(1, 2, approved({{1, 0, 2}})), claimed(1, {{1, 0, 2}})};
  RefundPlanned plan = planned(1, {{cash_leg, 460}});
  is_refused(events, plan, CaseFault::plan_does_not_sum);
  plan.kept = {{.line_no = 1, .kind = FeeKind::restocking, .rule = "fees/any", .minor = 51}};
  plan.rounding_minor = 1;  // 510 - 51 = 459, and coins of 5
  BOOST_TEST(check(fold(events), plan).ok());
  plan.kept[0].line_no = 2;
  is_refused(events, plan, CaseFault::plan_does_not_sum);
  plan.kept[0] = {.line_no = 1, .kind = FeeKind::restocking, .rule = "fees/any", .minor = 511};
  is_refused(events, plan, CaseFault::plan_does_not_sum);
}

BOOST_AUTO_TEST_CASE(a_case_is_complete_when_what_is_due_was_paid_fees_or_not) {
  std::vector<EventBody> events{opened(), attached(), answered(1, 2, approved({{1, 0, 2}})), claimed(1, {{1, 0, 2}})};
  RefundPlanned plan = planned(1, {{cash_leg, 459}});
  plan.kept = {{.line_no = 1, .kind = FeeKind::restocking, .rule = "fees/any", .minor = 51}};
  for (EventBody event : std::vector<EventBody>{plan, started(cash_leg), ended(cash_leg, LegOutcome::settled)}) {
    add(events, std::move(event));
  }
  BOOST_TEST(is_complete(fold(events)));
}

BOOST_AUTO_TEST_CASE(a_visit_is_called_off_only_before_money_moved) {
  std::vector<EventBody> events = up_to_the_plan();
  const CaseVoided voided{.case_id = the_case,
                          .by = "anna",
                          .reason = "wrong_customer",
                          .items = {{an_order, {1, 0, 2}}},
                          .total_minor = 510};
  CaseVoided partly = voided;
  partly.items = {{an_order, {1, 0, 1}}};
  is_refused(events, partly, CaseFault::not_all_units);
  std::vector<EventBody> moved = events;
  add(moved, started(cash_leg));
  is_refused(moved, voided, CaseFault::money_has_moved);
  add(events, voided);
  BOOST_TEST(fold(events).voided);
  is_refused(events, started(cash_leg), CaseFault::already_closed);
}

BOOST_AUTO_TEST_CASE(a_refund_is_undone_once_after_all_of_it_was_paid_and_then_goods_go_back) {
  std::vector<EventBody> events = up_to_the_plan();
  add(events, received(1, 2));
  const RefundReversed undone{
      .case_id = the_case, .by = "m-4", .reason = "kept", .items = {{an_order, {1, 0, 2}}}, .total_minor = 510};
  is_refused(events, undone, CaseFault::money_not_all_out);
  add(events, started(cash_leg));
  add(events, ended(cash_leg, LegOutcome::settled));
  is_refused(events, handed_back(1, 2), CaseFault::goods_do_not_fit);
  add(events, CaseClosed{the_case});
  add(events, undone);
  BOOST_TEST(fold(events).reversed);
  is_refused(events, undone, CaseFault::already_closed);
  BOOST_TEST(check(fold(events), handed_back(1, 2)).ok());
}

BOOST_AUTO_TEST_SUITE_END()
