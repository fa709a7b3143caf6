#include <boost/test/unit_test.hpp>
#include <sstream>

#include "plugin/app/case_code.hpp"
#include "plugin/app/collect_slip.hpp"
#include "plugin/app/defer_line.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/settle_line.hpp"
#include "plugin/app/status.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

Decision yes(const OrderId& order, std::int64_t count) {
  Decision decision;
  decision.verdict = Verdict::approved;
  decision.assurance = Assurance::confirmed;
  decision.taken = {{order, {1, 0, count}}};
  decision.trace.policy_id = "test";
  decision.trace.rule = "matching";
  return decision;
}

Decision no(Refusal refusal) {
  Decision decision;
  decision.verdict = Verdict::refused;
  decision.refusal = refusal;
  decision.trace.rule = "matching";
  return decision;
}

std::int64_t on_hold(Till& till, const std::string& sku) {
  for (const StockLevel& stock : stock(till.context(), sku)) {
    if (stock.bucket == Bucket::hold) return stock.quantity;
  }
  return 0;
}

/// A return of goods whose order is here and whose right is elsewhere.
ReturnOutcome referred_return(Till& till, const Order& order) {
  till.receive(order, "anna");
  return till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
}

const Order cash_order = plain_order("W-1", {{"shirt", 1, 1000}});
const Order card_order = plain_order("W-2", {{"shirt", 1, 1000}}, {{1, TenderKind::card, "pay-1", 1000}});

}  // namespace

BOOST_AUTO_TEST_SUITE(settle_tests)

BOOST_AUTO_TEST_CASE(an_answer_while_the_customer_waits_is_paid_at_once_and_makes_no_slip) {
  Till till;
  till.receive(cash_order, "anna");
  bool answered = false;
  till.while_waiting = [&] {
    if (std::exchange(answered, true)) return;
    const auto open = status(till.context()).open_cases;
    const auto outcome = *read_outcome(till.context(), open.front().case_id);
    const auto transfer = till.grant({{cash_order.id, {1, 0, 1}}});
    till.answer(outcome.case_id, outcome.state.lines[0], yes(cash_order.id, 1), transfer);
  };
  const auto outcome =
      till.must(serve_customer(till.context(), till.command("anna", {{"shirt", 1, 1000}}), referral_wait_ms_max));
  BOOST_TEST(answered);
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST((outcome.state.lines[0].assurance == Assurance::confirmed));
  BOOST_TEST(outcome.state.lines[0].slip_code.empty());
  BOOST_TEST(till.moved_minor() == 1000);
  BOOST_TEST(till.shop.printer.papers().size() == 1U);
  BOOST_TEST(on_hold(till, "shirt") == 1);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_hub_that_cannot_be_reached) {
  Till till;
  till.hub_reachable = false;
  till.receive(cash_order, "anna");
  till.while_waiting = [] { BOOST_TEST(false, "waited"); };
  const auto outcome =
      till.must(serve_customer(till.context(), till.command("anna", {{"shirt", 1, 1000}}), referral_wait_ms_max));
  BOOST_TEST((outcome.state.lines[0].state == LineState::deferred));
  BOOST_TEST(outcome.state.lines[0].slip_code == case_code(outcome.case_id));
  BOOST_TEST((case_of_code(till.context(), outcome.state.lines[0].slip_code) == outcome.case_id));
  BOOST_REQUIRE(till.shop.printer.papers().size() == 1U);  // the slip
  BOOST_TEST(till.shop.printer.papers()[0].find(outcome.code) != std::string::npos);
  BOOST_TEST(on_hold(till, "shirt") == 1);
}

BOOST_AUTO_TEST_CASE(a_yes_for_a_card_is_paid_unattended_and_a_yes_for_cash_waits_for_the_slip) {
  for (const bool card : {true, false}) {
    Till till;
    const Order& order = card ? card_order : cash_order;
    const auto asked = referred_return(till, order);
    defer_waiting(till.context(), asked.case_id);
    const auto transfer = till.grant({{order.id, {1, 0, 1}}});
    till.answer(asked.case_id, asked.state.lines[0], yes(order.id, 1), transfer);
    BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 1U);
    BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 0U);
    const auto settled = *read_outcome(till.context(), asked.case_id);
    BOOST_TEST((settled.state.lines[0].state == LineState::approved));
    BOOST_TEST(settled.state.lines[0].settled);
    BOOST_TEST(settled.state.closed == card);
    BOOST_TEST(till.moved_minor() == (card ? 1000 : 0));
    if (!card) BOOST_TEST(status(till.context()).open_cases.at(0).legs_planned == 1U);
    const auto collected = till.must(collect_slip(till.context(), asked.case_id));
    BOOST_TEST(collected.state.closed);
    till.must(collect_slip(till.context(), asked.case_id));
    BOOST_TEST(till.moved_minor() == 1000);
    BOOST_TEST(on_hold(till, "shirt") == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_late_yes_moves_the_goods_from_hold_to_where_inspection_sends_them) {
  Till till;
  const auto asked = referred_return(till, cash_order);
  till.append(ItemInspected{.case_id = asked.case_id,
                            .line_no = 1,
                            .checklist = "apparel",
                            .grade = Grade::resalable,
                            .disposition = Disposition::restock});
  defer_waiting(till.context(), asked.case_id);
  BOOST_TEST(on_hold(till, "shirt") == 1);
  const auto transfer = till.grant({{cash_order.id, {1, 0, 1}}});
  till.answer(asked.case_id, asked.state.lines[0], yes(cash_order.id, 1), transfer);
  settle_arrived(till.context(), Payout::unattended);
  BOOST_TEST(on_hold(till, "shirt") == 0);
  BOOST_TEST(till.stock_of("shirt", Bucket::sellable) == 1);
  BOOST_TEST((read_outcome(till.context(), asked.case_id)->state.lines[0].bucket == Bucket::sellable));
}

BOOST_AUTO_TEST_CASE(a_no_keeps_the_goods_until_the_slip_is_brought_and_hands_them_back_once) {
  Till till;
  const auto asked = referred_return(till, cash_order);
  defer_waiting(till.context(), asked.case_id);
  till.answer(asked.case_id, asked.state.lines[0], no(Refusal::already_returned));
  BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 1U);
  BOOST_TEST(read_outcome(till.context(), asked.case_id)->state.closed);
  BOOST_TEST(on_hold(till, "shirt") == 1);
  const auto collected = till.must(collect_slip(till.context(), asked.case_id));
  BOOST_TEST(collected.state.lines[0].handed_back == 1);
  till.must(collect_slip(till.context(), asked.case_id));
  BOOST_TEST(on_hold(till, "shirt") == 0);
  BOOST_TEST(till.moves() == 0U);
}

BOOST_AUTO_TEST_CASE(refused_goods_are_owed_to_the_day_that_the_slip_names_and_not_after_it) {
  constexpr std::int64_t day_ms = 86'400'000;
  for (const bool in_time : {true, false}) {
    Till till;
    const auto asked = referred_return(till, cash_order);
    defer_waiting(till.context(), asked.case_id);
    const std::string last_day = "until 2026-12-22";
    BOOST_TEST(till.shop.printer.papers().back().find("2026-12-22") != std::string::npos);
    till.answer(asked.case_id, asked.state.lines[0], no(Refusal::already_returned));
    settle_arrived(till.context(), Payout::unattended);
    till.clock.advance((in_time ? 30 : 31) * day_ms);
    const auto collected = collect_slip(till.context(), asked.case_id);
    BOOST_TEST(collected.ok() == in_time);
    BOOST_TEST(on_hold(till, "shirt") == (in_time ? 0 : 1));
    if (in_time) continue;
    BOOST_TEST(collected.error().code == "goods_no_longer_kept");
    BOOST_TEST(collected.error().reason.find(last_day) != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(at_the_counter_a_late_no_hands_back_and_a_late_yes_pays_cash_at_once) {
  Till till;
  const auto refused = referred_return(till, cash_order);
  defer_waiting(till.context(), refused.case_id);
  till.answer(refused.case_id, refused.state.lines[0], no(Refusal::no_purchase_found));
  settle_arrived(till.context(), Payout::at_counter);
  BOOST_TEST(on_hold(till, "shirt") == 0);
  const auto asked = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  defer_waiting(till.context(), asked.case_id);
  const auto transfer = till.grant({{cash_order.id, {1, 0, 1}}});
  till.answer(asked.case_id, asked.state.lines[0], yes(cash_order.id, 1), transfer);
  settle_arrived(till.context(), Payout::at_counter);
  BOOST_TEST(read_outcome(till.context(), asked.case_id)->state.closed);
  BOOST_TEST(till.moved_minor() == 1000);
}

BOOST_AUTO_TEST_CASE(an_answer_waits_for_its_order_and_for_its_rights) {
  Till till;
  const auto asked = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  defer_waiting(till.context(), asked.case_id);
  till.answer(asked.case_id, asked.state.lines[0], yes(cash_order.id, 1), till.ids.make<TransferId>());
  BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 0U);  // neither rights nor order
  till.grant({{cash_order.id, {1, 0, 1}}});
  BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 0U);  // the right came before its order
  till.receive(cash_order, "anna");
  BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 1U);
}

BOOST_AUTO_TEST_CASE(a_yes_without_the_right_to_the_units_claims_nothing) {
  Till till;
  const auto asked = referred_return(till, cash_order);
  defer_waiting(till.context(), asked.case_id);
  till.answer(asked.case_id, asked.state.lines[0], yes(cash_order.id, 1), till.ids.make<TransferId>());
  BOOST_TEST(settle_arrived(till.context(), Payout::at_counter) == 0U);
  BOOST_TEST(till.moves() == 0U);
  BOOST_TEST((read_outcome(till.context(), asked.case_id)->state.lines[0].state == LineState::deferred));
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_more_units_than_asked_or_none_is_never_taken_up) {
  Till till;
  const Order order = plain_order("W-1", {{"shirt", 5, 1000}});
  till.receive_with_rights(order, "bert");
  const auto asked = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  till.answer(asked.case_id, asked.state.lines[0], yes(order.id, 2));
  BOOST_TEST(settle_arrived(till.context(), Payout::at_counter) == 0U);
  BOOST_TEST(till.moves() == 0U);
}

BOOST_AUTO_TEST_CASE(a_visit_with_an_approved_and_a_deferred_line_pays_the_one_and_closes_with_the_other) {
  Till till;
  const Order here = plain_order("W-5", {{"mug", 1, 400}});
  till.receive_with_rights(here, "anna");
  till.receive(cash_order, "anna");
  till.hub_reachable = false;
  const auto outcome =
      till.must(serve_customer(till.context(), till.command("anna", {{"mug", 1, 400}, {"shirt", 1, 1000}}), 1000));
  BOOST_TEST(till.moved_minor() == 400);
  BOOST_TEST(!outcome.state.closed);
  const auto transfer = till.grant({{cash_order.id, {1, 0, 1}}});
  till.answer(outcome.case_id, outcome.state.lines[1], yes(cash_order.id, 1), transfer);
  settle_arrived(till.context(), Payout::unattended);
  const auto collected = till.must(collect_slip(till.context(), outcome.case_id));
  BOOST_TEST(collected.state.closed);
  BOOST_TEST(collected.state.plans.size() == 2U);
  BOOST_TEST(till.moved_minor() == 1400);
}

BOOST_AUTO_TEST_SUITE_END()
