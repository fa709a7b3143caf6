// What a delivery cost, as the hub decides about it: by what came back of the order anywhere.
#include <boost/test/unit_test.hpp>

#include "plugin/core/policy/decide_delivery.hpp"
#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

PolicyPack shipping_pack() {
  PolicyPack pack;
  pack.shipping = {{.name = {"fault", ""}, .reasons = {ReturnReason::quality}},
                   {.name = {"withdrawal", ""},
                    .channels = {SaleChannel::online},
                    .whole_order = true,
                    .up_to = {{*Currency::parse("GBP"), 300}}}};
  return pack;
}

/// Two units of A at anna's, delivered for 4.95; bert is another store.
struct DeliveryWorld : HubWorld {
  FakeNode& anna = join("anna");
  FakeNode& bert = join("bert");
  const std::string customer = customer_of_catchment(1, 2);
  const OrderUnits parcel{web_order_id("1"), {line_of_shipment(1), 0, 1}};

  DeliveryWorld() {
    hub().decide_by(shipping_pack(), "{}");
    ports::SourceItem item = web_order("1", customer, {{"A", 2}});
    Order& order = std::get<ports::SourceOrder>(item).order;
    order.shipments = {{.shipment_no = 1, .label = "standard", .net_minor = 495}};
    order.tenders.front().paid_minor += 495;
    hub().import(std::span(&item, 1));
    for (FakeNode* node : {&anna, &bert}) node->sync();
  }
  OrderUnits units(std::int64_t first, std::int64_t count) const { return {web_order_id("1"), {1, first, count}}; }
  /// The goods were claimed by this case.
  ReferralId ask(FakeNode& node, const ReturnCaseId& case_id, ReturnReason reason = ReturnReason::changed_mind) {
    LineReferred asked{.case_id = case_id};
    asked.ask = {.line_no = 2,
                 .order_id = parcel.order_id,
                 .order_line_no = parcel.units.line_no,
                 .sku = std::string(delivery_sku),
                 .quantity = 1,
                 .reason = reason};
    return node.refer(asked);
  }
  ReferralId bring(FakeNode& node, const OrderUnits& part, ReturnReason reason = ReturnReason::changed_mind) {
    const auto case_id = ids.make<ReturnCaseId>();
    BOOST_REQUIRE(node.claim(case_id, part));
    return ask(node, case_id, reason);
  }
  /// The right to one unit goes from anna to bert, as for a return of it there.
  void move_one_to_bert() {
    const ReferralId asked = bert.refer(customer, "A", 1);
    for (int round = 0; round < 4; ++round) bert.sync(), anna.sync();
    const ReferralAnswered answer = *bert.answer_to(asked);
    BOOST_REQUIRE((answer.decision.verdict == Verdict::approved));
    bert.append(LineSettled{answer.case_id, answer.line_no, asked, answer.decision});
    bert.sync();
  }
  /// What the store holds of the goods.
  OrderUnits all_of(FakeNode& node) const { return {parcel.order_id, node.held[parcel.order_id].of_line(1).at(0)}; }
  Decision decision(FakeNode& node, const ReferralId& asked) {
    node.sync();
    BOOST_REQUIRE(node.answer_to(asked));
    return node.answer_to(asked)->decision;
  }
  void check_yes(FakeNode& node, const ReferralId& asked) {
    const Decision yes = decision(node, asked);
    BOOST_TEST((yes.verdict == Verdict::approved));
    BOOST_TEST((yes.taken == std::vector<OrderUnits>{parcel}));
    BOOST_TEST(node.held[parcel.order_id].contains(parcel.units));
  }
  void check_no(FakeNode& node, const ReferralId& asked, Refusal refusal, const std::string& would_change) {
    const Decision no = decision(node, asked);
    BOOST_TEST((no.refusal == refusal));
    BOOST_TEST(no.trace.would_change == would_change);
    BOOST_TEST(!node.held[parcel.order_id].contains(parcel.units));
  }
  /// The answer is in the case, and what it took is claimed.
  void use(FakeNode& node, const ReferralId& asked) {
    const ReferralAnswered answer = *node.answer_to(asked);
    node.append(LineSettled{answer.case_id, answer.line_no, asked, answer.decision});
    for (const OrderUnits& part : answer.decision.taken) BOOST_TEST(node.claim(answer.case_id, part));
    node.sync();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_delivery_tests, DeliveryWorld)

BOOST_AUTO_TEST_CASE(the_whole_order_brings_the_delivery_back_less_what_faster_delivery_cost) {
  const ReferralId asked = bring(anna, units(0, 2));
  check_yes(anna, asked);
  const Decision& yes = anna.answer_to(asked)->decision;
  BOOST_TEST((yes.trace.applied == std::vector<std::string>{"shipping/withdrawal"}));
  BOOST_REQUIRE(yes.terms.size() == 1U);
  BOOST_REQUIRE(yes.terms[0].fees.size() == 1U);
  BOOST_TEST((yes.terms[0].fees[0].kind == FeeKind::faster_delivery));
  BOOST_TEST(yes.terms[0].fees[0].each_minor == 195);
  use(anna, asked);
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(a_part_of_the_order_does_not_and_the_rest_does) {
  check_no(anna, bring(anna, units(0, 1)), Refusal::delivery_stays_paid, "whole_order");
  check_yes(anna, bring(anna, units(1, 1)));
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_merchant_brings_it_back_with_a_part_and_without_a_fee) {
  const ReferralId asked = bring(anna, units(0, 1), ReturnReason::quality);
  check_yes(anna, asked);
  BOOST_TEST(anna.answer_to(asked)->decision.terms.empty());
}

BOOST_AUTO_TEST_CASE(asked_about_twice_it_is_given_once) {
  const ReferralId first = bring(anna, units(0, 1), ReturnReason::quality);
  clock.advance(1);
  const ReferralId second = bring(anna, units(1, 1), ReturnReason::quality);
  check_yes(anna, first);
  BOOST_TEST((decision(anna, second).refusal == Refusal::already_returned));
  use(anna, first);
  use(anna, second);
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(of_two_stores_that_bring_a_half_each_the_later_one_gets_it) {
  move_one_to_bert();
  check_no(bert, bring(bert, all_of(bert)), Refusal::delivery_stays_paid, "whole_order");
  check_yes(anna, bring(anna, all_of(anna)));
}

BOOST_AUTO_TEST_CASE(it_is_the_order_of_folding_that_counts_and_not_that_of_bringing) {
  move_one_to_bert();
  const ReferralId first = bring(anna, all_of(anna));
  const ReferralId second = bring(bert, all_of(bert));
  check_no(bert, second, Refusal::delivery_stays_paid, "whole_order");
  check_yes(anna, first);
}

BOOST_AUTO_TEST_CASE(nobody_is_waited_for) {
  move_one_to_bert();
  hub().gone(anna.id);
  check_yes(bert, bring(bert, all_of(bert), ReturnReason::quality));
}

BOOST_AUTO_TEST_CASE(a_case_that_brought_nothing_of_the_order_gets_no_delivery) {
  check_no(bert, ask(bert, ids.make<ReturnCaseId>(), ReturnReason::quality), Refusal::delivery_stays_paid, "nothing");
}

BOOST_AUTO_TEST_CASE(a_reversal_leaves_the_right_with_its_store_and_the_next_return_gets_it_again) {
  const ReferralId asked = bring(anna, units(0, 2));
  check_yes(anna, asked);
  use(anna, asked);
  const ReturnCaseId case_id = anna.answer_to(asked)->case_id;
  anna.append(RefundReversed{.case_id = case_id, .by = "boss", .reason = "x", .items = {units(0, 2), parcel}});
  for (const OrderUnits& part : {units(0, 2), parcel}) anna.held[part.order_id].add(part.units);
  anna.sync();
  const ReferralId again = bring(anna, units(0, 2));
  for (int round = 0; round < 3; ++round) anna.sync();
  check_yes(anna, again);
  use(anna, again);
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(the_answer_can_be_given_again_from_its_trace) {
  const ReferralId no = bring(anna, units(0, 1));
  const ReferralId yes = bring(anna, units(1, 1));
  for (const ReferralId& asked : {no, yes}) {
    Decision recorded = decision(anna, asked);
    ReturnAsk ask{.line_no = 2, .order_id = parcel.order_id, .order_line_no = parcel.units.line_no, .quantity = 1};
    ask.reason = ReturnReason::changed_mind;
    Decision again = decide_again(ask, recorded, 0, {}, *Currency::parse("GBP"), shipping_pack());
    again.assurance = recorded.assurance;
    BOOST_TEST((again == recorded));
  }
}

BOOST_AUTO_TEST_CASE(a_kill_between_question_and_answer_changes_nothing) {
  const ReferralId asked = bring(anna, units(0, 2));
  anna.push();
  kill();
  hub().decide_by(shipping_pack(), "{}");
  check_yes(anna, asked);
}

BOOST_AUTO_TEST_SUITE_END()
