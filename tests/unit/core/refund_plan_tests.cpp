#include <boost/test/unit_test.hpp>

#include "plugin/core/refund/refund_plan.hpp"
#include "tests/support/order_builder.hpp"

using namespace retour;
using retour::testing::an_order;

namespace {

struct Shop {
  std::vector<Order> orders;

  Claim claim(std::size_t order, UnitRange units) const {
    return {orders[order].id, units, OrderAccounts::divide(orders[order]).value().paid_for(units), {}};
  }
  RefundPlan plan(const std::vector<Claim>& claims) const {
    std::vector<OrderTenders> tenders;
    for (const Order& order : orders) tenders.push_back({order.id, order.tenders});
    const LineClaims line{1, claims, {}};
    return plan_refund({&line, 1}, tenders, orders.front().currency, {});
  }
};

Order gift_card_then_card(std::uint8_t number) {
  return an_order()
      .numbered(number)
      .with_line(3, 1000)
      .paid_by(TenderKind::gift_card, 500)
      .paid_by(TenderKind::card)
      .build();
}

Order cash_only(std::uint8_t number) {
  return an_order().numbered(number).with_line(2, 700).paid_by(TenderKind::cash).build();
}

void check_legs(const RefundPlan& plan, const std::vector<PlannedLeg>& expected) {
  BOOST_TEST_REQUIRE(plan.legs.size() == expected.size());
  Minor sum = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST_CONTEXT("leg " << i + 1) {
      BOOST_TEST(plan.legs[i].pays_minor == expected[i].pays_minor);
      BOOST_TEST((plan.legs[i] == expected[i]));
    }
    sum += plan.legs[i].pays_minor;
  }
  BOOST_TEST(plan.total_minor == sum);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refund_plan_tests)

BOOST_AUTO_TEST_CASE(each_tender_gets_back_its_share_of_the_units) {
  const Shop shop{{gift_card_then_card(1)}};
  check_legs(shop.plan({shop.claim(0, {1, 1, 1})}), {{1, TenderKind::gift_card, shop.orders[0].id, 1, "ref-1", 167},
                                                     {2, TenderKind::card, shop.orders[0].id, 2, "ref-2", 166}});
}

BOOST_AUTO_TEST_CASE(several_claims_on_one_tender_are_one_leg) {
  const Shop shop{{gift_card_then_card(1)}};
  check_legs(shop.plan({shop.claim(0, {1, 2, 1}), shop.claim(0, {1, 0, 1}), shop.claim(0, {1, 1, 1})}),
             {{1, TenderKind::gift_card, shop.orders[0].id, 1, "ref-1", 500},
              {2, TenderKind::card, shop.orders[0].id, 2, "ref-2", 500}});
}

BOOST_AUTO_TEST_CASE(a_tender_that_paid_nothing_for_the_units_has_no_leg) {
  const Shop shop{{gift_card_then_card(1)}};
  check_legs(shop.plan({shop.claim(0, {1, 0, 1})}), {{1, TenderKind::gift_card, shop.orders[0].id, 1, "ref-1", 333}});
}

BOOST_AUTO_TEST_CASE(cash_of_several_orders_is_one_leg_and_the_last) {
  const Shop shop{{cash_only(9), gift_card_then_card(1), cash_only(3)}};
  const auto plan = shop.plan({shop.claim(0, {1, 0, 1}), shop.claim(1, {1, 2, 1}), shop.claim(2, {1, 0, 2})});
  check_legs(plan, {{1, TenderKind::card, shop.orders[1].id, 2, "ref-2", 334},
                    {2, TenderKind::cash, OrderId{}, 0, "", 1050}});
}

BOOST_AUTO_TEST_CASE(a_cash_leg_of_one_tender_names_it) {
  const Shop shop{{cash_only(9)}};
  check_legs(shop.plan({shop.claim(0, {1, 0, 1}), shop.claim(0, {1, 1, 1})}),
             {{1, TenderKind::cash, shop.orders[0].id, 1, "", 700}});
}

BOOST_AUTO_TEST_CASE(two_cash_tenders_of_one_order_are_one_leg_that_names_the_order_only) {
  const Shop shop{{an_order().with_line(2, 700).paid_by(TenderKind::cash, 100).paid_by(TenderKind::cash).build()}};
  check_legs(shop.plan({shop.claim(0, {1, 0, 2})}), {{1, TenderKind::cash, shop.orders[0].id, 0, "", 700}});
}

BOOST_AUTO_TEST_CASE(legs_follow_the_orders_as_the_claims_name_them) {
  const Shop shop{{gift_card_then_card(1), gift_card_then_card(2)}};
  check_legs(shop.plan({shop.claim(1, {1, 2, 1}), shop.claim(0, {1, 0, 1}), shop.claim(1, {1, 0, 1})}),
             {{1, TenderKind::gift_card, shop.orders[1].id, 1, "ref-1", 333},
              {2, TenderKind::card, shop.orders[1].id, 2, "ref-2", 334},
              {3, TenderKind::gift_card, shop.orders[0].id, 1, "ref-1", 333}});
}

BOOST_AUTO_TEST_CASE(one_minor_unit_is_a_leg) {
  const Shop shop{{an_order().with_line(1, 100).paid_by(TenderKind::voucher, 1).paid_by(TenderKind::card).build()}};
  check_legs(shop.plan({shop.claim(0, {1, 0, 1})}), {{1, TenderKind::voucher, shop.orders[0].id, 1, "ref-1", 1},
                                                     {2, TenderKind::card, shop.orders[0].id, 2, "ref-2", 99}});
}

BOOST_AUTO_TEST_CASE(units_that_cost_nothing_are_claimed_without_a_leg) {
  const Shop shop{{an_order().with_line(4, 0).build()}};
  check_legs(shop.plan({shop.claim(0, {1, 0, 4})}), {});
  check_legs(shop.plan({}), {});
}

BOOST_AUTO_TEST_SUITE_END()
