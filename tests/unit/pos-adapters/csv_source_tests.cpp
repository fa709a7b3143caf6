#include "pos-adapters/csv/csv_source.hpp"

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"
#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;
using namespace retour::csv_tests;

namespace {

constexpr std::string_view retail_header =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
constexpr std::string_view good_row = "500001,85123A,HEART,6,2010-12-01T08:26:00,2.55,17850,UK\n";

Read retail(const std::string& rows) {
  return read_text(std::string(retail_header) + rows, "online_retail");
}

/// What is said of a row whose cells are replaced: one row, one reject.
std::string reason_for(const std::string& row) {
  const Read got = retail(row + "\n" + std::string(good_row));
  BOOST_REQUIRE(got.rejects.size() == 1U);
  BOOST_TEST(got.orders.size() == 1U);
  BOOST_TEST(got.rejects[0].line == 2U);
  BOOST_TEST(got.rejects[0].text == row);
  return got.rejects[0].column + ": " + got.rejects[0].reason;
}

std::string error_of(const std::string& text, const csv::CsvFormat& format) {
  const TemporaryFile file(text);
  try {
    read_file(file.path(), format);
  } catch (const Error& error) {
    return error.parts().cause;
  }
  return "no error";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_source_tests)

BOOST_AUTO_TEST_CASE(each_kind_of_row_becomes_what_the_rules_say) {
  const Read got = retail(
      "500001,85123A,HEART,6,2010-12-01T08:26:00,2.55,17850,UK\n"
      "C500002,85123A,HEART,-2,2010-12-01T08:26:00,2.55,17850,UK\n"
      "500003,71053,,-4,2010-12-01T08:27:00,0,,UK\n"
      "A500004,B,Adjust bad debt,1,2010-12-01T08:28:00,-11062.06,,UK\n");
  BOOST_TEST(got.rejects.empty());
  BOOST_REQUIRE(got.orders.size() == 1U);
  BOOST_REQUIRE(got.returns.size() == 1U);
  BOOST_TEST(got.returns[0].row == 2U);
  BOOST_TEST(got.returns[0].document == "C500002");
  BOOST_TEST(got.returns[0].quantity == 2);
  BOOST_TEST(got.returns[0].at_ms == got.orders[0].order.sold_at_ms + 1);
  BOOST_TEST(got.returns[0].on.to_string() == "2010-12-01");
  BOOST_REQUIRE(got.moves.size() == 1U);
  BOOST_TEST(got.moves[0].quantity == -4);
  BOOST_REQUIRE(got.notes.size() == 1U);
  BOOST_TEST(got.notes[0].code == "not_an_order");
  BOOST_TEST(got.notes[0].document == "A500004");
}

BOOST_AUTO_TEST_CASE(duplicate_rows_are_lines_of_their_own) {
  const Read got = retail(std::string(good_row) + std::string(good_row));
  BOOST_REQUIRE(got.orders.size() == 1U);
  BOOST_TEST(got.orders[0].order.lines.size() == 2U);
  BOOST_TEST(got.orders[0].order.lines[1].line_no == 2U);
  BOOST_TEST(order_total(got.orders[0].order) == 3060);
}

BOOST_AUTO_TEST_CASE(an_interrupted_order_has_the_time_of_its_first_row_and_enters_at_its_last) {
  const Read got = retail(
      "500001,A1,x,1,2010-12-01T08:26:00,1.00,1,UK\n"
      "500002,B1,x,1,2010-12-01T08:26:00,1.00,2,UK\n"
      "500001,A2,x,1,2010-12-01T08:27:00,1.00,1,UK\n");
  BOOST_REQUIRE(got.orders.size() == 2U);
  BOOST_TEST(got.orders[0].order.number == "500002");
  BOOST_TEST(got.orders[1].order.number == "500001");
  BOOST_TEST(got.orders[1].order.sold_at_ms + 1 == got.orders[0].order.sold_at_ms);
  BOOST_TEST(got.orders[1].line_rows == (std::vector<std::uint64_t>{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_bad_cell_is_told_with_its_column_and_reason) {
  BOOST_TEST(reason_for("500009,85123A,HEART,six,2010-12-01T08:26:00,2.55,17850,UK") ==
             "Quantity: 'six' is not a whole number");
  BOOST_TEST(reason_for("500009,85123A,HEART,,2010-12-01T08:26:00,2.55,17850,UK") ==
             "Quantity: '' is not a whole number");
  BOOST_TEST(reason_for("500009,85123A,HEART,6.0,2010-12-01T08:26:00,2.55,17850,UK") ==
             "Quantity: '6.0' is not a whole number");
  BOOST_TEST(reason_for("500009,85123A,HEART,99999999999999999999,2010-12-01T08:26:00,2.55,17850,UK") ==
             "Quantity: '99999999999999999999' lies outside -1000000000 to 1000000000");
  BOOST_TEST(reason_for("500009,85123A,HEART,1000000001,2010-12-01T08:26:00,2.55,17850,UK") ==
             "Quantity: '1000000001' lies outside -1000000000 to 1000000000");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-13-01T08:26:00,2.55,17850,UK") ==
             "InvoiceDate: '2010-13-01T08:26:00' is not a time like 2011-12-09T12:50:00 of the years 1970 to 2999");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-12-01T08:26:30,2.55,17850,UK") ==
             "InvoiceDate: is finer than the resolution that the format names");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-12-01T08:26:00,2.5x,17850,UK") ==
             "UnitPrice: '2.5x' is not a decimal number of at most 15 digits, 9 of them decimals");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-12-01T08:26:00,1e3,17850,UK") ==
             "UnitPrice: '1e3' is not a decimal number of at most 15 digits, 9 of them decimals");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-12-01T08:26:00,-2.55,17850,UK") ==
             "UnitPrice: '-2.55' is below zero");
  BOOST_TEST(reason_for("500009,85123A,HEART,1000000000,2010-12-01T08:26:00,99999999,17850,UK") ==
             "UnitPrice: times the quantity exceeds the largest amount");
  BOOST_TEST(reason_for("500009,,HEART,6,2010-12-01T08:26:00,2.55,17850,UK") == "StockCode: is empty");
  BOOST_TEST(reason_for(",85123A,HEART,6,2010-12-01T08:26:00,2.55,17850,UK") == "InvoiceNo: is empty");
  BOOST_TEST(reason_for("500009,85123A,HEART,0,2010-12-01T08:26:00,2.55,17850,UK") ==
             "InvoiceNo: no rule of the format takes a row with number '500009', quantity 0");
  BOOST_TEST(reason_for("X500009,85123A,HEART,6,2010-12-01T08:26:00,2.55,17850,UK") ==
             "InvoiceNo: no rule of the format takes a row with number 'X500009', quantity 6");
  BOOST_TEST(reason_for("C500009,85123A,HEART,-6,2010-12-01T08:26:00,-2.55,17850,UK") ==
             "UnitPrice: '-2.55' is below zero");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-12-01T08:26:00,2.55,17850") ==
             ": 7 fields where the header names 8");
  BOOST_TEST(reason_for("500009,85123A,HEART,6,2010-12-01T08:26:00,2.55,4111 1111 1111 1111,UK") ==
             "CustomerID: looks like a card number, which may not enter");
  BOOST_TEST(reason_for("500009," + std::string(129, 'S') + ",HEART,6,2010-12-01T08:26:00,2.55,17850,UK") ==
             "StockCode: 129 bytes; at most 128 are taken");
}

BOOST_AUTO_TEST_CASE(the_raw_text_of_a_reject_can_be_printed_whatever_stood_there) {
  const Read got = retail("500009,85123A,\xFF\x01,6,2010-12-01T08:26:00,2.55,17850,UK\n" + std::string(good_row));
  BOOST_REQUIRE(got.rejects.size() == 1U);
  BOOST_TEST(got.rejects[0].column == "Description");
  BOOST_TEST(got.rejects[0].text == "500009,85123A,\\xFF\\x01,6,2010-12-01T08:26:00,2.55,17850,UK");
  BOOST_TEST(got.orders.size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_bad_row_spoils_its_order_whole_and_no_other) {
  const Read got = retail(
      "500001,A1,x,1,2010-12-01T08:26:00,1.00,1,UK\n"
      "500002,B1,x,1,2010-12-01T08:26:00,1.00,2,UK\n"
      "500001,A2,x,one,2010-12-01T08:26:00,1.00,1,UK\n"
      "500001,A3,x,1,2010-12-01T08:26:00,1.00,1,UK\n"
      "500003,C1,x,1,2010-12-01T08:26:00,1.00,3,UK\n");
  BOOST_TEST(got.orders.size() == 2U);
  BOOST_TEST(got.counts.rejects == 3U);
  BOOST_TEST(got.rejected() ==
                 (std::vector<std::string>{"4/3 Quantity: 'one' is not a whole number",
                                           "2/1 InvoiceNo: row 3 of the same order is bad; an order is taken whole",
                                           "5/4 InvoiceNo: row 3 of the same order is bad; an order is taken whole"}),
             boost::test_tools::per_element());
  BOOST_TEST(got.rejects[1].text == "500001,A1,x,1,2010-12-01T08:26:00,1.00,1,UK");
}

BOOST_AUTO_TEST_CASE(a_malformed_row_spoils_the_order_whose_number_it_shows) {
  const Read got =
      retail("500001,A1,x,1,2010-12-01T08:26:00,1.00,1,UK\n500001,A2,12\" RULER,1\n" + std::string(good_row));
  BOOST_TEST(got.orders.size() == 0U);
  BOOST_TEST(got.rejects.size() == 3U);
  BOOST_TEST(got.rejects[0].column == "Description");
}

BOOST_AUTO_TEST_CASE(a_bad_return_line_spoils_itself_only) {
  const Read got = retail(
      "C500001,A1,x,-1,2010-12-01T08:26:00,1.00,1,UK\n"
      "C500001,A2,x,-y,2010-12-01T08:26:00,1.00,1,UK\n"
      "C500001,A3,x,-1,2010-12-01T08:26:00,1.00,1,UK\n");
  BOOST_TEST(got.returns.size() == 2U);
  BOOST_TEST(got.rejects.size() == 1U);
}

BOOST_AUTO_TEST_CASE(rows_of_one_order_that_disagree_on_the_customer_are_refused) {
  const Read got = retail(
      "500001,A1,x,1,2010-12-01T08:26:00,1.00,1,UK\n"
      "500001,A2,x,1,2010-12-01T08:26:00,1.00,2,UK\n");
  BOOST_TEST(got.orders.empty());
  BOOST_TEST(got.rejected()[0] == "3/2 CustomerID: '2' where an earlier row of the order says '1'");
}

BOOST_AUTO_TEST_CASE(sub_minor_prices_are_cut_and_what_was_cut_is_told) {
  const Read got = retail(
      "500001,A1,x,3,2010-12-01T08:26:00,0.001,1,UK\n"
      "500002,A1,x,7,2010-12-01T08:26:00,1.005,2,UK\n"
      "500003,A1,x,2,2010-12-01T08:26:00,1.005,bad,UK\n"
      "500003,A2,x,x,2010-12-01T08:26:00,1.005,bad,UK\n");
  BOOST_REQUIRE(got.orders.size() == 2U);
  BOOST_TEST(order_total(got.orders[0].order) == 0);
  BOOST_TEST(order_total(got.orders[1].order) == 703);
  BOOST_TEST(got.orders[0].order.tenders.empty());
  BOOST_TEST(got.counts.rounded.lines == 2U);
  BOOST_TEST(got.counts.rounded.amount().to_string() == "0.008");  // 0.003 and 0.005
}

BOOST_AUTO_TEST_CASE(validating_hands_out_only_the_rejects) {
  const TemporaryFile file(std::string(retail_header) + std::string(good_row) +
                           "500002,,x,1,2010-12-01T08:26:00,1,1,UK\n");
  csv::CsvSource source(file.path(), shipped("online_retail"), {.order_id = id_of});
  std::vector<std::uint64_t> rows;
  const csv::CsvCounts counts =
      source.validate([&](const ports::SourceReject& reject) { rows.push_back(reject.row); }, {});
  BOOST_TEST(rows == std::vector<std::uint64_t>{2}, boost::test_tools::per_element());
  BOOST_TEST(counts.orders == 1U);
  BOOST_TEST(counts.rejects == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_mapped_column_is_refused_whole) {
  BOOST_TEST(error_of("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice\n", shipped("online_retail")) ==
             "its header lacks the column 'CustomerID'; it has: InvoiceNo, StockCode, Description, Quantity, "
             "InvoiceDate, UnitPrice (format online_retail)");
  BOOST_TEST(error_of("InvoiceNo,StockCode,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n",
                      shipped("online_retail")) ==
             "its header names the column 'StockCode' twice (format online_retail)");
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_it_is_read_is_refused) {
  const TemporaryFile file(std::string(retail_header) + std::string(good_row));
  csv::CsvSource source(file.path(), shipped("online_retail"), {.order_id = id_of});
  const auto grow = [&](ports::SourceItem&&) { std::ofstream(file.path(), std::ios::app) << good_row; };
  BOOST_CHECK_THROW(source.read(grow, {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
