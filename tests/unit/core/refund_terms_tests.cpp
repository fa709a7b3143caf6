// Fees, permitted tenders and coins in the plan. The numbers are those of docs/money.md, "What a refund is".

#include <boost/test/unit_test.hpp>

#include "plugin/core/refund/refund_plan.hpp"
#include "plugin/core/refund/reroute.hpp"
#include "plugin/core/refund/shipping.hpp"
#include "tests/support/order_builder.hpp"

using namespace retour;
using retour::testing::an_order;

namespace {

const Currency eur = *Currency::parse("EUR");
const Currency chf = *Currency::parse("CHF");
const Currency sek = *Currency::parse("SEK");

/// One order of which the units of line 1 come back on terms, by the rules of a pack.
struct Return {
  Order order;
  UnitTerms terms = {};
  PayoutRules rules = {};

  RefundPlan of(std::vector<UnitRange> units) const {
    LineClaims line{1, {}, {}};
    const auto accounts = OrderAccounts::divide(order);
    for (const UnitRange& range : units) {
      line.claims.push_back({order.id, range, accounts->paid_for(range), {}});
      line.terms.push_back(terms);
    }
    const OrderTenders tenders{order.id, order.tenders};
    return plan_refund({&line, 1}, {&tenders, 1}, order.currency, rules);
  }
};

/// 60.00 by gift card, then 40.00 in cash, for four units of 25.00.
Order card_then_cash(const Currency& currency = eur) {
  Order order =
      an_order().with_line(4, 10'000).paid_by(TenderKind::gift_card, 6'000).paid_by(TenderKind::cash).build();
  order.currency = currency;
  return order;
}

Order paid_in_cash(Minor total, const Currency& currency) {
  Order order = an_order().with_line(1, total).paid_by(TenderKind::cash).build();
  order.currency = currency;
  return order;
}

FeeTerms share(std::int32_t basis_points, Rounding rounding = Rounding::down) {
  return {.rule = "fees/opened", .kind = FeeKind::restocking, .share = {basis_points}, .rounding = rounding};
}

FeeTerms each(Minor minor) {
  return {.rule = "fees/label", .kind = FeeKind::return_shipping, .each_minor = minor};
}

std::vector<std::pair<TenderKind, Minor>> paid_by(const RefundPlan& plan) {
  std::vector<std::pair<TenderKind, Minor>> legs;
  Minor sum = 0;
  for (const PlannedLeg& leg : plan.legs) {
    legs.emplace_back(leg.tender, leg.pays_minor);
    sum += leg.pays_minor;
  }
  BOOST_TEST(sum == plan.total_minor);
  return legs;
}

using Legs = std::vector<std::pair<TenderKind, Minor>>;

Minor coins(Minor total, const Currency& currency, Minor step) {
  return Return{paid_in_cash(total, currency), {}, {.tenders = {}, .cash_rounding = {{currency, step}}}}
      .of({{1, 0, 1}})
      .total_minor;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refund_terms_tests)

BOOST_AUTO_TEST_CASE(a_fee_is_named_and_comes_off_the_last_tender_first) {
  const Return back{card_then_cash(), {{share(1500)}, {}}, {}};
  const RefundPlan plan = back.of({{1, 0, 4}});
  BOOST_TEST(plan.claimed_minor == 10'000);
  BOOST_REQUIRE(plan.kept.size() == 1U);
  BOOST_TEST((plan.kept[0] == KeptBack{1, FeeKind::restocking, "fees/opened", 1'500}));
  BOOST_TEST((paid_by(plan) == Legs{{TenderKind::gift_card, 6'000}, {TenderKind::cash, 2'500}}));
}

BOOST_AUTO_TEST_CASE(a_leg_that_fees_take_whole_disappears_and_the_rest_comes_off_the_one_before) {
  const Return back{card_then_cash(), {{share(1500), each(1'000)}, {}}, {}};
  const RefundPlan plan = back.of({{1, 0, 4}});  // 15.00 and four times 10.00
  BOOST_REQUIRE(plan.kept.size() == 2U);
  BOOST_TEST(plan.kept[1].minor == 4'000);
  BOOST_TEST((paid_by(plan) == Legs{{TenderKind::gift_card, 4'500}}));
}

BOOST_AUTO_TEST_CASE(fees_never_take_more_than_the_units_cost) {
  const Return back{card_then_cash(), {{share(9000), each(1'000)}, {}}, {}};
  const RefundPlan plan = back.of({{1, 0, 4}});
  BOOST_TEST(plan.kept[0].minor == 9'000);
  BOOST_TEST(plan.kept[1].minor == 1'000);  // of 40.00
  BOOST_TEST(plan.total_minor == 0);
  BOOST_TEST(plan.legs.empty());
  const Return gone{card_then_cash(), {{share(10000), each(1)}, {}}, {}};
  BOOST_TEST(gone.of({{1, 0, 4}}).kept.size() == 1U);  // nothing is left for the second
}

BOOST_AUTO_TEST_CASE(a_fee_on_several_ranges_of_a_line_is_rounded_once_as_it_says) {
  Order order = an_order().with_line(3, 30).paid_by(TenderKind::card).build();
  const std::vector<UnitRange> two{{1, 0, 1}, {1, 2, 1}};  // 0.20 together, 15 % is 0.03
  BOOST_TEST((Return{order, {{share(1500)}, {}}, {}}.of(two).kept[0].minor == 3));
  const std::vector<UnitRange> one{{1, 0, 1}};  // 0.10: 0.015
  BOOST_TEST((Return{order, {{share(1500)}, {}}, {}}.of(one).kept[0].minor == 1));
  BOOST_TEST((Return{order, {{share(1500, Rounding::half_up)}, {}}, {}}.of(one).kept[0].minor == 2));
}

BOOST_AUTO_TEST_CASE(units_on_other_terms_keep_their_money) {
  const Order order = card_then_cash();
  const auto accounts = OrderAccounts::divide(order);
  LineClaims line{1, {}, {}};
  for (const UnitRange& units : {UnitRange{1, 0, 1}, UnitRange{1, 3, 1}}) {
    line.claims.push_back({order.id, units, accounts->paid_for(units), {}});
  }
  line.terms = {UnitTerms{{share(2000)}, {}}, UnitTerms{}};
  const OrderTenders tenders{order.id, order.tenders};
  // The fee of the first unit, which a gift card paid, does not touch the cash that paid the last.
  BOOST_TEST((paid_by(plan_refund({&line, 1}, {&tenders, 1}, eur, {})) ==
              Legs{{TenderKind::gift_card, 2'000}, {TenderKind::cash, 2'500}}));
}

BOOST_AUTO_TEST_CASE(store_credit_instead_of_the_original_tenders_is_one_leg_without_their_reference) {
  const Return back{card_then_cash(), {{share(1500)}, TenderKind::store_credit}, {}};
  const RefundPlan plan = back.of({{1, 0, 4}});
  BOOST_REQUIRE(plan.legs.size() == 1U);
  BOOST_TEST((plan.legs[0] == PlannedLeg{1, TenderKind::store_credit, back.order.id, 0, "", 8'500}));
}

BOOST_AUTO_TEST_CASE(the_tender_that_terms_ask_for_stays_the_original_one_where_it_paid) {
  const Return back{card_then_cash(), {{}, TenderKind::gift_card}, {}};
  const RefundPlan plan = back.of({{1, 0, 4}});
  BOOST_REQUIRE(plan.legs.size() == 2U);
  BOOST_TEST((plan.legs[0] == PlannedLeg{1, TenderKind::gift_card, back.order.id, 1, "ref-1", 6'000}));
  BOOST_TEST((plan.legs[1] == PlannedLeg{2, TenderKind::gift_card, back.order.id, 2, "", 4'000}));
}

BOOST_AUTO_TEST_CASE(a_cap_on_cash_sends_the_rest_the_next_way) {
  PayoutRules rules;
  rules.tenders = {{TenderKind::cash, {{TenderKind::cash, {{eur, 1'000}}}, {TenderKind::store_credit, {}}}}};
  const Return back{card_then_cash(), {}, rules};
  BOOST_TEST((paid_by(back.of({{1, 0, 4}})) ==
              Legs{{TenderKind::gift_card, 6'000}, {TenderKind::store_credit, 3'000}, {TenderKind::cash, 1'000}}));
}

BOOST_AUTO_TEST_CASE(a_cap_in_another_currency_only_closes_the_way_and_what_no_way_takes_goes_to_the_original) {
  PayoutRules rules;
  rules.tenders = {
      {TenderKind::gift_card, {{TenderKind::cash, {{chf, 1'000}}}, {TenderKind::voucher, {{eur, 500}}}}}};
  const Return back{card_then_cash(), {}, rules};
  BOOST_TEST((paid_by(back.of({{1, 0, 2}})) == Legs{{TenderKind::gift_card, 4'500}, {TenderKind::voucher, 500}}));
}

BOOST_AUTO_TEST_CASE(a_cap_counts_what_the_tender_pays_in_the_whole_refund_in_coins_there_are) {
  PayoutRules rules;
  rules.tenders = {{TenderKind::gift_card, {{TenderKind::cash, {{chf, 1'003}}}}},
                   {TenderKind::cash, {{TenderKind::cash, {{chf, 1'003}}}, {TenderKind::store_credit, {}}}}};
  rules.cash_rounding = {{chf, 5}};
  const Return back{card_then_cash(chf), {}, rules};
  BOOST_TEST((paid_by(back.of({{1, 0, 4}})) ==
              Legs{{TenderKind::gift_card, 5'000}, {TenderKind::store_credit, 4'000}, {TenderKind::cash, 1'000}}));
}

BOOST_AUTO_TEST_CASE(coins_round_half_up_to_the_smallest_there_is) {
  BOOST_TEST(coins(1'992, chf, 5) == 1'990);
  BOOST_TEST(coins(1'993, chf, 5) == 1'995);
  BOOST_TEST(coins(1'995, chf, 5) == 1'995);
  BOOST_TEST(coins(12'349, sek, 100) == 12'300);
  BOOST_TEST(coins(12'350, sek, 100) == 12'400);
  BOOST_TEST(coins(49, sek, 100) == 0);
  BOOST_TEST(coins(1'993, eur, 1) == 1'993);
  BOOST_TEST(coins(minor_max, chf, 7) == minor_max - minor_max % 7);
}

BOOST_AUTO_TEST_CASE(rounding_is_named_and_touches_the_cash_leg_only) {
  Order order = an_order().with_line(1, 5'999).paid_by(TenderKind::card, 4'002).paid_by(TenderKind::cash).build();
  order.currency = chf;
  const Return back{order, {}, {.tenders = {}, .cash_rounding = {{chf, 5}}}};
  const RefundPlan plan = back.of({{1, 0, 1}});
  BOOST_TEST(plan.rounding_minor == -2);
  BOOST_TEST((paid_by(plan) == Legs{{TenderKind::card, 4'002}, {TenderKind::cash, 1'995}}));
}

BOOST_AUTO_TEST_CASE(a_sale_that_was_rounded_gives_back_what_was_paid_and_is_not_rounded_again) {
  // 19.98 rung up, 20.00 paid in coins: the sale carries the difference as a source_rounding.
  Order order = an_order().with_line(2, 1'998).with_rounding_up(2).paid_by(TenderKind::cash).build();
  order.currency = chf;
  const Return back{order, {}, {.tenders = {}, .cash_rounding = {{chf, 5}}}};
  BOOST_TEST(back.of({{1, 0, 2}}).total_minor == 2'000);
  BOOST_TEST(back.of({{1, 0, 2}}).rounding_minor == 0);
  BOOST_TEST(back.of({{1, 0, 1}}).total_minor == 1'000);
}

BOOST_AUTO_TEST_CASE(a_shipment_is_claimed_as_the_one_unit_of_its_line) {
  const Order order =
      an_order().with_line(1, 2'000).with_shipment(495).taxed("19", 94).paid_by(TenderKind::card).build();
  const auto accounts = OrderAccounts::divide(order);
  const UnitRange shipment{line_of_shipment(1), 0, 1};
  BOOST_TEST(accounts->quantity_of(shipment.line_no) == 1);
  BOOST_TEST(accounts->quantity_of(line_of_shipment(2)) == 0);
  BOOST_TEST(accounts->quantity_of(1) == 1);
  BOOST_TEST(accounts->quantity_of(2) == 0);
  BOOST_TEST(accounts->find_line(shipment.line_no) == nullptr);
  BOOST_TEST((accounts->paid_for(shipment) == accounts->shipments()[0].paid));
  BOOST_TEST((paid_by(Return{order}.of({{1, 0, 1}, shipment})) == Legs{{TenderKind::card, 2'589}}));
}

BOOST_AUTO_TEST_CASE(a_line_number_that_a_shipment_could_have_is_refused) {
  Order order = an_order().with_line(1, 100).paid_by(TenderKind::card).build();
  order.lines[0].line_no = line_of_shipment(1);
  BOOST_TEST((OrderAccounts::divide(order).error() == DivisionError::line_numbers_not_ascending));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(shipping_tests)

namespace {

PolicyPack pack() {
  PolicyPack pack;
  pack.shipping = {{.name = {"fault", ""},
                    .channels = {},
                    .reasons = {ReturnReason::quality, ReturnReason::wrong_item},
                    .whole_order = false,
                    .up_to = {}},
                   {.name = {"withdrawal", "Directive 2011/83/EU, Article 13"},
                    .channels = {SaleChannel::online, SaleChannel::phone},
                    .reasons = {},
                    .whole_order = true,
                    .up_to = {{eur, 495}}}};
  return pack;
}

ShippingFacts facts(bool whole_order, std::vector<ReturnReason> reasons) {
  return {.channel = SaleChannel::online,
          .currency = eur,
          .paid_minor = 895,
          .whole_order = whole_order,
          .reasons = std::move(reasons)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(delivery_goes_back_when_the_merchant_is_at_fault_whatever_is_kept) {
  const auto ruling = rule_on_shipment(facts(false, {ReturnReason::size, ReturnReason::wrong_item}), pack());
  BOOST_REQUIRE(ruling.has_value());
  BOOST_TEST((*ruling == ShippingRuling{"shipping/fault", {}}));
}

BOOST_AUTO_TEST_CASE(delivery_goes_back_with_the_whole_order_as_far_as_standard_delivery_costs) {
  const auto ruling = rule_on_shipment(facts(true, {ReturnReason::changed_mind}), pack());
  BOOST_REQUIRE(ruling.has_value());
  BOOST_TEST(ruling->rule == "shipping/withdrawal");
  BOOST_REQUIRE(ruling->terms.fees.size() == 1U);
  BOOST_TEST((ruling->terms.fees[0].kind == FeeKind::faster_delivery));
  BOOST_TEST(ruling->terms.fees[0].each_minor == 400);
  ShippingFacts standard = facts(true, {ReturnReason::changed_mind});
  standard.paid_minor = 495;
  BOOST_TEST(rule_on_shipment(standard, pack())->terms.fees.empty());
  ShippingFacts francs = facts(true, {ReturnReason::changed_mind});
  francs.currency = chf;
  BOOST_TEST(rule_on_shipment(francs, pack())->terms.fees.empty());
}

BOOST_AUTO_TEST_CASE(delivery_stays_paid_when_no_rule_speaks_of_it) {
  BOOST_TEST(!rule_on_shipment(facts(false, {ReturnReason::changed_mind}), pack()).has_value());
  BOOST_TEST(!rule_on_shipment(facts(true, {}), pack()).has_value());
  BOOST_TEST(!rule_on_shipment(facts(true, {ReturnReason::quality}), PolicyPack{}).has_value());
  ShippingFacts in_store = facts(true, {ReturnReason::changed_mind});
  in_store.channel = SaleChannel::store;
  BOOST_TEST(!rule_on_shipment(in_store, pack()).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_traded_in_goes_back_as_store_value_and_never_as_money) {
  Order order = an_order().with_line(1, 10'000).paid_by(TenderKind::voucher, 6'000).paid_by(TenderKind::cash).build();
  order.tenders[0].reference = trade_in_reference;
  const PayoutRules pays_out{.tenders = {{TenderKind::voucher,
                                          {{TenderKind::cash, {}},
                                           {TenderKind::bank_transfer, {}},
                                           {TenderKind::store_credit, {{eur, 1'000}}}}}},
                             .cash_rounding = {}};
  const std::vector<UnitRange> all{{1, 0, 1}};
  BOOST_TEST((paid_by(Return{order, {}, pays_out}.of(all)) ==
              Legs{{TenderKind::voucher, 5'000}, {TenderKind::store_credit, 1'000}, {TenderKind::cash, 4'000}}));
  BOOST_TEST((paid_by(Return{order, {{}, TenderKind::cash}, {}}.of(all)) ==
              Legs{{TenderKind::voucher, 6'000}, {TenderKind::cash, 4'000}}));
  BOOST_TEST(
      (paid_by(Return{order, {{}, TenderKind::gift_card}, {}}.of(all)) == Legs{{TenderKind::gift_card, 10'000}}));
  order.tenders[0].reference = "V-17";  // a voucher that was bought or won follows the matrix
  BOOST_TEST((paid_by(Return{order, {}, pays_out}.of(all)) == Legs{{TenderKind::cash, 10'000}}));
}

BOOST_AUTO_TEST_CASE(a_voucher_for_what_was_traded_in_that_cannot_be_given_becomes_store_credit) {
  const StuckPayment stuck{.planned = {1, TenderKind::voucher, {}, 1, "trade_in", 6'000},
                           .original = {1, TenderKind::voucher, "trade_in", 6'000},
                           .currency = eur,
                           .paid_by = {}};
  const PayoutRules rules{.tenders = {{TenderKind::voucher, {{TenderKind::voucher, {}}, {TenderKind::cash, {}}}}},
                          .cash_rounding = {}};
  BOOST_TEST((ways_on(stuck, rules) == std::vector<WayOn>{{TenderKind::store_credit, minor_max}}));
}

BOOST_AUTO_TEST_SUITE_END()
