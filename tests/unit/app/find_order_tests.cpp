#include "plugin/app/find_order.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;

namespace {

/// Numbers of what is found, in the order of the answer.
std::string found_by(Till& till, const OrderQuery& query) {
  std::string numbers;
  for (const FoundOrder& found : find_orders(till.context(), query))
    numbers += (numbers.empty() ? "" : " ") + found.order.number + (found.sold_here ? "(here)" : "");
  return numbers;
}

Order with_barcode(Order order, const std::string& gtin) {
  order.lines[0].gtin = gtin;
  return order;
}

void sell_here(Till& till, const Order& order, const std::string& customer) {
  SaleCommand sale;
  sale.command_id = till.ids.make<CommandId>();
  sale.order = order;
  sale.customer_ref = customer;
  BOOST_REQUIRE(record_sale(till.context(), sale).ok());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(find_order_tests)

BOOST_AUTO_TEST_CASE(an_order_is_found_by_each_key_whether_it_came_with_the_feed_or_was_sold_here) {
  Till till;
  till.receive(with_barcode(plain_order("W-1", {{"shirt", 1, 1000}}), "04006381333931"), "anna");
  till.receive(plain_order("W-2", {{"mug", 1, 400}}), "anna");
  till.receive(with_barcode(plain_order("W-3", {{"shirt", 1, 1000}}), "04006381333931"), "bert");
  Order sale = with_barcode(plain_order("S-1", {{"shirt", 1, 900}}), "04006381333931");
  sale.sold_at_ms += 1000;
  sell_here(till, sale, "anna");

  BOOST_TEST(found_by(till, {.number = "W-1"}) == "W-1");
  BOOST_TEST(found_by(till, {.number = "S-1"}) == "S-1(here)");
  BOOST_TEST(found_by(till, {.number = "W-9"}) == "");
  BOOST_TEST(found_by(till, {.customer_ref = "bert"}) == "W-3");
  BOOST_TEST(found_by(till, {.customer_ref = "Bert"}) == "");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "mug"}) == "W-2");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "shirt"}) == "S-1(here) W-1");
  BOOST_TEST(found_by(till, {.number = "W-1", .item = "mug"}) == "");
}

BOOST_AUTO_TEST_CASE(a_barcode_is_found_in_the_length_in_which_it_is_scanned) {
  Till till;
  till.receive(with_barcode(plain_order("W-1", {{"shirt", 1, 1000}}), "04006381333931"), "anna");
  till.receive(with_barcode(plain_order("W-2", {{"mug", 1, 400}}), "00000096385074"), "anna");
  sell_here(till, with_barcode(plain_order("S-1", {{"cap", 1, 900}}), "00614141000036"), "anna");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "4006381333931"}) == "W-1");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "04006381333931"}) == "W-1");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "96385074"}) == "W-2");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "614141000036"}) == "S-1(here)");
  BOOST_TEST(found_by(till, {.number = "W-1", .item = "4006381333931"}) == "W-1");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "4006381333932"}) == "");
}

BOOST_AUTO_TEST_CASE(an_sku_that_looks_like_a_barcode_is_found_as_it_is_written) {
  Till till;
  till.receive(plain_order("W-1", {{"96385074", 1, 1000}}), "anna");
  BOOST_TEST(found_by(till, {.customer_ref = "anna", .item = "96385074"}) == "W-1");
}

BOOST_AUTO_TEST_CASE(newest_come_first_and_no_more_than_a_person_can_read) {
  Till till;
  for (std::size_t n = 0; n < found_orders_max + 5; ++n) {
    Order order = plain_order("W-" + std::to_string(n), {{"shirt", 1, 1000}});
    order.sold_at_ms += static_cast<std::int64_t>(n);
    till.receive(order, "anna");
  }
  const auto found = find_orders(till.context(), {.customer_ref = "anna"});
  BOOST_REQUIRE(found.size() == found_orders_max);
  BOOST_TEST(found.front().order.number == "W-54");
  BOOST_TEST(found.back().order.number == "W-5");
}

BOOST_AUTO_TEST_SUITE_END()
