#include <boost/test/unit_test.hpp>

#include "plugin/core/order/value_account.hpp"
#include "plugin/core/policy/decide_value.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

using namespace retour;

namespace {

Order twenty_pounds() {
  return value_order({.id = OrderId{{1}},
                      .authority = "northside",
                      .number = "4F7K-29QX-M3RT",
                      .kind = TenderKind::store_credit,
                      .currency = *Currency::parse("GBP"),
                      .minor = 2'000,
                      .given_at_ms = 1'000,
                      .given_on = {20'000}});
}

DecisionFacts held(std::vector<UnitRange> free, bool final_word = false) {
  const Order account = twenty_pounds();
  Lot lot = lot_of(account, account.lines.front());
  lot.free = std::move(free);
  return {.lots = {lot}, .final_word = final_word, .asked_at_ms = 1'000};
}

ReturnAsk spend(Minor minor) {
  return {.line_no = 1, .order_id = OrderId{{1}}, .order_line_no = 1, .sku = "store_credit", .quantity = minor};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(value_account_tests)

BOOST_AUTO_TEST_CASE(every_minor_unit_is_a_unit_that_costs_one_minor_unit) {
  const Order account = twenty_pounds();
  const auto accounts = OrderAccounts::divide(account);
  BOOST_TEST_REQUIRE(accounts.ok());
  BOOST_TEST(accounts->total_minor() == 2'000);
  for (const Minor first : {0, 999, 1'999}) BOOST_TEST(accounts->paid_for({1, first, 1}).total_minor() == 1);
  BOOST_TEST(accounts->paid_for({1, 500, 700}).total_minor() == 700);
  BOOST_TEST((accounts->paid_for({1, 500, 700}).tenders == std::vector<TenderShare>{{1, 700}}));
  BOOST_TEST(accounts->find_line(1)->ranges.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_account_is_known_by_its_form_and_goods_are_none) {
  Order account = twenty_pounds();
  BOOST_TEST(is_value_account(account));
  BOOST_TEST((kind_of_value(account) == TenderKind::store_credit));
  account.lines.front().net_minor += 1;
  BOOST_TEST(!is_value_account(account));
  account = twenty_pounds();
  account.channel = SaleChannel::store;
  BOOST_TEST(!is_value_account(account));
  account = twenty_pounds();
  account.tenders.front().kind = TenderKind::voucher;  // not what its line says
  BOOST_TEST(!is_value_account(account));
}

BOOST_AUTO_TEST_CASE(who_holds_the_right_spends_the_lowest_units_and_the_rest_stays) {
  const Decision decision = decide_value(spend(700), held({{1, 300, 1'700}}), {});
  BOOST_TEST((decision.verdict == Verdict::approved));
  BOOST_TEST((decision.taken == std::vector<OrderUnits>{{OrderId{{1}}, {1, 300, 700}}}));
}

BOOST_AUTO_TEST_CASE(a_store_without_the_right_asks_and_head_office_says_what_is_left) {
  BOOST_TEST((decide_value(spend(700), held({}), {}).verdict == Verdict::deferred));
  BOOST_TEST((decide_value(spend(701), held({{1, 0, 700}}), {}).verdict == Verdict::deferred));
  BOOST_TEST((decide_value(spend(700), held({}, true), {}).refusal == Refusal::already_returned));
  BOOST_TEST(
      (decide_value(spend(701), held({{1, 0, 700}}, true), {}).refusal == Refusal::quantity_exceeds_returnable));
}

BOOST_AUTO_TEST_CASE(a_budget_is_no_value_on_paper_although_its_units_are_minor_units_too) {
  ReturnAsk ask = spend(700);
  const std::vector<Lot> lots = held({{1, 0, 2'000}}).lots;
  BOOST_TEST(asks_for_value(ask, lots));
  ask.sku = "exposure";
  BOOST_TEST(!asks_for_value(ask, lots));
}

BOOST_AUTO_TEST_CASE(a_decision_about_value_is_given_again_from_its_trace) {
  for (const Minor minor : {700, 2'001}) {
    const Decision decision = decide_value(spend(minor), held({{1, 0, 2'000}}, true), {});
    BOOST_TEST((decide_again(spend(minor), decision, 1'000, {20'000}, *Currency::parse("GBP"), {}) == decision));
  }
}

BOOST_AUTO_TEST_CASE(value_is_never_taken_back_like_goods) {
  BOOST_TEST((decide_line(spend(700), held({{1, 0, 2'000}}), {}).refusal == Refusal::not_merchandise));
}

BOOST_AUTO_TEST_SUITE_END()
