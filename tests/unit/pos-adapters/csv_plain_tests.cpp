// The plain documented format: everything an order may hold, and how it may be wrong.

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;
using namespace retour::csv_tests;

namespace {

constexpr std::string_view short_header = "order_number,sku,quantity,unit_price,line_net,sold_at,tender_1_kind\n";

Read plain(const std::string& text) {
  return read_text(text, "plain");
}
Read short_rows(const std::string& rows) {
  return plain(std::string(short_header) + rows);
}

std::string only_reason(const Read& got) {
  BOOST_REQUIRE(!got.rejects.empty());
  return got.rejects[0].column + ": " + got.rejects[0].reason;
}

constexpr std::string_view full_header =
    "order_number,line_no,sku,gtin,description,quantity,unit_price,line_net,line_discount,tax_1_rate,tax_1_amount,"
    "tax_2_rate,tax_2_amount,customer_ref,card_ref,channel,currency,delivered_on,sold_at,order_discount_net,"
    "order_discount_tax_1_rate,order_discount_tax_1_amount,shipping_net,shipping_tax_rate,shipping_tax_amount,"
    "tender_1_kind,tender_1_amount,tender_1_reference,tender_2_kind,tender_2_amount,tender_2_reference\n";

std::string parse_error(const std::string& json) {
  try {
    csv::CsvFormat::parse(json, "test.json");
  } catch (const Error& error) {
    return error.parts().cause;
  }
  return "no error";
}

/// The shipped plain format with one text replaced by another.
std::string plain_with(const std::string& from, const std::string& to) {
  std::string json(csv::shipped_format("plain").value());
  const std::size_t at = json.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return json.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_plain_tests)

BOOST_AUTO_TEST_CASE(seven_columns_make_an_order) {
  const Read got = short_rows("1001,A1,2,9.99,16.79,2026-03-01T10:15:30+01:00,card\n");
  BOOST_TEST(got.rejects.empty());
  BOOST_REQUIRE(got.orders.size() == 1U);
  const Order& order = got.orders[0].order;
  BOOST_TEST(order.authority == "plain");
  BOOST_TEST(order.lines[0].net_minor == 1679);
  BOOST_TEST(order.lines[0].unit_price.to_string() == "9.99");
  BOOST_TEST(order.sold_on.to_string() == "2026-03-01");
  BOOST_TEST(order.sold_at_ms == 1'772'356'530'000);  // 09:15:30 UTC
  BOOST_REQUIRE(order.tenders.size() == 1U);
  BOOST_TEST(order.tenders[0].paid_minor == 1679);
  BOOST_TEST((order.tenders[0].kind == TenderKind::card));
}

BOOST_AUTO_TEST_CASE(an_order_with_everything_is_read_whole) {
  const Read got =
      plain(std::string(full_header) +
            "1001,3,SHIRT,4006381333931,\"Shirt, blue\",2,20.00,30.00,3.61,19,5.70,,,C-77,tok_1,store,EUR,2026-03-04,"
            "2026-03-01T10:15:00,2.00,19,0.38,4.20,19,0.80,gift_card,10.00,GC-9,card,36.32,pay_42\n"
            "1001,5,BOOK,,,1,7.00,6.54,,7.0,0.46,19,1.00,,,,,,2026-03-01T10:15:00,,,,,,,,,,,,\n");
  BOOST_TEST(got.rejected() == std::vector<std::string>{}, boost::test_tools::per_element());
  BOOST_REQUIRE(got.orders.size() == 1U);
  const ports::SourceOrder& source = got.orders[0];
  const Order& order = source.order;
  BOOST_TEST(source.customer_ref == "C-77");
  BOOST_TEST(source.card_ref == "tok_1");
  BOOST_TEST((order.channel == SaleChannel::store));
  BOOST_TEST(order.delivered_on.value().to_string() == "2026-03-04");
  BOOST_REQUIRE(order.lines.size() == 2U);
  BOOST_TEST(order.lines[0].line_no == 3U);
  BOOST_TEST(order.lines[0].gtin == "04006381333931");
  BOOST_TEST(order.lines[0].description == "Shirt, blue");
  BOOST_TEST(order.lines[0].discount_minor == 361);
  BOOST_TEST(order.lines[1].line_no == 5U);
  BOOST_REQUIRE(order.lines[1].taxes.size() == 2U);
  BOOST_TEST(order.lines[1].taxes[0].rate_percent.to_string() == "7");
  BOOST_TEST(order.lines[1].taxes[1].minor == 100);
  BOOST_REQUIRE(order.adjustments.size() == 1U);
  BOOST_TEST(order.adjustments[0].lowers);
  BOOST_TEST(order.adjustments[0].net_minor == 200);
  BOOST_TEST(order.adjustments[0].taxes[0].minor == 38);
  BOOST_REQUIRE(order.shipments.size() == 1U);
  BOOST_TEST(order.shipments[0].net_minor == 420);
  BOOST_TEST(order.shipments[0].delivered_on.value().to_string() == "2026-03-04");
  BOOST_REQUIRE(order.tenders.size() == 2U);
  BOOST_TEST(order.tenders[0].reference == "GC-9");
  BOOST_TEST(order.tenders[1].paid_minor == 3632);
  BOOST_TEST(order_total(order) == 4632);
  BOOST_TEST(OrderAccounts::divide(order).ok());
}

BOOST_AUTO_TEST_CASE(tenders_that_miss_by_a_minor_unit_a_line_are_named_source_rounding) {
  const std::string header = "order_number,sku,quantity,unit_price,line_net,sold_at,tender_1_kind,tender_1_amount\n";
  const auto paid = [&](const std::string& amount) {
    return plain(header + "1,A,1,1,10.00,2026-03-01,cash," + amount + "\n1,B,1,1,5.00,2026-03-01,,\n");
  };
  const Read less = paid("14.98"), more = paid("15.02"), exact = paid("15.00");
  BOOST_REQUIRE(less.orders.size() == 1U);
  BOOST_REQUIRE(less.orders[0].order.adjustments.size() == 1U);
  BOOST_TEST((less.orders[0].order.adjustments[0].kind == AdjustmentKind::source_rounding));
  BOOST_TEST(less.orders[0].order.adjustments[0].lowers);
  BOOST_TEST(less.orders[0].order.adjustments[0].net_minor == 2);
  BOOST_REQUIRE(more.orders.size() == 1U);
  BOOST_TEST(!more.orders[0].order.adjustments[0].lowers);
  BOOST_TEST(exact.orders[0].order.adjustments.empty());
  BOOST_TEST(only_reason(paid("14.97")) ==
             "tender_1_amount: the tenders of the order sum to 14.97 EUR and its lines to 15.00 EUR");
  BOOST_TEST(paid("14.97").rejects.size() == 2U);
}

BOOST_AUTO_TEST_CASE(rows_say_by_a_column_what_they_are) {
  const Read got = plain(
      "row_kind,order_number,sku,quantity,unit_price,line_net,sold_at,tender_1_kind,customer_ref\n"
      "sale,1,A,2,1.00,2.00,2026-03-01T09:00:00,cash,C1\n"
      "return,R1,A,1,1.00,,2026-03-02T09:00:00,,C1\n"
      "stock_move,M1,A,-3,0,,2026-03-02T09:00:00,,\n"
      ",2,A,1,1.00,1.00,2026-03-03T09:00:00,cash,\n"
      "gift,3,A,1,1.00,1.00,2026-03-03T09:00:00,cash,\n");
  BOOST_TEST(got.orders.size() == 2U);
  BOOST_REQUIRE(got.returns.size() == 1U);
  BOOST_TEST(got.returns[0].quantity == 1);
  BOOST_TEST(got.returns[0].customer_ref == "C1");
  BOOST_REQUIRE(got.moves.size() == 1U);
  BOOST_TEST(got.moves[0].quantity == -3);
  BOOST_REQUIRE(got.rejects.size() == 1U);
  BOOST_TEST(got.rejects[0].row == 5U);
}

BOOST_AUTO_TEST_CASE(money_that_is_not_exact_is_refused) {
  const auto net = [](const std::string& amount) {
    return only_reason(short_rows("1,A,1,1.00," + amount + ",2026-03-01,cash\n"));
  };
  const std::string reason = " is not an amount of EUR from 0, with at most 2 decimals";
  BOOST_TEST(net("1.005") == "line_net: '1.005'" + reason);
  BOOST_TEST(net("-1.00") == "line_net: '-1.00'" + reason);
  BOOST_TEST(net("") == "line_net: ''" + reason);
  BOOST_TEST(net("1 000") == "line_net: '1 000'" + reason);
  BOOST_TEST(net("99999999999999999") == "line_net: '99999999999999999'" + reason);
  BOOST_TEST(short_rows("1,A,1,1.00,1.0000,2026-03-01,cash\n").orders.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_order_that_cannot_be_divided_is_refused_with_the_reason) {
  const Read got = plain(
      "order_number,sku,quantity,unit_price,line_net,tax_1_rate,tax_1_amount,tax_2_rate,tax_2_amount,sold_at,tender_"
      "1_kind\n"
      "1,A,1,1,1.00,19,0.19,19.0,0.01,2026-03-01,cash\n");
  BOOST_TEST(only_reason(got) == "order_number: its money cannot be divided over its units: tax_rates_not_distinct");
}

BOOST_AUTO_TEST_CASE(cells_of_the_whole_order_are_judged_at_its_end) {
  const std::string header =
      "order_number,line_no,sku,gtin,quantity,unit_price,line_net,sold_at,tender_1_kind,tender_1_reference,currency,"
      "channel,delivered_on,card_ref\n";
  const auto reason = [&](const std::string& row) { return only_reason(plain(header + row + "\n")); };
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,beads,,,,,") == "tender_1_kind: 'beads' is no kind of tender");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,,,,,,") == "tender_1_kind: no tender is named");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,card,4111111111111111,,,,") ==
             "tender_1_reference: looks like a card number, which may not enter");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,card,,,,,5500-0000-0000-0004") ==
             "card_ref: looks like a card number, which may not enter");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,card,,XXQ,,,") == "currency: 'XXQ' is no currency that is known");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,card,,,pigeon,,") ==
             "channel: 'pigeon' is none of: online, store, phone, marketplace");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,card,,,,2026-02-30,") ==
             "delivered_on: '2026-02-30' is not a date like 2011-12-09");
  BOOST_TEST(reason("1,1,A,4006381333932,1,1,1,2026-03-01,card,,,,,") ==
             "gtin: '4006381333932' is not a GTIN: check_digit_wrong");
  BOOST_TEST(reason("1,2,A,,1,1,1,2026-03-01,card,,,,,\n1,2,B,,1,1,1,2026-03-01,,,,,,") ==
             "line_no: line numbers must rise within an order, and 2 stands before it");
  BOOST_TEST(reason("1,1,A,,1,1,1,2026-03-01,card,,,,,\n1,2,B,,1,1,1,2026-03-01,,,GBP,,,") ==
             "currency: 'GBP' where the order began in EUR");
}

BOOST_AUTO_TEST_CASE(a_currency_without_decimals_is_read_in_its_own_minor_units) {
  const Read got = plain(
      "order_number,sku,quantity,unit_price,line_net,sold_at,tender_1_kind,currency\n1,A,1,1,1500,2026-03-01,cash,"
      "JPY\n");
  BOOST_REQUIRE(got.orders.size() == 1U);
  BOOST_TEST(got.orders[0].order.lines[0].net_minor == 1500);
}

BOOST_AUTO_TEST_CASE(instants_are_read_strictly) {
  for (const char* good : {"2011-12-09", "2011-12-09T12:50", "2011-12-09 12:50:59", "2011-12-09T12:50:59.123",
                           "2011-12-09T12:50:59Z", "2011-12-09T12:50-05:30"}) {
    BOOST_TEST(csv::parse_instant(good).has_value(), good);
  }
  for (const char* bad : {"", "2011-12-9", "2011-02-29", "2011-12-09T", "2011-12-09T24:00", "2011-12-09T12:60",
                          "2011-12-09T12:50:60", "2011-12-09T12:50:59.1", "2011-12-09T12:50+0100", "2011-12-09x12:50",
                          "1969-12-31", "3000-01-01", "2011-12-09T12:50:59ZZ", "9999-99-99"}) {
    BOOST_TEST(!csv::parse_instant(bad).has_value(), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_format_with_an_unknown_or_wrong_field_is_refused_by_its_path) {
  BOOST_TEST(parse_error("{") == "it is no JSON document");
  BOOST_TEST(parse_error("[]") == "an object is expected");
  BOOST_TEST(parse_error("{}") == "authority: is missing");
  BOOST_TEST(parse_error(plain_with("\"sku\": \"sku\"", "\"sku\": \"sku\", \"skuu\": \"x\"")) ==
             "columns.skuu: is not known");
  BOOST_TEST(parse_error(plain_with("\"currency\": \"EUR\"", "\"currency\": \"EURO\"")) ==
             "currency: no currency that is known");
  BOOST_TEST(parse_error(plain_with("\"channel\": \"online\"", "\"channel\": \"pigeon\"")) ==
             "channel: 'pigeon' is none of: online, store, phone, marketplace");
  BOOST_TEST(parse_error(plain_with("\"sku\": \"sku\"", "\"sku\": {\"column\": \"sku\", \"optional\": true}")) ==
             "columns.sku: this column cannot be optional");
  BOOST_TEST(parse_error(plain_with("\"as\": \"return\"", "\"as\": \"refund\"")) ==
             "rows[0].as: 'refund' is none of: sale, return, stock_move, note");
  BOOST_TEST(parse_error(plain_with("\"rate\": { \"column\": \"tax_2_rate\"",
                                    "\"rate\": { \"kolumn\": \"tax_2_rate\"")) == "taxes[1].rate.column: is missing");
  BOOST_TEST(parse_error(plain_with("\"resolution\": \"second\"", "\"resolution\": 5")) ==
             "time.resolution: text is expected");
  BOOST_TEST(parse_error(plain_with("\"line_amount\": \"line_net\",", "")) ==
             "line_money.from: columns.line_amount must be mapped");
  BOOST_TEST(parse_error(plain_with("\"rule\": \"columns\"", "\"rule\": \"columns\", \"even\": \"cash\"")) ==
             "tenders.even: is not known");
}

BOOST_AUTO_TEST_CASE(only_the_two_formats_are_shipped) {
  BOOST_TEST(csv::shipped_format("online_retail").has_value());
  BOOST_TEST(csv::shipped_format("plain").has_value());
  BOOST_TEST(!csv::shipped_format("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
