// What stores refer to the hub: recalls, decisions, order of settling, and a kill between any two steps.
#include <boost/test/unit_test.hpp>

#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// Anna is the customer's home and holds three units of A; bert and cleo are other stores.
struct ReferralWorld : HubWorld {
  FakeNode& anna = join("anna");
  FakeNode& bert = join("bert");
  FakeNode& cleo = join("cleo");
  const std::string customer = customer_of_catchment(1, 3);

  ReferralWorld() {
    const std::vector<ports::SourceItem> items{web_order("1", customer, {{"A", 3}, {"B", 1}})};
    hub().import(items);
    for (FakeNode* node : {&anna, &bert, &cleo}) node->sync();
  }
  void import(const ports::SourceItem& item) {
    const std::vector<ports::SourceItem> items{item};
    hub().import(items);
  }
  OrderUnits units(std::int64_t first, std::int64_t count) const { return {web_order_id("1"), {1, first, count}}; }
  /// Everybody talks until nobody has anything to say.
  void drain() {
    for (int round = 0; round < 6; ++round) {
      for (FakeNode* node : {&anna, &bert, &cleo}) node->sync();
    }
  }
  void check_conserved() { BOOST_TEST(!hub().broken_conservation(), hub().broken_conservation().value_or("")); }
  /// The asking node takes the answer into its case, as a store does.
  void use(FakeNode& node, const ReferralId& referral) {
    const ReferralAnswered& answer = *node.answer_to(referral);
    for (const OrderUnits& part : answer.decision.taken) BOOST_TEST(node.claim(answer.case_id, part));
    node.append(LineSettled{
        .case_id = answer.case_id, .line_no = answer.line_no, .referral_id = referral, .decision = answer.decision});
  }
  std::int64_t claimed_units() {
    std::int64_t sum = 0;
    hub::Work work(store(), clock.now_ms());
    store().each_right([&](const OrderId&, const OrderRights& rights) {
      for (const HeldRange& range : rights.ranges()) {
        if (range.holder.kind == HolderKind::claimed) sum += range.units.count;
      }
    });
    return sum;
  }
  std::size_t anomalies() {
    hub::Work work(store(), clock.now_ms());
    return store().anomalies().size();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_referral_tests, ReferralWorld)

BOOST_AUTO_TEST_CASE(units_held_at_the_home_are_recalled_and_granted_to_the_store_that_asks) {
  const ReferralId asked = bert.refer(customer, "A", 2);
  bert.push();
  BOOST_TEST(!bert.answer_to(asked));
  anna.sync();
  BOOST_TEST(anna.held_units() == 2);  // one of A, one of B
  bert.sync();
  BOOST_REQUIRE(bert.answer_to(asked));
  const Decision& decision = bert.answer_to(asked)->decision;
  BOOST_TEST((decision.verdict == Verdict::approved));
  BOOST_TEST((decision.assurance == Assurance::confirmed));
  BOOST_TEST((decision.taken == std::vector<OrderUnits>{units(0, 2)}));
  use(bert, asked);
  drain();
  BOOST_TEST(claimed_units() == 2);
  BOOST_TEST(hub().open_referrals(1).count == 0u);
  BOOST_TEST(anomalies() == 0u);
  check_conserved();
}

BOOST_AUTO_TEST_CASE(who_never_bought_is_told_at_once) {
  const ReferralId asked = bert.refer("somebody else", "A", 1);
  bert.sync();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.refusal == Refusal::no_purchase_found));
}

BOOST_AUTO_TEST_CASE(while_the_home_is_away_the_asking_store_is_told_not_to_wait) {
  hub().gone(anna.id);
  const ReferralId asked = bert.refer(customer, "A", 1);
  bert.sync();
  BOOST_TEST((bert.told_pending == std::vector<ReferralId>{asked}));
  BOOST_REQUIRE(hub().open_referrals(9).count == 1u);
  BOOST_TEST((hub().open_referrals(9).oldest.at(0).waits_for == anna.id));
  drain();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.verdict == Verdict::approved));
  check_conserved();
}

BOOST_AUTO_TEST_CASE(a_home_that_goes_away_after_it_was_asked_keeps_no_customer_waiting) {
  const ReferralId asked = bert.refer(customer, "A", 1);
  bert.sync();
  BOOST_TEST(bert.told_pending.empty());
  hub().gone(anna.id);
  bert.sync();
  BOOST_TEST((bert.told_pending == std::vector<ReferralId>{asked}));
  bert.sync();
  BOOST_TEST(bert.told_pending.size() == 1u);
  drain();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.verdict == Verdict::approved));
}

BOOST_AUTO_TEST_CASE(what_the_home_gave_back_offline_counts_although_the_hub_hears_of_it_later) {
  hub().gone(anna.id);
  BOOST_TEST(anna.claim(ids.make<ReturnCaseId>(), units(0, 2)));
  const ReferralId asked = bert.refer(customer, "A", 2);
  bert.sync();
  drain();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.refusal == Refusal::quantity_exceeds_returnable));
  use(bert, asked);
  drain();
  BOOST_TEST(claimed_units() == 2);
  BOOST_TEST(anna.held_units() == 2);  // what was recalled in vain is home again
  BOOST_TEST(anomalies() == 0u);
  check_conserved();
}

BOOST_AUTO_TEST_CASE(what_was_used_up_is_already_returned_and_not_too_few) {
  hub().gone(anna.id);
  BOOST_TEST(anna.claim(ids.make<ReturnCaseId>(), units(0, 3)));
  const ReferralId asked = bert.refer(customer, "A", 5);
  bert.sync();
  drain();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.refusal == Refusal::already_returned));
}

BOOST_AUTO_TEST_CASE(the_home_itself_may_ask) {
  const ReferralId asked = anna.refer(customer, "A", 4);
  drain();
  BOOST_REQUIRE(anna.answer_to(asked));
  BOOST_TEST((anna.answer_to(asked)->decision.refusal == Refusal::quantity_exceeds_returnable));
  BOOST_TEST(anna.held_units() == 4);
}

BOOST_AUTO_TEST_CASE(lines_of_one_customer_are_settled_in_the_order_in_which_they_were_asked) {
  hub().gone(anna.id);
  const ReferralId first = bert.refer(customer, "A", 2);  // asked first, heard of second
  clock.advance(1'000);
  const ReferralId second = cleo.refer(customer, "A", 2);
  cleo.sync();
  bert.sync();
  drain();
  BOOST_REQUIRE(bert.answer_to(first));
  use(bert, first);
  drain();
  BOOST_REQUIRE(cleo.answer_to(second));
  BOOST_TEST((bert.answer_to(first)->decision.verdict == Verdict::approved));
  BOOST_TEST((cleo.answer_to(second)->decision.refusal == Refusal::quantity_exceeds_returnable));
  check_conserved();
}

BOOST_AUTO_TEST_CASE(an_order_without_customer_is_decided_from_what_the_hub_holds) {
  import(web_order("2", "", {{ "A", 3 }}));
  const ReferralId asked = bert.refer(LineReferred{
      .case_id = ids.make<ReturnCaseId>(),
      .ask = {.line_no = 1, .order_id = web_order_id("2"), .order_line_no = 1, .sku = "A", .quantity = 2}});
  bert.sync();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.taken == std::vector<OrderUnits>{{web_order_id("2"), {1, 0, 2}}}));
  use(bert, asked);
  drain();
  BOOST_TEST(claimed_units() == 2);
  check_conserved();
}

BOOST_AUTO_TEST_CASE(a_place_that_no_store_has_taken_is_not_waited_for) {
  BOOST_TEST(hub().invite("dora").ok());
  const std::string of_dora = customer_of_catchment(4, 4);
  import(web_order("3", of_dora, {{ "A", 3 }}));
  const ReferralId asked = bert.refer(of_dora, "A", 1);
  bert.sync();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_TEST((bert.answer_to(asked)->decision.verdict == Verdict::approved));
}

BOOST_AUTO_TEST_CASE(evidence_older_than_the_subscription_comes_with_the_decision) {
  bert.today = CivilDate::of_ms(1'299'000'000'000 + 200 * day_ms);
  bert.orders.clear();
  const auto cursors = bert.cursors;
  const ReferralId asked = bert.refer(customer, "A", 1);
  bert.push();
  anna.sync();
  bert.sync();
  BOOST_REQUIRE(bert.answer_to(asked));
  BOOST_REQUIRE(bert.orders.size() >= 1u);
  BOOST_TEST((bert.orders[0].order_id == web_order_id("1")));
  BOOST_TEST((bert.cursors == cursors));
  BOOST_TEST(bert.orders[0].evidence.size() > 0u);
}

BOOST_AUTO_TEST_CASE(a_kill_between_any_two_steps_changes_nothing) {
  // The same dance once a step, with the hub killed behind it.
  std::vector<std::function<void(FakeNode&, FakeNode&, ReferralId&, ReferralWorld&)>> steps{
      [](auto&, FakeNode& b, ReferralId& asked, auto& world) { asked = b.refer(world.customer, "A", 2); },
      [](auto&, FakeNode& b, auto&, auto&) { b.push(); },
      [](FakeNode& a, auto&, auto&, auto&) { a.ask(); },
      [](FakeNode& a, auto&, auto&, auto&) { a.pull(); },
      [](FakeNode& a, auto&, auto&, auto&) { a.push(); },
      [](FakeNode& a, auto&, auto&, auto&) { a.push(); },
      [](auto&, FakeNode& b, auto&, auto&) { b.ask(); },
      [](auto&, FakeNode& b, auto&, auto&) { b.pull(); },
      [](auto&, FakeNode& b, auto&, auto&) { b.push(); }};
  for (std::size_t killed_behind = 0; killed_behind < steps.size(); ++killed_behind) {
    ReferralWorld world;
    ReferralId asked;
    for (std::size_t step = 0; step < steps.size(); ++step) {
      steps[step](world.anna, world.bert, asked, world);
      if (step == killed_behind) world.kill();
      world.check_conserved();
    }
    world.drain();
    BOOST_REQUIRE_MESSAGE(world.bert.answer_to(asked), "killed behind step " << killed_behind);
    BOOST_TEST((world.bert.answer_to(asked)->decision.verdict == Verdict::approved));
    world.use(world.bert, asked);
    world.drain();
    BOOST_TEST(world.claimed_units() == 2);
    BOOST_TEST(world.anomalies() == 0u);
    world.check_conserved();
  }
}

BOOST_AUTO_TEST_CASE(whatever_stores_do_no_unit_is_claimed_twice_and_every_question_is_answered) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    ReferralWorld world;
    simulated::Draws draws(seed);
    std::vector<FakeNode*> nodes{&world.anna, &world.bert, &world.cleo};
    std::vector<std::pair<FakeNode*, ReferralId>> asked;
    std::set<ReferralId> used;
    const auto use_answers = [&] {
      for (auto& [node, referral] : asked) {
        if (node->answer_to(referral) && used.insert(referral).second) world.use(*node, referral);
      }
    };
    int orders = 1;
    for (int step = 0; step < 150; ++step) {
      FakeNode& node = *nodes[draws.below(nodes.size())];
      world.clock.advance(static_cast<std::int64_t>(draws.below(5'000)));
      const std::string someone = customer_of_catchment(static_cast<std::uint16_t>(1 + draws.below(3)), 3);
      switch (draws.below(9)) {
        case 0:
          world.import(
              web_order(std::to_string(++orders), someone, {{"A", 1 + static_cast<std::int64_t>(draws.below(4))}}));
          break;
        case 1:
          asked.emplace_back(&node, node.refer(someone, "A", 1 + static_cast<std::int64_t>(draws.below(4))));
          break;
        case 2:
          node.push();
          break;
        case 3:
          node.pull();
          break;
        case 4:
          node.ask();
          break;
        case 5:
          world.hub().gone(node.id);
          break;
        case 6:
          use_answers();
          break;
        case 7:
          if (!node.held.empty() && !node.held.begin()->second.empty()) {
            const UnitRange range = node.held.begin()->second.ranges().front();
            node.claim(world.ids.make<ReturnCaseId>(), {node.held.begin()->first, {range.line_no, range.first, 1}});
          }
          break;
        case 8:
          if (draws.below(4) == 0) world.kill();
          break;
      }
    }
    for (int round = 0; round < 30; ++round) {
      world.drain();
      use_answers();
    }
    for (const auto& [node, referral] : asked) BOOST_TEST(node->answer_to(referral), "seed " << seed);
    BOOST_TEST(world.hub().open_referrals(1).count == 0u);
    BOOST_TEST(world.anomalies() == 0u, "seed " << seed);
    world.check_conserved();
  }
}

BOOST_AUTO_TEST_SUITE_END()
