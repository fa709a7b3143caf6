// Old articles against new goods: what they are worth, that the sale is paid exactly, and that nothing is paid out.
#include <boost/test/unit_test.hpp>

#include "plugin/app/quote_return.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/core/order/value_account.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

struct TradeInTill : Till {
  TradeInTill() {
    policy.trade_in.push_back({.name = {"phones", ""}, .credit = {{gbp, 8'000}}});
    policy.trade_in.back().when.skus = {"old-phone"};
    restart();
    receive_with_rights(plain_order("W-1", {{"scarf", 1, 2'000}}, {{1, TenderKind::card, "pay-1", 2'000}}), "carol");
  }
  ReturnCommand against(Minor price, std::int64_t phones, std::vector<Tender> added = {}) {
    ReturnCommand asked = command("", {});
    asked.exchange.emplace();
    asked.exchange->goods = plain_order("S-1", {{"new-phone", 1, price}});
    asked.exchange->goods.channel = SaleChannel::store;
    asked.exchange->goods.sold_at_ms = 0;
    asked.exchange->goods.tenders = std::move(added);
    asked.exchange->trade_ins = {{.sku = "old-phone", .quantity = phones}};
    return asked;
  }
  /// The same, with the scarf that carol brings back.
  ReturnCommand with_scarf(ReturnCommand asked) {
    asked.visit.customer_ref = "carol";
    asked.visit.lines = command("carol", {{"scarf", 1}}).visit.lines;
    return asked;
  }
  std::string refusal(const ReturnCommand& asked) {
    const auto outcome = serve_customer(context(), asked, 0);
    return outcome.ok() ? "done" : outcome.error().code;
  }
  ReturnOutcome bring_back(const Order& sale) {
    ReturnCommand asked = command("", {{"new-phone", 1}});
    asked.visit.lines[0].order_id = sale.id;
    asked.visit.lines[0].order_line_no = 1;
    return must(serve_customer(context(), asked, 0));
  }
};

std::vector<Tender> cash(Minor minor) {
  return {{1, TenderKind::cash, "", minor}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trade_in_tests, TradeInTill)

BOOST_AUTO_TEST_CASE(claims_credit_and_what_is_added_are_the_total_of_the_sale_exactly) {
  const ReturnOutcome done = must(serve_customer(context(), with_scarf(against(30'001, 2, cash(12'001))), 0));
  BOOST_TEST_REQUIRE(done.exchanged.size() == 1U);
  const std::vector<Tender> expected{{1, TenderKind::card, "pay-1", 2'000},
                                     {2, TenderKind::voucher, "trade_in", 16'000},
                                     {3, TenderKind::cash, "", 12'001}};
  BOOST_TEST((done.exchanged[0].tenders == expected));
  BOOST_TEST(order_total(done.exchanged[0]) == 30'001);
  BOOST_TEST(moves() == 0U);
  BOOST_TEST(stock_of("old-phone", Bucket::hold) == 2);
}

BOOST_AUTO_TEST_CASE(what_comes_back_is_paid_out_where_the_old_article_has_paid_all) {
  const ReturnOutcome done = must(serve_customer(context(), with_scarf(against(8'500, 1)), 0));
  BOOST_TEST(done.exchanged.at(0).tenders.at(0).paid_minor == 500);
  BOOST_TEST(moved_minor() == 1'500);  // of the scarf; the phone's credit pays first
}

BOOST_AUTO_TEST_CASE(the_credit_is_not_more_than_the_goods_cost_and_the_rest_is_paid_to_the_penny) {
  BOOST_TEST(refusal(against(8'000, 1)) == "done");
  ReturnCommand cheaper = against(7'999, 1);
  cheaper.exchange->goods.number = "S-4";
  BOOST_TEST(refusal(cheaper) == "trade_in_exceeds_goods");
  for (const Minor added : {1'999, 2'001}) {
    ReturnCommand asked = against(10'000, 1, cash(added));
    asked.exchange->goods.number = "S-2";
    BOOST_TEST(refusal(asked) == (added < 2'000 ? "exchange_not_paid" : "exchange_overpaid"));
  }
  ReturnCommand many = against(10'000, 1'000'000'000);
  many.exchange->goods.number = "S-3";
  policy.trade_in[0].credit = {{gbp, minor_max}};
  restart();
  BOOST_TEST(refusal(many) == "trade_in_too_much");
}

BOOST_AUTO_TEST_CASE(what_no_rule_names_is_not_taken_and_leaves_no_trace) {
  const std::uint64_t before = journal().head().seq;
  ReturnCommand kettle = against(10'000, 1);
  kettle.exchange->trade_ins[0].sku = "kettle";
  BOOST_TEST(refusal(kettle) == "trade_in_not_taken");
  ReturnCommand yen = against(10'000, 1);
  yen.exchange->goods.currency = *Currency::parse("JPY");
  BOOST_TEST(refusal(yen) == "trade_in_not_taken");
  BOOST_TEST(journal().head().seq == before);
}

BOOST_AUTO_TEST_CASE(a_quote_says_what_the_old_article_is_worth_and_what_is_to_be_added) {
  const ReturnCommand asked = against(30'000, 1);
  const auto quote = quote_return(context(), asked.visit, asked.exchange);
  BOOST_TEST_REQUIRE(quote.ok());
  BOOST_TEST_REQUIRE(quote->exchange.has_value());
  BOOST_TEST(quote->exchange->trade_ins.at(0).credit_minor == 8'000);
  BOOST_TEST(quote->exchange->trade_ins.at(0).rule == "trade_in/phones");
  BOOST_TEST(quote->exchange->to_add_minor == 22'000);
}

BOOST_AUTO_TEST_CASE(the_same_command_again_takes_nothing_more_and_another_article_is_another_command) {
  ReturnCommand asked = against(10'000, 1, cash(2'000));
  must(serve_customer(context(), asked, 0));
  BOOST_TEST(must(serve_customer(context(), asked, 0)).already_recorded);
  BOOST_TEST(stock_of("old-phone", Bucket::hold) == 1);
  asked.exchange->trade_ins[0].serial = "A1";
  BOOST_TEST(refusal(asked) == "command_reused");
}

BOOST_AUTO_TEST_CASE(what_an_old_article_paid_comes_back_as_a_voucher_whatever_the_policy_says) {
  const ReturnOutcome done = must(serve_customer(context(), against(10'000, 1, cash(2'000)), 0));
  policy.payout.tenders = {{TenderKind::voucher, {{TenderKind::cash, {}}, {TenderKind::card, {}}}}};
  restart();
  const ReturnOutcome back = bring_back(done.exchanged.at(0));
  BOOST_TEST(moved_minor() == 2'000);  // the cash that was added, and no more
  BOOST_TEST_REQUIRE(back.credits.size() == 1U);
  BOOST_TEST((kind_of_value(back.credits[0].account) == TenderKind::voucher));
  BOOST_TEST(order_total(back.credits[0].account) == 8'000);
}

BOOST_AUTO_TEST_SUITE_END()
