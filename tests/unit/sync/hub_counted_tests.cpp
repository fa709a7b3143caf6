// Counts of the chain: which stores the hub tells of which returns, and what becomes of that.

#include <boost/test/unit_test.hpp>

#include "db/codec/budget_key.hpp"
#include "sync/hub/make_budget.hpp"
#include "tests/unit/sync/hub_fixture.hpp"

namespace retour::hub {
namespace {

/// Three stores; carol's orders are at home at one of them, and the others are bert and cleo to her.
struct Counted : HubFixture {
  Node first{"first"}, second{"second"}, third{"third"};
  Node *home = nullptr, *bert = nullptr, *cleo = nullptr;
  const Currency eur = Currency::parse("EUR").value();

  Counted() {
    for (Node* node : {&first, &second, &third}) enrol(*node);
    const OrderId order = import("W-1", 3, "carol");
    const auto catchment = look([&](HubStore& from) { return from.order(order)->catchment; });
    for (Node* node : {&first, &second, &third}) {
      if (row(*node).catchment == catchment)
        home = node;
      else
        (bert == nullptr ? bert : cleo) = node;
    }
    for (Node* node : {&first, &second, &third}) sync(*node);
  }
  ReturnCaseId visit(Node& node, const std::string& customer, std::int64_t days_ago = 0) {
    CaseOpened opened{.case_id = ids.make<ReturnCaseId>(), .till = "1", .cashier = "anna"};
    opened.business_date = CivilDate::of_ms(clock.now_ms() - days_ago * day_ms);
    if (!customer.empty()) {
      opened.subject = ids.make<SubjectId>();
      node.subjects.push_back({*opened.subject, customer_key(customer)});
    }
    node.append(opened);
    return opened.case_id;
  }
  ReturnCaseId give_back(Node& node, const std::string& customer, Minor minor = 500, std::int64_t days_ago = 0) {
    const ReturnCaseId id = visit(node, customer, days_ago);
    node.append(RefundPlanned{.case_id = id, .plan_no = 1, .currency = eur, .total_minor = minor});
    push(node);
    return id;
  }
  protocol::CountedReply told(const Node& node, std::uint64_t after = 0) {
    return hub->counted_returns({.node = node.id, .after = after});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_counted_tests, Counted)

BOOST_AUTO_TEST_CASE(the_home_of_a_customer_is_told_of_what_she_returned_elsewhere_and_nobody_else_is) {
  const ReturnCaseId id = give_back(*bert, "carol");
  const protocol::CountedReply reply = told(*home);
  BOOST_REQUIRE(reply.items.size() == 1u);
  const protocol::CountedItem expected{.seq = 1,
                                       .case_id = id,
                                       .node = bert->id,
                                       .customer = customer_key("carol"),
                                       .day = CivilDate::of_ms(clock.now_ms()),
                                       .given_back = true};
  BOOST_TEST((reply.items[0] == expected));
  BOOST_TEST(reply.head == 1u);
  BOOST_TEST(told(*bert).items.empty());
  BOOST_TEST(told(*cleo).items.empty());
  BOOST_TEST(anomalies().empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_opens_a_case_is_told_of_all_before_and_from_then_on) {
  give_back(*bert, "carol");
  visit(*cleo, "carol");
  push(*cleo);
  BOOST_REQUIRE(told(*cleo).items.size() == 1u);
  give_back(*bert, "carol");
  give_back(*cleo, "carol");
  BOOST_TEST(told(*cleo).items.size() == 2u);
  BOOST_TEST(told(*bert).items.size() == 1u);
  BOOST_TEST(told(*home).items.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_visit_that_gives_nothing_back_and_one_of_nobody_are_not_told) {
  visit(*bert, "carol");
  push(*bert);
  give_back(*bert, "");
  give_back(*bert, "carol", 0);
  BOOST_TEST(told(*home).head == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_undone_is_told_again_and_counts_no_more) {
  const ReturnCaseId id = give_back(*bert, "carol");
  bert->append(CaseVoided{.case_id = id, .currency = eur, .total_minor = 500});
  push(*bert);
  const protocol::CountedReply reply = told(*home, 1);
  BOOST_REQUIRE(reply.items.size() == 1u);
  BOOST_TEST(reply.items[0].seq == 2u);
  BOOST_TEST((reply.items[0].case_id == id && !reply.items[0].given_back && !reply.items[0].no_receipt));
}

BOOST_AUTO_TEST_CASE(money_from_a_budget_is_a_return_without_receipt) {
  const auto made =
      make_budget(*store, ids, {.store = bert->name, .currency = eur, .minor = 10'000, .by = "rita"}, clock.now_ms());
  BOOST_REQUIRE(made.ok());
  sync(*bert);
  const ReturnCaseId id = visit(*bert, "carol");
  UnitsClaimed claimed{.case_id = id, .line_no = 1, .assurance = Assurance::provisional};
  claimed.claims = {{.order_id = made->order_id, .units = {1, 0, 300}}};
  bert->append(claimed);
  push(*bert);
  BOOST_REQUIRE(told(*home).items.size() == 1u);
  BOOST_TEST(told(*home).items[0].no_receipt);
  BOOST_TEST(anomalies().empty());
}

BOOST_AUTO_TEST_CASE(an_order_that_comes_later_tells_its_home_of_what_was_before) {
  give_back(*bert, "dora");
  for (const Node* node : {home, cleo}) BOOST_TEST(told(*node).items.empty());
  Node* of_dora = nullptr;
  const OrderId order = import("W-2", 1, "dora");
  const auto catchment = look([&](HubStore& from) { return from.order(order)->catchment; });
  for (Node* node : {&first, &second, &third}) {
    if (row(*node).catchment == catchment) of_dora = node;
  }
  BOOST_TEST(told(*of_dora).items.size() == (of_dora == bert ? 0u : 1u));
}

BOOST_AUTO_TEST_CASE(what_is_over_a_year_old_is_neither_told_nor_kept_and_numbers_do_not_go_back) {
  give_back(*bert, "carol", 500, 366);
  BOOST_TEST(told(*home).items.size() == 1u);
  clock.advance(day_ms);
  visit(*cleo, "carol");
  push(*cleo);
  BOOST_TEST(told(*cleo).items.empty());
  BOOST_TEST(told(*home).items.empty());
  BOOST_TEST(told(*home).head == 1u);
  give_back(*bert, "carol");
  BOOST_REQUIRE(told(*home).items.size() == 1u);
  BOOST_TEST(told(*home).items[0].seq == 2u);
}

BOOST_AUTO_TEST_CASE(a_pull_moves_the_cursor_of_the_lane_only_for_who_names_it) {
  give_back(*bert, "carol");
  const auto head_for = [&](std::vector<codec::FeedCursor> cursors) {
    home->cursors = std::move(cursors);
    for (const codec::FeedCursor& cursor : pull(*home).cursors) {
      if (cursor.catchment == protocol::counted_lane) return cursor.feed_seq;
    }
    return std::uint64_t{99};
  };
  BOOST_TEST(head_for({{protocol::counted_lane, 0}}) == 1u);
  BOOST_TEST(head_for({}) == 99u);
}

BOOST_AUTO_TEST_CASE(a_case_of_another_store_is_not_moved_by_this_one) {
  const ReturnCaseId id = give_back(*bert, "carol");
  cleo->append(RefundPlanned{.case_id = id, .plan_no = 2, .currency = eur, .total_minor = 900});
  push(*cleo);
  BOOST_TEST(look([&](HubStore& from) { return from.counted(id)->given_minor; }) == 500);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
