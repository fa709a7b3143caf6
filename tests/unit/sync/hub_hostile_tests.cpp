// Law 12 at the hub: whatever a store's journal says, the hub goes on, for this store and for all others.

#include <boost/test/unit_test.hpp>

#include "tests/unit/sync/hub_fixture.hpp"

namespace retour::hub {
namespace {

struct TwoStores : HubFixture {
  Node anna{"anna"}, bert{"bert"};
  TwoStores() {
    enrol(anna);
    enrol(bert);
  }
  /// Anna says this; the hub takes it, notes `anomalies_more` contradictions, and goes on with both stores.
  void says(const EventBody& body, std::size_t anomalies_more) {
    const std::size_t before = anomalies().size();
    anna.append(body);
    BOOST_TEST((push(anna).code == protocol::PushCode::accepted));
    BOOST_TEST(anomalies().size() == before + anomalies_more);
    goes_on();
  }
  void goes_on() {
    anna.append(StockMoved{"later", Bucket::hold, 1, "test"});
    bert.append(StockMoved{"later", Bucket::hold, 1, "test"});
    BOOST_TEST((push(anna).code == protocol::PushCode::accepted));
    BOOST_TEST((push(bert).code == protocol::PushCode::accepted));
    BOOST_CHECK_NO_THROW(pull(anna));
    BOOST_CHECK_NO_THROW(pull(bert));
    BOOST_CHECK_NO_THROW(while (hub->settle()){});
    BOOST_TEST(hub->broken_conservation().value_or("") == "");
    const auto moved = look([](HubStore& from) { return from.stock(); });
    BOOST_TEST(
        std::count_if(moved.begin(), moved.end(), [](const StockLevel& level) { return level.sku == "later"; }) == 2);
  }
  static SaleRecorded sale_of(const Order& order) { return {codec::pack_order(order), order.id, "till-1"}; }
  Order sale(const std::string& number) { return order_of("anna", number, 3, clock.now_ms()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_hostile_tests, TwoStores)

BOOST_AUTO_TEST_CASE(a_sale_without_units_is_set_aside) {
  Order order = sale("1");
  order.lines[0].quantity = 0;
  says(sale_of(order), 1);
}
BOOST_AUTO_TEST_CASE(a_sale_whose_lines_do_not_ascend_is_set_aside) {
  Order order = sale("1");
  order.lines.push_back(order.lines[0]);
  says(sale_of(order), 1);
}
BOOST_AUTO_TEST_CASE(a_sale_whose_money_does_not_divide_is_set_aside) {
  Order order = sale("1");
  order.tenders[0].paid_minor -= 1;
  says(sale_of(order), 1);
}
BOOST_AUTO_TEST_CASE(a_sale_under_the_id_of_another_order_is_set_aside) {
  SaleRecorded sold = sale_of(sale("1"));
  sold.order_id = codec::derive_order_id("web", "somebody else's");
  says(sold, 1);
  BOOST_TEST(!look([&](HubStore& from) { return from.order(sold.order_id).has_value(); }));
}
BOOST_AUTO_TEST_CASE(a_sale_that_is_no_order_is_set_aside) {
  says(SaleRecorded{Bytes{9, 9, 9}, {}, "till-1"}, 1);
}

BOOST_AUTO_TEST_CASE(quantities_that_no_till_moves_are_set_aside) {
  says(GoodsHandedBack{{}, 1, "shirt", INT64_MIN, Bucket::hold}, 1);
  says(GoodsReceived{{}, 1, "shirt", INT64_MAX, Bucket::hold}, 1);
  says(StockMoved{"shirt", Bucket::hold, INT64_MIN, "test"}, 1);
  says(StockMoved{"shirt", Bucket::hold, INT64_MAX, "test"}, 1);
}

BOOST_AUTO_TEST_CASE(a_question_under_a_used_id_changes_nothing) {
  const OrderId order = import("1", 5, "carl");
  sync(anna);
  sync(bert);
  const ReferralId referral = refer(bert, "carl", 2);
  push(bert);
  LineReferred stolen{.case_id = ids.make<ReturnCaseId>(), .referral_id = referral, .asked_at_ms = 1};
  stolen.ask = {.line_no = 1, .sku = "shirt", .quantity = 1};
  says(stolen, 1);
  const auto kept = look([&](HubStore& from) { return from.referral(referral); });
  BOOST_REQUIRE(kept.has_value());
  BOOST_TEST((kept->node == bert.id));
  BOOST_TEST(kept->asked.ask.quantity == 2);
  BOOST_TEST(rights(order).ranges().size() > 0u);
}

BOOST_AUTO_TEST_CASE(a_question_asked_again_after_its_end_does_not_stop_the_hub) {
  const ReferralId referral = refer(anna, "nobody", 2);
  const LineReferred asked = std::get<LineReferred>(*codec::decode("line_referred", 1, anna.events.back().body));
  push(anna);  // decided at once; anna never takes the decision
  says(LineSettled{asked.case_id, 1, referral, {}}, 0);
  says(asked, 0);
  says(LineSettled{asked.case_id, 1, referral, {}}, 0);
}

BOOST_AUTO_TEST_CASE(a_store_ends_only_its_own_questions) {
  const ReferralId referral = refer(bert, "nobody", 2);
  push(bert);
  says(LineSettled{ids.make<ReturnCaseId>(), 1, referral, {}}, 1);
  BOOST_TEST(look([&](HubStore& from) { return from.referral(referral).has_value(); }));
}

BOOST_AUTO_TEST_CASE(a_store_answers_only_its_own_recalls) {
  import("1", 5, "carl");
  Node& home = look([&](HubStore& from) { return from.order(codec::derive_order_id("web", "1"))->catchment; }) == 1
                   ? anna
                   : bert;
  Node& other = &home == &anna ? bert : anna;
  sync(home);
  sync(other);
  const ReferralId referral = refer(other, "carl", 2);
  push(other);
  const auto recalls = pull(home).recalls;
  BOOST_REQUIRE(recalls.size() == 1u);
  other.append(RightsReleased{ids.make<TransferId>(), recalls[0].recall_id, {}});
  push(other);
  BOOST_TEST(anomalies().size() == 1u);
  BOOST_TEST(look([&](HubStore& from) { return from.referral(referral)->recalls_out; }) == 1u);
  sync(home);
  sync(other);
  BOOST_TEST(look([&](HubStore& from) {
    return from.referral(referral)->decided->answer.decision.verdict == Verdict::approved;
  }));
  goes_on();
}

// ---- a home that does not give back what the ledger has at it ----------------------------------------------------
struct Contradiction : TwoStores {
  OrderId order = import("1", 5, "carl");
  Node& home = look([&](HubStore& from) { return from.order(order)->catchment; }) == 1 ? anna : bert;
  Node& other = &home == &anna ? bert : anna;
  std::size_t asked = 0;  // how often units were asked back

  Contradiction() {
    sync(home);
    sync(other);
    BOOST_TEST_REQUIRE(held_by(order, Holder::node(home.id)) == 5);
  }
  /// The home answers every recall with what `has` leaves of it.
  template <class Has>
  void answer_recalls(Has has) {
    for (int round = 0; round < 20; ++round) {
      const auto recalls = pull(home).recalls;
      if (recalls.empty()) return;
      for (const RecallIssued& recall : recalls) {
        asked += !recall.items.empty();
        RightsReleased released{ids.make<TransferId>(), recall.recall_id, {}};
        for (const OrderUnits& part : recall.items) {
          for (std::int64_t unit = part.units.first; unit < part.units.end(); ++unit) {
            if (has(unit)) released.items.push_back({part.order_id, {1, unit, 1}});
          }
        }
        home.append(released);
      }
      BOOST_TEST((push(home).code == protocol::PushCode::accepted));
    }
    BOOST_FAIL("asked again without end");
  }
  Decision answer_to(const ReferralId& referral) {
    const auto row = look([&](HubStore& from) { return from.referral(referral); });
    BOOST_TEST_REQUIRE((row && row->decided));
    return row->decided->answer.decision;
  }
};

BOOST_FIXTURE_TEST_CASE(what_a_home_says_it_has_not_is_paid_to_nobody_and_the_question_is_answered, Contradiction) {
  const ReferralId referral = refer(other, "carl", 2);
  push(other);
  answer_recalls([](std::int64_t) { return false; });
  BOOST_TEST(asked == 2u);  // units 0 and 1, then 2 and 3: the fifth alone does not cover the line
  const Decision decision = answer_to(referral);
  BOOST_TEST((decision.verdict == Verdict::refused));
  BOOST_TEST((decision.refusal == Refusal::quantity_exceeds_returnable));
  BOOST_TEST(decision.trace.rule == "records");
  BOOST_TEST(decision.trace.would_change == "records_agree");
  BOOST_TEST(held_by(order, Holder::node(home.id)) == 5);
  BOOST_TEST(anomalies().size() == 2u);
  BOOST_TEST(anomalies()[0].detail.find("units 0 to 1") != std::string::npos);
  goes_on();
}

BOOST_FIXTURE_TEST_CASE(what_a_home_still_has_covers_the_line_instead, Contradiction) {
  const ReferralId referral = refer(other, "carl", 3);
  push(other);
  answer_recalls([](std::int64_t unit) { return unit != 1; });
  const Decision decision = answer_to(referral);
  BOOST_TEST((decision.verdict == Verdict::approved));
  BOOST_TEST((decision.taken == std::vector<OrderUnits>{{order, {1, 0, 1}}, {order, {1, 2, 2}}}));
  BOOST_TEST(anomalies().size() == 1u);
  BOOST_TEST((rights(order).held_by(Holder::node(home.id), {1, 1, 1}).size() == 1u));
  goes_on();
}

BOOST_FIXTURE_TEST_CASE(a_home_that_has_nothing_at_all_is_asked_once_a_unit_at_most, Contradiction) {
  const ReferralId referral = refer(other, "carl", 1);
  push(other);
  answer_recalls([](std::int64_t) { return false; });
  BOOST_TEST(asked == 5u);
  BOOST_TEST((answer_to(referral).refusal == Refusal::quantity_exceeds_returnable));  // nobody knows of a return
}

BOOST_FIXTURE_TEST_CASE(a_hub_that_starts_again_in_between_asks_once_more_and_answers, Contradiction) {
  const ReferralId referral = refer(other, "carl", 5);
  push(other);
  BOOST_TEST(pull(home).recalls.size() == 1u);
  restart();
  hub->contact(other.id);
  answer_recalls([](std::int64_t) { return false; });
  BOOST_TEST(asked == 2u);
  BOOST_TEST((answer_to(referral).verdict == Verdict::refused));
  BOOST_TEST(held_by(order, Holder::node(home.id)) == 5);
}

BOOST_FIXTURE_TEST_CASE(the_next_question_asks_the_home_anew_for_it_may_have_found_them, Contradiction) {
  refer(other, "carl", 5);
  push(other);
  answer_recalls([](std::int64_t) { return false; });
  const ReferralId later = refer(other, "carl", 5);
  push(other);
  answer_recalls([](std::int64_t) { return true; });
  BOOST_TEST((answer_to(later).verdict == Verdict::approved));
  goes_on();
}

BOOST_AUTO_TEST_CASE(a_question_of_an_impossible_time_or_quantity_is_answered) {
  for (const std::int64_t at_ms : std::vector<std::int64_t>{INT64_MIN, 0, INT64_MAX}) {
    for (const std::int64_t quantity : std::vector<std::int64_t>{INT64_MIN, 0, 1, INT64_MAX}) {
      LineReferred asked{
          .case_id = ids.make<ReturnCaseId>(), .referral_id = ids.make<ReferralId>(), .asked_at_ms = at_ms};
      asked.ask = {.line_no = 1, .sku = "shirt", .quantity = quantity, .asked_price = Decimal{INT64_MIN, 9}};
      says(asked, 0);
    }
  }
  BOOST_TEST(pull(anna).decisions.size() == 12u);
}

BOOST_AUTO_TEST_CASE(rights_that_nobody_gave_are_noted) {
  const OrderId order = import("1", 5, "");
  says(RightsReceived{ids.make<TransferId>(), {{order, {1, 0, 5}}}}, 0);  // no such transfer waits: nothing moves
  says(RightsReleased{ids.make<TransferId>(),
                      ids.make<TransferId>(),
                      {{order, {1, 0, 5}}, {order, {1, 0, 0}}, {order, {9, quantity_max, quantity_max}}}},
       3);
  says(UnitsClaimed{ids.make<ReturnCaseId>(),
                    1,
                    Assurance::held,
                    {{.order_id = order, .units = {1, 0, 1}}, {.order_id = {}, .units = {1, 0, 1}}}},
       2);
  BOOST_TEST(held(order, HolderKind::hub) == 5);
}

BOOST_AUTO_TEST_CASE(kinds_of_the_hub_and_broken_bodies_are_noted_and_unknown_kinds_kept) {
  says(RightsGranted{ids.make<TransferId>(), anna.id, {}}, 1);
  says(NodeEnrolled{anna.id, "x", 1}, 1);
  anna.append("units_claimed", 1, Bytes{1, 2, 3});
  says(CaseClosed{}, 1);
  anna.append("a_kind_of_tomorrow", 3, Bytes{1, 2, 3});
  says(CaseClosed{}, 0);
}

BOOST_AUTO_TEST_CASE(clocks_and_dates_out_of_the_world_are_only_numbers) {
  for (const std::int64_t at_ms : std::vector<std::int64_t>{INT64_MIN, INT64_MAX}) {
    anna.append(CaseClosed{});
    auto request = anna.batch(anna.acked + 1);
    request.clock_ms = at_ms;
    BOOST_TEST((hub->push(request).code == protocol::PushCode::accepted));
    anna.acked = anna.events.size();
    for (const std::int32_t days : std::vector<std::int32_t>{INT32_MIN, INT32_MAX}) {
      BOOST_CHECK_NO_THROW(hub->pull({.node = anna.id, .today = CivilDate{days}, .clock_ms = at_ms}));
    }
  }
  goes_on();
}

BOOST_AUTO_TEST_CASE(a_journal_that_cannot_be_kept_is_answered_not_an_error) {
  anna.append("a_kind", 0, Bytes{});
  BOOST_TEST((push(anna).code == protocol::PushCode::chain_broken));
  bert.append(CaseClosed{});
  BOOST_TEST((push(bert).code == protocol::PushCode::accepted));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
