#include "plugin/core/order/order.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/support/order_builder.hpp"

using namespace retour;
using retour::testing::an_order;

BOOST_AUTO_TEST_SUITE(order_tests)

BOOST_AUTO_TEST_CASE(a_line_total_is_net_and_all_its_taxes) {
  const Order order = an_order().with_line(3, 1000).taxed("5", 50).taxed("7", 70).discounted(300).build();
  BOOST_TEST(line_total(order.lines[0]) == 1120);
}

BOOST_AUTO_TEST_CASE(an_order_total_is_lines_and_shipments_raised_and_lowered_by_the_adjustments) {
  const Order order = an_order()
                          .with_line(1, 1000)
                          .taxed("19", 190)
                          .with_line(2, 500)
                          .taxed("7", 35)
                          .with_shipment(400)
                          .taxed("19", 76)
                          .with_discount(100)
                          .taxed("19", 19)
                          .with_rounding_up(2)
                          .with_rounding_down(1)
                          .build();
  BOOST_TEST(order_total(order) == 1190 + 535 + 476 - 119 + 2 - 1);
}

BOOST_AUTO_TEST_CASE(totals_nobody_checked_end_at_the_ends_of_the_type) {
  const Order much = an_order().with_line(1, INT64_MAX).taxed("19", INT64_MAX).with_line(1, INT64_MAX).build();
  BOOST_TEST(line_total(much.lines[0]) == INT64_MAX);
  BOOST_TEST(order_total(much) == INT64_MAX);
  const Order little = an_order().with_line(1, INT64_MIN).taxed("19", INT64_MIN).with_discount(INT64_MAX).build();
  BOOST_TEST(line_total(little.lines[0]) == INT64_MIN);
  BOOST_TEST(order_total(little) == INT64_MIN);
}

BOOST_AUTO_TEST_CASE(a_line_is_found_by_its_number) {
  Order order = an_order().with_line(1, 100).with_line(1, 200).build();
  order.lines[1].line_no = 7;
  BOOST_TEST(find_line(order, 7) == &order.lines[1]);
  BOOST_TEST(find_line(order, 2) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
