// What a delivery cost, at the store: asked about when it may be owed, paid by a leg of its own, once.
#include <boost/test/unit_test.hpp>

#include "db/codec/event_codec.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/collect_slip.hpp"
#include "plugin/app/explain_case.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/app/resume.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/settle_line.hpp"
#include "plugin/app/status.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "tests/unit/app/mortal_devices.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

/// Two shirts at 10.00, sent for 4.95; the pack gives the delivery back with the whole order, or for a defect.
struct DeliveryTill : Till {
  Order order = plain_order("W-1", {{"shirt", 2, 1000}}, {{1, TenderKind::card, "pay-1", 2495}});

  DeliveryTill() {
    policy.shipping = {{.name = {"fault", ""}, .reasons = {ReturnReason::quality}},
                       {.name = {"withdrawal", ""}, .whole_order = true, .up_to = {{gbp, 300}}}};
    restart();
    order.shipments = {{.shipment_no = 1, .label = "standard", .net_minor = 495}};
    receive_with_rights(order, "carol");
    while_waiting = [this] { hub_answers(); };
  }

  ReturnCommand bring(std::int64_t shirts, ReturnReason reason = ReturnReason::changed_mind) {
    ReturnCommand brought = command("carol", {{"shirt", shirts, 1000}});
    brought.visit.lines[0].reason = reason;
    return brought;
  }
  ReturnOutcome serve(const ReturnCommand& brought) {
    return must(serve_customer(context(), brought, referral_wait_ms_max));
  }
  /// As the hub: it knows of what came back here and of nothing else.
  void hub_answers() {
    for (const CaseSummary& open : status(context()).open_cases) {
      const ReturnOutcome outcome = *read_outcome(context(), open.case_id);
      for (const CaseLine& line : outcome.state.lines) {
        if (line.state == LineState::referred || line.state == LineState::deferred) answer_one(outcome.case_id, line);
      }
    }
  }
  void answer_one(const ReturnCaseId& case_id, const CaseLine& line) {
    if (!answered.insert(*line.referral_id).second) return;
    DecisionFacts facts{.lots = line.decision.trace.lots, .final_word = true, .line = line.decision.trace.facts};
    if (right_is_free) facts.lots.front().free = {{line.ask.order_line_no, 0, 1}};
    const Decision decision = decide_delivery(line.ask, facts, policy);
    const bool yes = decision.verdict == Verdict::approved;
    if (yes) right_is_free = false;
    answer(case_id, line, decision, yes ? grant(decision.taken) : TransferId{});
  }
  std::size_t questions() {
    std::size_t count = 0;
    for (const CaseSummary& open : status(context()).open_cases) {
      const auto lines = read_outcome(context(), open.case_id)->state.lines;
      for (const CaseLine& line : lines) count += asks_for_delivery(line.ask) ? 1U : 0U;
    }
    return count;
  }

  std::set<ReferralId> answered;
  bool right_is_free = true;
};

bool asked(const ReturnOutcome& outcome) {
  return std::ranges::any_of(outcome.state.lines, [](const CaseLine& line) { return asks_for_delivery(line.ask); });
}

const CaseLine& delivery_of(const ReturnOutcome& outcome) {
  for (const CaseLine& line : outcome.state.lines) {
    if (asks_for_delivery(line.ask)) return line;
  }
  throw std::runtime_error("no delivery was asked about");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ask_delivery_tests, DeliveryTill)

BOOST_AUTO_TEST_CASE(the_whole_order_brings_the_delivery_back_by_a_leg_of_its_own) {
  const ReturnOutcome outcome = serve(bring(2));
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(outcome.state.plans.size() == 2U);
  BOOST_TEST(moved_minor() == 2300);
  const CaseLine& line = delivery_of(outcome);
  BOOST_TEST(line.claims.at(0).paid.total_minor() == 495);
  BOOST_TEST((outcome.state.plans[1].kept.at(0).kind == FeeKind::faster_delivery));
  BOOST_TEST(outcome.state.plans[1].kept.at(0).minor == 195);
  BOOST_TEST(line.received == 0);
  BOOST_TEST(stock_of("delivery", Bucket::hold) == 0);
  BOOST_TEST(shop.printer.papers().size() == 1U);
  BOOST_TEST(shop.printer.papers()[0].find("Delivery of order W-1                 4.95\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_part_of_the_order_asks_nobody) {
  BOOST_TEST(!asked(serve(bring(1))));
  BOOST_TEST(moved_minor() == 1000);
}

BOOST_AUTO_TEST_CASE(in_two_visits_the_second_brings_it_back) {
  serve(bring(1));
  BOOST_TEST(asked(serve(bring(1))));
  BOOST_TEST(moved_minor() == 2300);
}

BOOST_AUTO_TEST_CASE(a_defect_brings_it_back_whole_with_a_part_and_once) {
  const ReturnOutcome first = serve(bring(1, ReturnReason::quality));
  BOOST_TEST((delivery_of(first).ask.reason == ReturnReason::quality));
  BOOST_TEST(moved_minor() == 1495);
  BOOST_TEST(!asked(serve(bring(1, ReturnReason::quality))));
  BOOST_TEST(moved_minor() == 2495);
}

BOOST_AUTO_TEST_CASE(a_pack_without_such_rules_asks_nobody) {
  policy.shipping.clear();
  restart();
  BOOST_TEST(!asked(serve(bring(2))));
}

BOOST_AUTO_TEST_CASE(the_same_command_again_is_the_same_return) {
  const ReturnCommand brought = bring(2);
  const ReturnOutcome outcome = serve(brought);
  const ReturnOutcome again = serve(brought);
  BOOST_TEST(again.already_recorded);
  BOOST_TEST((again.state == outcome.state));
  BOOST_TEST(moved_minor() == 2300);
}

BOOST_AUTO_TEST_CASE(without_network_the_goods_are_paid_and_the_delivery_follows) {
  hub_reachable = false;
  const ReturnOutcome outcome = serve(bring(2));
  BOOST_TEST((delivery_of(outcome).state == LineState::deferred));
  BOOST_TEST(moved_minor() == 2000);
  BOOST_TEST(!outcome.state.closed);
  BOOST_REQUIRE(shop.printer.papers().size() == 2U);
  BOOST_TEST(shop.printer.papers()[0].find("Slip for what a delivery cost") != std::string::npos);
  BOOST_TEST(shop.printer.papers()[0].find("kept for you") == std::string::npos);
  hub_reachable = true;
  hub_answers();
  settle_arrived(context(), Payout::unattended);
  BOOST_TEST(moved_minor() == 2300);
  BOOST_TEST(read_outcome(context(), outcome.case_id)->state.closed);
}

BOOST_AUTO_TEST_CASE(both_of_two_questions_without_network_pay_once) {
  hub_reachable = false;
  serve(bring(1, ReturnReason::quality));
  serve(bring(1, ReturnReason::quality));
  BOOST_TEST(questions() == 2U);
  hub_answers();
  settle_arrived(context(), Payout::unattended);
  BOOST_TEST(moved_minor() == 2495);
  BOOST_TEST(status(context()).open_cases.empty());
}

BOOST_AUTO_TEST_CASE(a_reversal_returns_the_right_and_the_next_return_asks_again) {
  const ReturnOutcome outcome = serve(bring(2));
  const UndoCase undo{ids.make<CommandId>(), outcome.case_id, "boss", "wrong_customer"};
  const ReturnOutcome reversed = must(reverse_refund(context(), undo));
  BOOST_TEST(reversed.state.reversed);
  BOOST_TEST(projections::held_ranges(journal().database(), order.id).contains({line_of_shipment(1), 0, 1}));
  BOOST_TEST(stock_of("shirt", Bucket::hold) == 0);
  hub_reachable = false;
  BOOST_TEST(asked(serve(bring(2))));
}

BOOST_AUTO_TEST_CASE(a_reversal_does_not_wait_for_the_answer_about_a_delivery) {
  hub_reachable = false;
  const ReturnOutcome outcome = serve(bring(2));
  const UndoCase undo{ids.make<CommandId>(), outcome.case_id, "boss", "wrong_customer"};
  const ReturnOutcome reversed = must(reverse_refund(context(), undo));
  BOOST_TEST(reversed.state.reversed);
  BOOST_TEST((delivery_of(reversed).decision.refusal == Refusal::withdrawn));
  BOOST_TEST(projections::open_referral_count(journal().database()) == 0U);
}

BOOST_AUTO_TEST_CASE(killed_before_or_after_its_payment_the_delivery_is_paid_once) {
  for (int steps = 0; steps < 4; ++steps) {
    DeliveryTill till;
    Countdown countdown{steps};
    MortalTerminal terminal(till.shop.terminal, countdown);
    till.terminal_instead = &terminal;
    till.restart();
    const ReturnCommand brought = till.bring(2);
    BOOST_CHECK_THROW(till.serve(brought), Killed);
    till.terminal_instead = nullptr;
    till.restart();
    resume(till.context());
    till.serve(brought);
    till.hub_answers();
    settle_arrived(till.context(), Payout::at_counter);
    resume(till.context());
    BOOST_TEST_CONTEXT("killed at step " << steps) {
      BOOST_TEST(till.moved_minor() == 2300);
      BOOST_TEST(till.moves() == 2U);
      BOOST_TEST(status(till.context()).open_cases.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_quote_says_that_the_delivery_may_go_back) {
  ReturnCommand brought = bring(2);
  const auto quote = quote_return(context(), brought.visit);
  BOOST_REQUIRE(quote.ok());
  BOOST_REQUIRE(quote->lines.size() == 2U);
  BOOST_TEST(asks_for_delivery(quote->lines[1].ask));
  BOOST_TEST((quote->lines[1].decision.verdict == Verdict::deferred));
  BOOST_TEST(quote->plan->total_minor == 2000);
  brought = bring(1);
  BOOST_TEST(quote_return(context(), brought.visit)->lines.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_till_cannot_ask_for_a_delivery_itself) {
  ReturnCommand brought = bring(1);
  brought.visit.lines[0] = {.line_no = 1,
                            .order_id = OrderId{{9}},
                            .order_line_no = line_of_shipment(1),
                            .sku = "delivery",
                            .quantity = 1,
                            .reason = ReturnReason::quality};
  const auto refused = serve_customer(context(), brought, 0);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().code == "order_unknown");
}

BOOST_AUTO_TEST_SUITE_END()
