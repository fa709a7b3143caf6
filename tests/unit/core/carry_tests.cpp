// The numbers of docs/money.md, "Exchange".
#include <boost/test/unit_test.hpp>

#include "plugin/core/refund/carry.hpp"
#include "tests/support/order_builder.hpp"

using namespace retour;
using retour::testing::an_order;

namespace {

/// Two units of 50.00: card 60.00, then cash 40.00. Both come back.
struct TwoUnits {
  Order order = an_order().with_line(2, 10'000).paid_by(TenderKind::card, 6'000).paid_by(TenderKind::cash).build();
  UnitTerms terms;
  PayoutRules rules;

  ExchangePlan exchange(Minor goods_minor) const {
    const UnitRange both{1, 0, 2};
    const LineClaims line{1, {{order.id, both, OrderAccounts::divide(order).value().paid_for(both), {}}}, {terms}};
    const OrderTenders tenders{order.id, order.tenders};
    return plan_exchange({&line, 1}, {&tenders, 1}, order.currency, rules, goods_minor);
  }
  CarriedPart card(Minor minor) const { return {TenderKind::card, order.id, 1, "ref-1", minor}; }
  CarriedPart cash(Minor minor) const { return {TenderKind::cash, order.id, 2, "", minor}; }
};

using Parts = std::vector<CarriedPart>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(carry_tests, TwoUnits)

BOOST_AUTO_TEST_CASE(an_even_exchange_pays_nothing_out) {
  const ExchangePlan plan = exchange(10'000);
  BOOST_TEST((plan.carried == Parts{card(6'000), cash(4'000)}));
  BOOST_TEST(plan.carried_minor == 10'000);
  BOOST_TEST(plan.refund.total_minor == 0);
  BOOST_TEST(plan.refund.legs.empty());
}

BOOST_AUTO_TEST_CASE(cheaper_goods_leave_the_last_money_to_be_paid_out_and_cash_is_the_very_last) {
  const ExchangePlan plan = exchange(7'500);
  BOOST_TEST((plan.carried == Parts{card(6'000), cash(1'500)}));
  BOOST_TEST_REQUIRE(plan.refund.legs.size() == 1U);
  BOOST_TEST((plan.refund.legs[0] == PlannedLeg{1, TenderKind::cash, order.id, 2, "", 2'500}));
  BOOST_TEST(plan.refund.total_minor == 2'500);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_not_used_up_gets_its_rest_and_so_does_the_drawer) {
  const ExchangePlan plan = exchange(2'000);
  BOOST_TEST((plan.carried == Parts{card(2'000)}));
  BOOST_TEST_REQUIRE(plan.refund.legs.size() == 2U);
  BOOST_TEST((plan.refund.legs[0] == PlannedLeg{1, TenderKind::card, order.id, 1, "ref-1", 4'000}));
  BOOST_TEST(plan.refund.legs[1].pays_minor == 4'000);
}

BOOST_AUTO_TEST_CASE(dearer_goods_take_all_that_is_there) {
  const ExchangePlan plan = exchange(12'000);
  BOOST_TEST(plan.carried_minor == 10'000);
  BOOST_TEST(plan.refund.legs.empty());
}

BOOST_AUTO_TEST_CASE(a_fee_is_kept_before_anything_is_carried) {
  terms.fees = {{.rule = "fees/worn", .kind = FeeKind::diminished_value, .share = {2'500}}};
  const ExchangePlan plan = exchange(10'000);
  BOOST_TEST((plan.carried == Parts{card(6'000), cash(1'500)}));
  BOOST_TEST_REQUIRE(plan.refund.kept.size() == 1U);
  BOOST_TEST(plan.refund.kept[0].minor == 2'500);
}

BOOST_AUTO_TEST_CASE(only_cash_that_is_left_is_rounded_to_coins) {
  rules.cash_rounding = {{order.currency, 100}};
  BOOST_TEST(exchange(9'990).refund.rounding_minor == -10);  // 0.10 are left, and no coin pays them
  BOOST_TEST(exchange(9'990).refund.legs.empty());
  BOOST_TEST(exchange(9'990).carried_minor == 9'990);
  BOOST_TEST(exchange(9'940).refund.rounding_minor == 40);
  BOOST_TEST(exchange(9'940).refund.total_minor == 100);
  BOOST_TEST(exchange(10'000).refund.rounding_minor == 0);
}

BOOST_AUTO_TEST_CASE(units_that_go_back_as_store_credit_pay_for_goods_as_store_credit) {
  terms.refund_as = TenderKind::store_credit;
  const ExchangePlan plan = exchange(3'000);
  BOOST_TEST((plan.carried == Parts{{TenderKind::store_credit, order.id, 0, "", 3'000}}));
  BOOST_TEST(plan.refund.total_minor == 7'000);
}

BOOST_AUTO_TEST_SUITE_END()
