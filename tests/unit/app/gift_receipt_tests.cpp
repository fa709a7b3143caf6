// Gift receipts: made from an order, read in any store of the chain, and worth what the buyer paid, to the bearer.
#include <boost/test/unit_test.hpp>

#include "plugin/app/credit_slip.hpp"
#include "plugin/app/gift_receipt.hpp"
#include "plugin/app/paper_seal.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/core/order/value_account.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

struct GiftTill : Till {
  Order bought = plain_order("W-1", {{"mug", 3, 500}, {"bowl", 1, 800}}, {{1, TenderKind::card, "pay-1", 2'300}});

  GiftTill() {
    bought.loyalty = {.points_earned = 230, .points_spent = 46};
    receive_with_rights(bought, "carol");
  }
  std::string paper(std::vector<GiftLine> lines) {
    const auto made = make_gift_receipt(context(), bought.id, lines);
    if (!made.ok()) throw std::runtime_error(made.error().code);
    return made->qr_text;
  }
  std::string not_made(std::vector<GiftLine> lines) {
    const auto made = make_gift_receipt(context(), bought.id, lines);
    return made.ok() ? "made" : made.error().code;
  }
  ReturnCommand bring(const std::string& qr_text, std::int64_t quantity, std::uint32_t order_line_no = 0) {
    ReturnCommand asked = command("", {{"", quantity}});
    asked.visit.gift_receipt = qr_text;
    asked.visit.lines[0].order_line_no = order_line_no;
    return asked;
  }
  std::string code_of(const Result<Visit, CommandRefusal>& meant) { return meant.ok() ? "fits" : meant.error().code; }
  std::string read(const std::string& qr_text, std::int64_t quantity = 1, std::uint32_t order_line_no = 0) {
    return code_of(with_gift(context(), bring(qr_text, quantity, order_line_no).visit));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gift_receipt_tests, GiftTill)

BOOST_AUTO_TEST_CASE(every_letter_of_the_paper_is_under_its_seal) {
  const std::string text = paper({{1, 2}});
  BOOST_TEST(read(text) == "fits");
  for (std::size_t i = text.find('.') + 1; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == '1' ? '2' : '1';
    BOOST_TEST_CONTEXT("letter " << i) BOOST_TEST(read(changed) != "fits");
  }
}

BOOST_AUTO_TEST_CASE(a_seal_of_one_kind_of_paper_fits_no_other) {
  const std::string words = "RG1.X.1X1";
  BOOST_TEST(seal_fits(context(), "gifts", sealed(context(), "gifts", words)));
  BOOST_TEST(!seal_fits(context(), "slips", sealed(context(), "gifts", words)));
  BOOST_TEST(!seal_fits(context(), "gifts", words));
  BOOST_TEST(!seal_fits(context(), "gifts", ""));
}

BOOST_AUTO_TEST_CASE(a_paper_is_read_in_small_letters_too_and_fits_its_qr) {
  std::string small = paper({{1, 3}, {2, 1}});
  std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
  BOOST_TEST(read(small, 1, 2) == "fits");
  BOOST_TEST(small.size() < gift_text_bytes_max);
}

BOOST_AUTO_TEST_CASE(what_is_no_gift_receipt_is_named) {
  const std::string text = paper({{1, 2}});
  const std::string seal = text.substr(text.rfind('.'));
  for (const std::string& words : {std::string("RG1"), std::string("RG1.X.1X1.Y.Z"), std::string("RC1.A.1X1.B"),
                                   std::string(gift_text_bytes_max + 1, 'A'), std::string("...")}) {
    BOOST_TEST_CONTEXT(words) BOOST_TEST(read(words) == "gift_receipt_unreadable");
  }
  BOOST_TEST(read("RG1.X.1X1" + seal) == "gift_receipt_changed");
  for (const char* lines : {"", "1", "X1", "1X", "0X1", "1X0", "1X-1", "AX1", "1X99999999999999999999", "1X1 "}) {
    const std::string id = in_capitals(bought.id.to_string());
    const std::string sealed_text = sealed(context(), "retour gift receipt 1", "RG1." + id + "." + lines);
    BOOST_TEST_CONTEXT(lines) BOOST_TEST(read(sealed_text) == "gift_receipt_unreadable");
  }
}

BOOST_AUTO_TEST_CASE(a_paper_names_what_was_sold_and_each_line_once) {
  BOOST_TEST(not_made({{1, 3}, {2, 1}}) == "made");
  BOOST_TEST(not_made({{1, 4}}) == "gift_quantity_invalid");
  BOOST_TEST(not_made({{1, 0}}) == "gift_quantity_invalid");
  BOOST_TEST(not_made({{1, 1}, {1, 1}}) == "gift_quantity_invalid");
  BOOST_TEST(not_made({}) == "gift_quantity_invalid");
  BOOST_TEST(not_made(std::vector<GiftLine>(gift_lines_max + 1, {1, 1})) == "gift_quantity_invalid");
  BOOST_TEST(not_made({{3, 1}}) == "order_line_unknown");
  const auto unknown = make_gift_receipt(context(), plain_order("W-9", {}).id, {{1, 1}});
  BOOST_TEST(unknown.error().code == "order_unknown");
}

BOOST_AUTO_TEST_CASE(a_visit_brings_lines_of_its_paper_and_no_more_units_than_it_names) {
  const std::string two = paper({{1, 2}, {2, 1}});
  BOOST_TEST(read(two) == "gift_line_not_named");  // which of the two?
  BOOST_TEST(read(two, 2, 1) == "fits");
  BOOST_TEST(read(two, 3, 1) == "gift_quantity_exceeded");
  BOOST_TEST(read(two, 1, 3) == "gift_line_not_named");
  ReturnCommand twice = bring(two, 2, 1);
  twice.visit.lines.push_back(twice.visit.lines[0]);
  BOOST_TEST(code_of(with_gift(context(), twice.visit)) == "gift_quantity_exceeded");
  ReturnCommand other = bring(two, 1, 1);
  other.visit.lines[0].order_id = plain_order("W-2", {}).id;
  BOOST_TEST(code_of(with_gift(context(), other.visit)) == "gift_line_not_named");
}

BOOST_AUTO_TEST_CASE(the_bearer_gets_a_gift_card_and_reads_nothing_of_the_buyer) {
  const ReturnOutcome done = must(serve_customer(context(), bring(paper({{1, 2}}), 2), 0));
  BOOST_TEST(done.state.closed);
  BOOST_TEST(moves() == 0U);  // neither terminal nor drawer
  BOOST_TEST_REQUIRE(done.credits.size() == 1U);
  BOOST_TEST((kind_of_value(done.credits[0].account) == TenderKind::gift_card));
  BOOST_TEST(order_total(done.credits[0].account) == 1'000);
  const std::string receipt = receipt_of(context(), done);
  BOOST_TEST(receipt.find("oints") == std::string::npos);
  BOOST_TEST(receipt.find("pay-1") == std::string::npos);
  BOOST_TEST(receipt.find("ard, payment") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_copied_paper_pays_what_is_left_of_the_units_and_never_more) {
  const std::string three = paper({{1, 3}});
  BOOST_TEST(must(serve_customer(context(), bring(three, 2), 0)).credits.size() == 1U);
  BOOST_TEST(must(serve_customer(context(), bring(three, 2), 0)).credits.empty());  // one unit is left
  BOOST_TEST(must(serve_customer(context(), bring(three, 1), 0)).credits.size() == 1U);
  BOOST_TEST(must(serve_customer(context(), bring(three, 1), 0)).credits.empty());
  BOOST_TEST(moves() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
