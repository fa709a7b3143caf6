#include "plugin/app/withdraw_line.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/app/give_override.hpp"
#include "plugin/app/settle_line.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

const Order order = plain_order("W-1", {{"shirt", 1, 1000}});

WithdrawLine withdrawal(Till& till, const ReturnOutcome& outcome, std::uint32_t line_no = 1) {
  return {till.ids.make<CommandId>(), outcome.case_id, line_no, "anna"};
}

std::string code_of(Till& till, const WithdrawLine& command) {
  const auto result = withdraw_line(till.context(), command);
  return result.ok() ? "done" : result.error().code;
}

/// The order is here and its right is elsewhere; the hub cannot be reached, so the goods wait against a slip.
ReturnOutcome deferred(Till& till) {
  till.hub_reachable = false;
  till.receive(order, "carol");
  ReturnOutcome outcome = till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, 1000}})));
  return wait_for_hub(till.context(), outcome.case_id, 0);
}

Decision approval() {
  Decision decision;
  decision.verdict = Verdict::approved;
  decision.assurance = Assurance::confirmed;
  decision.taken = {{order.id, {1, 0, 1}}};
  decision.trace.policy_id = "test";
  decision.trace.rule = "matching";
  return decision;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(withdraw_line_tests)

BOOST_AUTO_TEST_CASE(goods_that_waited_for_the_hub_go_home_and_no_money_moves) {
  Till till;
  const ReturnOutcome outcome = deferred(till);
  BOOST_TEST(till.stock_of("shirt", Bucket::hold) == 1);

  const ReturnOutcome after = till.must(withdraw_line(till.context(), withdrawal(till, outcome)));
  BOOST_TEST(after.state.closed);
  BOOST_TEST(till.stock_of("shirt", Bucket::hold) == 0);
  BOOST_TEST(till.moves() == 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_later_changes_nothing_and_its_rights_stay_here) {
  Till till;
  const ReturnOutcome outcome = deferred(till);
  till.must(withdraw_line(till.context(), withdrawal(till, outcome)));
  till.answer(outcome.case_id, outcome.state.lines.front(), approval(), till.grant({{order.id, {1, 0, 1}}}));

  BOOST_TEST(settle_arrived(till.context(), Payout::unattended) == 0U);
  BOOST_TEST(till.moves() == 0U);
  // She changes her mind once more: the right is here now, so she is paid at once, and once.
  till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, 1000}})));
  BOOST_TEST(till.moved_minor() == 1000);
}

BOOST_AUTO_TEST_CASE(a_line_that_waits_for_a_person_can_be_withdrawn_and_no_yes_comes_after) {
  Till till;
  till.policy.conditions = {{.name = {"look"}, .when = {}, .needs = Role::manager}};
  till.restart();
  till.employ("maria", Role::manager, "2468");
  till.receive_with_rights(order, "carol");
  const ReturnOutcome outcome =
      till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, 1000}})));
  till.must(withdraw_line(till.context(), withdrawal(till, outcome)));

  const auto late = give_override(till.context(), {.command_id = till.ids.make<CommandId>(),
                                                   .case_id = outcome.case_id,
                                                   .line_no = 1,
                                                   .by = {"maria", ApprovalMethod::pin, "2468"},
                                                   .reason = "late",
                                                   .declined = false});
  BOOST_TEST(!late.ok());
  BOOST_TEST(till.moves() == 0U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_withdrawn_is_refused_by_name) {
  Till till;
  till.receive_with_rights(order, "carol");
  const ReturnOutcome paid = till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, 1000}})));
  BOOST_TEST(code_of(till, withdrawal(till, paid)) == "line_not_waiting");
  BOOST_TEST(code_of(till, withdrawal(till, paid, 2)) == "line_unknown");
  WithdrawLine nowhere = withdrawal(till, paid);
  nowhere.case_id = till.ids.make<ReturnCaseId>();
  BOOST_TEST(code_of(till, nowhere) == "case_unknown");
}

BOOST_AUTO_TEST_CASE(the_same_command_is_done_once_and_its_id_serves_nothing_else) {
  Till till;
  const WithdrawLine command = withdrawal(till, deferred(till));
  till.must(withdraw_line(till.context(), command));
  till.restart();
  BOOST_TEST(till.must(withdraw_line(till.context(), command)).already_recorded);
  BOOST_TEST(till.stock_of("shirt", Bucket::hold) == 0);

  WithdrawLine other = command;
  other.staff_code = "tom";
  BOOST_TEST(code_of(till, other) == "command_reused");
}

BOOST_AUTO_TEST_SUITE_END()
