#include "plugin/app/receipt_text.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "tests/support/golden.hpp"

using namespace retour;
using namespace retour::app;

namespace {

const Currency gbp = *Currency::parse("GBP");

PaperHead head(std::string title) {
  return {.store = "Northside",
          .title = std::move(title),
          .code = "4F7K-29QX-M3",
          .till = "1",
          .cashier = "anna",
          .date = *CivilDate::parse("2026-11-22"),
          .reference = "C536379",
          .journal_seq = 1234,
          .journal_head = "3f2a9c41"};
}

PaperLine approved_line() {
  return {.sku = "85123A",
          .description = "WHITE HANGING HEART T-LIGHT HOLDER, SET OF THREE",
          .quantity = 3,
          .verdict = "approved",
          .claims = {{"536365", 2, 510}, {"536370", 1, 255}},
          .currency = gbp};
}

PaperLine refused_line() {
  return {.sku = "22423",
          .description = "REGENCY CAKESTAND 3 TIER",
          .quantity = 1,
          .verdict = "refused",
          .refusal = Refusal::already_returned,
          .would_change = "other_purchase",
          .claims = {},
          .currency = gbp};
}

PaperLine deferred_line() {
  return {.sku = "47566",
          .description = "PARTY BUNTING",
          .quantity = 12,
          .verdict = "deferred",
          .claims = {},
          .currency = gbp};
}

PaperRefund refund() {
  return {.currency = gbp,
          .net_minor = 638,
          .taxes = {{"20", 127}},
          .total_minor = 765,
          .legs = {{TenderKind::card, "pay-77", 500, "queued"}, {TenderKind::cash, "", 265, "settled"}}};
}

/// 15 % of 3.06 kept, the rest in coins of 0.05.
PaperRefund refund_less_fees() {
  return {.currency = gbp,
          .net_minor = 255,
          .taxes = {{"20", 51}},
          .fees = {{"restocking", 45}, {"return_shipping", 100}},
          .rounding_minor = -1,
          .total_minor = 160,
          .legs = {{TenderKind::cash, "", 160, "settled"}}};
}

void check_golden(const std::string& name, const std::string& text) {
  BOOST_TEST(text == golden::text_of(RETOUR_SOURCE_DIR "/tests/golden/receipts/" + name + ".txt", text));
}

void check_columns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    BOOST_TEST(columns <= paper_columns, line);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(receipt_text_tests)

BOOST_AUTO_TEST_CASE(a_golden_receipt_shows_lines_taxes_legs_and_the_journal) {
  const ReceiptPaper paper{head("Return receipt"), {approved_line(), refused_line(), deferred_line()}, {refund()}};
  check_golden("mixed", receipt_text(paper));
  check_columns(receipt_text(paper));
}

BOOST_AUTO_TEST_CASE(fees_and_coins_stand_on_the_receipt_by_name_and_a_reversal_says_so) {
  ReceiptPaper paper{head("Return receipt"), {approved_line()}, {refund_less_fees()}};
  paper.undone = "reversed";
  check_golden("fees", receipt_text(paper));
  check_columns(receipt_text(paper));
}

BOOST_AUTO_TEST_CASE(a_golden_receipt_without_money_says_so) {
  check_golden("refused", receipt_text({head("Return receipt"), {refused_line()}, {}}));
}

BOOST_AUTO_TEST_CASE(a_golden_slip_says_what_was_taken_in_what_comes_next_and_by_when) {
  const SlipPaper slip{head("Slip for goods taken in"), {deferred_line()}, *CivilDate::parse("2026-12-22")};
  check_golden("slip", slip_text(slip));
  check_columns(slip_text(slip));
}

BOOST_AUTO_TEST_CASE(a_golden_refusal_slip_says_what_was_brought_why_not_and_what_would_help) {
  PaperLine other = refused_line();
  other.reason = "changed_mind";
  PaperLine hopeless = other;
  hopeless.sku = "GIFT-50";
  hopeless.description = "";
  hopeless.refusal = Refusal::not_merchandise;
  hopeless.would_change = "nothing";
  const RefusalPaper slip{head("Why goods were not taken back"), {other, hopeless}};
  check_golden("refusal-slip", refusal_slip_text(slip));
  check_columns(refusal_slip_text(slip));
}

BOOST_AUTO_TEST_CASE(long_words_wide_amounts_and_control_characters_stay_within_the_paper) {
  PaperLine line = approved_line();
  line.sku = std::string(64, 'X');
  line.description = "DVD \x1b[2J \xe2\x82\xac\xe2\x82\xac " + std::string(90, 'y');
  line.claims = {{std::string(40, '7'), quantity_max, minor_max}};
  check_columns(refusal_slip_text({head("Why goods were not taken back"), {line}}));
  const std::string text = receipt_text({head("Return receipt"), {line}, {}});
  check_columns(text);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
  std::string without_breaks = text;
  std::erase_if(without_breaks, [](char c) { return c == '\n' || c == ' '; });
  BOOST_TEST(without_breaks.find(std::string(90, 'y')) != std::string::npos);  // cut over lines, never lost
}

BOOST_AUTO_TEST_SUITE_END()
