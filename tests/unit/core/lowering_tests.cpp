#include "plugin/core/unit_account/lowering.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "plugin/core/event/lowered_units.hpp"

using namespace retour;

namespace {

using Ranges = std::vector<UnitRangeAmounts>;

/// One line; its money was paid by the tenders in turn.
Order order_of(std::int64_t quantity, Minor net, std::vector<TaxAmount> taxes, const std::vector<Minor>& tenders) {
  Order order;
  order.currency = *Currency::parse("EUR");
  OrderLine line{.line_no = 1, .sku = "mug", .quantity = quantity};
  line.net_minor = net;
  line.taxes = std::move(taxes);
  order.lines.push_back(line);
  for (const Minor paid : tenders) {
    order.tenders.push_back({static_cast<std::uint32_t>(order.tenders.size() + 1), TenderKind::card, "", paid});
  }
  return order;
}

OrderAccounts accounts_of(const Order& order) {
  auto accounts = OrderAccounts::divide(order);
  BOOST_REQUIRE(accounts.ok());
  return std::move(accounts).value();
}

PaidAmounts sum_of(const Ranges& ranges) {
  PaidAmounts sum;
  for (const UnitRangeAmounts& range : ranges) {
    for (std::int64_t unit = 0; unit < range.units.count; ++unit) add_to(sum, range.each);
  }
  std::erase_if(sum.tenders, [](const TenderShare& share) { return share.minor == 0; });
  return sum;
}

/// What a return of these units gives back after the lowering.
PaidAmounts claim_of(const OrderAccounts& accounts, const UnitRange& units, const Ranges& lowered) {
  PaidAmounts paid = accounts.paid_for(units);
  for (const UnitRangeAmounts& one : lowered) {
    const std::int64_t first = std::max(one.units.first, units.first);
    const std::int64_t end = std::min(one.units.end(), units.end());
    if (first < end) BOOST_REQUIRE(take_off(paid, one.each, end - first));
  }
  return paid;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lowering_tests)

BOOST_AUTO_TEST_CASE(an_amount_is_taken_off_net_and_tax_in_proportion_and_off_the_last_tender_first) {
  const OrderAccounts accounts = accounts_of(order_of(1, 1000, {{Decimal{19, 0}, 190}}, {500, 690}));
  const Ranges lowered = lower(*amounts_left(accounts, {1, 0, 1}, {}), 119);
  BOOST_REQUIRE(lowered.size() == 1u);
  BOOST_TEST(lowered[0].each.net_minor == 100);
  BOOST_TEST(lowered[0].each.taxes[0].minor == 19);
  BOOST_TEST((lowered[0].each.tenders == std::vector<TenderShare>{{2, 119}}));
}

BOOST_AUTO_TEST_CASE(what_does_not_divide_goes_to_the_last_units) {
  const OrderAccounts accounts = accounts_of(order_of(3, 3000, {}, {3000}));
  const Ranges lowered = lower(*amounts_left(accounts, {1, 0, 3}, {}), 100);
  BOOST_REQUIRE(lowered.size() == 2u);
  BOOST_TEST((lowered[0].units == UnitRange{1, 0, 2}));
  BOOST_TEST(lowered[0].each.net_minor == 33);
  BOOST_TEST((lowered[1].units == UnitRange{1, 2, 1}));
  BOOST_TEST(lowered[1].each.net_minor == 34);
}

BOOST_AUTO_TEST_CASE(many_units_need_few_ranges) {
  const OrderAccounts accounts =
      accounts_of(order_of(80'995, 12'345'678, {{Decimal{19, 0}, 2'345'679}}, {5'000'001, 9'691'356}));
  const Ranges left = *amounts_left(accounts, {1, 0, 80'995}, {});
  BOOST_TEST(left.size() < 12u);
  const Ranges lowered = lower(left, 1'000'001);
  BOOST_TEST(lowered.size() <= 2 * left.size());
  Minor total = 0;
  for (const UnitRangeAmounts& one : lowered) total += one.each.total_minor() * one.units.count;
  BOOST_TEST(total == 1'000'001);
}

BOOST_AUTO_TEST_CASE(more_than_a_unit_has_is_never_taken_off) {
  PaidAmounts paid{.net_minor = 10, .taxes = {{Decimal{19, 0}, 2}}};
  paid.tenders = {{1, 12}};
  const PaidAmounts before = paid;
  PaidAmounts part{.net_minor = 6};
  part.tenders = {{1, 6}};
  BOOST_TEST(!take_off(paid, part, 2));
  BOOST_TEST((paid == before));
  part.net_minor = 5, part.tenders = {{2, 5}};  // a tender that paid nothing
  BOOST_TEST(!take_off(paid, part, 1));
  BOOST_TEST((paid == before));
  const OrderAccounts accounts = accounts_of(order_of(2, 20, {}, {20}));
  PaidAmounts too_much{.net_minor = 11};
  too_much.tenders = {{1, 11}};
  BOOST_TEST(!amounts_left(accounts, {1, 0, 2}, Ranges{{{1, 1, 1}, too_much}}).has_value());
}

// Law 5: whatever was taken off in whatever steps, returns in any partition give back the rest, per rate and tender.
BOOST_AUTO_TEST_CASE(lowered_and_claimed_together_are_what_was_paid) {
  const std::uint32_t seed = 20'261'125;
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  const auto draw = [&](std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random);
  };
  for (int round = 0; round < 2'000; ++round) {
    const std::int64_t quantity = draw(1, 9);
    const Minor net = draw(0, 2'000), tax = draw(0, 400), more_tax = draw(0, 90), total = net + tax + more_tax;
    const Minor first = draw(0, total), second = draw(0, total - first);
    const Order order = order_of(quantity, net, {{Decimal{19, 0}, tax}, {Decimal{7, 0}, more_tax}},
                                 {first, second, total - first - second});
    const OrderAccounts accounts = accounts_of(order);
    Ranges lowered;
    for (int step = 0; step < 3; ++step) {
      const std::int64_t from = draw(0, quantity - 1), count = draw(1, quantity - from);
      const auto left = amounts_left(accounts, {1, from, count}, lowered);
      BOOST_REQUIRE(left.has_value());
      const Minor most = sum_of(*left).total_minor(), amount = draw(0, most);
      const Ranges taken = lower(*left, amount);
      BOOST_REQUIRE(sum_of(taken).total_minor() == amount);
      lowered.insert(lowered.end(), taken.begin(), taken.end());
    }
    PaidAmounts all = sum_of(lowered);
    for (std::int64_t unit = 0; unit < quantity;) {
      const std::int64_t count = draw(1, quantity - unit);
      const PaidAmounts claim = claim_of(accounts, {1, unit, count}, lowered);
      Minor tendered = 0;
      for (const TenderShare& share : claim.tenders) tendered += share.minor;
      BOOST_REQUIRE(tendered == claim.total_minor());
      add_to(all, claim);
      unit += count;
    }
    std::erase_if(all.tenders, [](const TenderShare& share) { return share.minor == 0; });
    PaidAmounts paid = accounts.paid_for({1, 0, quantity});
    std::erase_if(paid.tenders, [](const TenderShare& share) { return share.minor == 0; });
    BOOST_TEST_CONTEXT("seed " << seed << " round " << round) {
      BOOST_REQUIRE(all.net_minor == paid.net_minor);
      BOOST_REQUIRE((all.taxes == paid.taxes));
      BOOST_REQUIRE((all.tenders == paid.tenders));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_was_taken_off_is_cut_to_the_units_asked_about) {
  const OrderId order{{1}};
  const std::vector<LoweredUnits> lowered{{{order, {1, 2, 6}}, {.net_minor = 5}, {}}};
  const auto within = lowered_within(lowered, {order, {1, 4, 2}});
  BOOST_REQUIRE(within.size() == 1u);
  BOOST_TEST((within[0].units.units == UnitRange{1, 4, 2}));
  BOOST_TEST(within[0].each.net_minor == 5);
  const auto outside = lowered_outside(lowered, {order, {1, 4, 2}});
  BOOST_REQUIRE(outside.size() == 2u);
  BOOST_TEST((outside[0].units.units == UnitRange{1, 2, 2}));
  BOOST_TEST((outside[1].units.units == UnitRange{1, 6, 2}));
  BOOST_TEST(lowered_within(lowered, {order, {2, 4, 2}}).empty());
  BOOST_TEST((lowered_outside(lowered, {OrderId{{2}}, {1, 4, 2}}) == lowered));
}

BOOST_AUTO_TEST_SUITE_END()
