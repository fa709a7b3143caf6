// Journals come in: each event exactly once, and nothing that a store sends stops the hub.
#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/support/hub_world.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::testing;
using protocol::PushCode;

namespace {

struct PushWorld : HubWorld {
  FakeNode& anna = join("anna");

  void take_back(int times) {
    for (int i = 0; i < times; ++i) {
      anna.append(GoodsReceived{.case_id = ids.make<ReturnCaseId>(), .line_no = 1, .sku = "85123A", .quantity = 2});
    }
  }
  std::int64_t level(const std::string& sku) {
    hub::Work work(store(), clock.now_ms());
    std::int64_t sum = 0;
    for (const hub::StockLevel& stock : store().stock()) {
      if (stock.node == anna.id && stock.sku == sku) sum += stock.quantity;
    }
    return sum;
  }
  std::vector<hub::Anomaly> anomalies() {
    hub::Work work(store(), clock.now_ms());
    return store().anomalies();
  }
  hub::NodeRow row() {
    hub::Work work(store(), clock.now_ms());
    return *store().node(anna.id);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_push_tests, PushWorld)

BOOST_AUTO_TEST_CASE(a_batch_is_taken_and_its_head_countersigned) {
  take_back(3);
  const auto reply = anna.push();
  BOOST_TEST((reply.code == PushCode::accepted));
  BOOST_TEST(reply.head_seq == 3u);
  BOOST_TEST((reply.head_hash == anna.journal.back().hash));
  BOOST_TEST(key.verify_key().verify(reply.head_hash.bytes, reply.countersignature));
  BOOST_TEST(level("85123A") == 6);
}

BOOST_AUTO_TEST_CASE(a_repeated_batch_changes_nothing) {
  take_back(3);
  const auto batch = anna.batch();
  anna.send(batch);
  const auto again = anna.send(batch);
  BOOST_TEST((again.code == PushCode::accepted));
  BOOST_TEST(again.head_seq == 3u);
  BOOST_TEST(level("85123A") == 6);
}

BOOST_AUTO_TEST_CASE(a_batch_that_overlaps_what_is_known_adds_the_rest) {
  take_back(3);
  anna.push();
  take_back(2);
  BOOST_TEST((anna.send(anna.batch(2)).code == PushCode::accepted));
  BOOST_TEST(level("85123A") == 10);
  BOOST_TEST(row().journal_seq == 5u);
}

BOOST_AUTO_TEST_CASE(a_batch_that_ends_below_the_head_is_known_and_changes_nothing) {
  take_back(2);
  const auto first = anna.batch();
  anna.send(first);
  take_back(3);
  anna.push();
  const auto again = anna.send(first);
  BOOST_TEST((again.code == PushCode::accepted));
  BOOST_TEST(again.head_seq == 5u);
  BOOST_TEST(level("85123A") == 10);
}

BOOST_AUTO_TEST_CASE(a_batch_behind_a_gap_is_told_where_to_go_on) {
  take_back(5);
  const auto reply = anna.send(anna.batch(3));
  BOOST_TEST((reply.code == PushCode::gap));
  BOOST_TEST(reply.head_seq == 0u);
  BOOST_TEST(level("85123A") == 0);
  BOOST_TEST((anna.send(anna.batch(1)).code == PushCode::accepted));
}

BOOST_AUTO_TEST_CASE(a_changed_event_breaks_the_chain) {
  take_back(3);
  auto batch = anna.batch();
  batch.events[1].body.back() ^= 1;
  BOOST_TEST((anna.send(batch).code == PushCode::chain_broken));
  BOOST_TEST(level("85123A") == 0);
}

BOOST_AUTO_TEST_CASE(a_batch_that_does_not_follow_from_the_hubs_head_breaks_the_chain) {
  take_back(2);
  anna.push();
  const std::vector<EventEnvelope> first = anna.journal;
  anna.journal.clear();
  anna.acked = 0;
  take_back(3);  // another history of the same store
  auto batch = anna.batch(3);
  BOOST_TEST((anna.send(batch).code == PushCode::chain_broken));
  BOOST_TEST(row().journal_seq == 2u);
}

BOOST_AUTO_TEST_CASE(another_event_at_a_known_number_is_a_fork) {
  take_back(2);
  anna.push();
  anna.journal.clear();
  clock.advance(5);
  take_back(3);
  BOOST_TEST((anna.send(anna.batch(1)).code == PushCode::forked));
  BOOST_TEST(row().journal_seq == 2u);
}

BOOST_AUTO_TEST_CASE(a_fork_names_the_first_event_that_differs) {
  take_back(5);
  anna.push();
  anna.journal.resize(3);
  clock.advance(5);
  take_back(4);
  const auto below_the_head = [&] {
    auto batch = anna.batch(1);
    batch.events.resize(4);
    batch.signature = anna.key.sign(batch.events.back().hash.bytes);
    return batch;
  };
  for (const auto& reply : {anna.send(anna.batch(1)), anna.send(anna.batch(2)), anna.send(below_the_head())}) {
    BOOST_TEST((reply.code == PushCode::forked));
    BOOST_TEST(reply.detail == "the hub has another event at 4");
  }
  BOOST_TEST(row().journal_seq == 5u);
}

BOOST_AUTO_TEST_CASE(another_journal_of_the_same_store_is_a_fork) {
  take_back(2);
  anna.push();
  anna.journal.clear();
  anna.epoch = 2;
  take_back(1);
  BOOST_TEST((anna.send(anna.batch(1)).code == PushCode::forked));
}

BOOST_AUTO_TEST_CASE(a_batch_signed_by_another_key_is_refused) {
  take_back(2);
  auto batch = anna.batch();
  batch.signature = codec::SigningKey::generate().sign(batch.events.back().hash.bytes);
  BOOST_TEST((anna.send(batch).code == PushCode::signature_wrong));
  batch.signature = {1, 2, 3};
  BOOST_TEST((anna.send(batch).code == PushCode::signature_wrong));
  BOOST_TEST(row().journal_seq == 0u);
}

BOOST_AUTO_TEST_CASE(a_store_that_nobody_invited_is_unknown) {
  take_back(1);
  auto batch = anna.batch();
  batch.node = ids.make<NodeId>();
  BOOST_TEST((anna.send(batch).code == PushCode::unknown_node));
}

BOOST_AUTO_TEST_CASE(a_body_that_cannot_be_read_is_kept_and_shown_and_what_follows_goes_on) {
  anna.append(GoodsReceived{.case_id = ids.make<ReturnCaseId>(), .sku = "85123A", .quantity = 1});
  anna.journal.back().body = {0xff};
  anna.journal.back().hash = journal::EventHasher()(anna.journal.back());
  take_back(1);
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(level("85123A") == 2);
  BOOST_REQUIRE(anomalies().size() == 1u);
  BOOST_TEST(anomalies()[0].seq == 1u);
}

BOOST_AUTO_TEST_CASE(a_kind_of_a_later_program_is_kept_without_complaint) {
  take_back(1);
  anna.journal.back().kind = "kind_of_a_later_program";
  anna.journal.back().hash = journal::EventHasher()(anna.journal.back());
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(anomalies().empty());
  BOOST_TEST(row().journal_seq == 1u);
}

BOOST_AUTO_TEST_CASE(a_store_cannot_speak_for_the_hub) {
  anna.append(RightsGranted{ids.make<TransferId>(), anna.id, {{web_order_id("1"), {1, 0, 1}}}});
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(anomalies().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_claim_on_units_that_the_store_does_not_hold_is_shown_and_moves_nothing) {
  const std::vector<ports::SourceItem> items{web_order("1", "", {{"85123A", 3}})};
  hub().import(items);
  anna.append(UnitsClaimed{.case_id = ids.make<ReturnCaseId>(),
                           .line_no = 1,
                           .claims = {{.order_id = web_order_id("1"), .units = {1, 0, 1}}}});
  anna.append(UnitsClaimed{.case_id = ids.make<ReturnCaseId>(),
                           .line_no = 1,
                           .claims = {{.order_id = web_order_id("none"), .units = {1, 2, 1'000'000}}}});
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(anomalies().size() == 2u);
  BOOST_TEST(!hub().broken_conservation());
  hub::Work work(store(), clock.now_ms());
  BOOST_TEST((store().rights(web_order_id("1"))->held_by(Holder::hub()) == std::vector<UnitRange>{{1, 0, 3}}));
}

BOOST_AUTO_TEST_CASE(a_quantity_out_of_range_does_not_spoil_the_level) {
  take_back(1);
  anna.append(StockMoved{.sku = "85123A", .quantity = INT64_MAX, .cause = "write_off"});
  anna.append(StockMoved{.sku = "85123A", .quantity = INT64_MIN, .cause = "write_off"});
  take_back(1);
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(level("85123A") == 4);
  BOOST_TEST(anomalies().size() == 2u);
}

BOOST_AUTO_TEST_CASE(money_that_comes_back_is_taken_off_and_never_more_than_was_given) {
  const auto case_id = ids.make<ReturnCaseId>();
  anna.append(RefundPlanned{.case_id = case_id, .plan_no = 1, .currency = {"EUR", 2}, .total_minor = 700});
  anna.append(RefundReversed{.case_id = case_id, .by = "anna", .currency = {"EUR", 2}, .total_minor = 300});
  anna.append(CaseVoided{.case_id = case_id, .by = "anna", .currency = {"EUR", 2}, .total_minor = 401});
  anna.append(CaseVoided{.case_id = case_id, .by = "anna", .currency = {"GBP", 2}, .total_minor = 1});
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(anomalies().size() == 2u);
  hub::Work work(store(), clock.now_ms());
  const auto sums = store().refunded();
  BOOST_REQUIRE(sums.size() == 1u);
  BOOST_TEST(sums[0].minor == 400);
}

BOOST_AUTO_TEST_CASE(a_sale_enters_with_its_rights_at_the_store_and_lowers_its_stock) {
  Order order = std::get<ports::SourceOrder>(web_order("S-1", "", {{"85123A", 3}})).order;
  anna.append(SaleRecorded{.order = codec::pack_order(order), .order_id = order.id, .till = "1"});
  auto batch = anna.batch();
  batch.sale_keys = {{order.id, customer_key("12345"), {}}};
  BOOST_TEST((anna.send(batch).code == PushCode::accepted));
  BOOST_TEST(level("85123A") == -3);
  BOOST_TEST(!hub().broken_conservation());
  hub::Work work(store(), clock.now_ms());
  BOOST_TEST((store().rights(order.id)->held_by(Holder::node(anna.id)) == std::vector<UnitRange>{{1, 0, 3}}));
  BOOST_TEST(store().orders_of_customer(customer_key("12345")).size() == 1u);
  BOOST_TEST(store().order(order.id)->catchment == anna.catchment);
}

BOOST_AUTO_TEST_CASE(a_sale_whose_money_does_not_divide_is_shown_and_mints_nothing) {
  Order order = std::get<ports::SourceOrder>(web_order("S-1", "", {{"85123A", 3}})).order;
  order.lines[0].quantity = 0;
  anna.append(SaleRecorded{.order = codec::pack_order(order), .order_id = order.id, .till = "1"});
  Order other = std::get<ports::SourceOrder>(web_order("S-2", "", {{"85123A", 3}})).order;
  anna.append(SaleRecorded{.order = codec::pack_order(other), .order_id = web_order_id("S-3"), .till = "1"});
  take_back(1);
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(anomalies().size() == 2u);
  BOOST_TEST(level("85123A") == 2);
  hub::Work work(store(), clock.now_ms());
  BOOST_TEST(!store().order(order.id));
  BOOST_TEST(store().order_count() == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_kill) {
  take_back(3);
  anna.push();
  kill();
  BOOST_TEST(row().journal_seq == 3u);
  BOOST_TEST(level("85123A") == 6);
  take_back(1);
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(level("85123A") == 8);
}

BOOST_AUTO_TEST_CASE(goods_that_leave_hold_have_the_same_levels_at_the_store_and_at_the_hub) {
  Till till;
  const auto case_id = ids.make<ReturnCaseId>();
  for (const EventBody& body : {EventBody(GoodsReceived{case_id, 1, "shirt", 3, Bucket::hold}),
                                EventBody(GoodsHandedBack{case_id, 1, "shirt", 1, Bucket::hold}),
                                EventBody(GoodsMoved{case_id, 1, "shirt", 2, Bucket::hold, Bucket::outlet})}) {
    anna.append(body);
    till.append(body);
  }
  BOOST_TEST((anna.push().code == PushCode::accepted));
  BOOST_TEST(anomalies().empty());
  hub::Work work(store(), clock.now_ms());
  std::map<Bucket, std::int64_t> levels;
  for (const hub::StockLevel& stock : store().stock()) {
    if (stock.node == anna.id && stock.sku == "shirt") levels[stock.bucket] = stock.quantity;
  }
  for (const Bucket bucket : {Bucket::sellable, Bucket::outlet, Bucket::hold}) {
    BOOST_TEST(levels[bucket] == till.stock_of("shirt", bucket));
  }
  BOOST_TEST(levels[Bucket::outlet] == 2);
  BOOST_TEST(levels[Bucket::hold] == 0);
}

BOOST_AUTO_TEST_SUITE_END()
