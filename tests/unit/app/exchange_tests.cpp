// An exchange over the real journal: old goods and new goods in one commit.
#include <boost/test/unit_test.hpp>

#include "plugin/app/fetch_rights.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/settle_line.hpp"
#include "plugin/app/void_case.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

struct ExchangeTill : Till {
  Order bought = plain_order("W-1", {{"shirt", 2, 4'000}},
                             {{1, TenderKind::card, "pay-1", 5'000}, {2, TenderKind::cash, "", 3'000}});

  ExchangeTill() { receive_with_rights(bought, "carol"); }

  /// A coat of today at this price, a fifth tax included, and what is added for it.
  ExchangeAsk coat(const std::string& number, Minor price, std::vector<Tender> added = {}) {
    ExchangeAsk ask;
    ask.goods = plain_order(number, {{"coat", 1, price}});
    ask.goods.channel = SaleChannel::store;
    ask.goods.sold_at_ms = 0;
    ask.goods.tenders = std::move(added);
    ask.goods.lines[0].net_minor = price - price / 6;
    ask.goods.lines[0].taxes = {{Decimal{20, 0}, price / 6}};
    return ask;
  }
  ReturnCommand shirts_for(std::int64_t quantity, ExchangeAsk ask) {
    ReturnCommand asked = command("carol", {{"shirt", quantity}});
    asked.exchange = std::move(ask);
    return asked;
  }
  std::string refusal(const ReturnCommand& asked) {
    const auto outcome = serve_customer(context(), asked, 0);
    return outcome.ok() ? "done" : outcome.error().code;
  }
  std::uint64_t events() { return journal().head().seq; }
  ReturnCommand bring_back(const Order& sale, const std::string& sku) {
    ReturnCommand asked = command("", {{sku, sale.lines[0].quantity}});
    asked.visit.lines[0].order_id = sale.id;
    asked.visit.lines[0].order_line_no = 1;
    return asked;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_tests, ExchangeTill)

BOOST_AUTO_TEST_CASE(an_even_exchange_moves_goods_and_no_money) {
  const ReturnOutcome done = must(serve_customer(context(), shirts_for(2, coat("S-1", 8'000)), 0));
  BOOST_TEST(done.state.closed);
  BOOST_TEST(moves() == 0U);
  BOOST_TEST_REQUIRE(done.exchanged.size() == 1U);
  const std::vector<Tender> expected{{1, TenderKind::card, "pay-1", 5'000}, {2, TenderKind::cash, "", 3'000}};
  BOOST_TEST((done.exchanged[0].tenders == expected));
  BOOST_TEST(stock_of("shirt", Bucket::hold) == 2);
  BOOST_TEST(stock_of("coat", Bucket::sellable) == -1);
}

BOOST_AUTO_TEST_CASE(what_the_new_goods_leave_is_paid_out_and_what_they_need_is_added) {
  must(serve_customer(context(), shirts_for(1, coat("S-1", 3'500)), 0));
  BOOST_TEST(moved_minor() == 500);
  const ExchangeAsk dearer = coat("S-2", 6'000, {{1, TenderKind::card, "pay-2", 2'000}});
  const ReturnOutcome done = must(serve_customer(context(), shirts_for(1, dearer), 0));
  BOOST_TEST(moved_minor() == 500);
  BOOST_TEST(done.exchanged.at(0).tenders.back().reference == "pay-2");
}

BOOST_AUTO_TEST_CASE(each_tax_stands_once_the_old_one_as_it_was_sold_the_new_one_as_of_today) {
  const ReturnOutcome done = must(serve_customer(context(), shirts_for(2, coat("S-1", 8'000)), 0));
  PaidAmounts returned;
  for (const Claim& claim : done.state.lines.at(0).claims) add_to(returned, claim.paid);
  BOOST_TEST(returned.taxes.empty());  // the shirts were sold without tax
  BOOST_TEST(returned.total_minor() == 8'000);
  BOOST_TEST((done.exchanged.at(0).lines.at(0).taxes == std::vector<TaxAmount>{{Decimal{20, 0}, 1'333}}));
  BOOST_TEST(order_total(done.exchanged.at(0)) == 8'000);
}

BOOST_AUTO_TEST_CASE(goods_got_in_exchange_come_back_to_the_first_card_and_nothing_is_left) {
  const ExchangeAsk dearer = coat("S-1", 9'000, {{1, TenderKind::cash, "", 1'000}});
  const ReturnOutcome first = must(serve_customer(context(), shirts_for(2, dearer), 0));
  const ReturnOutcome second = must(serve_customer(context(), bring_back(first.exchanged.at(0), "coat"), 0));
  BOOST_TEST(second.state.closed);
  BOOST_TEST_REQUIRE(second.state.legs.size() == 2U);
  BOOST_TEST(second.state.legs[0].leg.planned.reference == "pay-1");
  BOOST_TEST(second.state.legs[0].leg.planned.pays_minor == 5'000);
  BOOST_TEST(second.state.legs[1].leg.planned.pays_minor == 4'000);
  BOOST_TEST(moved_minor() == 9'000);
  BOOST_TEST(refusal(bring_back(first.exchanged.at(0), "coat")) == "done");  // told that nothing is left
  BOOST_TEST(moved_minor() == 9'000);
}

BOOST_AUTO_TEST_CASE(the_same_exchange_again_is_done_once_and_other_goods_under_its_id_are_refused) {
  ReturnCommand asked = shirts_for(2, coat("S-1", 8'000));
  must(serve_customer(context(), asked, 0));
  const std::uint64_t before = events();
  BOOST_TEST(must(serve_customer(context(), asked, 0)).already_recorded);
  asked.exchange = coat("S-2", 8'000);
  BOOST_TEST(refusal(asked) == "command_reused");
  asked.exchange.reset();
  BOOST_TEST(refusal(asked) == "command_reused");
  BOOST_TEST(events() == before);
}

BOOST_AUTO_TEST_CASE(a_return_is_not_the_exchange_that_came_first_under_its_id) {
  ReturnCommand asked = shirts_for(1, coat("S-1", 4'000));
  asked.exchange.reset();
  must(serve_customer(context(), asked, 0));
  asked.exchange = coat("S-1", 4'000);
  BOOST_TEST(refusal(asked) == "command_reused");
}

BOOST_AUTO_TEST_CASE(an_exchange_that_cannot_be_whole_leaves_no_trace) {
  const std::uint64_t before = events();
  BOOST_TEST(refusal(shirts_for(1, coat("S-1", 5'000))) == "exchange_not_paid");
  BOOST_TEST(refusal(shirts_for(1, coat("S-1", 5'000, {{1, TenderKind::cash, "", 1'001}}))) == "exchange_overpaid");
  BOOST_TEST(refusal(shirts_for(1, coat("S-1", 4'000, {{1, TenderKind::cash, "", 1}}))) == "exchange_overpaid");
  ExchangeAsk yen = coat("S-1", 4'000);
  yen.goods.currency = *Currency::parse("JPY");
  BOOST_TEST(refusal(shirts_for(1, yen)) == "currencies_differ");
  ExchangeAsk free = coat("S-1", 0);
  BOOST_TEST(refusal(shirts_for(1, free)) == "nothing_to_carry");
  ExchangeAsk broken = coat("S-1", 4'000);
  broken.goods.lines[0].quantity = 0;
  BOOST_TEST(refusal(shirts_for(1, broken)) == "order_invalid");
  BOOST_TEST(events() == before);
  BOOST_TEST(refusal(shirts_for(3, coat("S-1", 4'000))) == "value_elsewhere");
  BOOST_TEST(events() == before + 2);  // a visit in which head office is asked for the third shirt
  BOOST_TEST(moves() == 0U);
}

BOOST_AUTO_TEST_CASE(a_sale_number_is_used_once) {
  must(serve_customer(context(), shirts_for(1, coat("S-1", 4'000)), 0));
  BOOST_TEST(refusal(shirts_for(1, coat("S-1", 4'000))) == "sale_number_reused");
}

BOOST_AUTO_TEST_CASE(a_quote_says_what_is_carried_and_what_is_to_be_added) {
  const ReturnCommand asked = shirts_for(1, coat("S-1", 5'500));
  const auto quote = quote_return(context(), asked.visit, asked.exchange);
  BOOST_TEST_REQUIRE(quote.ok());
  BOOST_TEST_REQUIRE(quote->exchange.has_value());
  BOOST_TEST(quote->exchange->plan.carried_minor == 4'000);
  BOOST_TEST(quote->exchange->to_add_minor == 1'500);
  BOOST_TEST(quote->plan->total_minor == 0);
}

BOOST_AUTO_TEST_CASE(an_exchange_is_not_called_off_and_not_reversed) {
  const ReturnOutcome done = must(serve_customer(context(), shirts_for(1, coat("S-1", 3'000)), 0));
  const UndoCase undo{ids.make<CommandId>(), done.case_id, "anna", "mistake"};
  BOOST_TEST(reverse_refund(context(), undo).error().code == "exchanged");
  BOOST_TEST(stock_of("coat", Bucket::sellable) == -1);
}

BOOST_AUTO_TEST_CASE(goods_whose_right_is_elsewhere_are_exchanged_once_head_office_has_brought_it) {
  const Order far = plain_order("W-2", {{"scarf", 1, 2'000}});
  receive(far, "carol");
  ReturnCommand asked = command("carol", {{"scarf", 1}});
  asked.exchange = coat("S-1", 2'000);
  while_waiting = [&, said = false]() mutable {
    if (std::exchange(said, true)) return;
    const auto open = journal().read(1, 1'000, 1'000'000);
    const auto state = *read_case(journal(), *open.back().case_id);
    Decision yes = state.lines.at(0).decision;
    yes.verdict = Verdict::approved;
    yes.taken = {{far.id, {1, 0, 1}}};
    yes.trace.would_change = "";
    answer(*open.back().case_id, state.lines.at(0), yes, grant(yes.taken));
  };
  const ReturnOutcome done = must(serve_customer(context(), asked, 1'000));
  BOOST_TEST(done.state.closed);
  BOOST_TEST(done.exchanged.size() == 1U);
  BOOST_TEST(moves() == 0U);
  BOOST_TEST(stock_of("scarf", Bucket::hold) == 1);
}

BOOST_AUTO_TEST_CASE(a_right_that_comes_too_late_stays_and_the_next_try_uses_it) {
  const Order far = plain_order("W-2", {{"scarf", 1, 2'000}});
  receive(far, "carol");
  hub_reachable = false;
  ReturnCommand asked = command("carol", {{"scarf", 1}});
  asked.exchange = coat("S-1", 2'000);
  BOOST_TEST(refusal(asked) == "value_elsewhere");
  BOOST_TEST(refusal(asked) == "value_elsewhere");
  const auto events = journal().read(1, 1'000, 1'000'000);
  const ReturnCaseId question = *events.back().case_id;
  const auto state = *read_case(journal(), question);
  Decision yes = state.lines.at(0).decision;
  yes.verdict = Verdict::approved;
  yes.taken = {{far.id, {1, 0, 1}}};
  answer(question, state.lines.at(0), yes, grant(yes.taken));
  settle_arrived(context(), Payout::unattended);
  BOOST_TEST(read_case(journal(), question)->closed);
  BOOST_TEST(moves() == 0U);
  BOOST_TEST(refusal(asked) == "done");
  BOOST_TEST(stock_of("scarf", Bucket::hold) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
