#include "plugin/core/policy/policy.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/print_rules.hpp"

using namespace retour;

namespace {

const OrderId some_order{{1}};

CivilDate day(const char* iso) {
  return *CivilDate::parse(iso);
}

/// Three units of one line, sold and delivered on 1 March 2011.
Lot a_lot(std::int64_t free = 3) {
  Lot lot{.order_id = some_order,
          .line_no = 2,
          .sold_at_ms = 10,
          .unit_price = *Decimal::parse("2.55"),
          .bought = 3,
          .free = {},
          .sold_on = day("2011-03-01")};
  if (free > 0) lot.free.push_back({2, 3 - free, free});
  return lot;
}

ReturnAsk an_ask(std::int64_t quantity = 1) {
  ReturnAsk ask;
  ask.line_no = 1;
  ask.sku = "85123A";
  ask.quantity = quantity;
  return ask;
}

ReturnAsk naming_the_line(ReturnAsk ask) {
  ask.order_id = some_order;
  ask.order_line_no = 2;
  return ask;
}

DecisionFacts the_hub_knows(std::vector<Lot> lots, const char* today = "2011-03-05") {
  DecisionFacts facts;
  facts.has_customer = true;
  facts.lots = std::move(lots);
  facts.final_word = true;
  facts.feed_position = 42;
  facts.asked_at_ms = 1000;
  facts.business_date = day(today);
  return facts;
}

DecisionFacts a_node_knows(std::vector<Lot> lots, const char* today = "2011-03-05") {
  DecisionFacts facts = the_hub_knows(std::move(lots), today);
  facts.final_word = false;
  return facts;
}

PolicyPack a_policy(std::optional<std::int32_t> window_days = std::nullopt, std::uint8_t digits = 5) {
  PolicyPack pack{.id = "uk", .version = 3, .merchandise_sku_leading_digits = digits};
  if (window_days) pack.windows.push_back({.name = {"general", ""}, .days = *window_days});
  return pack;
}

/// "refused/window_closed by windows/general"
std::string answer(const Decision& decision) {
  std::string text(to_string(decision.verdict));
  if (decision.refusal != Refusal::none) text += "/" + std::string(to_string(decision.refusal));
  return text + " by " + decision.trace.rule;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_tests)

BOOST_AUTO_TEST_CASE(an_approval_names_the_units_and_what_it_rests_on) {
  const Decision got = decide_line(an_ask(2), a_node_knows({a_lot()}), a_policy());
  BOOST_TEST(answer(got) == "approved by matching");
  BOOST_TEST(text_of(got.taken) == "1/2:[0,2)");
  BOOST_TEST(got.assurance == Assurance::none);
  BOOST_TEST(got.trace.policy_id == "uk");
  BOOST_TEST(got.trace.policy_version == 3U);
  BOOST_TEST(got.trace.feed_position == 42U);
  BOOST_TEST((got.trace.lots == std::vector<Lot>{a_lot()}));
  BOOST_TEST(got.trace.would_change == "");
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_says_no_is_the_answer) {
  ReturnAsk wrong = an_ask(0);
  wrong.sku = "POST";
  DecisionFacts nobody = the_hub_knows({});
  nobody.has_customer = false;
  BOOST_TEST(answer(decide_line(wrong, nobody, a_policy())) == "refused/quantity_invalid by quantity");
  wrong.quantity = 1;
  BOOST_TEST(answer(decide_line(wrong, nobody, a_policy())) == "refused/no_customer by customer");
  BOOST_TEST(answer(decide_line(wrong, the_hub_knows({}), a_policy())) ==
             "refused/not_merchandise by not_merchandise");
  BOOST_TEST(answer(decide_line(an_ask(), the_hub_knows({}), a_policy())) == "refused/no_purchase_found by matching");
}

BOOST_AUTO_TEST_CASE(quantities_outside_one_to_the_limit_are_invalid) {
  for (const std::int64_t quantity : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, quantity_max + 1, INT64_MAX}) {
    BOOST_TEST(answer(decide_line(an_ask(quantity), the_hub_knows({a_lot()}), a_policy())) ==
               "refused/quantity_invalid by quantity");
  }
  BOOST_TEST(answer(decide_line(an_ask(quantity_max), the_hub_knows({a_lot()}), a_policy())) ==
             "refused/quantity_exceeds_returnable by matching");
}

BOOST_AUTO_TEST_CASE(a_named_order_needs_no_customer) {
  DecisionFacts facts = a_node_knows({a_lot()});
  facts.has_customer = false;
  BOOST_TEST(answer(decide_line(naming_the_line(an_ask()), facts, a_policy())) == "approved by matching");
}

BOOST_AUTO_TEST_CASE(merchandise_begins_with_the_digits_the_policy_wants) {
  const auto verdict_of = [](const char* sku, std::uint8_t digits) {
    ReturnAsk ask = an_ask();
    ask.sku = sku;
    return decide_line(ask, the_hub_knows({a_lot()}), a_policy(std::nullopt, digits)).refusal;
  };
  for (const char* fee : {"POST", "M", "C2", "8512", "8512A3", "", "gift_0001_20"}) {
    BOOST_TEST(verdict_of(fee, 5) == Refusal::not_merchandise);
    BOOST_TEST(verdict_of(fee, 0) == Refusal::none);
  }
  BOOST_TEST(verdict_of("85123", 5) == Refusal::none);
}

BOOST_AUTO_TEST_CASE(the_hub_names_the_shortage_and_a_node_refers_it) {
  struct Case {
    std::vector<Lot> lots;
    std::string_view said;
  };
  for (const auto& [lots, said] :
       {Case{{}, "refused/no_purchase_found by matching"}, Case{{a_lot(0)}, "refused/already_returned by matching"},
        Case{{a_lot(1)}, "refused/quantity_exceeds_returnable by matching"}}) {
    BOOST_TEST(answer(decide_line(an_ask(2), the_hub_knows(lots), a_policy())) == said);
    const Decision at_node = decide_line(an_ask(2), a_node_knows(lots), a_policy());
    BOOST_TEST(answer(at_node) == "deferred by matching");
    BOOST_TEST(at_node.trace.would_change == "hub_answers");
    BOOST_TEST(at_node.taken.empty());
    BOOST_TEST((at_node.trace.lots == lots));
  }
}

BOOST_AUTO_TEST_CASE(only_the_named_line_counts_when_the_customer_names_it) {
  Lot other = a_lot();
  other.line_no = 7;
  other.free = {{7, 0, 3}};
  const Decision got = decide_line(naming_the_line(an_ask(4)), the_hub_knows({a_lot(), other}), a_policy());
  BOOST_TEST(answer(got) == "refused/quantity_exceeds_returnable by matching");
  BOOST_TEST(got.trace.lots.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_window_is_open_through_its_last_day) {
  const auto on = [](const char* today) {
    return answer(decide_line(naming_the_line(an_ask()), a_node_knows({a_lot()}, today), a_policy(14)));
  };
  BOOST_TEST(on("2011-03-01") == "approved by matching");
  BOOST_TEST(on("2011-03-15") == "approved by matching");
  BOOST_TEST(on("2011-03-16") ==
             "refused/window_closed by windows/general");  // a node may say so alone: nobody else's act changes it
}

BOOST_AUTO_TEST_CASE(a_named_order_comes_back_whatever_the_clocks_say_and_an_unnamed_one_only_when_sold_before) {
  Lot from_the_future = a_lot();
  from_the_future.sold_at_ms = 5000;  // the question is asked at 1000
  BOOST_TEST(answer(decide_line(naming_the_line(an_ask(3)), a_node_knows({from_the_future}), a_policy())) ==
             "approved by matching");
  BOOST_TEST(answer(decide_line(naming_the_line(an_ask(4)), the_hub_knows({from_the_future}), a_policy())) ==
             "refused/quantity_exceeds_returnable by matching");
  BOOST_TEST(answer(decide_line(an_ask(3), the_hub_knows({from_the_future}), a_policy())) ==
             "refused/no_purchase_found by matching");
}

BOOST_AUTO_TEST_CASE(a_window_counts_from_delivery_where_it_is_known) {
  Lot delivered = a_lot();
  delivered.delivered_on = day("2011-03-06");
  DecisionFacts facts = a_node_knows({delivered}, "2011-03-20");
  BOOST_TEST(answer(decide_line(naming_the_line(an_ask()), facts, a_policy(14))) == "approved by matching");
  facts.business_date = day("2011-03-21");
  BOOST_TEST(answer(decide_line(naming_the_line(an_ask()), facts, a_policy(14))) ==
             "refused/window_closed by windows/general");
}

BOOST_AUTO_TEST_CASE(matched_lots_outside_the_window_are_passed_over) {
  Lot young = a_lot();
  young.order_id = OrderId{{2}};
  young.unit_price = *Decimal::parse("9.99");
  young.sold_on = day("2011-06-01");
  ReturnAsk ask = an_ask(3);
  ask.asked_price = *Decimal::parse("2.55");
  const std::vector<Lot> lots{a_lot(), young};
  BOOST_TEST(text_of(decide_line(ask, the_hub_knows(lots, "2011-06-05"), a_policy()).taken) == "1/2:[0,3)");
  BOOST_TEST(text_of(decide_line(ask, the_hub_knows(lots, "2011-06-05"), a_policy(14)).taken) == "2/2:[0,3)");

  ask.quantity = 4;
  BOOST_TEST(answer(decide_line(ask, the_hub_knows(lots, "2011-06-05"), a_policy(14))) ==
             "refused/window_closed by windows/general");
  BOOST_TEST(answer(decide_line(ask, a_node_knows(lots, "2011-06-05"), a_policy(14))) == "deferred by matching");
  ask.quantity = 7;
  BOOST_TEST(answer(decide_line(ask, the_hub_knows(lots, "2011-06-05"), a_policy(14))) ==
             "refused/quantity_exceeds_returnable by matching");
}

BOOST_AUTO_TEST_CASE(the_trace_does_not_depend_on_the_order_in_which_lots_were_found) {
  Lot newer = a_lot();
  newer.sold_at_ms = 20;
  newer.order_id = OrderId{{2}};
  Lot later = a_lot();
  later.sold_at_ms = 1000;  // the instant of the question: not before it
  const Decision one = decide_line(an_ask(5), the_hub_knows({a_lot(), newer, later}), a_policy());
  const Decision two = decide_line(an_ask(5), the_hub_knows({later, newer, a_lot()}), a_policy());
  BOOST_TEST((one == two));
  BOOST_TEST((one.trace.lots == std::vector<Lot>{newer, a_lot()}));
}

BOOST_AUTO_TEST_CASE(reasons_are_read_back_from_their_names_and_nothing_else) {
  for (std::uint8_t code = 0; code <= 10; ++code) {
    const auto reason = static_cast<ReturnReason>(code);
    BOOST_TEST((parse_return_reason(to_string(reason)) == reason));
  }
  BOOST_TEST(!parse_return_reason("Size").has_value());
  BOOST_TEST(!parse_return_reason("").has_value());
  BOOST_TEST(!parse_return_reason("unknown").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
