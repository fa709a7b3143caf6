#include "plugin/app/execute_return.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "plugin/app/quote_return.hpp"
#include "plugin/app/status.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

std::vector<std::string> kinds_of(Till& till, const ReturnCaseId& case_id) {
  std::vector<std::string> kinds;
  for (const EventEnvelope& event : till.journal().envelopes_of_case(case_id)) kinds.push_back(event.kind);
  return kinds;
}

/// Transactions a case was written in: each has a command of its own.
std::size_t commits_of(Till& till, const ReturnCaseId& case_id) {
  std::map<CommandId, int> commands;
  for (const EventEnvelope& event : till.journal().envelopes_of_case(case_id)) ++commands[event.command_id];
  return commands.size();
}

std::int64_t level(Till& till, const std::string& sku, Bucket bucket) {
  for (const StockLevel& stock : stock(till.context(), sku)) {
    if (stock.bucket == bucket) return stock.quantity;
  }
  return 0;
}

Order three_tender_order() {
  return plain_order("W-3", {{"shirt", 3, 1000}},
                     {{1, TenderKind::gift_card, "gift-1", 500},
                      {2, TenderKind::card, "pay-2", 1000},
                      {3, TenderKind::cash, "", 1500}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(execute_return_tests)

BOOST_AUTO_TEST_CASE(a_cash_return_is_two_commits_and_one_payout) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 2, 1999}}), "anna");
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1999}})));
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(outcome.state.paid_minor == 1999);
  BOOST_TEST(commits_of(till, outcome.case_id) == 2U);
  const std::vector<std::string> expected{"case_opened",        "order_attached",   "line_answered",
                                          "units_claimed",      "goods_received",   "refund_planned",
                                          "refund_leg_started", "refund_leg_ended", "case_closed"};
  BOOST_TEST(kinds_of(till, outcome.case_id) == expected, boost::test_tools::per_element());
  BOOST_TEST(till.moved_minor() == 1999);
  BOOST_TEST((outcome.state.lines.front().assurance == Assurance::held));
  BOOST_TEST(level(till, "shirt", Bucket::hold) == 1);
}

BOOST_AUTO_TEST_CASE(each_further_leg_is_a_further_commit_pair_with_one_shared) {
  Till till;
  till.receive_with_rights(three_tender_order(), "anna");
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 3, 1000}})));
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(outcome.state.legs.size() == 3U);
  BOOST_TEST(till.moved_minor() == 3000);
  BOOST_TEST(till.moves() == 3U);
  BOOST_TEST(commits_of(till, outcome.case_id) == 4U);  // the end of one leg and the start of the next are one
}

BOOST_AUTO_TEST_CASE(the_same_command_again_does_nothing_and_says_the_same) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 2, 1999}}), "anna");
  const ReturnCommand command = till.command("anna", {{"shirt", 1, 1999}});
  const auto first = till.must(execute_return(till.context(), command));
  const auto head = till.journal().head();
  const auto again = till.must(execute_return(till.context(), command));
  BOOST_TEST(again.already_recorded);
  BOOST_TEST((again.state == first.state));
  BOOST_TEST((till.journal().head() == head));
  BOOST_TEST(till.moves() == 1U);
}

BOOST_AUTO_TEST_CASE(other_content_under_a_used_id_is_refused_by_name) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 2, 1999}}), "anna");
  ReturnCommand command = till.command("anna", {{"shirt", 1, 1999}});
  till.must(execute_return(till.context(), command));
  for (const auto& change : std::vector<std::function<void(ReturnCommand&)>>{
           [](ReturnCommand& c) { c.visit.lines[0].quantity = 2; }, [](ReturnCommand& c) { c.cashier = "bert"; },
           [](ReturnCommand& c) { c.visit.customer_ref = "bert"; },
           [](ReturnCommand& c) { c.visit.lines.clear(); }}) {
    ReturnCommand changed = command;
    change(changed);
    if (changed.visit.lines.empty()) changed.visit = till.command("anna", {{"other", 1, 0}}).visit;
    const auto refused = execute_return(till.context(), changed);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().code == "command_reused");
  }
  BOOST_TEST(till.moves() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_quoted_is_what_is_executed) {
  Till till;
  till.receive_with_rights(three_tender_order(), "anna");
  const ReturnCommand command = till.command("anna", {{"shirt", 2, 1000}});
  const auto head = till.journal().head();
  const auto quote = quote_return(till.context(), command.visit);
  BOOST_REQUIRE(quote.ok());
  BOOST_TEST((till.journal().head() == head));
  const auto outcome = till.must(execute_return(till.context(), command));
  BOOST_REQUIRE(quote->plan);
  BOOST_TEST(outcome.state.planned_minor == quote->plan->total_minor);
  BOOST_TEST((outcome.state.lines.front().claims == quote->lines.front().claims));
  for (std::size_t i = 0; i < quote->plan->legs.size(); ++i) {
    BOOST_TEST((outcome.state.legs[i].leg.planned == quote->plan->legs[i]));
  }
}

BOOST_AUTO_TEST_CASE(lines_of_one_visit_share_the_rights_and_nothing_is_claimed_twice) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 3, 1000}}), "anna");
  const auto outcome = till.must(execute_return(
      till.context(), till.command("anna", {{"shirt", 2, 1000}, {"shirt", 2, 1000}, {"shirt", 1, 1000}})));
  BOOST_TEST((outcome.state.lines[0].state == LineState::approved));
  BOOST_TEST((outcome.state.lines[1].state == LineState::referred));
  // The third would fit, but it waits behind the second: the hub answers in the order of asking.
  BOOST_TEST((outcome.state.lines[2].state == LineState::referred));
  BOOST_TEST(outcome.state.lines[2].decision.trace.rule == "earlier_line");
  const auto later = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  BOOST_TEST((later.state.lines[0].state == LineState::referred));
  BOOST_TEST(till.moved_minor() == 2000);
}

BOOST_AUTO_TEST_CASE(units_returned_once_are_never_returned_again_here) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1000}}), "anna");
  till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  const auto again = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  BOOST_TEST((again.state.lines.front().state == LineState::referred));
  BOOST_TEST(till.moved_minor() == 1000);
}

BOOST_AUTO_TEST_CASE(a_node_says_alone_only_what_needs_no_purchases) {
  Till till;
  till.policy.merchandise_sku_leading_digits = 5;
  till.restart();
  const auto no_customer = till.must(execute_return(till.context(), till.command("", {{"12345", 1, 100}})));
  BOOST_TEST((no_customer.state.lines[0].decision.refusal == Refusal::no_customer));
  BOOST_TEST(no_customer.state.closed);
  BOOST_TEST(commits_of(till, no_customer.case_id) == 1U);
  const auto postage =
      till.must(execute_return(till.context(), till.command("anna", {{"POST", 1, 100}, {"12345", 1, 100}})));
  BOOST_TEST((postage.state.lines[0].decision.refusal == Refusal::not_merchandise));
  BOOST_TEST((postage.state.lines[1].state == LineState::referred));
  BOOST_TEST(!postage.state.closed);
}

BOOST_AUTO_TEST_CASE(an_order_without_its_rights_is_referred_with_what_was_seen) {
  Till till;
  till.receive(plain_order("W-1", {{"shirt", 1, 1000}}), "anna");
  const auto outcome = till.must(execute_return(till.context(), till.command("anna", {{"shirt", 1, 1000}})));
  const CaseLine& line = outcome.state.lines.front();
  BOOST_TEST((line.state == LineState::referred));
  BOOST_REQUIRE(line.decision.trace.lots.size() == 1U);
  BOOST_TEST(line.decision.trace.lots.front().bought == 1);
  BOOST_TEST(line.decision.trace.lots.front().free.empty());
  BOOST_TEST(line.decision.trace.feed_position == 1U);
  BOOST_TEST(till.moves() == 0U);
}

BOOST_AUTO_TEST_CASE(a_sale_rung_here_is_returned_a_minute_later_offline) {
  Till till;
  till.hub_reachable = false;
  Order sale = plain_order("T-1", {{"mug", 4, 250}});
  sale.sold_at_ms = 0;
  const SaleCommand command{till.ids.make<CommandId>(), "1", sale, "cleo", ""};
  const auto recorded = record_sale(till.context(), command);
  BOOST_REQUIRE(recorded.ok());
  BOOST_TEST(level(till, "mug", Bucket::sellable) == -4);
  till.clock.advance(60'000);
  const auto outcome = till.must(execute_return(till.context(), till.command("cleo", {{"mug", 3, 250}})));
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(outcome.state.paid_minor == 750);
  ReturnCommand by_order = till.command("", {{"", 1, 0}});
  by_order.visit.lines[0].order_id = recorded->order_id;
  by_order.visit.lines[0].order_line_no = 1;
  const auto rest = till.must(execute_return(till.context(), by_order));
  BOOST_TEST(rest.state.lines[0].ask.sku == "mug");
  BOOST_TEST(rest.state.paid_minor == 250);
  BOOST_TEST(level(till, "mug", Bucket::hold) == 4);
}

BOOST_AUTO_TEST_CASE(a_sale_is_recorded_once_and_a_number_is_used_once) {
  Till till;
  const Order sale = plain_order("T-1", {{"mug", 4, 250}});
  SaleCommand command{till.ids.make<CommandId>(), "1", sale, "cleo", ""};
  BOOST_REQUIRE(record_sale(till.context(), command).ok());
  BOOST_TEST(record_sale(till.context(), command)->already_recorded);
  command.order.lines[0].quantity = 5;
  BOOST_TEST(record_sale(till.context(), command).error().code == "command_reused");
  command.command_id = till.ids.make<CommandId>();
  BOOST_TEST(record_sale(till.context(), command).error().code == "sale_number_reused");
  command.order = plain_order("T-2", {{"mug", 1, 250}}, {{1, TenderKind::cash, "", 249}});
  const auto wrong = record_sale(till.context(), command);
  BOOST_TEST(wrong.error().code == "order_invalid");
  BOOST_TEST(wrong.error().reason.find("tenders_do_not_sum") != std::string::npos);
  BOOST_TEST(level(till, "mug", Bucket::sellable) == -4);
}

BOOST_AUTO_TEST_CASE(a_command_that_cannot_be_meant_is_refused_before_anything_is_written) {
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1000}}), "anna");
  const auto head = till.journal().head();
  const auto code_of = [&](const ReturnCommand& command) {
    const auto result = execute_return(till.context(), command);
    return result.ok() ? std::string("done") : result.error().code;
  };
  BOOST_TEST(code_of(till.command("anna", {})) == "no_lines");
  ReturnCommand twice = till.command("anna", {{"shirt", 1, 0}, {"shirt", 1, 0}});
  twice.visit.lines[1].line_no = 1;
  BOOST_TEST(code_of(twice) == "line_twice");
  ReturnCommand line = till.command("anna", {{"", 1, 0}});
  line.visit.lines[0].order_id = codec::derive_order_id("web", "W-1");
  line.visit.lines[0].order_line_no = 9;
  BOOST_TEST(code_of(line) == "order_line_unknown");
  line.visit.lines[0].order_line_no = 1;
  line.visit.lines[0].sku = "trousers";
  BOOST_TEST(code_of(line) == "sku_differs");
  line.visit.lines[0].sku = "";
  line.visit.lines[0].order_id = codec::derive_order_id("web", "nowhere");
  BOOST_TEST(code_of(line) == "order_unknown");
  ReturnCommand scanned = till.command("anna", {{"", 1, 0}});
  scanned.visit.scanned[1] = "04006381333931";
  BOOST_TEST(code_of(scanned) == "article_unknown");
  BOOST_TEST((till.journal().head() == head));
}

BOOST_AUTO_TEST_CASE(a_scanned_barcode_stands_for_the_article_that_was_bought) {
  Till till;
  Order order = plain_order("W-1", {{"shirt", 1, 1000}});
  order.lines[0].gtin = "04006381333931";
  till.receive_with_rights(order, "anna");
  ReturnCommand scanned = till.command("anna", {{"", 1, 0}});
  scanned.visit.scanned[1] = "04006381333931";
  const auto outcome = till.must(execute_return(till.context(), scanned));
  BOOST_TEST(outcome.state.lines[0].ask.sku == "shirt");
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(till.must(execute_return(till.context(), scanned)).already_recorded);
}

BOOST_AUTO_TEST_CASE(the_tier_that_the_pos_names_opens_the_window_of_that_tier) {
  Till till;
  till.policy.windows = {{.name = {"vip"}, .when = {.tiers = {"vip"}}, .days = 60}, {.name = {"all"}, .days = 30}};
  till.restart();
  Order order = plain_order("W-1", {{"shirt", 2, 1000}});
  order.sold_on = CivilDate{CivilDate::of_ms(noon_ms).days - 45};
  till.receive_with_rights(order, "anna");

  const auto one_back = [&](const std::string& tier) {
    ReturnCommand command = till.command("anna", {{"shirt", 1, 1000}});
    command.visit.lines[0].order_id = order.id;
    command.visit.lines[0].order_line_no = 1;
    command.visit.tier = tier;
    return till.must(execute_return(till.context(), command));
  };
  BOOST_TEST((one_back("").state.lines[0].decision.refusal == Refusal::window_closed));
  const auto outcome = one_back("vip");
  BOOST_TEST((outcome.state.lines[0].decision.verdict == Verdict::approved));
  BOOST_TEST(outcome.state.lines[0].decision.trace.facts.tier == "vip");
}

BOOST_AUTO_TEST_SUITE_END()
