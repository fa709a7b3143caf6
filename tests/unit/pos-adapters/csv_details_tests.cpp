// What few files know: sellers, parcels, serial numbers, promotions over some lines, points; and how they may be
// wrong.

#include <boost/test/unit_test.hpp>

#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;
using namespace retour::csv_tests;

namespace {

/// One order of rows "sku,quantity,line_net,CELLS", with these columns behind those that an order needs.
Read rows_with(const std::string& columns, const std::vector<std::string>& rows) {
  std::string text = "order_number,sold_at,unit_price,tender_1_kind,sku,quantity,line_net," + columns + "\n";
  for (const std::string& row : rows) text += "7,2026-03-01,1,card," + row + "\n";
  return read_text(text, "plain");
}

Order only_order(const Read& got) {
  for (const std::string& reason : got.rejected()) BOOST_TEST_MESSAGE(reason);
  BOOST_REQUIRE(got.rejects.empty());
  BOOST_REQUIRE(got.orders.size() == 1U);
  return got.orders[0].order;
}

std::string first_reject(const Read& got) {
  BOOST_REQUIRE(!got.rejects.empty());
  return got.rejected()[0];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_details_tests)

BOOST_AUTO_TEST_CASE(a_line_names_its_seller_and_whether_the_sale_is_final) {
  const Order order = only_order(rows_with("seller,confirmed_final", {"a,1,5,Lund Ltd,yes", "b,1,5,,no", "c,1,5,,"}));
  BOOST_TEST(order.lines[0].seller == "Lund Ltd");
  BOOST_TEST(order.lines[0].confirmed_final);
  BOOST_TEST(order.lines[1].seller.empty());
  BOOST_TEST(!order.lines[1].confirmed_final);
  BOOST_TEST(!order.lines[2].confirmed_final);
}

BOOST_AUTO_TEST_CASE(final_is_yes_or_no_and_nothing_else) {
  BOOST_TEST(first_reject(rows_with("confirmed_final", {"a,1,5,maybe"})) ==
             "2/1 confirmed_final: 'maybe' is neither yes nor no");
}

BOOST_AUTO_TEST_CASE(each_unit_has_its_serial_number) {
  const Order order = only_order(rows_with("serials", {"a,2,5,SN-1|SN-2", "b,1,5,356938035643809"}));
  BOOST_TEST((order.lines[0].serials == std::vector<std::string>{"SN-1", "SN-2"}));
  BOOST_TEST((order.lines[1].serials == std::vector<std::string>{"356938035643809"}));  // an IMEI is no card number
}

BOOST_AUTO_TEST_CASE(serial_numbers_that_cannot_be_meant_are_refused_by_row_column_and_reason) {
  BOOST_TEST(first_reject(rows_with("serials", {"a,2,5,SN-1|"})) ==
             "2/1 serials: '' among the serial numbers is empty");
  BOOST_TEST(first_reject(rows_with("serials", {"a,1,5,4111111111111111"})) ==
             "2/1 serials: looks like a card number, which may not enter");
  BOOST_TEST(first_reject(rows_with("serials", {"a,1,5," + std::string(65, 'x')}))
                 .ends_with("among the serial numbers is longer than 64 bytes"));
  BOOST_TEST(first_reject(rows_with("serials", {"a,2,5,SN-1"})) ==
             "2/1 order_number: its money cannot be divided over its units: serials_do_not_fit");
}

BOOST_AUTO_TEST_CASE(lines_come_in_parcels_that_arrive_on_days_of_their_own) {
  const Order order = only_order(rows_with("parcel_no,parcel_delivered_on,shipping_net",
                                           {"a,1,5,1,2026-03-03,4", "b,1,5,2,2026-03-09,", "c,1,5,2,,"}));
  BOOST_REQUIRE(order.shipments.size() == 2U);
  BOOST_TEST(order.shipments[0].net_minor == 400);
  BOOST_TEST(order.shipments[1].net_minor == 0);
  BOOST_TEST((delivered_on(order, order.lines[0]) == CivilDate::parse("2026-03-03")));
  BOOST_TEST((delivered_on(order, order.lines[1]) == CivilDate::parse("2026-03-09")));
  BOOST_TEST((delivered_on(order, order.lines[2]) == CivilDate::parse("2026-03-09")));
}

BOOST_AUTO_TEST_CASE(a_parcel_arrives_once_and_has_a_number) {
  BOOST_TEST(first_reject(rows_with("parcel_no,parcel_delivered_on", {"a,1,5,1,2026-03-03", "b,1,5,1,2026-03-04"})) ==
             "3/2 parcel_delivered_on: 2026-03-04 where an earlier row says that parcel 1 arrived on 2026-03-03");
  BOOST_TEST(first_reject(rows_with("parcel_no,parcel_delivered_on", {"a,1,5,,2026-03-03"})) ==
             "2/1 parcel_delivered_on: says when a parcel arrived, and no parcel is named");
  BOOST_TEST(first_reject(rows_with("parcel_no", {"a,1,5,101"})) == "2/1 parcel_no: '101' lies outside 1 to 100");
}

BOOST_AUTO_TEST_CASE(a_promotion_is_on_the_lines_it_names) {
  const Order order = only_order(rows_with("promotion_1_net,promotion_1_lines,promotion_2_net,promotion_2_lines",
                                           {"a,1,10,10,1|2,1,3", "b,1,10,,,,", "c,1,10,,,,"}));
  BOOST_REQUIRE(order.adjustments.size() == 2U);
  BOOST_TEST(order.adjustments[0].net_minor == 1000);
  BOOST_TEST((order.adjustments[0].line_nos == std::vector<std::uint32_t>{1, 2}));
  BOOST_TEST((order.adjustments[1].line_nos == std::vector<std::uint32_t>{3}));
  BOOST_TEST(order_total(order) == 1900);
}

BOOST_AUTO_TEST_CASE(a_promotion_names_lines_that_are_there) {
  BOOST_TEST(first_reject(rows_with("promotion_1_net,promotion_1_lines", {"a,1,10,10,1|x"})) ==
             "2/1 promotion_1_lines: 'x' is not the number of a line");
  BOOST_TEST(first_reject(rows_with("promotion_1_net,promotion_1_lines", {"a,1,10,10,1|2"})) ==
             "2/1 order_number: its money cannot be divided over its units: adjustment_line_unknown");
}

BOOST_AUTO_TEST_CASE(points_are_of_the_whole_order) {
  const Order order = only_order(rows_with("points_earned,points_spent", {"a,1,10,12,300", "b,1,10,,"}));
  BOOST_TEST(order.loyalty.points_earned == 12);
  BOOST_TEST(order.loyalty.points_spent == 300);
  BOOST_TEST(first_reject(rows_with("points_spent", {"a,1,10,-1"})) ==
             "2/1 points_spent: '-1' lies outside 0 to 1000000000");
}

BOOST_AUTO_TEST_SUITE_END()
