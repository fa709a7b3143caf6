#include "plugin/app/explain_case.hpp"

#include <boost/test/unit_test.hpp>

#include "db/policy_pack/pack_file.hpp"
#include "plugin/app/adopt_policy.hpp"
#include "plugin/app/what_if.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

const std::string thirty_days = R"({"id": "p", "version": 1, "windows": [{"id": "general", "days": 30}]})";
const std::string no_days = R"({"id": "p", "version": 2, "windows": [{"id": "general", "days": 0}]})";

PolicyPack pack_of(const std::string& json) {
  return policy_pack::policy_from_json(json, "the test's pack");
}

/// The store decides by this pack from here on, and its journal says so.
void adopt(Till& till, const std::string& json) {
  const PolicyPack pack = pack_of(json);
  till.append(PolicyAdopted{.policy_id = pack.id, .policy_version = pack.version, .pack_hash = {}, .pack = json});
  till.context().policy = pack;
}

/// Anna brings back one of two shirts that she bought yesterday for 19.99 each; `named`: with her receipt.
ReturnCaseId bring_back_a_shirt(Till& till, bool named = true) {
  const Order order = plain_order("W-1", {{"shirt", 2, 1999}});
  till.receive_with_rights(order, "anna");
  ReturnCommand command = till.command("anna", {{"shirt", 1, 1999}});
  if (named) {
    command.visit.lines[0].order_id = order.id;
    command.visit.lines[0].order_line_no = 1;
  }
  return till.must(execute_return(till.context(), command)).case_id;
}

sqlite::Database& database(Till& till) {
  return till.journal().database();
}

bool says(const std::string& text, const std::string& line) {
  BOOST_TEST_INFO_SCOPE(text);
  return text.find(line) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explain_case_tests)

BOOST_AUTO_TEST_CASE(an_approval_is_told_with_rule_facts_and_purchase) {
  Till till;
  adopt(till, thirty_days);
  const std::string text = explain_case(database(till), bring_back_a_shirt(till));
  BOOST_TEST(says(text, "Line 1: 1 of shirt, reason unspecified: approved (event "));
  BOOST_TEST(says(text, "  rule: matching of pack p, version 1\n  rests on: windows/general\n"));
  BOOST_TEST(says(text, "  facts: business date 2026-11-22, "));
  BOOST_TEST(says(text, "line 1, online, sold 2026-11-21: 2 bought, 2 free here\n"));
  BOOST_TEST(says(text, "  given again: the same answer\n"));
  BOOST_TEST(!says(text, "would change it"));
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_would_have_changed_it) {
  Till till;
  adopt(till, no_days);
  const std::string text = explain_case(database(till), bring_back_a_shirt(till));
  BOOST_TEST(says(text, "refused (window_closed)"));
  BOOST_TEST(says(text, "  rule: windows/general of pack p, version 2\n"));
  BOOST_TEST(says(text, "  would change it: an earlier return: the time was over\n"));
  BOOST_TEST(says(text, "  given again: the same answer\n"));
}

BOOST_AUTO_TEST_CASE(each_decision_is_given_again_by_the_pack_that_was_in_force_then) {
  Till till;
  adopt(till, thirty_days);
  const ReturnCaseId before = bring_back_a_shirt(till);
  adopt(till, no_days);
  BOOST_TEST(says(explain_case(database(till), before), "version 1\n"));
  const auto adopted = adopted_policies(database(till));
  for (const PastAnswer& answer : past_answers(database(till))) BOOST_TEST(give_again(answer, adopted).same);
}

BOOST_AUTO_TEST_CASE(a_journal_that_lacks_the_pack_or_tells_another_answer_is_not_believed) {
  Till till;
  till.context().policy = pack_of(thirty_days);
  const ReturnCaseId id = bring_back_a_shirt(till);
  BOOST_TEST(says(explain_case(database(till), id), "given again: this journal does not hold that pack\n"));
  till.append(PolicyAdopted{.policy_id = "p",
                            .policy_version = 1,
                            .pack_hash = {},
                            .pack = R"({"id": "p", "version": 1, "windows": [{"id": "general", "days": 0}]})"});
  BOOST_TEST(says(explain_case(database(till), id),
                  "given again: another answer: refused (window_closed) by windows/general\n"));
}

BOOST_AUTO_TEST_CASE(a_line_that_waits_has_no_answer_to_explain) {
  Till till;
  const Order order = plain_order("W-1", {{"shirt", 2, 1999}});
  till.receive(order, "anna");  // without its rights
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1999}})));
  BOOST_TEST(explain_case(database(till), outcome.case_id) == "");
}

BOOST_AUTO_TEST_CASE(what_if_counts_verdicts_and_money_then_and_now) {
  Till till;
  adopt(till, thirty_days);
  bring_back_a_shirt(till);
  const WhatIf stricter = what_if(past_answers(database(till)), pack_of(no_days));
  BOOST_TEST(stricter.lines == 1U);
  BOOST_TEST((stricter.verdicts ==
              std::map<std::pair<Verdict, Verdict>, std::size_t>{{{Verdict::approved, Verdict::refused}, 1}}));
  BOOST_TEST((stricter.money.at("GBP") == ThenAndNow{{1999, 0, 0}, {0, 0, 0}}));
  BOOST_REQUIRE(stricter.changed.size() == 1U);
  BOOST_TEST(stricter.changed[0].now.trace.rule == "windows/general");

  const WhatIf with_fee = what_if(past_answers(database(till)), pack_of(R"({"id": "p", "version": 3, "windows":
    [{"id": "credit", "days": 30, "refund_as": "store_credit"}],
    "fees": [{"id": "f", "kind": "restocking", "share_basis_points": 1000},
             {"id": "g", "kind": "return_shipping", "each_minor": 300}]})"));
  BOOST_TEST((with_fee.money.at("GBP") == ThenAndNow{{1999, 0, 0}, {1999, 499, 1500}}));
  BOOST_TEST(with_fee.changed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_if_the_rules_say_the_same_in_other_words_changes_nothing) {
  Till till;
  adopt(till, thirty_days);
  bring_back_a_shirt(till);
  const WhatIf same = what_if(past_answers(database(till)), pack_of(R"({"id": "q", "version": 9, "windows":
    [{"id": "other_name", "days": 1}]})"));
  BOOST_TEST(same.lines == 1U);
  BOOST_TEST(same.changed.empty());
  BOOST_TEST((same.money.at("GBP") == ThenAndNow{{1999, 0, 0}, {1999, 0, 0}}));
}

BOOST_AUTO_TEST_CASE(a_fee_above_the_price_keeps_no_more_than_the_price) {
  const OrderId order{{1}};
  Decision decision;
  decision.taken = {{order, {1, 0, 2}}};
  decision.terms = {
      {.fees = {{.rule = "fees/f", .kind = FeeKind::restocking, .each_minor = minor_max}}, .refund_as = {}}};
  decision.trace.lots = {
      {.order_id = order, .line_no = 1, .unit_price = {}, .bought = 3, .free = {}, .paid_minor = 1000}};
  BOOST_TEST((money_of(decision) == DecisionMoney{666, 666, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
