#include <boost/test/unit_test.hpp>

#include "plugin/core/policy/policy.hpp"
#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

const Currency eur = *Currency::parse("EUR");
const OrderId some_order{{1}};

CivilDate day(const char* iso) {
  return *CivilDate::parse(iso);
}

/// Three shirts at 19.99, bought online on 1 March 2026 and delivered on the 4th, all of them here to claim.
Lot shirts() {
  return {.order_id = some_order,
          .line_no = 1,
          .sold_at_ms = 10,
          .unit_price = *Decimal::parse("19.99"),
          .bought = 3,
          .free = {{1, 0, 3}},
          .channel = SaleChannel::online,
          .sold_on = day("2026-03-01"),
          .delivered_on = day("2026-03-04"),
          .last_delivered_on = day("2026-03-09"),
          .paid_minor = 5997};
}

ReturnAsk one_shirt(ReturnReason reason = ReturnReason::size) {
  ReturnAsk ask;
  ask.line_no = 1;
  ask.order_id = some_order;
  ask.order_line_no = 1;
  ask.sku = "shirt-m-blue";
  ask.quantity = 1;
  ask.reason = reason;
  return ask;
}

DecisionFacts on(const char* today, Lot lot = shirts()) {
  DecisionFacts facts;
  facts.lots = {std::move(lot)};
  facts.asked_at_ms = 1000;
  facts.business_date = day(today);
  facts.line.category = "apparel/shirts";
  facts.line.store = "Leeds";
  facts.line.region = "uk-north";
  return facts;
}

PolicyPack a_pack() {
  return {.id = "retail", .version = 2};
}

/// "needs_manager by windows/late, manager"
std::string answer(const Decision& decision) {
  std::string text(to_string(decision.verdict));
  if (decision.refusal != Refusal::none) text += "/" + std::string(to_string(decision.refusal));
  text += " by " + decision.trace.rule;
  if (decision.trace.needs) text += ", " + std::string(to_string(*decision.trace.needs));
  return text;
}

std::string decided(const PolicyPack& pack, const DecisionFacts& facts, ReturnReason reason = ReturnReason::size) {
  return answer(decide_line(one_shirt(reason), facts, pack));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pack_rules_tests)

BOOST_AUTO_TEST_CASE(a_category_is_meant_with_all_that_lies_below_it) {
  PolicyPack pack = a_pack();
  pack.exclusions = {{.name = {"no_shirts", ""}, .when = {.categories = {"apparel/shirts"}}}};
  const auto with_category = [&](const char* category) {
    DecisionFacts facts = on("2026-03-05");
    facts.line.category = category;
    return decided(pack, facts);
  };
  BOOST_TEST(with_category("apparel/shirts") == "refused/not_returnable by exclusions/no_shirts");
  BOOST_TEST(with_category("apparel/shirts/linen") == "refused/not_returnable by exclusions/no_shirts");
  BOOST_TEST(with_category("apparel/shirtsleeves") == "approved by matching");
  BOOST_TEST(with_category("apparel") == "approved by matching");
  BOOST_TEST(with_category("") == "approved by matching");
}

BOOST_AUTO_TEST_CASE(an_exclusion_of_one_reason_says_that_another_would_change_the_answer) {
  PolicyPack pack = a_pack();
  pack.exclusions = {{.name = {"worn", ""}, .when = {.skus = {"shirt-*"}, .reasons = {ReturnReason::changed_mind}}}};
  const Decision refused = decide_line(one_shirt(ReturnReason::changed_mind), on("2026-03-05"), pack);
  BOOST_TEST(answer(refused) == "refused/not_returnable by exclusions/worn");
  BOOST_TEST(refused.trace.would_change == "other_reason");
  BOOST_TEST(decided(pack, on("2026-03-05"), ReturnReason::quality) == "approved by matching");
}

BOOST_AUTO_TEST_CASE(the_first_window_that_is_still_open_counts) {
  PolicyPack pack = a_pack();
  pack.windows = {{.name = {"cash", ""}, .days = 30},
                  {.name = {"credit", ""}, .days = 90, .refund_as = TenderKind::store_credit},
                  {.name = {"late", ""}, .days = 120, .needs = Role::manager}};
  const auto terms_on = [&](const char* today) { return decide_line(one_shirt(), on(today), pack).terms; };
  BOOST_TEST(terms_on("2026-04-03").empty());  // day 30
  BOOST_REQUIRE(terms_on("2026-04-04").size() == 1U);
  BOOST_TEST((terms_on("2026-04-04")[0].refund_as == TenderKind::store_credit));
  BOOST_TEST(decided(pack, on("2026-06-02")) == "approved by matching");  // day 90
  BOOST_TEST(decided(pack, on("2026-06-03")) == "needs_manager by windows/late, manager");
  BOOST_TEST(decided(pack, on("2026-07-02")) == "needs_manager by windows/late, manager");  // day 120
  BOOST_TEST(decided(pack, on("2026-07-03")) == "refused/window_closed by windows/late");
}

BOOST_AUTO_TEST_CASE(a_window_counts_from_the_receipt_that_it_names) {
  const auto last_day = [](CountFrom from, const char* today, Lot lot = shirts()) {
    PolicyPack pack = a_pack();
    pack.windows = {{.name = {"w", ""}, .days = 14, .from = from}};
    return decided(pack, on(today, lot)) == "approved by matching";
  };
  BOOST_TEST(last_day(CountFrom::sale, "2026-03-15"));
  BOOST_TEST(!last_day(CountFrom::sale, "2026-03-16"));
  BOOST_TEST(last_day(CountFrom::delivery, "2026-03-18"));
  BOOST_TEST(!last_day(CountFrom::delivery, "2026-03-19"));
  BOOST_TEST(last_day(CountFrom::last_parcel, "2026-03-23"));
  BOOST_TEST(!last_day(CountFrom::last_parcel, "2026-03-24"));
}

BOOST_AUTO_TEST_CASE(a_holiday_keeps_a_window_open_through_its_date) {
  PolicyPack pack = a_pack();
  pack.windows = {{.name = {"holiday", ""},
                   .when = {.sold_from = day("2026-02-20"), .sold_until = day("2026-03-01")},
                   .days = 14,
                   .open_until = day("2026-04-30")},
                  {.name = {"usual", ""}, .days = 14}};
  BOOST_TEST(decided(pack, on("2026-04-30")) == "approved by matching");
  BOOST_TEST(decided(pack, on("2026-05-01")) == "refused/window_closed by windows/usual");
  Lot later = shirts();
  later.sold_on = day("2026-03-02");
  BOOST_TEST(decided(pack, on("2026-04-30", later)) == "refused/window_closed by windows/usual");
}

BOOST_AUTO_TEST_CASE(an_assumed_delivery_leaves_the_end_of_the_window_to_a_person) {
  PolicyPack pack = a_pack();
  pack.assumed_delivery_days = 5;
  pack.windows = {{.name = {"w", ""}, .days = 14}};
  Lot unknown = shirts();
  unknown.delivered_on.reset();
  unknown.last_delivered_on.reset();
  BOOST_TEST(decided(pack, on("2026-03-20", unknown)) == "approved by matching");  // the 6th and 14 days
  const Decision late = decide_line(one_shirt(), on("2026-03-21", unknown), pack);
  BOOST_TEST(answer(late) == "needs_manager by windows/w, manager");
  BOOST_TEST(late.trace.would_change == "delivery_date");
  unknown.channel = SaleChannel::store;  // goods of the shop were received when they were sold
  BOOST_TEST(decided(pack, on("2026-03-16", unknown)) == "refused/window_closed by windows/w");
}

BOOST_AUTO_TEST_CASE(her_yes_opens_the_longest_window_that_an_assumed_delivery_closed_with_its_terms) {
  PolicyPack pack = a_pack();
  pack.assumed_delivery_days = 5;
  pack.windows = {{.name = {"credit", ""}, .days = 20, .refund_as = TenderKind::store_credit},
                  {.name = {"money", ""}, .days = 14}};
  Lot unknown = shirts();
  unknown.delivered_on.reset();
  unknown.last_delivered_on.reset();
  DecisionFacts facts = on("2026-04-21", unknown);
  facts.line.approval = Approval{Role::manager, "maria", "the courier was late"};
  const Decision decision = decide_line(one_shirt(), facts, pack);
  BOOST_TEST(answer(decision) == "approved by matching");
  BOOST_REQUIRE_EQUAL(decision.terms.size(), 1U);
  BOOST_TEST((decision.terms[0].refund_as == TenderKind::store_credit));
}

BOOST_AUTO_TEST_CASE(a_window_that_another_reason_opens_is_said_as_long_as_it_is_open) {
  PolicyPack pack = a_pack();
  pack.windows = {{.name = {"faulty", ""}, .when = {.reasons = {ReturnReason::quality}}, .days = 14}};
  BOOST_TEST(decide_line(one_shirt(), on("2026-03-18"), pack).trace.would_change == "other_reason");
  BOOST_TEST(decide_line(one_shirt(), on("2026-03-19"), pack).trace.would_change == "nothing");
}

BOOST_AUTO_TEST_CASE(a_sale_that_no_window_speaks_of_does_not_come_back) {
  PolicyPack pack = a_pack();
  pack.windows = {{.name = {"shop", ""}, .when = {.channels = {SaleChannel::store}}, .days = 14}};
  BOOST_TEST(decided(pack, on("2026-03-05")) == "refused/not_returnable by windows");
}

BOOST_AUTO_TEST_CASE(a_condition_refuses_or_asks_a_person_who_then_has_the_word) {
  PolicyPack pack = a_pack();
  pack.conditions = {{.name = {"wrecked", ""}, .when = {.grades = {Grade::unsellable}}},
                     {.name = {"used", ""}, .when = {.grades = {Grade::refurbishable}}, .needs = Role::supervisor}};
  DecisionFacts facts = on("2026-03-05");
  BOOST_TEST(decided(pack, facts) == "approved by matching");
  facts.line.grade = Grade::unsellable;
  BOOST_TEST(decided(pack, facts) == "refused/condition_not_accepted by conditions/wrecked");
  facts.line.grade = Grade::refurbishable;
  BOOST_TEST(decided(pack, facts) == "needs_manager by conditions/used, supervisor");
  facts.line.approval = Approval{Role::cashier, "c-2", "kind"};
  BOOST_TEST(decided(pack, facts) == "needs_manager by conditions/used, supervisor");
  facts.line.approval = Approval{Role::manager, "m-1", "regular_customer"};
  const Decision agreed = decide_line(one_shirt(), facts, pack);
  BOOST_TEST(answer(agreed) == "approved by matching");
  BOOST_TEST(agreed.trace.applied == std::vector<std::string>{"conditions/used"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_highest_role_that_any_rule_wants_is_asked_for) {
  PolicyPack pack = a_pack();
  pack.windows = {{.name = {"late", ""}, .days = 90, .needs = Role::regional_manager}};
  pack.conditions = {{.name = {"used", ""}, .needs = Role::supervisor}};
  BOOST_TEST(decided(pack, on("2026-03-05")) == "needs_manager by windows/late, regional_manager");
}

BOOST_AUTO_TEST_CASE(each_kind_of_fee_is_kept_back_once_by_the_first_rule_that_fits) {
  PolicyPack pack = a_pack();
  const FeeTerms tenth{.share = {1000}}, fifth{.share = {2000}};
  const FeeTerms label{.kind = FeeKind::return_shipping, .each_minor = 399};
  pack.fees = {{.name = {"opened", ""}, .when = {.grades = {Grade::refurbishable}}, .terms = fifth},
               {.name = {"any", ""}, .terms = tenth},
               {.name = {"label", ""}, .when = {.reasons = {ReturnReason::changed_mind}}, .terms = label}};
  DecisionFacts facts = on("2026-03-05");
  facts.line.grade = Grade::refurbishable;
  const Decision got = decide_line(one_shirt(ReturnReason::changed_mind), facts, pack);
  BOOST_REQUIRE(got.terms.size() == 1U);
  BOOST_REQUIRE(got.terms[0].fees.size() == 2U);
  BOOST_TEST(got.terms[0].fees[0].rule == "fees/opened");
  BOOST_TEST(got.terms[0].fees[1].rule == "fees/label");
}

BOOST_AUTO_TEST_CASE(authority_is_role_by_amount_by_reason_by_age_of_the_data) {
  PolicyPack pack = a_pack();
  pack.levels = {{.currency = eur, .up_to_minor = {2'000, 5'000, 10'000, 50'000, 200'000}}};
  pack.authority = {
      {.name = {"fresh", ""}, .role = Role::cashier, .data_age_minutes_max = 60, .up_to_level = 2},
      {.name = {"stale", ""}, .role = Role::cashier, .up_to_level = 1},
      {.name = {"fault", ""}, .role = Role::cashier, .reasons = {ReturnReason::quality}, .up_to_level = 3},
      {.name = {"supervisor", ""}, .role = Role::supervisor, .up_to_level = 4},
      {.name = {"manager", ""}, .role = Role::manager, .up_to_level = 6}};
  const auto may = [&](Minor total, std::optional<std::int64_t> age, ReturnReason reason = ReturnReason::size,
                       Role role = Role::cashier) {
    DecisionFacts facts = on("2026-03-05");
    facts.line.data_age_minutes = age;
    facts.line.role = role;
    const ReturnAsk ask = one_shirt(reason);
    return answer(authorise(decide_line(ask, facts, pack), ask, total, eur, pack));
  };
  BOOST_TEST(may(5'000, 60) == "approved by matching");
  BOOST_TEST(may(5'001, 60) == "needs_manager by authority, supervisor");
  BOOST_TEST(may(2'000, 61) == "approved by matching");
  BOOST_TEST(may(2'001, 61) == "needs_manager by authority, supervisor");
  BOOST_TEST(may(2'001, std::nullopt) == "needs_manager by authority, supervisor");
  BOOST_TEST(may(10'000, 61, ReturnReason::quality) == "approved by matching");
  BOOST_TEST(may(50'001, 1) == "needs_manager by authority, manager");
  BOOST_TEST(may(50'000, 1, ReturnReason::size, Role::supervisor) == "approved by matching");
  BOOST_TEST(may(minor_max, 1, ReturnReason::size, Role::manager) == "approved by matching");
}

BOOST_AUTO_TEST_CASE(risk_adds_up_explained_points_and_only_refers) {
  PolicyPack pack = a_pack();
  pack.risk_points_max = 50;
  pack.risk = {{.name = {"often", ""}, .signal = RiskSignal::returns_30_days, .at_least = 3, .points = 30},
               {.name = {"far", ""}, .signal = RiskSignal::stores_30_days, .at_least = 2, .points = 30},
               {.name = {"end", ""}, .signal = RiskSignal::days_left_in_window, .at_least = 2, .points = 10}};
  const auto with = [&](std::vector<RiskCount> seen, Role approver = Role::cashier) {
    DecisionFacts facts = on("2026-03-05");
    facts.line.risk = std::move(seen);
    if (approver != Role::cashier) facts.line.approval = Approval{approver, "m-1", "known"};
    const ReturnAsk ask = one_shirt();
    return authorise(decide_line(ask, facts, pack), ask, 1999, eur, pack);
  };
  BOOST_TEST(answer(with({{RiskSignal::returns_30_days, 3}, {RiskSignal::stores_30_days, 1}})) ==
             "approved by matching");
  const Decision referred = with({{RiskSignal::returns_30_days, 3}, {RiskSignal::stores_30_days, 2}});
  BOOST_TEST(answer(referred) == "needs_manager by risk, manager");
  BOOST_TEST(referred.trace.applied == (std::vector<std::string>{"risk/often", "risk/far"}),
             boost::test_tools::per_element());
  BOOST_TEST(referred.taken.empty());
  BOOST_TEST(answer(with({{RiskSignal::returns_30_days, 9}, {RiskSignal::stores_30_days, 9}}, Role::manager)) ==
             "approved by matching");
  BOOST_TEST(answer(with({{RiskSignal::days_left_in_window, 2}})) == "approved by matching");
}

BOOST_AUTO_TEST_CASE(days_left_are_counted_from_the_window_that_is_open_when_a_risk_rule_asks) {
  PolicyPack pack = a_pack();
  pack.risk_points_max = 5;
  pack.risk = {{.name = {"end", ""}, .signal = RiskSignal::days_left_in_window, .at_least = 2, .points = 10}};
  pack.windows = {{.name = {"short", ""}, .days = 14},
                  {.name = {"long", ""}, .days = 20, .open_until = day("2026-04-10")}};
  const auto decided = [&](const char* today) {
    const ReturnAsk ask = one_shirt();
    return authorise(decide_line(ask, on(today), pack), ask, 1999, eur, pack);
  };
  const auto left = [&](const char* today) {
    const auto& risk = decided(today).trace.facts.risk;
    return risk.size() == 1 ? risk[0].count : -1;
  };
  BOOST_TEST(left("2026-03-04") == 14);  // received on this day
  BOOST_TEST(left("2026-03-15") == 3);
  BOOST_TEST(left("2026-03-18") == 0);   // the last day of the short one
  BOOST_TEST(left("2026-03-19") == 22);  // the long one, open until a date
  BOOST_TEST(left("2026-04-10") == 0);
  BOOST_TEST(left("2026-04-11") == -1);  // closed: nothing is left to count
  BOOST_TEST(answer(decided("2026-03-15")) == "approved by matching");
  BOOST_TEST(answer(decided("2026-03-16")) == "needs_manager by risk, manager");
  pack.risk.clear();
  BOOST_TEST(left("2026-03-15") == -1);  // nobody asks
}

BOOST_AUTO_TEST_CASE(the_lot_with_the_fewest_days_left_counts_and_the_answer_replays) {
  PolicyPack pack = a_pack();
  pack.risk_points_max = 5;
  pack.risk = {{.name = {"end", ""}, .signal = RiskSignal::days_left_in_window, .at_least = 2, .points = 10}};
  pack.windows = {{.name = {"w", ""}, .days = 14}};
  DecisionFacts facts = on("2026-03-12");
  Lot younger = shirts();
  younger.order_id = OrderId{{2}};
  younger.delivered_on = day("2026-03-11");
  facts.lots.push_back(younger);
  facts.has_customer = true;
  facts.line.risk = {{RiskSignal::days_left_in_window, 99},
                     {RiskSignal::returns_30_days, 1}};  // of an earlier answer
  ReturnAsk ask = one_shirt();
  ask.order_id.reset();
  ask.quantity = 4;  // of both
  const Decision decision = authorise(decide_line(ask, facts, pack), ask, 8000, eur, pack);
  const std::vector<RiskCount> expected{{RiskSignal::days_left_in_window, 6}, {RiskSignal::returns_30_days, 1}};
  BOOST_TEST((decision.trace.facts.risk == expected));
  BOOST_TEST((decide_again(ask, decision, 1000, day("2026-03-12"), eur, pack) == decision));
}

BOOST_AUTO_TEST_CASE(a_recorded_decision_gives_the_same_answer_again) {
  PolicyPack pack = a_pack();
  pack.windows = {{.name = {"w", ""}, .days = 14}};
  pack.conditions = {{.name = {"used", ""}, .when = {.grades = {Grade::refurbishable}}, .needs = Role::manager}};
  pack.fees = {{.name = {"any", ""}, .terms = {.share = {1000}}}};
  pack.authority = {{.name = {"all", ""}, .role = Role::manager, .up_to_level = 6}};
  for (const Grade grade : {Grade::ungraded, Grade::refurbishable}) {
    for (const char* today : {"2026-03-05", "2026-03-18", "2026-03-19"}) {
      for (const bool agreed : {false, true}) {
        DecisionFacts facts = on(today);
        facts.line.grade = grade;
        if (agreed) facts.line.approval = Approval{Role::manager, "m-1", "known"};
        const Decision first = authorise(decide_line(one_shirt(), facts, pack), one_shirt(), 1999, eur, pack);
        BOOST_TEST((decide_again(one_shirt(), first, 1000, day(today), eur, pack) == first));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
