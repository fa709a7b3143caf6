#include <boost/test/unit_test.hpp>

#include "db/projections/readers.hpp"
#include "plugin/app/compensate.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/status.hpp"
#include "plugin/app/void_case.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

Order card_order() {
  return plain_order("W-2", {{"shirt", 2, 1000}}, {{1, TenderKind::card, "pay-1", 2000}});
}

UndoCase undo(Till& till, const ReturnCaseId& case_id) {
  return {till.ids.make<CommandId>(), case_id, "boss", "wrong_customer"};
}

std::int64_t on_hold(Till& till) {
  for (const StockLevel& level : stock(till.context(), "shirt")) {
    if (level.bucket == Bucket::hold) return level.quantity;
  }
  return 0;
}

/// A return whose only payment was declined: taken in and claimed, and no money moved.
ReturnOutcome declined(Till& till) {
  till.receive_with_rights(card_order(), "anna");
  till.shop.terminal.fail_next(simulated::CardFault::declined);
  return till.must(execute_return(till.context(), till.command("anna", {{"shirt", 2, 1000}})));
}

ReturnOutcome paid(Till& till) {
  till.receive_with_rights(card_order(), "anna");
  return till.must(execute_return(till.context(), till.command("anna", {{"shirt", 2, 1000}})));
}

bool holds_all_units(Till& till) {
  return projections::held_ranges(till.journal().database(), card_order().id).contains({1, 0, 2});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(undo_tests)

BOOST_AUTO_TEST_CASE(a_visit_that_is_called_off_gives_rights_and_goods_back_and_pays_nothing) {
  Till till;
  const auto open = declined(till);
  BOOST_TEST(on_hold(till) == 2);
  BOOST_TEST(!holds_all_units(till));
  const auto voided = till.must(void_case(till.context(), undo(till, open.case_id)));
  BOOST_TEST(voided.state.voided);
  BOOST_TEST(!voided.already_recorded);
  BOOST_TEST(holds_all_units(till));
  BOOST_TEST(on_hold(till) == 0);
  BOOST_TEST(status(till.context()).open_cases.empty());
  BOOST_TEST(till.moves() == 0U);
  const auto again = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 2, 1000}})));
  BOOST_TEST(again.state.closed);  // the same units, by the same rights
  BOOST_TEST(till.moved_minor() == 2000);
}

BOOST_AUTO_TEST_CASE(a_case_that_is_voided_twice_is_voided_once) {
  Till till;
  const auto open = declined(till);
  const UndoCase command = undo(till, open.case_id);
  till.must(void_case(till.context(), command));
  const auto head = till.journal().head();
  BOOST_TEST(till.must(void_case(till.context(), command)).already_recorded);
  BOOST_TEST(till.must(void_case(till.context(), undo(till, open.case_id))).already_recorded);
  BOOST_TEST((till.journal().head() == head));
}

BOOST_AUTO_TEST_CASE(after_a_payment_was_started_a_void_says_so_and_names_the_reversal) {
  Till till;
  const auto closed = paid(till);
  const auto refused = void_case(till.context(), undo(till, closed.case_id)).error();
  BOOST_TEST(refused.code == "money_has_moved");
  BOOST_TEST(refused.reason.find("reversal") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reversed_refund_gives_rights_and_goods_back_and_can_be_returned_again) {
  Till till;
  const auto closed = paid(till);
  const auto reversed = till.must(reverse_refund(till.context(), undo(till, closed.case_id)));
  BOOST_TEST(reversed.state.reversed);
  BOOST_TEST(holds_all_units(till));
  BOOST_TEST(on_hold(till) == 0);
  BOOST_TEST(till.must(reverse_refund(till.context(), undo(till, closed.case_id))).already_recorded);
  BOOST_TEST(void_case(till.context(), undo(till, closed.case_id)).error().code == "case_reversed");
  const auto again = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 2, 1000}})));
  BOOST_TEST(again.state.closed);
  const std::string receipt = receipt_of(till.context(), reversed);
  BOOST_TEST(receipt.find("was reversed") != std::string::npos, receipt);
}

BOOST_AUTO_TEST_CASE(a_refund_is_reversed_only_after_all_of_it_arrived_and_a_voided_one_never) {
  Till till;
  till.receive_with_rights(card_order(), "anna");
  till.shop.terminal.fail_next(simulated::CardFault::answer_lost);
  const auto open = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 2, 1000}})));
  BOOST_TEST(reverse_refund(till.context(), undo(till, open.case_id)).error().code == "money_not_all_out");
  BOOST_TEST(void_case(till.context(), undo(till, open.case_id)).error().code == "money_has_moved");
  Till other;
  const auto voided = till.must(void_case(other.context(), undo(other, declined(other).case_id)));
  BOOST_TEST(reverse_refund(other.context(), undo(other, voided.case_id)).error().code == "case_voided");
  BOOST_TEST(void_case(other.context(), undo(other, other.ids.make<ReturnCaseId>())).error().code == "case_unknown");
}

BOOST_AUTO_TEST_CASE(a_return_that_waits_for_the_hub_is_not_called_off) {
  Till till;
  till.receive(card_order(), "anna");  // the rights are elsewhere
  const auto open = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  BOOST_TEST(void_case(till.context(), undo(till, open.case_id)).error().code == "answer_awaited");
  BOOST_TEST(reverse_refund(till.context(), undo(till, open.case_id)).error().code == "case_open");
}

BOOST_AUTO_TEST_CASE(a_refusal_has_nothing_to_undo) {
  Till till;
  till.policy.merchandise_sku_leading_digits = 5;
  till.restart();
  const auto refused = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  BOOST_TEST(void_case(till.context(), undo(till, refused.case_id)).error().code == "case_closed");
  BOOST_TEST(reverse_refund(till.context(), undo(till, refused.case_id)).error().code == "nothing_refunded");
}

BOOST_AUTO_TEST_CASE(the_id_of_another_command_undoes_nothing) {
  Till till;
  till.receive_with_rights(card_order(), "anna");
  const ReturnCommand command = till.command("anna", {{"shirt", 2, 1000}});
  const auto closed = till.must(execute_return(till.context(), command));
  UndoCase reused = undo(till, closed.case_id);
  reused.command_id = command.command_id;
  BOOST_TEST(reverse_refund(till.context(), reused).error().code == "command_reused");
}

BOOST_AUTO_TEST_CASE(money_for_goods_that_are_kept_is_not_undone_by_name) {
  Till till;
  till.policy.compensation.push_back({.name = {"c", ""}, .when = {}, .share_max = {5000}});
  till.restart();
  till.receive_with_rights(card_order(), "anna");
  for (const auto fault : {simulated::CardFault::declined, simulated::CardFault::none}) {
    till.shop.terminal.fail_next(fault);
    Compensate asked{.command_id = till.ids.make<CommandId>(), .till = "1"};
    asked.cashier = "anna";
    asked.business_date = CivilDate::of_ms(noon_ms);
    asked.reason = ReturnReason::quality;
    asked.amount_minor = 100;
    asked.quantity = 1;
    asked.order_id = card_order().id;
    asked.order_line_no = 1;
    const auto kept = till.must(compensate(till.context(), asked));
    const auto use_case = fault == simulated::CardFault::none ? reverse_refund : void_case;
    const auto refused = use_case(till.context(), undo(till, kept.case_id));
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().code == "exchanged");
    BOOST_TEST(refused.error().reason.find("the customer keeps") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refund_of_case_tests)

namespace {

PolicyPack with_fee_and_coins() {
  PolicyPack policy{.id = "test", .version = 2};
  policy.fees = {{.name = {"opened", ""},
                  .when = {},
                  .terms = {.rule = {}, .kind = FeeKind::restocking, .share = {1500}, .each_minor = 0}}};
  policy.payout.cash_rounding = {{gbp, 5}};
  return policy;
}

}  // namespace

BOOST_AUTO_TEST_CASE(fees_and_coins_are_quoted_recorded_paid_and_printed_by_name) {
  Till till;
  till.policy = with_fee_and_coins();
  till.restart();
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1999}}), "anna");
  const ReturnCommand command = till.command("anna", {{"shirt", 1, 1999}});
  const auto quote = quote_return(till.context(), command.visit);
  const auto outcome = till.must(execute_return(till.context(), command));
  const CasePlan& plan = outcome.state.plans.at(0);  // 15 % of 19.99 is 2.9985; 17.00 is left, in coins already
  BOOST_REQUIRE(plan.kept.size() == 1U);
  BOOST_TEST((plan.kept[0] == KeptBack{1, FeeKind::restocking, "fees/opened", 299}));
  BOOST_TEST((quote->plan->kept == plan.kept));
  BOOST_TEST(plan.rounding_minor == 0);
  BOOST_TEST(outcome.state.due_minor == 1700);
  BOOST_TEST(till.moved_minor() == 1700);
  BOOST_TEST(outcome.state.closed);
  const std::string receipt = receipt_of(till.context(), outcome);
  BOOST_TEST(receipt.find("Restocking fee                       -2.99\n") != std::string::npos, receipt);
  BOOST_TEST(receipt.find("Refund GBP                           17.00\n") != std::string::npos, receipt);
}

BOOST_AUTO_TEST_CASE(what_coins_cannot_pay_is_a_line_of_its_own) {
  Till till;
  till.policy = with_fee_and_coins();
  till.policy.fees.clear();
  till.restart();
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1999}}), "anna");
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1999}})));
  BOOST_TEST(outcome.state.plans.at(0).rounding_minor == 1);
  BOOST_TEST(till.moved_minor() == 2000);
  const std::string receipt = receipt_of(till.context(), outcome);
  BOOST_TEST(receipt.find("Rounded to coins                     +0.01\n") != std::string::npos, receipt);
}

BOOST_AUTO_TEST_CASE(a_fee_that_takes_everything_closes_the_return_without_a_payment) {
  Till till;
  till.policy = with_fee_and_coins();
  till.policy.fees[0].terms.share = {10000};
  till.restart();
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1999}}), "anna");
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1999}})));
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(outcome.state.due_minor == 0);
  BOOST_TEST(till.moves() == 0U);
  const auto reversed = till.must(
      reverse_refund(till.context(), {till.ids.make<CommandId>(), outcome.case_id, "boss", "changed her mind"}));
  BOOST_TEST(reversed.state.reversed);
}

BOOST_AUTO_TEST_SUITE_END()
