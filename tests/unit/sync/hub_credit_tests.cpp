// Value on paper at the hub: it enters like a sale, moves no stock, and its right goes from store to store.
#include <boost/test/unit_test.hpp>

#include "plugin/core/order/value_account.hpp"
#include "tests/unit/sync/hub_fixture.hpp"

using namespace retour;
using namespace retour::hub;

namespace {

struct CreditWorld : HubFixture {
  Node anna{"anna"}, bert{"bert"}, cleo{"cleo"};

  CreditWorld() {
    for (Node* node : {&anna, &bert, &cleo}) enrol(*node);
  }
  Order credit(const std::string& number, Minor minor) {
    return value_order({.id = codec::derive_order_id("anna", number),
                        .authority = "anna",
                        .number = number,
                        .kind = TenderKind::store_credit,
                        .currency = *Currency::parse("EUR"),
                        .minor = minor,
                        .given_at_ms = clock.now_ms() - 1,
                        .given_on = CivilDate::of_ms(clock.now_ms())});
  }
  OrderId issue(Node& node, const Order& account) {
    node.append(CreditIssued{ids.make<ReturnCaseId>(), ids.make<LegId>(), account.id, codec::pack_order(account)});
    sync(node);
    return account.id;
  }
  ReferralId ask(Node& node, const OrderId& account, Minor minor) {
    LineReferred asked{
        .case_id = ids.make<ReturnCaseId>(), .referral_id = ids.make<ReferralId>(), .asked_at_ms = clock.now_ms()};
    asked.ask = {.line_no = 1, .order_id = account, .order_line_no = 1, .sku = "store_credit", .quantity = minor};
    node.append(asked);
    clock.advance(1'000);
    return asked.referral_id;
  }
  void everybody_talks() {
    for (int round = 0; round < 5; ++round) {
      for (Node* node : {&anna, &bert, &cleo}) sync(*node);
    }
  }
  std::optional<Decision> answer(Node& node, const ReferralId& referral) {
    for (const EventEnvelope& event : node.events) {
      const auto body = codec::decode(event.kind, event.kind_version, event.body);
      if (const auto* answered = std::get_if<ReferralAnswered>(&*body)) {
        if (answered->referral_id == referral) return answered->decision;
      }
    }
    return std::nullopt;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_credit_tests, CreditWorld)

BOOST_AUTO_TEST_CASE(a_credit_enters_with_its_right_at_the_store_that_gave_it_and_moves_no_stock) {
  const OrderId account = issue(anna, credit("A", 1'000));
  BOOST_TEST(held_by(account, Holder::node(anna.id)) == 1'000);
  BOOST_TEST(anomalies().empty());
  BOOST_TEST(!hub->broken_conservation(), hub->broken_conservation().value_or(""));
  look([&](HubStore& from) {
    for (const auto& level : from.stock()) BOOST_TEST(level.sku != "store_credit");
    return 0;
  });
}

BOOST_AUTO_TEST_CASE(another_store_gets_the_part_that_it_asks_for_and_the_rest_stays) {
  const OrderId account = issue(anna, credit("A", 1'000));
  const ReferralId asked = ask(bert, account, 400);
  everybody_talks();
  const auto decision = answer(bert, asked);
  BOOST_TEST_REQUIRE(decision.has_value());
  BOOST_TEST((decision->verdict == Verdict::approved));
  BOOST_TEST((decision->taken == std::vector<OrderUnits>{{account, {1, 0, 400}}}));
  BOOST_TEST(held_by(account, Holder::node(bert.id)) == 400);
  BOOST_TEST(held_by(account, Holder::node(anna.id)) == 600);
  BOOST_TEST(anomalies().empty());
}

BOOST_AUTO_TEST_CASE(two_stores_never_spend_the_same_money) {
  const OrderId account = issue(anna, credit("A", 1'000));
  const ReferralId first = ask(bert, account, 700);
  const ReferralId second = ask(cleo, account, 700);
  everybody_talks();
  const auto one = answer(bert, first), other = answer(cleo, second);
  BOOST_TEST_REQUIRE((one.has_value() && other.has_value()));
  const int approved = int{one->verdict == Verdict::approved} + int{other->verdict == Verdict::approved};
  BOOST_TEST(approved == 1);
  const Decision& refused = one->verdict == Verdict::approved ? *other : *one;
  BOOST_TEST((refused.refusal == Refusal::quantity_exceeds_returnable));
  BOOST_TEST(!hub->broken_conservation(), hub->broken_conservation().value_or(""));
}

BOOST_AUTO_TEST_CASE(a_spent_credit_is_spent_for_everybody) {
  const OrderId account = issue(anna, credit("A", 1'000));
  const OrderUnits all{account, {1, 0, 1'000}};
  anna.append(UnitsClaimed{ids.make<ReturnCaseId>(), 1, Assurance::held, {{all.order_id, all.units, {}, {}}}});
  sync(anna);
  BOOST_TEST(held(account, HolderKind::claimed) == 1'000);
  const ReferralId asked = ask(bert, account, 1);
  everybody_talks();
  BOOST_TEST((answer(bert, asked)->refusal == Refusal::already_returned));
}

BOOST_AUTO_TEST_CASE(while_the_store_that_has_the_right_is_away_nobody_else_gets_it) {
  const OrderId account = issue(anna, credit("A", 1'000));
  const ReferralId asked = ask(bert, account, 400);
  for (int round = 0; round < 3; ++round) sync(bert);
  BOOST_TEST(!answer(bert, asked).has_value());
  everybody_talks();
  BOOST_TEST((answer(bert, asked)->verdict == Verdict::approved));
}

BOOST_AUTO_TEST_CASE(goods_are_no_credit_and_a_credit_is_no_sale) {
  const Order goods = order_of("anna", "S-1", 2, clock.now_ms() - 1);
  anna.append(CreditIssued{ids.make<ReturnCaseId>(), ids.make<LegId>(), goods.id, codec::pack_order(goods)});
  const Order account = credit("A", 1'000);
  anna.append(SaleRecorded{codec::pack_order(account), account.id, "1", std::nullopt});
  sync(anna);
  BOOST_TEST(anomalies().size() == 2U);
  look([&](HubStore& from) {
    BOOST_TEST(!from.order(goods.id).has_value());
    BOOST_TEST(!from.order(account.id).has_value());
    return 0;
  });
}

BOOST_AUTO_TEST_SUITE_END()
