#include <boost/test/unit_test.hpp>
#include <regex>

#include "plugin/app/collect_slip.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/settle_line.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

void check_golden(const std::string& name, std::string text) {
  // Head hashes follow the bytes of every event before: they are checked for their form, not their value.
  text = std::regex_replace(text, std::regex("[0-9a-f]{8}\n$"), "########\n");
  BOOST_TEST(text == golden::text_of(RETOUR_SOURCE_DIR "/tests/golden/receipts/" + name + ".txt", text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(papers_tests)

BOOST_AUTO_TEST_CASE(a_visit_with_every_answer_prints_its_golden_slip_and_receipt) {
  Till till;
  till.hub_reachable = false;
  till.shop.terminal.set_online(false);
  Order order = plain_order("W-3", {{"shirt", 3, 1000}},
                            {{1, TenderKind::card, "pay-2", 1600}, {2, TenderKind::cash, "", 1880}});
  order.lines[0].taxes = {{*Decimal::parse("20"), 480}};
  till.receive_with_rights(order, "anna");
  till.receive(plain_order("W-4", {{"mug", 2, 400}}), "anna");
  till.policy.merchandise_sku_leading_digits = 0;
  const auto outcome =
      till.must(serve_customer(till.context(), till.command("anna", {{"shirt", 2, 1000}, {"mug", 2, 400}}), 1000));
  const auto papers = till.shop.printer.papers();
  BOOST_REQUIRE(papers.size() == 2U);
  check_golden("visit-slip", papers[0]);
  check_golden("visit-receipt", papers[1]);
  BOOST_TEST(receipt_of(till.context(), *read_outcome(till.context(), outcome.case_id)) == papers[1]);
}

BOOST_AUTO_TEST_CASE(goods_that_only_wait_are_given_a_slip_and_no_receipt_that_speaks_of_no_money) {
  Till till;
  till.hub_reachable = false;
  const auto outcome = till.must(serve_customer(till.context(), till.command("anna", {{"mug", 2}}), 1000));
  const auto papers = till.shop.printer.papers();
  BOOST_REQUIRE(papers.size() == 1U);
  BOOST_TEST(papers[0] == slip_of(till.context(), outcome));
  const std::string asked_for = receipt_of(till.context(), outcome);
  BOOST_TEST(asked_for.find("No money has been paid back yet") != std::string::npos, asked_for);
  BOOST_TEST(asked_for.find("No money is paid back") == std::string::npos, asked_for);
}

BOOST_AUTO_TEST_CASE(goods_refused_later_are_on_the_golden_receipt_as_handed_back) {
  Till till;
  till.hub_reachable = false;
  const auto outcome = till.must(serve_customer(till.context(), till.command("anna", {{"mug", 2}}), 1000));
  Decision no{.verdict = Verdict::refused, .refusal = Refusal::no_purchase_found};
  no.trace.would_change = "proof_of_purchase";
  till.answer(outcome.case_id, outcome.state.lines[0], no);
  settle_arrived(till.context(), Payout::unattended);
  BOOST_TEST(receipt_of(till.context(), *read_outcome(till.context(), outcome.case_id)).find("handed back") ==
             std::string::npos);
  check_golden("collected-refused",
               receipt_of(till.context(), till.must(collect_slip(till.context(), outcome.case_id))));
}

BOOST_AUTO_TEST_CASE(a_refusal_slip_names_the_refused_goods_alone_and_is_the_same_years_later) {
  Till till;
  till.policy.merchandise_sku_leading_digits = 5;
  till.restart();
  till.receive_with_rights(plain_order("W-1", {{"85123A", 1, 1000}, {"POST", 1, 400}}), "anna");
  const auto outcome =
      till.must(serve_customer(till.context(), till.command("anna", {{"85123A", 1, 1000}, {"POST", 1, 400}}), 0));
  BOOST_TEST(has_refused_line(outcome.state));
  const std::string slip = refusal_slip_of(till.context(), outcome);
  BOOST_TEST(slip.find("POST") != std::string::npos, slip);
  BOOST_TEST(slip.find("85123A") == std::string::npos, slip);
  BOOST_TEST(slip.find(outcome.code) != std::string::npos, slip);
  till.restart();
  till.clock.advance(10ll * 365 * 86'400'000);
  BOOST_TEST(refusal_slip_of(till.context(), *read_outcome(till.context(), outcome.case_id)) == slip);
}

BOOST_AUTO_TEST_CASE(a_printer_out_of_paper_does_not_stop_a_refund) {
  class NoPaper final : public ports::Printer {
   public:
    void print(const std::string&) override { throw std::runtime_error("no paper"); }
  } printer;
  Till till;
  till.receive_with_rights(plain_order("W-1", {{"shirt", 1, 1000}}), "anna");
  StoreContext& open = till.context();
  StoreContext context{open.journal,    open.orders,    open.clock,          open.ids,    open.terminal,
                       open.drawer,     printer,        open.legs_in_motion, open.policy, open.lookup_secret,
                       open.store_name, open.authority, open.hub_reachable,  open.pause};
  BOOST_TEST(till.must(serve_customer(context, till.command("anna", {{"shirt", 1, 1000}}), 0)).state.closed);
  BOOST_TEST(till.moved_minor() == 1000);
}

BOOST_AUTO_TEST_SUITE_END()
