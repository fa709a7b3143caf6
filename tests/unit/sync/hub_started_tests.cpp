// Returns that customers start: what the rules say at once, what waits for a person, who is told, and how it ends.

#include <boost/test/unit_test.hpp>

#include "sync/hub/hub_service.hpp"
#include "sync/hub/started_return.hpp"
#include "tests/unit/sync/hub_fixture.hpp"

namespace retour::hub {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;

/// A chain of one store, which is everybody's home, by rules of 30 days and a promise of 24 hours.
struct Started : HubFixture {
  Node anna{"anna"};
  OrderId order;

  Started() {
    enrol(anna);
    order = import("W-1", 3, "carol");
    sync(anna);
    anna.cursors.push_back({protocol::started_lane, 0});
    PolicyPack pack{.id = "ours", .version = 4};
    pack.windows.push_back({.name = {"general", ""}, .days = 30});
    pack.promises = {.decide_hours = 24, .when_missed = {{*Currency::parse("EUR"), 500}}};
    hub->decide_by(pack, "{}");
  }
  StartReturn wanted(std::uint8_t no, Grade declared = Grade::resalable) {
    StartReturn start{.number = "W-1", .customer = customer_key("carol"), .today = CivilDate::of_ms(clock.now_ms())};
    start.id.bytes[0] = no;
    start.code = "CODE-" + std::to_string(no);
    start.lines = {{.order_line_no = 1, .quantity = 2, .reason = ReturnReason::size, .declared = declared}};
    return start;
  }
  Result<StartAnswer, StartRefusal> start(const StartReturn& wanted_return) {
    return start_return(*hub, wanted_return, clock.now_ms());
  }
  StartedRow kept(std::uint8_t no) {
    return look([&](HubStore& from) { return from.started(wanted(no).id).value(); });
  }
  std::vector<protocol::StartedItem> told(std::uint64_t after = 0) {
    return hub->started_returns({.node = anna.id, .after = after}).items;
  }
  std::string refusal(const StartReturn& wanted_return) {
    const auto answer = start(wanted_return);
    return answer.ok() ? "" : answer.error().code;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_started_tests, Started)

BOOST_AUTO_TEST_CASE(inside_the_window_and_declared_resalable_is_approved_at_once_and_claims_nothing) {
  const auto answer = start(wanted(1));
  BOOST_REQUIRE(answer.ok());
  BOOST_TEST((answer->row.state == StartedState::approved));
  const Decision& decision = answer->row.started.decisions.at(0);
  BOOST_TEST((decision.trace.applied == std::vector<std::string>{"windows/general", "auto_review/resalable"}));
  BOOST_TEST(answer->row.started.decide_by_ms == 0);
  BOOST_TEST(held(order, HolderKind::claimed) == 0);
  BOOST_TEST((kept(1) == answer->row));
}

BOOST_AUTO_TEST_CASE(goods_that_nobody_vouches_for_wait_for_a_person_within_the_promised_time) {
  const auto answer = start(wanted(1, Grade::ungraded));
  BOOST_REQUIRE(answer.ok());
  BOOST_TEST((answer->row.state == StartedState::waiting));
  BOOST_TEST(answer->row.started.decide_by_ms == clock.now_ms() + 24 * hour_ms);
  BOOST_TEST(answer->row.started.decisions.at(0).trace.rule == "auto_review");
}

BOOST_AUTO_TEST_CASE(what_has_not_left_the_warehouse_is_approved_whatever_its_age_and_declared_state) {
  clock.advance(60 * day_ms);
  StartReturn late = wanted(1, Grade::ungraded);
  late.today = CivilDate::of_ms(clock.now_ms());
  auto answer = start(late);
  BOOST_REQUIRE(answer.ok());
  BOOST_TEST(answer->refused);
  BOOST_TEST((answer->row.started.decisions.at(0).refusal == Refusal::window_closed));
  BOOST_TEST(told().empty());
  late.shipped = false;
  answer = start(late);
  BOOST_REQUIRE(answer.ok());
  BOOST_TEST((answer->row.state == StartedState::approved));
  BOOST_TEST(
      (answer->row.started.decisions.at(0).trace.applied == std::vector<std::string>{"auto_review/not_shipped"}));
}

BOOST_AUTO_TEST_CASE(only_the_customer_of_the_order_starts_a_return_of_it_and_of_lines_that_are_there) {
  StartReturn other = wanted(1);
  other.customer = customer_key("mallory");
  BOOST_TEST(refusal(other) == "order_unknown");
  other.customer = {};
  BOOST_TEST(refusal(other) == "order_unknown");
  StartReturn wrong = wanted(1);
  wrong.lines[0].order_line_no = 2;
  BOOST_TEST(refusal(wrong) == "order_line_unknown");
  wrong = wanted(1);
  wrong.lines.push_back(wrong.lines[0]);
  BOOST_TEST(refusal(wrong) == "line_twice");
  wrong = wanted(1);
  wrong.store = "nowhere";
  BOOST_TEST(refusal(wrong) == "store_unknown");
}

BOOST_AUTO_TEST_CASE(the_same_id_is_the_same_return_and_a_line_stands_under_one_return_at_a_time) {
  BOOST_REQUIRE(start(wanted(1)).ok());
  const auto again = start(wanted(1));
  BOOST_REQUIRE(again.ok());
  BOOST_TEST(again->already);
  StartReturn other = wanted(1);
  other.lines[0].quantity = 1;
  BOOST_TEST(refusal(other) == "id_reused");
  BOOST_TEST(refusal(wanted(2)) == "line_started_already");
  BOOST_REQUIRE(call_off_started(*hub, wanted(1).id, clock.now_ms()).ok());
  BOOST_TEST(refusal(wanted(2)) == "");
}

BOOST_AUTO_TEST_CASE(a_person_decides_once_and_the_same_word_again_changes_nothing) {
  BOOST_REQUIRE(start(wanted(1, Grade::ungraded)).ok());
  const DecideStarted yes{.id = wanted(1).id, .approved = true, .by = "m-4", .reason = "regular customer"};
  BOOST_TEST(decide_started(*hub, yes, clock.now_ms()).ok());
  BOOST_TEST(decide_started(*hub, yes, clock.now_ms()).ok());
  DecideStarted no = yes;
  no.approved = false;
  BOOST_TEST(decide_started(*hub, no, clock.now_ms()).error().code == "not_waiting");
  no.id.bytes[0] = 9;
  BOOST_TEST(decide_started(*hub, no, clock.now_ms()).error().code == "started_return_unknown");
  BOOST_TEST(kept(1).decided_by == "m-4");
}

BOOST_AUTO_TEST_CASE(the_queue_has_the_vip_first_and_then_the_promise_that_ends_first) {
  import("W-2", 3, "dora");
  import("W-3", 3, "eve");
  const auto of = [&](std::uint8_t no, const std::string& number, const std::string& customer,
                      const std::string& tier) {
    StartReturn start = wanted(no, Grade::ungraded);
    start.number = number;
    start.customer = customer_key(customer);
    start.tier = tier;
    return start;
  };
  BOOST_REQUIRE(start(of(3, "W-1", "carol", "")).ok());
  clock.advance(1'000);
  BOOST_REQUIRE(start(of(2, "W-2", "dora", "")).ok());
  clock.advance(1'000);
  BOOST_REQUIRE(start(of(1, "W-3", "eve", "vip")).ok());
  std::vector<int> queue;
  for (const StartedRow& row : look([](HubStore& from) { return from.waiting_started(10); }))
    queue.push_back(row.started.started_id.bytes[0]);
  BOOST_TEST((queue == std::vector<int>{1, 3, 2}));
}

BOOST_AUTO_TEST_CASE(a_missed_promise_is_due_from_the_moment_on_and_a_late_decision_does_not_undo_it) {
  const Promises promises = hub->policy().promises;
  const auto missed = [&] {
    return look([&](HubStore& from) { return missed_promises(from, promises, clock.now_ms()); });
  };
  BOOST_REQUIRE(start(wanted(1, Grade::ungraded)).ok());
  clock.advance(24 * hour_ms);
  BOOST_TEST(missed().empty());
  clock.advance(1);
  BOOST_REQUIRE(missed().size() == 1u);
  BOOST_TEST(missed()[0].due_minor == 500);
  BOOST_TEST(missed()[0].number == "W-1");
  BOOST_REQUIRE(decide_started(*hub, {wanted(1).id, true, "m-4", "late"}, clock.now_ms()).ok());
  BOOST_TEST(missed().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_home_store_is_told_by_its_cursor_of_each_change_and_goods_taken_back_end_it) {
  BOOST_REQUIRE(start(wanted(1)).ok());
  const auto cursors = pull(anna).cursors;
  BOOST_TEST((cursors.back() == codec::FeedCursor{protocol::started_lane, 1}));
  BOOST_REQUIRE(told().size() == 1u);
  BOOST_TEST(told()[0].open);
  BOOST_TEST(told()[0].approved);
  UnitsClaimed claimed{.case_id = ids.make<ReturnCaseId>(), .line_no = 1};
  claimed.claims.push_back({.order_id = order, .units = {1, 0, 1}});
  anna.append(claimed);
  push(anna);
  BOOST_TEST((kept(1).state == StartedState::used));
  BOOST_REQUIRE(told(1).size() == 1u);
  BOOST_TEST(!told(1)[0].open);
  BOOST_TEST(told(1)[0].seq == 2u);
  BOOST_TEST((pull(anna).cursors.back() == codec::FeedCursor{protocol::started_lane, 2}));
}

BOOST_AUTO_TEST_CASE(the_store_that_she_named_is_told_too_and_a_store_that_waits_is_woken) {
  Node bert{"bert"};
  enrol(bert);
  HubService service(*hub, clock);
  std::vector<transport::Reply> answers;
  const auto call = [&](const std::string& path, Bytes body) {
    service.handle(
        {.method = "POST", .path = path, .body = std::move(body), .peer = bert.id, .peer_serial = bert.serial},
        [&](transport::Reply&& reply) { answers.push_back(std::move(reply)); });
  };
  pull(bert);
  bert.cursors.insert(bert.cursors.end(), {protocol::started_lane, 0});
  call("/sync/v1/pull",
       protocol::encode(protocol::PullRequest{.node = bert.id, .cursors = bert.cursors, .wait_ms = 50'000}));
  BOOST_TEST(answers.empty());
  StartReturn at_bert = wanted(1);
  at_bert.store = "bert";
  service.with_hub([&](Hub& at) { BOOST_REQUIRE(start_return(at, at_bert, clock.now_ms()).ok()); });
  BOOST_REQUIRE(answers.size() == 1u);
  call("/sync/v1/started-returns", protocol::encode(protocol::StartedRequest{.node = bert.id}));
  call("/sync/v1/started-returns", protocol::encode(protocol::StartedRequest{.node = anna.id}));
  BOOST_REQUIRE(answers.size() == 3u);
  BOOST_TEST(protocol::decode<protocol::StartedReply>(answers[1].body).items.size() == 1u);
  BOOST_TEST(answers[2].status == 403);
  BOOST_TEST(told().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
