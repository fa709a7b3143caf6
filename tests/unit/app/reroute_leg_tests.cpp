#include "plugin/app/reroute_leg.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "db/projections/readers.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/confirm_leg.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/resume.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/void_case.hpp"
#include "tests/unit/app/mortal_devices.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

constexpr Minor due = 4003;

Order card_order() {
  return plain_order("W-1", {{"shirt", 1, due}}, {{1, TenderKind::card, "pay-1", due}});
}

/// Card, then cash up to 10.00, then store credit; coins of 0.05.
void set_rules(Till& till) {
  till.policy.payout.tenders = {
      {TenderKind::card,
       {{TenderKind::card, {}}, {TenderKind::cash, {{gbp, 1000}}}, {TenderKind::store_credit, {}}}}};
  till.policy.payout.cash_rounding = {{gbp, 5}};
  till.restart();
}

ReturnOutcome expired(Till& till) {
  till.receive_with_rights(card_order(), "carol");
  till.shop.terminal.fail_next(simulated::CardFault::card_expired);
  return till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, due}})));
}

RerouteLeg to(Till& till, const ReturnOutcome& outcome, TenderKind tender, std::size_t leg = 0) {
  return {.command_id = till.ids.make<CommandId>(),
          .case_id = outcome.case_id,
          .leg_id = outcome.state.legs.at(leg).leg.leg_id,
          .tender = tender,
          .staff_code = "anna",
          .identity = {}};
}

std::string refusal_of(const Result<ReturnOutcome, CommandRefusal>& result) {
  return result.ok() ? "done" : result.error().code;
}

std::vector<std::string> open_states(Till& till) {
  std::vector<std::string> states;
  for (const auto& leg : projections::open_legs(till.journal().database())) {
    states.emplace_back(to_string(leg.state));
  }
  return states;
}

/// A person counts the drawer and says what she found, then pays what waits.
void let_a_person_finish(Till& till, const ReturnCaseId& case_id) {
  std::set<LegId> paid;
  for (const auto& payout : till.shop.drawer.payouts()) paid.insert(payout.leg_id);
  for (int round = 0; round < 10; ++round) {
    const auto outcome = *read_outcome(till.context(), case_id);
    for (const CaseLeg& leg : outcome.state.legs) {
      if (leg.state == LegState::unknown) {
        const auto word = paid.contains(leg.leg.leg_id) ? LegOutcome::settled : LegOutcome::failed;
        till.must(confirm_leg(till.context(), {till.ids.make<CommandId>(), case_id, leg.leg.leg_id, word, "boss"}));
        break;
      }
      if (leg.state == LegState::planned || leg.state == LegState::failed) {
        till.must(pay_leg(till.context(), case_id, leg.leg.leg_id));
        break;
      }
    }
  }
}

}  // namespace

/// What left by devices, and what was given on paper.
Minor given_minor(Till& till, const ReturnCaseId& case_id) {
  Minor given = till.moved_minor();
  const ReturnCase state = read_outcome(till.context(), case_id)->state;
  for (const CreditIssued& credit : state.credits) given += find_leg(state, credit.leg_id)->leg.planned.pays_minor;
  return given;
}

BOOST_AUTO_TEST_SUITE(reroute_leg_tests)

BOOST_AUTO_TEST_CASE(the_ways_on_are_those_of_the_policy_behind_the_failed_one_with_what_each_pays) {
  Till till;
  set_rules(till);
  const auto outcome = expired(till);
  BOOST_TEST((outcome.state.legs[0].problem == LegProblem::card_expired));
  const auto ways = ways_of_leg(till.context(), outcome.case_id, outcome.state.legs[0].leg.leg_id);
  BOOST_REQUIRE(ways.ok());
  const std::vector<LegWay> expected{{TenderKind::cash, 1000, due - 1000, false},
                                     {TenderKind::store_credit, due, 0, false}};
  BOOST_TEST((ways->ways == expected));
}

BOOST_AUTO_TEST_CASE(a_rerouted_payment_moves_once_by_its_new_ways_and_the_old_one_is_never_asked_again) {
  Till till;
  set_rules(till);
  const auto outcome = expired(till);
  const RerouteLeg command = to(till, outcome, TenderKind::cash);
  const auto done = till.must(reroute_leg(till.context(), command));
  BOOST_TEST(done.state.closed);
  BOOST_TEST((done.state.legs[0].state == LegState::rerouted));
  BOOST_TEST(done.state.due_minor == due);
  BOOST_TEST(given_minor(till, outcome.case_id) == due);
  BOOST_TEST(till.moves() == 1U);
  BOOST_TEST(open_states(till).empty());

  const auto again = till.must(reroute_leg(till.context(), command));
  BOOST_TEST(again.already_recorded);
  BOOST_TEST(till.moves() == 1U);
  RerouteLeg other = command;
  other.tender = TenderKind::store_credit;
  BOOST_TEST(refusal_of(reroute_leg(till.context(), other)) == "command_reused");
  BOOST_TEST(refusal_of(pay_leg(till.context(), outcome.case_id, command.leg_id)) == "leg_not_payable");
}

BOOST_AUTO_TEST_CASE(killed_at_every_step_of_a_rerouted_payment_money_moves_once) {
  int kills = 0;
  for (int step = 0; step < 6; ++step) {
    BOOST_TEST_CONTEXT("killed at step " << step) {
      Till till;
      Countdown countdown;
      MortalTerminal terminal(till.shop.terminal, countdown);
      MortalDrawer drawer(till.shop.drawer, countdown);
      till.terminal_instead = &terminal;
      till.drawer_instead = &drawer;
      set_rules(till);
      const auto outcome = expired(till);
      const RerouteLeg command = to(till, outcome, TenderKind::cash);
      countdown.steps = step;
      try {
        static_cast<void>(reroute_leg(till.context(), command));
      } catch (const Killed&) {
        ++kills;
      }
      countdown.steps = 1'000'000;
      till.restart();
      resume(till.context());
      BOOST_TEST(till.must(reroute_leg(till.context(), command)).already_recorded);
      let_a_person_finish(till, outcome.case_id);
      const auto now = *read_outcome(till.context(), outcome.case_id);
      BOOST_TEST(now.state.closed);
      BOOST_TEST(now.state.paid_minor == due);
      BOOST_TEST(given_minor(till, outcome.case_id) == due);
      BOOST_TEST(till.moves() == 1U);
    }
  }
  BOOST_TEST(kills == 2);  // before and after the drawer; what is given on paper needs no device
}

BOOST_AUTO_TEST_CASE(coins_are_rounded_when_money_goes_to_cash_and_the_rounding_goes_when_it_leaves_cash) {
  Till till;
  till.policy.payout.tenders = {{TenderKind::card, {{TenderKind::card, {}}, {TenderKind::cash, {}}}}};
  till.policy.payout.cash_rounding = {{gbp, 5}};
  till.restart();
  const auto outcome = expired(till);
  till.shop.drawer.hold_only(gbp, 1);
  const auto cash = till.must(reroute_leg(till.context(), to(till, outcome, TenderKind::cash)));
  BOOST_TEST(cash.state.due_minor == 4005);
  BOOST_TEST(cash.state.plans[0].rounding_minor == 2);
  BOOST_TEST((cash.state.legs[1].problem == LegProblem::not_enough_cash));
  const auto credit = till.must(reroute_leg(till.context(), to(till, cash, TenderKind::store_credit, 1)));
  BOOST_TEST(credit.state.due_minor == due);
  BOOST_TEST(credit.state.plans[0].rounding_minor == 0);
  BOOST_TEST(credit.state.closed);
  BOOST_TEST(given_minor(till, outcome.case_id) == due);
  const auto refunded = projections::refunded(till.journal().database());
  BOOST_REQUIRE(refunded.size() == 1U);
  BOOST_TEST(refunded[0].minor == due);
}

BOOST_AUTO_TEST_CASE(a_cap_counts_what_the_visit_pays_by_that_tender_already) {
  Till till;
  set_rules(till);
  Order order = plain_order("W-1", {{"shirt", 1, due}},
                            {{1, TenderKind::card, "pay-1", due - 600}, {2, TenderKind::cash, "", 600}});
  till.receive_with_rights(order, "carol");
  till.shop.terminal.fail_next(simulated::CardFault::card_closed);
  const auto outcome = till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, due}})));
  const auto ways = ways_of_leg(till.context(), outcome.case_id, outcome.state.legs[0].leg.leg_id);
  BOOST_REQUIRE(ways.ok());
  BOOST_TEST(ways->ways.at(0).pays_minor == 400);
  const auto done = till.must(reroute_leg(till.context(), to(till, outcome, TenderKind::cash)));
  BOOST_TEST(given_minor(till, outcome.case_id) == due);
  BOOST_TEST(done.state.closed);
}

BOOST_AUTO_TEST_CASE(a_way_that_the_policy_does_not_name_and_a_paid_payment_are_refused_by_name) {
  Till till;
  set_rules(till);
  const auto outcome = expired(till);
  BOOST_TEST(refusal_of(reroute_leg(till.context(), to(till, outcome, TenderKind::voucher))) == "way_not_permitted");
  RerouteLeg nobody = to(till, outcome, TenderKind::cash);
  nobody.leg_id = till.ids.make<LegId>();
  BOOST_TEST(refusal_of(reroute_leg(till.context(), nobody)) == "leg_unknown");
  BOOST_TEST(till.moves() == 0U);
  till.must(reroute_leg(till.context(), to(till, outcome, TenderKind::store_credit)));
  BOOST_TEST(refusal_of(reroute_leg(till.context(), to(till, outcome, TenderKind::cash))) == "case_closed");
}

BOOST_AUTO_TEST_CASE(much_cash_waits_for_a_document_and_keeps_its_kind_alone) {
  Till till;
  till.policy.payout.cash_identity_above = {{gbp, due - 1}};
  till.restart();
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, due}}), "carol");
  const auto outcome = till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, due}})));
  BOOST_TEST((outcome.state.legs[0].problem == LegProblem::identity_needed));
  BOOST_TEST(till.moves() == 0U);
  const LegId leg = outcome.state.legs[0].leg.leg_id;
  BOOST_TEST(refusal_of(pay_leg(till.context(), outcome.case_id, leg)) == "identity_needed");
  RerouteLeg command = to(till, outcome, TenderKind::cash);
  BOOST_TEST(refusal_of(reroute_leg(till.context(), command)) == "identity_needed");
  BOOST_TEST(till.moves() == 0U);
  command.identity = "passport";
  const auto done = till.must(reroute_leg(till.context(), command));
  BOOST_TEST(done.state.closed);
  BOOST_TEST(done.state.legs[1].leg.planned.reference == "identity passport");
  BOOST_TEST(till.moved_minor() == due);
  BOOST_TEST(receipt_of(till.context(), done).find("passport") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(cash_at_the_limit_asks_for_no_document) {
  Till till;
  till.policy.payout.cash_identity_above = {{gbp, due}};
  till.restart();
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, due}}), "carol");
  BOOST_TEST(till.must(execute_return(till.context(), till.command("carol", {{"shirt", 1, due}}))).state.closed);
}

BOOST_AUTO_TEST_CASE(a_visit_with_a_rerouted_payment_can_be_called_off_and_reversed_like_any_other) {
  for (const bool paid : {false, true}) {
    Till till;
    till.policy.payout.tenders = {{TenderKind::card, {{TenderKind::card, {}}, {TenderKind::bank_transfer, {}}}}};
    till.restart();
    const auto outcome = expired(till);
    if (!paid) till.shop.terminal.fail_next(simulated::CardFault::declined);
    const auto rerouted = till.must(reroute_leg(till.context(), to(till, outcome, TenderKind::bank_transfer)));
    BOOST_TEST(rerouted.state.closed == paid);
    const UndoCase undo{till.ids.make<CommandId>(), outcome.case_id, "boss", "wrong_customer"};
    till.must(paid ? reverse_refund(till.context(), undo) : void_case(till.context(), undo));
    BOOST_TEST(projections::held_ranges(till.journal().database(), card_order().id).contains({1, 0, 1}));
    BOOST_TEST(open_states(till).empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
