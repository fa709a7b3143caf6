// Value on paper: given, read, spent, and never twice.
#include <boost/test/unit_test.hpp>

#include "plugin/app/credit_slip.hpp"
#include "plugin/app/find_credit.hpp"
#include "plugin/app/issue_credit.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/spoken_code.hpp"
#include "plugin/core/order/value_account.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

struct CreditTill : Till {
  /// Carol brings back shirts that a store credit of another system had paid.
  ReturnOutcome give(Minor minor, TenderKind kind = TenderKind::store_credit) {
    const std::string number = "W-" + std::to_string(++m_orders);
    const std::string reference = kind == TenderKind::gift_card ? "" : "old-" + number;
    receive_with_rights(plain_order(number, {{"shirt", 1, minor}}, {{1, kind, reference, minor}}), "carol");
    return must(serve_customer(context(), command("carol", {{"shirt", 1}}), 0));
  }
  ReturnCommand spend(const std::string& number, Minor minor, const std::string& sale, Minor price,
                      std::vector<Tender> added = {}) {
    ReturnCommand asked = command("", {});
    asked.exchange.emplace();
    asked.exchange->goods = plain_order(sale, {{"coat", 1, price}});
    asked.exchange->goods.tenders = std::move(added);
    asked.exchange->credits = {{number, minor}};
    return asked;
  }
  std::string refusal(const ReturnCommand& asked) {
    const auto outcome = serve_customer(context(), asked, 0);
    return outcome.ok() ? "done" : outcome.error().code;
  }
  std::string qr_of(const ReturnOutcome& outcome) { return outcome.credits.at(0).qr_text; }

 private:
  int m_orders = 0;
};

SlipFault fault_of(Till& till, const std::string& text) {
  SlipFault fault = SlipFault::none;
  read_slip(till.context(), text, fault);
  return fault;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(credit_tests, CreditTill)

BOOST_AUTO_TEST_CASE(a_credit_that_is_told_exists_in_the_same_commit_and_no_device_was_asked) {
  hub_reachable = false;
  const ReturnOutcome done = give(4'000);
  BOOST_TEST(done.state.closed);
  BOOST_TEST(moves() == 0U);
  BOOST_TEST_REQUIRE(done.credits.size() == 1U);
  const std::string number = done.credits[0].account.number;
  BOOST_TEST(done.state.legs.at(0).device_reference == number);
  restart();
  const auto credit = find_credit(context(), number);
  BOOST_TEST_REQUIRE(credit.has_value());
  BOOST_TEST(credit->issued_here);
  BOOST_TEST(credit->left_here_minor == 4'000);
  BOOST_TEST(stock_of("store_credit", Bucket::sellable) == 0);
  BOOST_TEST(stock_of("store_credit", Bucket::hold) == 0);
}

BOOST_AUTO_TEST_CASE(vouchers_and_newly_given_gift_cards_are_paper_and_a_gift_card_of_others_is_not) {
  BOOST_TEST(give(100, TenderKind::voucher).credits.size() == 1U);
  BOOST_TEST(give(100, TenderKind::gift_card).credits.size() == 1U);
  PlannedLeg leg{1, TenderKind::gift_card, {}, 1, "GC-998877", 100};
  BOOST_TEST(!is_given_on_paper(leg));
  leg.reference = give(100, TenderKind::gift_card).credits.at(0).account.number;
  BOOST_TEST(is_given_on_paper(leg));
}

BOOST_AUTO_TEST_CASE(spent_in_part_the_rest_stays_and_nothing_is_spent_twice) {
  const std::string number = give(4'000).credits.at(0).account.number;
  BOOST_TEST(refusal(spend(number, 1'500, "S-1", 1'500)) == "done");
  BOOST_TEST(find_credit(context(), number)->left_here_minor == 2'500);
  BOOST_TEST(find_credit(context(), number)->spent_here_minor == 1'500);
  BOOST_TEST(refusal(spend(number, 2'501, "S-2", 2'501)) == "credit_spent");
  BOOST_TEST(refusal(spend(number, 2'500, "S-3", 2'500)) == "done");
  BOOST_TEST(refusal(spend(number, 1, "S-4", 1)) == "credit_spent");
  BOOST_TEST(moves() == 0U);
}

BOOST_AUTO_TEST_CASE(a_credit_pays_beside_other_tenders_and_goods_bought_with_it_give_a_new_one_back) {
  const std::string number = give(4'000).credits.at(0).account.number;
  const ReturnOutcome sold =
      must(serve_customer(context(), spend(number, 4'000, "S-1", 5'000, {{1, TenderKind::card, "pay-9", 1'000}}), 0));
  const Order& sale = sold.exchanged.at(0);
  BOOST_TEST((sale.tenders[0] == Tender{1, TenderKind::store_credit, number, 4'000}));
  ReturnCommand back = command("", {{"coat", 1}});
  back.visit.lines[0].order_id = sale.id;
  back.visit.lines[0].order_line_no = 1;
  const ReturnOutcome done = must(serve_customer(context(), back, 0));
  BOOST_TEST(done.credits.at(0).account.lines[0].quantity == 4'000);
  BOOST_TEST(done.credits.at(0).account.number != number);
  BOOST_TEST(moved_minor() == 1'000);
}

BOOST_AUTO_TEST_CASE(no_more_is_taken_of_a_credit_than_the_goods_cost) {
  const std::string number = give(4'000).credits.at(0).account.number;
  const std::uint64_t before = journal().head().seq;
  BOOST_TEST(refusal(spend(number, 4'000, "S-1", 3'999)) == "credit_exceeds_goods");
  BOOST_TEST(journal().head().seq == before);
}

BOOST_AUTO_TEST_CASE(a_credit_is_not_paid_out_and_not_sent_back_by_reversal) {
  const ReturnOutcome given = give(4'000);
  ReturnCommand cash = command("carol", {{"store_credit", 100}});
  cash.visit.lines[0].order_id = given.credits.at(0).account.id;
  cash.visit.lines[0].order_line_no = 1;
  const ReturnOutcome refused = must(serve_customer(context(), cash, 0));
  BOOST_TEST((refused.state.lines.at(0).decision.refusal == Refusal::not_merchandise));
  const UndoCase undo{ids.make<CommandId>(), given.case_id, "anna", "mistake"};
  BOOST_TEST(reverse_refund(context(), undo).error().code == "exchanged");
  BOOST_TEST(moves() == 0U);
}

BOOST_AUTO_TEST_CASE(a_credit_whose_right_was_given_back_is_not_spent_here) {
  const Order account = give(4'000).credits.at(0).account;
  append(RightsReleased{ids.make<TransferId>(), ids.make<TransferId>(), {{account.id, {1, 0, 4'000}}}});
  BOOST_TEST(find_credit(context(), account.number)->elsewhere_minor == 4'000);
  hub_reachable = false;
  BOOST_TEST(refusal(spend(account.number, 100, "S-1", 100)) == "value_elsewhere");
}

BOOST_AUTO_TEST_CASE(a_credit_of_another_store_is_spent_once_its_right_has_come) {
  const Order account = value_order({.id = codec::derive_order_id("southside", spoken_code(77, 10)),
                                     .authority = "southside",
                                     .number = spoken_code(77, 10),
                                     .kind = TenderKind::store_credit,
                                     .currency = gbp,
                                     .minor = 1'000,
                                     .given_at_ms = noon_ms - 1'000,
                                     .given_on = CivilDate::of_ms(noon_ms)});
  BOOST_TEST(refusal(spend(account.number, 400, "S-1", 400)) == "credit_unknown");
  receive(account, "");
  BOOST_TEST(find_credit(context(), account.number)->elsewhere_minor == 1'000);
  while_waiting = [&, said = false]() mutable {
    if (std::exchange(said, true)) return;
    const auto events = journal().read(1, 1'000, 1'000'000);
    const ReturnCaseId question = *events.back().case_id;
    const auto state = *read_case(journal(), question);
    Decision yes = state.lines.at(0).decision;
    yes.verdict = Verdict::approved;
    yes.taken = {{account.id, {1, 600, 400}}};
    answer(question, state.lines.at(0), yes, grant(yes.taken));
  };
  BOOST_TEST(must(serve_customer(context(), spend(account.number, 400, "S-1", 400), 1'000)).state.closed);
  BOOST_TEST(find_credit(context(), account.number)->spent_here_minor == 400);
  BOOST_TEST(find_credit(context(), account.number)->left_here_minor == 0);
}

BOOST_AUTO_TEST_CASE(a_sale_that_only_names_a_credit_as_its_tender_is_refused) {
  const std::string number = give(4'000).credits.at(0).account.number;
  SaleCommand sale{.command_id = ids.make<CommandId>(), .till = "1"};
  sale.order = plain_order("S-1", {{"coat", 1, 4'000}}, {{1, TenderKind::store_credit, number, 4'000}});
  const auto refused = record_sale(context(), sale);
  BOOST_TEST_REQUIRE(!refused.ok());
  BOOST_TEST(refused.error().code == "tender_is_credit");
  BOOST_TEST(find_credit(context(), number)->left_here_minor == 4'000);
}

BOOST_AUTO_TEST_CASE(a_slip_is_read_by_every_store_of_the_chain_and_a_changed_one_is_refused) {
  const ReturnOutcome given = give(4'000);
  const std::string text = qr_of(given);
  BOOST_TEST(text.size() <= slip_text_bytes_max);
  SlipFault fault = SlipFault::changed;
  const auto slip = read_slip(context(), text, fault);
  BOOST_TEST_REQUIRE(slip.has_value());
  BOOST_TEST(slip->number == given.credits[0].account.number);
  BOOST_TEST(slip->minor == 4'000);
  BOOST_TEST((slip->order_id == given.credits[0].account.id));
  BOOST_TEST((fault == SlipFault::none));

  std::string more = text;
  more.replace(more.find(".4000."), 6, ".9000.");
  BOOST_TEST((fault_of(*this, more) == SlipFault::changed));
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '7' ? '8' : '7';
    BOOST_TEST((fault_of(*this, changed) != SlipFault::none));
  }
  BOOST_TEST((fault_of(*this, text.substr(0, text.size() - 1)) != SlipFault::none));
  BOOST_TEST((fault_of(*this, "4F7K-29QX-M3RT") == SlipFault::unreadable));
  BOOST_TEST((fault_of(*this, std::string(5'000, 'A')) == SlipFault::unreadable));
  BOOST_TEST(refusal(spend(more, 100, "S-1", 100)) == "slip_changed");
  BOOST_TEST(refusal(spend(text, 100, "S-1", 100)) == "done");
}

BOOST_AUTO_TEST_CASE(a_number_is_found_however_it_is_typed_and_a_wrong_character_is_seen) {
  const std::string number = give(4'000).credits.at(0).account.number;
  std::string typed = number;
  std::erase(typed, '-');
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  BOOST_TEST((parse_credit_number(typed) == number));
  for (std::size_t i = 0; i < typed.size(); ++i) {
    std::string wrong = typed;
    wrong[i] = wrong[i] == '2' ? '3' : '2';
    BOOST_TEST((parse_credit_number(wrong) != number));
    BOOST_TEST(!find_credit(context(), wrong).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_credit_is_printed_with_its_number_its_amount_and_the_text_of_its_code) {
  const ReturnOutcome given = give(4'000);
  const std::vector<std::string>& papers = shop.printer.papers();
  BOOST_TEST_REQUIRE(papers.size() == 2U);
  BOOST_TEST(papers[1].find(given.credits[0].account.number) != std::string::npos);
  BOOST_TEST(papers[1].find("40.00 GBP") != std::string::npos);
  std::string joined = papers[1];
  std::erase(joined, '\n');
  BOOST_TEST(joined.find(qr_of(given)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(more_than_an_account_can_hold_is_a_failed_payment_that_can_go_another_way) {
  const ReturnOutcome given = give(value_minor_max + 1);
  BOOST_TEST(!given.state.closed);
  BOOST_TEST(given.credits.empty());
  BOOST_TEST((given.state.legs.at(0).problem == LegProblem::over_limit));
}

BOOST_AUTO_TEST_SUITE_END()
