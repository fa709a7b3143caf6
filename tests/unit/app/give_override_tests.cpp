#include "plugin/app/give_override.hpp"

#include <boost/test/unit_test.hpp>

#include "db/codec/event_codec.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/app/settle_line.hpp"
#include "plugin/app/status.hpp"
#include "plugin/app/void_case.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

/// A shop in which a cashier gives back up to 20.00 and a manager any amount.
struct Shop : Till {
  Shop() {
    policy.levels = {{gbp, {2'000}}};
    policy.authority = {{.name = {"cashier"}, .role = Role::cashier, .up_to_level = 1},
                        {.name = {"manager"}, .role = Role::manager, .up_to_level = amount_levels}};
    restart();
    employ("anna", Role::cashier, "1111");
    employ("sue", Role::supervisor, "2222");
    employ("maria", Role::manager, "2468");
  }

  /// A return of so many shirts at 10.00 by the cashier anna.
  ReturnOutcome shirts(std::int64_t count) {
    receive_with_rights(plain_order("W-1", {{"shirt", count, 1000}}), "carol");
    return must(execute_return(context(), command("carol", {{"shirt", count, 0}})));
  }

  GiveOverride yes(const ReturnOutcome& outcome, const std::string& pin = "2468") {
    return {.command_id = ids.make<CommandId>(),
            .case_id = outcome.case_id,
            .line_no = 1,
            .by = {"maria", ApprovalMethod::pin, pin},
            .reason = "known customer",
            .declined = false};
  }

  std::string code_of_try(const GiveOverride& command) {
    const auto result = give_override(context(), command);
    return result.ok() ? "done" : result.error().code;
  }
};

std::int64_t on_shelf(Till& till, const std::string& sku) {
  for (const StockLevel& stock : stock(till.context(), sku)) {
    if (stock.bucket == Bucket::sellable) return stock.quantity;
  }
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(give_override_tests)

BOOST_AUTO_TEST_CASE(above_a_cashiers_authority_nothing_moves_until_a_manager_has_agreed) {
  Shop shop;
  const auto asked = shop.shirts(3);
  BOOST_TEST((asked.state.lines[0].state == LineState::needs_manager));
  BOOST_TEST((asked.state.lines[0].decision.trace.needs == Role::manager));
  BOOST_TEST(asked.state.lines[0].received == 0);
  BOOST_TEST(shop.moves() == 0U);
  BOOST_TEST(status(shop.context()).open_cases.front().lines_for_manager == 1U);

  const auto agreed = shop.must(give_override(shop.context(), shop.yes(asked)));
  BOOST_TEST(agreed.state.closed);
  BOOST_TEST(agreed.state.paid_minor == 3000);
  BOOST_TEST(agreed.state.lines[0].received == 3);
  BOOST_REQUIRE(agreed.state.overrides.size() == 1U);
  BOOST_TEST(agreed.state.overrides[0].rule == "authority");
  BOOST_TEST(
      (agreed.state.lines[0].decision.trace.facts.approval == Approval{Role::manager, "maria", "known customer"}));
  BOOST_TEST(status(shop.context()).open_cases.empty());
}

BOOST_AUTO_TEST_CASE(the_answer_with_an_approval_can_be_given_again_from_its_trace) {
  Shop shop;
  const auto asked = shop.shirts(3);
  const auto agreed = shop.must(give_override(shop.context(), shop.yes(asked)));
  const CaseOpened& opened = *agreed.state.opened;
  for (const CaseLine& line : {asked.state.lines[0], agreed.state.lines[0]}) {
    Decision again =
        decide_again(line.ask, line.decision, opened.opened_at_ms, opened.business_date, gbp, shop.context().policy);
    again.assurance = line.decision.assurance;
    BOOST_TEST((again == line.decision));
  }
}

BOOST_AUTO_TEST_CASE(a_no_can_be_given_again_from_its_trace) {
  Shop shop;
  const auto asked = shop.shirts(3);
  GiveOverride no = shop.yes(asked);
  no.declined = true;
  const auto declined = shop.must(give_override(shop.context(), no));
  const CaseLine& line = declined.state.lines[0];
  const CaseOpened& opened = *declined.state.opened;
  BOOST_TEST((decide_again(line.ask, line.decision, opened.opened_at_ms, opened.business_date, gbp,
                           shop.context().policy) == line.decision));
}

BOOST_AUTO_TEST_CASE(a_visit_that_was_called_off_waits_for_nobody) {
  Shop shop;
  const auto asked = shop.shirts(3);
  shop.must(void_case(shop.context(), {shop.ids.make<CommandId>(), asked.case_id, "anna", "changed her mind"}));
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "line_not_waiting");
  GiveOverride no = shop.yes(asked);
  no.declined = true;
  BOOST_TEST(shop.code_of_try(no) == "line_not_waiting");
}

BOOST_AUTO_TEST_CASE(the_same_yes_again_pays_nothing_again) {
  Shop shop;
  const auto asked = shop.shirts(3);
  GiveOverride command = shop.yes(asked);
  shop.must(give_override(shop.context(), command));
  const auto head = shop.journal().head();
  BOOST_TEST(shop.must(give_override(shop.context(), command)).already_recorded);
  BOOST_TEST((shop.journal().head() == head));
  command.declined = true;
  BOOST_TEST(shop.code_of_try(command) == "command_reused");
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "line_not_waiting");
  BOOST_TEST(shop.moves() == 1U);
}

BOOST_AUTO_TEST_CASE(whoever_may_not_say_yes_changes_nothing) {
  Shop shop;
  const auto asked = shop.shirts(3);
  const auto head = shop.journal().head();
  const auto by = [&](const std::string& who, const std::string& pin) {
    GiveOverride command = shop.yes(asked, pin);
    command.by.approver = who;
    return shop.code_of_try(command);
  };
  BOOST_TEST(by("anna", "1111") == "approver_is_requester");
  BOOST_TEST(by("sue", "2222") == "approver_role_too_low");
  BOOST_TEST(by("maria", "2222") == "approver_not_verified");
  BOOST_TEST(by("maria", "") == "approver_not_verified");
  BOOST_TEST(by("nobody", "2468") == "approver_not_verified");
  GiveOverride no = shop.yes(asked, "2222");
  no.by.approver = "sue";
  no.declined = true;
  BOOST_TEST(shop.code_of_try(no) == "approver_role_too_low");
  GiveOverride elsewhere = shop.yes(asked);
  elsewhere.line_no = 9;
  BOOST_TEST(shop.code_of_try(elsewhere) == "line_unknown");
  elsewhere.case_id = ReturnCaseId{{9}};
  BOOST_TEST(shop.code_of_try(elsewhere) == "case_unknown");
  BOOST_TEST((shop.journal().head() == head));
}

BOOST_AUTO_TEST_CASE(wrong_tries_lock_a_person_out_for_longer_and_longer_and_a_restart_forgets_nothing) {
  Shop shop;
  const auto asked = shop.shirts(3);
  for (int i = 0; i < 3; ++i) BOOST_TEST(shop.code_of_try(shop.yes(asked, "0000")) == "approver_not_verified");
  BOOST_TEST(shop.code_of_try(shop.yes(asked, "0000")) == "approver_not_verified");
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "approver_locked");  // even the right one
  shop.restart();
  shop.clock.advance(29'999);
  const auto locked = give_override(shop.context(), shop.yes(asked));
  BOOST_TEST(locked.error().reason.find("in 1 seconds") != std::string::npos);
  shop.clock.advance(1);
  BOOST_TEST(shop.code_of_try(shop.yes(asked, "0000")) == "approver_not_verified");
  shop.clock.advance(59'999);
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "approver_locked");
  shop.clock.advance(1);
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "done");
  BOOST_TEST(lock_ms_after(3) == 0);
  BOOST_TEST(lock_ms_after(4) == 30'000);
  BOOST_TEST(lock_ms_after(8) == 480'000);
  BOOST_TEST(lock_ms_after(9) == lock_ms_max);
  BOOST_TEST(lock_ms_after(4'000'000'000U) == lock_ms_max);
}

BOOST_AUTO_TEST_CASE(a_right_try_forgets_the_wrong_ones_before) {
  Shop shop;
  const auto asked = shop.shirts(3);
  for (int i = 0; i < 3; ++i) shop.code_of_try(shop.yes(asked, "0000"));
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "done");
  for (int i = 0; i < 3; ++i) shop.code_of_try(shop.yes(asked, "0000"));
  BOOST_TEST(shop.code_of_try(shop.yes(asked)) == "line_not_waiting");  // known, and not locked
}

BOOST_AUTO_TEST_CASE(splitting_a_visit_into_lines_changes_nothing_about_who_has_to_agree) {
  Shop shop;
  shop.employ("sam", Role::supervisor, "3333");
  shop.policy.levels = {{gbp, {1'500, 2'500}}};
  shop.policy.authority = {{.name = {"c"}, .role = Role::cashier, .up_to_level = 1},
                           {.name = {"s"}, .role = Role::supervisor, .up_to_level = 2},
                           {.name = {"m"}, .role = Role::manager, .up_to_level = amount_levels}};
  shop.restart();
  shop.receive_with_rights(plain_order("W-1", {{"shirt", 3, 1000}}), "carol");
  const auto asked = shop.must(
      execute_return(shop.context(), shop.command("carol", {{"shirt", 1, 0}, {"shirt", 1, 0}, {"shirt", 1, 0}})));
  for (const CaseLine& line : asked.state.lines) BOOST_TEST((line.decision.trace.needs == Role::manager));
  GiveOverride one = shop.yes(asked, "3333");
  one.by.approver = "sam";
  BOOST_TEST(shop.code_of_try(one) == "approver_role_too_low");
  GiveOverride all = shop.yes(asked);
  all.line_no.reset();
  const auto agreed = shop.must(give_override(shop.context(), all));
  BOOST_TEST(agreed.state.closed);
  BOOST_TEST(agreed.state.overrides.size() == 3U);
  BOOST_TEST(agreed.state.plans.size() == 1U);
  BOOST_TEST(agreed.state.paid_minor == 3000);
}

BOOST_AUTO_TEST_CASE(a_no_refuses_the_line_and_closes_the_case) {
  Shop shop;
  const auto asked = shop.shirts(3);
  GiveOverride no = shop.yes(asked);
  no.declined = true;
  const auto declined = shop.must(give_override(shop.context(), no));
  BOOST_TEST(declined.state.closed);
  BOOST_TEST((declined.state.lines[0].state == LineState::refused));
  BOOST_TEST((declined.state.lines[0].decision.refusal == Refusal::declined_by_manager));
  BOOST_TEST(shop.moves() == 0U);
  // The units are still the customer's to bring back.
  const auto later = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 1, 0}})));
  BOOST_TEST(later.state.closed);
}

BOOST_AUTO_TEST_CASE(a_code_works_offline_once_and_a_retry_of_the_same_command_is_no_second_use) {
  Shop shop;
  shop.hub_reachable = false;
  shop.employ("rita", Role::regional_manager);
  shop.receive_with_rights(plain_order("W-1", {{"shirt", 6, 1000}}), "carol");
  const auto first = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 3, 0}})));
  const auto second = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 3, 0}})));
  GiveOverride by_code = shop.yes(first);
  by_code.by = {"rita", ApprovalMethod::code, shop.code_of("rita", 5)};
  BOOST_TEST(shop.must(give_override(shop.context(), by_code)).state.closed);
  BOOST_TEST(shop.must(give_override(shop.context(), by_code)).already_recorded);
  by_code.case_id = second.case_id;
  by_code.command_id = shop.ids.make<CommandId>();
  BOOST_TEST(shop.code_of_try(by_code) == "code_spent");
  by_code.by.secret = shop.code_of("rita", 6);
  BOOST_TEST(shop.code_of_try(by_code) == "done");
  by_code.by.secret = shop.code_of("maria", 6);
  BOOST_TEST(shop.code_of_try(by_code) == "approver_not_verified");
  BOOST_TEST(shop.moved_minor() == 6000);
}

BOOST_AUTO_TEST_CASE(a_yes_of_the_hub_above_the_authority_here_waits_with_the_rights_in_this_store) {
  Shop shop;
  const Order order = plain_order("W-1", {{"shirt", 3, 1000}});
  shop.receive(order, "carol");
  const auto asked = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 3, 0}})));
  BOOST_TEST((asked.state.lines[0].state == LineState::referred));
  Decision decision = asked.state.lines[0].decision;
  decision.verdict = Verdict::approved;
  decision.trace.would_change = "";
  decision.taken = {{order.id, {1, 0, 3}}};
  const auto transfer = shop.grant(decision.taken);
  shop.answer(asked.case_id, asked.state.lines[0], decision, transfer);
  settle_arrived(shop.context(), Payout::at_counter);
  const auto waiting = *read_outcome(shop.context(), asked.case_id);
  BOOST_TEST((waiting.state.lines[0].state == LineState::needs_manager));
  BOOST_TEST(waiting.state.lines[0].settled);
  BOOST_TEST(shop.moves() == 0U);
  BOOST_TEST(shop.must(give_override(shop.context(), shop.yes(waiting))).state.paid_minor == 3000);
}

BOOST_AUTO_TEST_CASE(no_event_holds_a_pin_or_a_code) {
  Shop shop;
  shop.employ("rita", Role::regional_manager);
  const auto asked = shop.shirts(3);
  const std::string code = shop.code_of("rita", 1);
  GiveOverride by_code = shop.yes(asked);
  by_code.by = {"rita", ApprovalMethod::code, code};
  shop.must(give_override(shop.context(), by_code));
  for (const EventEnvelope& event : shop.journal().read(1, 1'000, 10'000'000)) {
    const std::string body(event.body.begin(), event.body.end());
    BOOST_TEST(body.find(code) == std::string::npos);
    BOOST_TEST(body.find("2468") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(goods_go_where_inspection_sends_them_and_are_looked_at_before_money_goes_out) {
  Shop shop;
  shop.policy.checklists = {{"apparel",
                             {"apparel"},
                             {{"tag",
                               {"Tag?", "吊牌？"},
                               {{"present", {"yes", "在"}, Grade::resalable, Disposition::restock, ""},
                                {"missing", {"no", "不在"}, Grade::refurbishable, Disposition::outlet, ""}}}}}};
  shop.restart();
  shop.know_article("shirt", "apparel/shirts");
  shop.receive_with_rights(plain_order("W-1", {{"shirt", 2, 1000}}), "carol");
  ReturnCommand command = shop.command("carol", {{"shirt", 1, 0}});
  BOOST_TEST(execute_return(shop.context(), command).error().code == "check_not_answered");
  const auto quote = quote_return(shop.context(), command.visit);
  BOOST_REQUIRE(quote.ok());
  BOOST_TEST((quote->lines[0].decision.verdict == Verdict::approved));
  BOOST_TEST(quote->lines[0].checklist->id == "apparel");
  command.visit.checks[1] = {{{"tag", "present"}}, {Hash256{{7}}}};
  const auto outcome = shop.must(execute_return(shop.context(), command));
  BOOST_TEST(outcome.state.closed);
  BOOST_REQUIRE(outcome.state.inspections.size() == 1U);
  BOOST_TEST(outcome.state.inspections[0].photos.size() == 1U);
  BOOST_TEST(outcome.state.lines[0].decision.trace.facts.category == "apparel/shirts");
  BOOST_TEST(on_shelf(shop, "shirt") == 1);
  BOOST_TEST(shop.must(execute_return(shop.context(), command)).already_recorded);
  command.visit.checks[1].answers = {{"tag", "missing"}};
  BOOST_TEST(execute_return(shop.context(), command).error().code == "command_reused");
}

BOOST_AUTO_TEST_CASE(answers_where_nothing_is_asked_are_refused_by_name) {
  Shop shop;
  shop.receive_with_rights(plain_order("W-1", {{"shirt", 2, 1000}}), "carol");
  ReturnCommand command = shop.command("carol", {{"shirt", 1, 0}});
  command.visit.checks[1].answers = {{"tag", "present"}};
  BOOST_TEST(execute_return(shop.context(), command).error().code == "check_not_asked");
}

BOOST_AUTO_TEST_CASE(risk_counts_what_this_customer_and_this_cashier_did_before) {
  Shop shop;
  shop.policy.authority.clear();
  shop.policy.risk = {{.name = {"often"}, .signal = RiskSignal::returns_30_days, .at_least = 2, .points = 10},
                      {.name = {"exceptions"}, .signal = RiskSignal::overrides_30_days, .at_least = 1, .points = 1}};
  shop.policy.risk_points_max = 9;
  shop.restart();
  shop.receive_with_rights(plain_order("W-1", {{"shirt", 5, 1000}}), "carol");
  const auto bring = [&] {
    return shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 1, 0}})));
  };
  BOOST_TEST(bring().state.closed);
  BOOST_TEST(bring().state.closed);
  const auto third = bring();
  BOOST_TEST((third.state.lines[0].state == LineState::needs_manager));
  BOOST_TEST(third.state.lines[0].decision.trace.rule == "risk");
  const std::vector<std::string> fired{"risk/often"};
  BOOST_TEST(third.state.lines[0].decision.trace.applied == fired, boost::test_tools::per_element());
  shop.must(give_override(shop.context(), shop.yes(third)));
  const auto fourth = bring();
  const std::vector<std::string> both{"risk/often", "risk/exceptions"};
  BOOST_TEST(fourth.state.lines[0].decision.trace.applied == both, boost::test_tools::per_element());
  shop.clock.advance(40 * std::int64_t{86'400'000});
  ReturnCommand later = shop.command("carol", {{"shirt", 1, 0}});
  later.visit.business_date.days += 40;
  BOOST_TEST(shop.must(execute_return(shop.context(), later)).state.closed);
}

BOOST_AUTO_TEST_CASE(knowledge_that_is_too_old_lowers_what_a_cashier_may_give) {
  Shop shop;
  shop.policy.authority[0].data_age_minutes_max = 60;
  shop.last_contact_ms = shop.clock.now_ms() - 60 * 60'000;
  shop.restart();
  shop.receive_with_rights(plain_order("W-1", {{"shirt", 3, 1000}}), "carol");
  const auto fresh = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 1, 0}})));
  BOOST_TEST(fresh.state.closed);
  BOOST_TEST((fresh.state.lines[0].decision.trace.facts.data_age_minutes == 60));
  shop.clock.advance(60'000);
  const auto stale = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 1, 0}})));
  BOOST_TEST((stale.state.lines[0].state == LineState::needs_manager));
  shop.last_contact_ms = 0;  // never
  const auto never = shop.must(execute_return(shop.context(), shop.command("carol", {{"shirt", 1, 0}})));
  BOOST_TEST((never.state.lines[0].state == LineState::needs_manager));
}

BOOST_AUTO_TEST_SUITE_END()
