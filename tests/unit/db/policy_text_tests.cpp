#include "db/policy_pack/policy_text.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace retour;
using namespace retour::policy_pack;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(std::string(RETOUR_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// RETOUR_WRITE_GOLDEN=1 writes a file that is not there yet.
void compare(const std::string& name, const std::string& text) {
  const std::string path = "tests/golden/policies/" + name + ".txt";
  const std::string file = std::string(RETOUR_SOURCE_DIR) + "/" + path;
  if (std::getenv("RETOUR_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(file)) std::ofstream(file) << text;
  BOOST_TEST(text == text_of(path), path << " says something else than\n" << text);
}

PackFile pack_of(const std::string& sections) {
  const ReadPack read = read_pack(R"({"id": "p", "version": 2, )" + sections + "}");
  BOOST_REQUIRE(read.file.has_value());
  return *read.file;
}

std::string in_english(const std::string& sections) {
  return policy_text(pack_of(sections), Language::en, TextForm::page);
}

bool says(const std::string& text, const std::string& line) {
  BOOST_TEST_INFO_SCOPE(text);
  return text.find(line) != std::string::npos;
}

/// Bytes of UTF-8 as columns of a receipt: three bytes are one wide character.
std::size_t columns_of(const std::string& line) {
  std::size_t columns = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) columns += byte >= 0xe0 ? 2 : 1;
  }
  return columns;
}

const std::vector<std::string> shipped{"cn", "eu", "uk", "retail", "default"};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_text_tests)

BOOST_DATA_TEST_CASE(a_shipped_pack_reads_as_it_did, boost::unit_test::data::make(shipped), name) {
  const ReadPack read = read_pack(text_of("installer/policies/" + name + ".json"));
  BOOST_REQUIRE(read.file.has_value());
  compare(name + ".en", policy_text(*read.file, Language::en, TextForm::page));
  compare(name + ".zh", policy_text(*read.file, Language::zh, TextForm::page));
}

BOOST_AUTO_TEST_CASE(a_receipt_holds_the_windows_and_exclusions_in_its_columns) {
  const ReadPack read = read_pack(text_of("installer/policies/retail.json"));
  compare("retail.receipt.en", policy_text(*read.file, Language::en, TextForm::receipt));
  compare("retail.receipt.zh", policy_text(*read.file, Language::zh, TextForm::receipt));
}

BOOST_DATA_TEST_CASE(no_line_of_a_receipt_is_too_wide, boost::unit_test::data::make(shipped), name) {
  const ReadPack read = read_pack(text_of("installer/policies/" + name + ".json"));
  for (const Language language : {Language::en, Language::zh}) {
    std::istringstream lines(policy_text(*read.file, language, TextForm::receipt));
    for (std::string line; std::getline(lines, line);) BOOST_TEST(columns_of(line) <= receipt_columns, line);
  }
}

BOOST_AUTO_TEST_CASE(a_mail_is_the_page_without_sources) {
  const PackFile file = pack_of(R"("windows": [{"id": "w", "days": 3, "source": "the law"}])");
  const std::string page = policy_text(file, Language::en, TextForm::page);
  const std::string mail = policy_text(file, Language::en, TextForm::mail);
  BOOST_TEST(says(page, "- All goods: within 3 days of receipt. [the law]\n"));
  BOOST_TEST(says(mail, "- All goods: within 3 days of receipt.\n"));
}

BOOST_AUTO_TEST_CASE(a_rule_without_words_is_told_by_its_conditions) {
  const std::string all = in_english(R"("levels": [{"currency": "EUR", "up_to_minor": [1, 2, 3, 4, 5]}],
    "authority": [{"id": "a", "role": "cashier", "up_to_level": 1}],
    "conditions": [{"id": "c", "needs": "supervisor", "when": {
      "channels": ["online", "store", "phone"], "skus": ["12*"], "categories": ["shoes"], "brands": ["Bo"],
      "sellers": ["*"], "tiers": ["vip"], "stores": ["Leeds"], "regions": ["north"], "grades": ["unsellable"],
      "paid_from_minor": 1050, "paid_to_minor": 99900, "sold_from": "2026-01-01", "sold_until": "2026-02-01",
      "age_from_days": 3, "age_to_days": 9, "confirmed_final": false}}])");
  BOOST_TEST(says(all,
                  "- Bought online, in a store or by phone, article 12*, category shoes, brand Bo, sold by *, "
                  "customers of the tier vip, brought to the store Leeds, brought to the region north, "
                  "not to be sold again, from 10.50 EUR a unit, up to 999.00 EUR a unit, bought from 2026-01-01 on, "
                  "bought until 2026-02-01, from day 3 after receipt on, until day 9 after receipt, where the buyer "
                  "did not confirm at purchase that it does not come back: A supervisor decides.\n"));
}

BOOST_AUTO_TEST_CASE(rules_for_some_reasons_say_which) {
  const std::string text = in_english(R"("exclusions": [
    {"id": "a", "when": {"skus": ["1"], "reasons": ["gift", "size"]}},
    {"id": "b", "when": {"skus": ["2"], "reasons": ["gift", "size"]}}, {"id": "c", "when": {"skus": ["3"]}}])");
  BOOST_TEST(says(text,
                  "Where the reason is an unwanted gift or the size:\n- Article 1\n- Article 2\n"
                  "Whatever the reason:\n- Article 3\n"));
}

BOOST_AUTO_TEST_CASE(what_a_window_and_a_fee_say_is_told_with_their_figures) {
  const std::string text = in_english(R"("valid_from": "2026-01-01", "valid_until": "2026-12-31", "windows": [
      {"id": "a", "days": 1, "from": "sale", "when": {"skus": ["1"]}},
      {"id": "b", "days": 30, "open_until": "2027-01-31", "refund_as": "store_credit", "remedy": true,
       "needs": "regional_manager"}],
    "fees": [{"id": "f", "kind": "restocking", "share_basis_points": 1250},
             {"id": "g", "kind": "return_shipping", "each_minor": 495}])");
  BOOST_TEST(says(text, "- Article 1: within a day of the sale.\n"));
  BOOST_TEST(says(text,
                  "- All goods: within 30 days of receipt, and at least until 2027-01-31. You get store credit. "
                  "Repair, replacement or refund. The regional manager decides.\n"));
  BOOST_TEST(says(text, "- All goods: 12.5 % is kept as a restocking fee.\n"));
  BOOST_TEST(
      says(text, "495 minor units of the order's currency a unit is kept as the cost of the return parcel.\n"));
  BOOST_TEST(says(text, "Policy p, version 2. Valid from 2026-01-01. Valid until 2026-12-31.\n"));
  BOOST_TEST(says(in_english(R"("title": {"en": "T", "zh": "Z"})"),
                  "T\n\nHow long goods may come back\nGoods may come back at any time.\n"));
}

BOOST_AUTO_TEST_CASE(remedies_delivery_and_missing_receipts_are_told_with_their_figures) {
  const std::string sections = R"("windows": [
      {"id": "a", "days": 730, "remedy": true, "remedies": ["repair", "replacement"], "when": {"skus": ["1"]}},
      {"id": "b", "days": 30}],
    "shipping": [
      {"id": "fault", "reasons": ["quality"]},
      {"id": "law", "channels": ["online"], "whole_order": true, "up_to": {"EUR": 495, "CHF": 700}}],
    "no_receipt": {"lookback_days": 90, "up_to": {"EUR": 5000}, "needs": "manager"})";
  const std::string text = in_english(sections);
  BOOST_TEST(says(text,
                  "- Article 1: within 730 days of receipt. You get a repair or a replacement. What cannot be "
                  "repaired is replaced or refunded.\n"));
  BOOST_TEST(says(text,
                  "What delivery cost\nWhere the reason is a defect:\n- All goods: it goes back to you.\n"
                  "Whatever the reason:\n- Bought online: once the whole order is back, it goes back to you up to "
                  "4.95 EUR or 7.00 CHF, which is standard delivery.\n"));
  BOOST_TEST(says(text,
                  "Without a receipt\n- What was sold here within the last 90 days comes back at its lowest price of "
                  "that time, up to 50.00 EUR a visit. You get store credit. The store manager decides.\n"));
  const std::string chinese = policy_text(pack_of(sections), Language::zh, TextForm::page);
  BOOST_TEST(says(chinese, "可要求修理或更换。"));
  BOOST_TEST(says(chinese, "整单退回后,退还标准配送的费用,最多4.95 EUR或7.00 CHF。"));
}

BOOST_AUTO_TEST_CASE(a_rule_for_an_alert_never_reads_as_one_for_all_goods) {
  BOOST_TEST(
      says(in_english(R"("conditions": [{"id": "own", "needs": "manager", "when": {"alerts": ["own_purchase"]}}])"),
           "- Bought by our own staff or their families: The store manager decides.\n"));
}

BOOST_AUTO_TEST_SUITE_END()
