#include <boost/test/unit_test.hpp>

#include "plugin/core/refund/refund.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

using namespace retour;

namespace {

Order an_order_paid_in_cash(std::int64_t quantity, Minor net) {
  Order order;
  order.currency = Currency::parse("GBP").value();
  OrderLine line;
  line.line_no = 1;
  line.quantity = quantity;
  line.net_minor = net;
  order.lines.push_back(line);
  order.tenders.push_back({1, TenderKind::cash, "", net});
  return order;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unit_account_tests)

BOOST_AUTO_TEST_CASE(three_thirds_give_back_the_whole) {
  const auto accounts = OrderAccounts::divide(an_order_paid_in_cash(3, 1000)).value();
  BOOST_TEST(accounts.paid_for({1, 0, 1}).net_minor == 333);
  BOOST_TEST(accounts.paid_for({1, 1, 1}).net_minor == 333);
  BOOST_TEST(accounts.paid_for({1, 2, 1}).net_minor == 334);
  BOOST_TEST(accounts.paid_for({1, 0, 3}).total_minor() == 1000);
}

BOOST_AUTO_TEST_SUITE_END()
