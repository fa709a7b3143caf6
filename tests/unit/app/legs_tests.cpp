#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "plugin/app/confirm_leg.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/resume.hpp"
#include "plugin/app/status.hpp"
#include "tests/unit/app/mortal_devices.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

/// The disk is full right after the cash has left.
class FillingDrawer final : public ports::CashDrawer {
 public:
  FillingDrawer(ports::CashDrawer& inner, Till& till) : m_inner(inner), m_till(till) {}
  ports::DeviceAnswer pay_out(const ports::RefundRequest& request) override {
    const auto answer = m_inner.pay_out(request);
    m_till.journal().database().execute(
        "CREATE TRIGGER no_room BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no room'); END");
    return answer;
  }

 private:
  ports::CashDrawer& m_inner;
  Till& m_till;
};

Order three_tender_order() {
  return plain_order("W-3", {{"shirt", 3, 1000}},
                     {{1, TenderKind::gift_card, "gift-1", 500},
                      {2, TenderKind::card, "pay-2", 1000},
                      {3, TenderKind::cash, "", 1500}});
}

Order card_order() {
  return plain_order("W-2", {{"shirt", 1, 1000}}, {{1, TenderKind::card, "pay-1", 1000}});
}

/// A person counts the drawer and says what she found; then pays what was planned or failed.
void let_a_person_finish(Till& till, const ReturnCaseId& case_id) {
  std::set<LegId> paid;
  for (const auto& payout : till.shop.drawer.payouts()) paid.insert(payout.leg_id);
  for (int round = 0; round < 10; ++round) {
    const auto outcome = *read_outcome(till.context(), case_id);
    if (outcome.state.closed) return;
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

/// One refund of three legs (gift card, card, cash) on a bad day: the terminal fails at one of its two questions, and
/// the program is killed when it takes a step, and perhaps once more while it clears up.
struct BadDay {
  simulated::CardFault fault = simulated::CardFault::none;
  int question = 0;  // of the terminal, from 0: that the fault meets
  int killed_at = 1'000'000;
  int killed_again_at = 1'000'000;
};

/// Whether the killing still hit something: a step behind the last one hits nothing.
struct Endured {
  bool killed = false;
  bool killed_again = false;
};

template <class Work>
bool is_killed(Countdown& countdown, int at, Work work) {
  countdown.steps = at;
  bool killed = false;
  try {
    work();
  } catch (const Killed&) {
    killed = true;
  }
  countdown.steps = 1'000'000;
  return killed;
}

void check_each_leg_moved_once(Till& till, const ReturnOutcome& outcome) {
  std::map<LegId, Minor> moved;
  std::size_t moves = 0;
  for (const auto& move : till.shop.terminal.moves()) moved[move.leg_id] += move.minor, ++moves;
  for (const auto& payout : till.shop.drawer.payouts()) moved[payout.leg_id] += payout.minor, ++moves;
  BOOST_TEST(moves == 3U);
  BOOST_TEST(outcome.state.legs.size() == 3U);
  for (const CaseLeg& leg : outcome.state.legs) {
    BOOST_TEST(moved[leg.leg.leg_id] == leg.leg.planned.pays_minor);
    BOOST_TEST((leg.state == LegState::settled));
  }
  BOOST_TEST(outcome.state.paid_minor == 3000);
  BOOST_TEST(outcome.state.closed);
}

Endured endure(const BadDay& day) {
  Till till;
  Countdown countdown;
  MortalTerminal terminal(till.shop.terminal, countdown);
  MortalDrawer drawer(till.shop.drawer, countdown);
  till.terminal_instead = &terminal;
  till.drawer_instead = &drawer;
  till.restart();
  till.receive_with_rights(three_tender_order(), "anna");
  for (int i = 0; i < day.question; ++i) till.shop.terminal.fail_next(simulated::CardFault::none);
  till.shop.terminal.fail_next(day.fault);
  const ReturnCommand command = till.command("anna", {{"shirt", 3, 1000}});

  Endured endured;
  endured.killed = is_killed(countdown, day.killed_at,
                             [&] { static_cast<void>(till.must(execute_return(till.context(), command))); });
  till.restart();
  const auto clear_up = [&] {
    for (int i = 0; i < 4; ++i) resume(till.context());  // a terminal that is late is busy twice
  };
  endured.killed_again = is_killed(countdown, day.killed_again_at, clear_up);
  till.restart();
  clear_up();
  const auto again = till.must(execute_return(till.context(), command));
  BOOST_TEST(again.already_recorded);
  BOOST_TEST((again.state == read_outcome(till.context(), again.case_id)->state));  // the same screen
  let_a_person_finish(till, again.case_id);
  check_each_leg_moved_once(till, *read_outcome(till.context(), again.case_id));
  return endured;
}

constexpr simulated::CardFault faults[] = {simulated::CardFault::none,        simulated::CardFault::question_lost,
                                           simulated::CardFault::answer_lost, simulated::CardFault::answer_late,
                                           simulated::CardFault::declined,    simulated::CardFault::died_before,
                                           simulated::CardFault::died_after};

}  // namespace

BOOST_AUTO_TEST_SUITE(legs_tests)

BOOST_AUTO_TEST_CASE(whatever_the_terminal_does_and_wherever_the_program_dies_each_leg_moves_money_exactly_once) {
  for (const auto fault : faults) {
    for (int question = 0; question < 2; ++question) {
      int step = 0;
      for (bool killed = true; killed; ++step) {
        BOOST_TEST_CONTEXT("fault " << int(fault) << " at question " << question << ", killed at step " << step) {
          killed = endure({.fault = fault, .question = question, .killed_at = step}).killed;
        }
      }
      BOOST_TEST(step > 2);  // before the first device, after it, and at least once without a kill
    }
  }
}

BOOST_AUTO_TEST_CASE(a_second_kill_while_clearing_up_moves_no_leg_twice_either) {
  int second_kills = 0;
  for (const auto fault : faults) {
    for (const int first : {1, 3}) {  // the answer of the first, then of the second question is not noted down
      for (int second = 0; second < 4; ++second) {
        BOOST_TEST_CONTEXT("fault " << int(fault) << ", killed at step " << first << " and again at " << second) {
          const auto endured = endure({.fault = fault, .question = 0, .killed_at = first, .killed_again_at = second});
          second_kills += endured.killed_again ? 1 : 0;
        }
      }
    }
  }
  BOOST_TEST(second_kills > 20);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_twice_is_noted_down_once) {
  Till till;
  till.receive_with_rights(three_tender_order(), "anna");
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 3, 1000}})));
  const auto head = till.journal().head();
  for (const CaseLeg& leg : outcome.state.legs) {
    for (const LegOutcome echo : {LegOutcome::settled, LegOutcome::failed, LegOutcome::unknown}) {
      BOOST_TEST(!end_leg(till.context(), outcome.case_id, leg.leg.leg_id, {echo, "ECHO"}, Payout::at_counter));
    }
  }
  BOOST_TEST((till.journal().head() == head));
  check_each_leg_moved_once(till, *read_outcome(till.context(), outcome.case_id));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_dies_leaves_the_visit_whole_and_its_leg_unknown) {
  for (const auto fault : {simulated::CardFault::died_before, simulated::CardFault::died_after}) {
    Till till;
    till.receive_with_rights(card_order(), "anna");
    till.shop.terminal.fail_next(fault);
    const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
    BOOST_TEST((outcome.state.legs[0].state == LegState::unknown));
    resume(till.context());
    BOOST_TEST(read_outcome(till.context(), outcome.case_id)->state.closed);
    BOOST_TEST(till.moves() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(killed_at_every_step_each_leg_moves_money_exactly_once) {
  for (int step = 0; step < 6; ++step) {  // before and after each of three devices
    Till till;
    Countdown countdown{step};
    MortalTerminal terminal(till.shop.terminal, countdown);
    MortalDrawer drawer(till.shop.drawer, countdown);
    till.terminal_instead = &terminal;
    till.drawer_instead = &drawer;
    till.restart();
    till.receive_with_rights(three_tender_order(), "anna");
    const ReturnCommand command = till.command("anna", {{"shirt", 3, 1000}});
    BOOST_CHECK_THROW(static_cast<void>(execute_return(till.context(), command)), Killed);
    till.restart();
    resume(till.context());
    const auto again = till.must(execute_return(till.context(), command));
    BOOST_TEST(again.already_recorded);
    let_a_person_finish(till, again.case_id);
    const auto outcome = *read_outcome(till.context(), again.case_id);
    BOOST_TEST_CONTEXT("killed at step " << step) {
      BOOST_TEST(outcome.state.closed);
      BOOST_TEST(outcome.state.paid_minor == 3000);
      BOOST_TEST(till.moved_minor() == 3000);
      BOOST_TEST(till.moves() == 3U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_asked_for_and_a_lost_question_is_asked_again) {
  for (const auto fault :
       {simulated::CardFault::answer_lost, simulated::CardFault::question_lost, simulated::CardFault::answer_late}) {
    Till till;
    till.receive_with_rights(card_order(), "anna");
    till.shop.terminal.fail_next(fault);
    const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
    BOOST_TEST((outcome.state.legs[0].state == LegState::unknown));
    BOOST_TEST(!outcome.state.closed);
    for (int i = 0; i < 4; ++i) resume(till.context());
    const auto later = *read_outcome(till.context(), outcome.case_id);
    BOOST_TEST(later.state.closed);
    BOOST_TEST(till.moves() == 1U);
    BOOST_TEST(till.moved_minor() == 1000);
  }
}

BOOST_AUTO_TEST_CASE(without_network_the_card_leg_is_queued_and_settles_later) {
  Till till;
  till.receive_with_rights(card_order(), "anna");
  till.shop.terminal.set_online(false);
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  BOOST_TEST((outcome.state.legs[0].state == LegState::queued));
  const auto head = till.journal().head();
  resume(till.context());
  BOOST_TEST((till.journal().head() == head));  // nothing was learned, nothing is written
  till.shop.terminal.set_online(true);
  resume(till.context());
  BOOST_TEST(read_outcome(till.context(), outcome.case_id)->state.closed);
  BOOST_TEST(till.moves() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_turned_down_at_settlement_is_not_asked_for_again_but_waits_for_a_person) {
  Till till;
  till.receive_with_rights(card_order(), "anna");
  till.shop.terminal.set_online(false);
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  till.shop.terminal.set_online(true);
  till.shop.terminal.fail_next(simulated::CardFault::card_closed);
  resume(till.context());
  const CaseLeg leg = read_outcome(till.context(), outcome.case_id)->state.legs[0];
  BOOST_TEST((leg.state == LegState::failed));
  BOOST_TEST((leg.problem == LegProblem::card_closed));
  BOOST_TEST(till.moves() == 0U);
  BOOST_TEST(till.must(pay_leg(till.context(), outcome.case_id, leg.leg.leg_id)).state.closed);
  BOOST_TEST(till.moves() == 1U);
}

BOOST_AUTO_TEST_CASE(a_declined_leg_waits_for_a_person_and_is_paid_under_its_id) {
  Till till;
  till.receive_with_rights(card_order(), "anna");
  till.shop.terminal.fail_next(simulated::CardFault::declined);
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  const LegId leg = outcome.state.legs[0].leg.leg_id;
  BOOST_TEST((outcome.state.legs[0].state == LegState::failed));
  resume(till.context());
  BOOST_TEST(till.moves() == 0U);
  BOOST_TEST(status(till.context()).open_cases.front().legs_failed == 1U);
  const auto paid = till.must(pay_leg(till.context(), outcome.case_id, leg));
  BOOST_TEST(paid.state.closed);
  BOOST_TEST((till.shop.terminal.moves().front().leg_id == leg));
  BOOST_TEST(pay_leg(till.context(), outcome.case_id, leg).error().code == "leg_not_payable");
}

BOOST_AUTO_TEST_CASE(only_a_leg_whose_end_nobody_knows_can_be_confirmed_and_only_once) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1000}}), "anna");
  Countdown countdown{1};
  MortalDrawer drawer(till.shop.drawer, countdown);
  till.drawer_instead = &drawer;
  till.restart();
  const ReturnCommand command = till.command("anna", {{"shirt", 1, 1000}});
  BOOST_CHECK_THROW(static_cast<void>(execute_return(till.context(), command)), Killed);
  till.restart();
  BOOST_TEST(resume(till.context()).needs_a_person == 1U);
  const auto open = till.must(execute_return(till.context(), command));
  ConfirmLeg confirm{till.ids.make<CommandId>(), open.case_id, open.state.legs[0].leg.leg_id, LegOutcome::settled,
                     "boss"};
  BOOST_TEST(till.must(confirm_leg(till.context(), confirm)).state.closed);
  const auto head = till.journal().head();
  BOOST_TEST(till.must(confirm_leg(till.context(), confirm)).state.closed);
  BOOST_TEST((till.journal().head() == head));
  confirm.outcome = LegOutcome::failed;
  BOOST_TEST(confirm_leg(till.context(), confirm).error().code == "command_reused");
  confirm.command_id = till.ids.make<CommandId>();
  BOOST_TEST(confirm_leg(till.context(), confirm).error().code == "leg_not_unknown");
  confirm.leg_id = till.ids.make<LegId>();
  BOOST_TEST(confirm_leg(till.context(), confirm).error().code == "leg_unknown");
  confirm.case_id = till.ids.make<ReturnCaseId>();
  BOOST_TEST(confirm_leg(till.context(), confirm).error().code == "case_unknown");
  BOOST_TEST(read_outcome(till.context(), open.case_id)->state.legs[0].confirmed_by == "boss");
}

BOOST_AUTO_TEST_CASE(a_leg_that_another_thread_moves_is_left_alone) {
  Till till;
  till.receive_with_rights(card_order(), "anna");
  till.shop.terminal.fail_next(simulated::CardFault::answer_lost);
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  const LegId leg = outcome.state.legs[0].leg.leg_id;
  BOOST_REQUIRE(till.context().legs_in_motion.take(leg));
  BOOST_TEST(resume(till.context()).asked == 0U);
  till.context().legs_in_motion.put_back(leg);
  BOOST_TEST(resume(till.context()).asked == 1U);
}

BOOST_AUTO_TEST_CASE(when_the_journal_fails_behind_the_drawer_the_words_say_what_was_paid) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1000}}), "anna");
  FillingDrawer drawer(till.shop.drawer, till);
  till.drawer_instead = &drawer;
  till.restart();
  const ReturnCommand command = till.command("anna", {{"shirt", 1, 1000}});
  std::string words;
  try {
    static_cast<void>(execute_return(till.context(), command));
  } catch (const Error& error) {
    words = error.what();
  }
  BOOST_TEST(words.find("10.00 GBP has been paid out") != std::string::npos, words);
  BOOST_TEST(words.find("no tender was moved") == std::string::npos, words);
  till.journal().database().execute("DROP TRIGGER no_room");
  const auto again = till.must(execute_return(till.context(), command));
  BOOST_TEST(again.already_recorded);
  BOOST_TEST(resume(till.context()).needs_a_person == 1U);
  let_a_person_finish(till, again.case_id);
  BOOST_TEST(till.moved_minor() == 1000);
}

BOOST_AUTO_TEST_SUITE_END()
