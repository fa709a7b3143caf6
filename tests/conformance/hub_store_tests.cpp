// What every HubStore must do, function by function, read back after the store was closed and opened again.

#include <boost/test/unit_test.hpp>
#include <tuple>

#include "db/journal/chain.hpp"
#include "tests/conformance/hub_store_suite.hpp"
#include "tests/support/sample_events.hpp"

namespace retour::hub {
namespace {

using Places = std::tuple<SqlitePlace>;
using samples::hash;
using samples::id;

/// A store that can be closed and opened in the middle of a test.
template <class Place>
class Opened {
 public:
  Opened() : m_store(m_place.open()) {}
  HubStore* operator->() { return m_store.get(); }
  void reopen() {
    m_store.reset();
    m_store = m_place.open();
  }
  /// Runs `work` in one transaction, commits, and goes on with a freshly opened store.
  template <class Body>
  void committed(Body&& body) {
    {
      Work work(*m_store, Place::now_ms);
      body(*m_store);
      work.commit();
    }
    reopen();
  }
  template <class Look>
  auto look(Look&& at) {
    const View view(*m_store);
    return at(*m_store);
  }
  HubStore& store() { return *m_store; }

 private:
  Place m_place;
  std::unique_ptr<HubStore> m_store;
};

NodeRow a_node(std::uint8_t first, std::uint16_t catchment) {
  return {.node = id<NodeId>(first),
          .name = "store-" + std::to_string(catchment),
          .catchment = catchment,
          .certificate_pem = "pem",
          .serial = "0a" + std::to_string(catchment),
          .revoked = true,
          .epoch = 7'000'000'000,
          .journal_seq = 12,
          .journal_hash = hash(3),
          .journal_hlc = HlcTime{1'700'000'000'000u << 16u},
          .node_seq = 14,
          .granted_seq = 5,
          .last_contact_ms = 1'700'000'000'001,
          .clock_skew_ms = -250};
}

OrderRow an_order_row(std::uint8_t first, std::uint16_t catchment, std::uint64_t feed_seq,
                      std::int32_t day = 14'944) {
  return {.order_id = id<OrderId>(first),
          .version = 2,
          .number = "no-" + std::to_string(first),
          .catchment = catchment,
          .feed_seq = feed_seq,
          .day = CivilDate{day},
          .customer = id<LookupKey>(0x50),
          .card = id<LookupKey>(0x60),
          .evidence = Bytes(100, first)};
}

ReferralRow a_referral(std::uint8_t first, std::int64_t asked_at_ms) {
  return {.referral_id = id<ReferralId>(first),
          .node = id<NodeId>(0x21),
          .customer = id<LookupKey>(0x50),
          .asked_at_ms = asked_at_ms,
          .asked = {.case_id = id<ReturnCaseId>(0x30),
                    .referral_id = id<ReferralId>(first),
                    .ask = samples::ask(),
                    .subject = id<SubjectId>(0x70),
                    .asked_at_ms = asked_at_ms,
                    .local = samples::decision()},
          .recalls_out = 1,
          .recalls_in = 2};
}

ReferralDecided a_decision(const ReferralRow& row) {
  return {.node = row.node,
          .answer = {row.referral_id, row.asked.case_id, 2, samples::decision(), id<TransferId>(0x44)},
          .settled_no = 9};
}

/// The first events of a journal: some of a case, some of a kind that no program knows, some of no case.
std::vector<EventEnvelope> a_journal_of(std::size_t count, std::uint64_t epoch = 4) {
  journal::EventHasher hash;
  std::vector<EventEnvelope> events;
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    EventEnvelope event{.node_id = id<NodeId>(0x21),
                        .epoch = epoch,
                        .seq = seq,
                        .hlc = HlcTime{seq << 16u},
                        .command_id = id<CommandId>(0x31),
                        .command_part = static_cast<std::uint32_t>(seq),
                        .kind = seq % 3 == 0 ? "kind_of_a_later_program" : "case_closed",
                        .kind_version = seq % 4 == 0 ? 7u : 1u,
                        .body = Bytes(seq * 100, static_cast<std::uint8_t>(seq))};
    if (seq % 2 == 0) event.case_id = id<ReturnCaseId>(0x30);
    if (!events.empty()) event.prev_hash = events.back().hash;
    event.hash = hash(event);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_store_tests)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_hub_is_empty_and_knows_who_it_is, Place, Places) {
  Opened<Place> opened;
  const auto first = opened.look([](HubStore& store) { return std::pair(store.hub_node(), store.hub_epoch()); });
  BOOST_TEST(!first.first.is_zero());
  BOOST_TEST(first.second > 0u);
  opened.reopen();
  const View view(opened.store());
  BOOST_TEST((first == std::pair(opened->hub_node(), opened->hub_epoch())));
  BOOST_TEST(opened->nodes().empty());
  BOOST_TEST(opened->order_count() == 0u);
  BOOST_TEST(opened->feed_heads().empty());
  BOOST_TEST(opened->referrals().empty());
  BOOST_TEST(opened->anomalies().empty());
  BOOST_TEST(opened->stock().empty());
  BOOST_TEST(opened->refunded().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(work_without_commit_leaves_nothing, Place, Places) {
  Opened<Place> opened;
  const OrderRow order = an_order_row(1, 0, 1);
  {
    const Work work(opened.store(), Place::now_ms);
    opened->put_node(a_node(0x21, 1));
    opened->put_token(id<NodeId>(0x21), hash(9));
    opened->insert_order(order);
    const std::vector<OrderRights::Line> lines{{1, 3}};
    opened->put_rights(order.order_id, OrderRights::mint(lines, Holder::hub()));
    opened->put_referral(a_referral(1, 5));
    opened->put_outgoing(id<NodeId>(0x21),
                         {Lane::recall, id<MessageId>(2), RecallIssued{id<TransferId>(2), id<NodeId>(0x21), {}}});
    opened->move_stock(id<NodeId>(0x21), "sku", Bucket::hold, 3);
    opened->record(id<CommandId>(1), NodeEnrolled{id<NodeId>(0x21), "store-1", 1});
    BOOST_TEST(opened->next_decision_no() == 1u);
    BOOST_TEST(opened->order_count() == 1u);
  }
  opened.reopen();
  {
    const View view(opened.store());
    BOOST_TEST(opened->nodes().empty());
    BOOST_TEST(!opened->node_of_token(hash(9)).has_value());
    BOOST_TEST(opened->order_count() == 0u);
    BOOST_TEST(!opened->rights(order.order_id).has_value());
    BOOST_TEST(opened->referrals().empty());
    BOOST_TEST(opened->outgoing(id<NodeId>(0x21), 9).empty());
    BOOST_TEST(opened->stock().empty());
  }
  // The same event can be recorded now: the first try is not there.
  opened.committed([](HubStore& store) {
    store.record(id<CommandId>(1), NodeEnrolled{id<NodeId>(0x21), "store-1", 1});
    BOOST_TEST(store.next_decision_no() == 1u);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(decisions_are_counted_without_gap_over_restarts, Place, Places) {
  Opened<Place> opened;
  for (std::uint64_t expected = 1; expected <= 3; ++expected) {
    opened.committed([&](HubStore& store) { BOOST_TEST(store.next_decision_no() == expected); });
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_node_comes_back_whole_by_each_of_its_keys, Place, Places) {
  Opened<Place> opened;
  const NodeRow anna = a_node(0x21, 2), bert = a_node(0x41, 1);
  opened.committed([&](HubStore& store) {
    store.put_node(anna);
    store.put_node(bert);
  });
  const View view(opened.store());
  BOOST_TEST((opened->nodes() == std::vector{bert, anna}));  // by catchment
  BOOST_TEST((opened->node(anna.node) == anna));
  BOOST_TEST((opened->node_named("store-1") == bert));
  BOOST_TEST((opened->node_of_catchment(2) == anna));
  BOOST_TEST(!opened->node(id<NodeId>(1)).has_value());
  BOOST_TEST(!opened->node_named("store-3").has_value());
  BOOST_TEST(!opened->node_of_catchment(3).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(putting_a_node_again_replaces_it_and_never_another, Place, Places) {
  Opened<Place> opened;
  NodeRow anna = a_node(0x21, 1);
  opened.committed([&](HubStore& store) { store.put_node(anna); });
  anna.serial = "0b";
  anna.granted_seq = 77;
  opened.committed([&](HubStore& store) { store.put_node(anna); });
  NodeRow thief = a_node(0x41, 2);
  thief.name = anna.name;
  {
    const Work work(opened.store(), Place::now_ms);
    BOOST_CHECK_THROW(opened->put_node(thief), Error);
  }
  const View view(opened.store());
  BOOST_TEST((opened->nodes() == std::vector{anna}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_node_has_one_token_the_last, Place, Places) {
  Opened<Place> opened;
  const auto anna = id<NodeId>(0x21);
  opened.committed([&](HubStore& store) { store.put_token(anna, hash(1)); });
  opened.committed([&](HubStore& store) { store.put_token(anna, hash(2)); });
  opened.look([&](HubStore& store) {
    BOOST_TEST(!store.node_of_token(hash(1)).has_value());
    BOOST_TEST((store.node_of_token(hash(2)) == anna));
  });
  opened.committed([&](HubStore& store) { store.drop_token(anna); });
  const View view(opened.store());
  BOOST_TEST(!opened->node_of_token(hash(2)).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(progress_of_a_node_is_kept_and_nothing_else_of_it_changes, Place, Places) {
  Opened<Place> opened;
  const NodeRow anna = a_node(0x21, 1), bert = a_node(0x41, 2);
  opened.committed([&](HubStore& store) {
    store.put_node(anna);
    store.put_node(bert);
  });
  NodeRow moved = anna;
  moved.epoch = 8;
  moved.journal_seq = 112;
  moved.journal_hash = hash(9);
  moved.journal_hlc = HlcTime{1'700'000'000'500u << 16u};
  moved.node_seq = 114;
  moved.granted_seq = 105;
  moved.last_contact_ms = 1'700'000'000'501;
  moved.clock_skew_ms = 30;
  NodeRow said = moved;  // whoever it is that the caller takes it for
  said.name = "another";
  said.certificate_pem = "another";
  said.serial = "another";
  said.revoked = false;
  opened.committed([&](HubStore& store) { store.put_progress(said); });
  const View view(opened.store());
  BOOST_TEST((opened->nodes() == std::vector{moved, bert}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(events_come_in_batches_and_each_is_found_by_its_number, Place, Places) {
  Opened<Place> opened;
  const std::vector<EventEnvelope> events = a_journal_of(12);
  const auto part = [&](std::size_t first, std::size_t count) { return std::span(events).subspan(first, count); };
  opened.committed([&](HubStore& store) { store.insert_events(part(0, 1)); });
  opened.committed([&](HubStore& store) {
    store.insert_events(part(1, 7));
    store.insert_events(part(8, 4));
  });
  const View view(opened.store());
  for (const EventEnvelope& event : events)
    BOOST_TEST((opened->event_hash(event.node_id, 4, event.seq) == event.hash), "event " << event.seq);
  const auto anna = id<NodeId>(0x21);
  BOOST_TEST(!opened->event_hash(anna, 4, 0).has_value());
  BOOST_TEST(!opened->event_hash(anna, 4, 13).has_value());
  BOOST_TEST(!opened->event_hash(anna, 5, 2).has_value());
  BOOST_TEST(!opened->event_hash(id<NodeId>(0x22), 4, 2).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_event_of_a_node_is_kept_once, Place, Places) {
  Opened<Place> opened;
  const std::vector<EventEnvelope> events = a_journal_of(9);
  opened.committed([&](HubStore& store) { store.insert_events(std::span(events).subspan(2, 4)); });
  // Every batch that has an event of 3 to 6: before it, behind it, around it, within it.
  for (std::size_t first = 0; first < events.size(); ++first) {
    for (std::size_t count = 1; first + count <= events.size(); ++count) {
      const bool meets = first < 6 && first + count > 2;
      const Work work(opened.store(), Place::now_ms);
      const auto batch = std::span(events).subspan(first, count);
      if (meets) {
        BOOST_CHECK_THROW(opened->insert_events(batch), Error);
      } else {
        BOOST_CHECK_NO_THROW(opened->insert_events(batch));
      }
    }
  }
  // Another life of the same node has its own numbers.
  const Work work(opened.store(), Place::now_ms);
  BOOST_CHECK_NO_THROW(opened->insert_events(a_journal_of(4, 5)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_anomalies_of_one_event_are_all_kept, Place, Places) {
  Opened<Place> opened;
  const auto anna = id<NodeId>(0x21);
  opened.committed([&](HubStore& store) {
    store.put_anomaly({anna, 4, 8, "first"});
    store.put_anomaly({anna, 4, 8, "second"});
    store.put_anomaly({anna, 4, 2, "earlier"});
  });
  const View view(opened.store());
  const auto all = opened->anomalies();
  BOOST_REQUIRE(all.size() == 3u);
  BOOST_TEST(all[0].detail == "earlier");
  BOOST_TEST(all[1].detail == "first");
  BOOST_TEST(all[2].detail == "second");
  BOOST_TEST(all[2].seq == 8u);
  BOOST_TEST(all[2].epoch == 4u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_subjects_may_be_one_customer_and_the_first_word_counts, Place, Places) {
  Opened<Place> opened;
  opened.committed([&](HubStore& store) {
    store.put_subject(id<SubjectId>(1), id<LookupKey>(0x50));
    store.put_subject(id<SubjectId>(2), id<LookupKey>(0x50));
    store.put_subject(id<SubjectId>(1), id<LookupKey>(0x51));  // ignored: a subject never changes its person
  });
  const View view(opened.store());
  BOOST_TEST((opened->customer_of(id<SubjectId>(1)) == id<LookupKey>(0x50)));
  BOOST_TEST((opened->customer_of(id<SubjectId>(2)) == id<LookupKey>(0x50)));
  BOOST_TEST(!opened->customer_of(id<SubjectId>(3)).has_value());
  BOOST_TEST(opened->subject_of(id<LookupKey>(0x50)).has_value());
  BOOST_TEST(!opened->subject_of(id<LookupKey>(0x51)).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_order_comes_back_whole_and_only_once, Place, Places) {
  Opened<Place> opened;
  const OrderRow first = an_order_row(1, 0, 1);
  OrderRow nobodys = an_order_row(2, 3, 1);
  nobodys.customer = nobodys.card = {};
  opened.committed([&](HubStore& store) {
    store.insert_order(first);
    store.insert_order(nobodys);
    store.quarantine_order(first, hash(1), "other content");
    store.quarantine_order(first, hash(1), "other content");  // the same again is nothing new
  });
  opened.look([&](HubStore& store) {
    BOOST_TEST((store.order(first.order_id) == first));
    BOOST_TEST((store.order(nobodys.order_id) == nobodys));
    BOOST_TEST(!store.order(id<OrderId>(3)).has_value());
    BOOST_TEST((store.orders_of_customer(first.customer) == std::vector{first}));
    BOOST_TEST(store.orders_of_customer(id<LookupKey>(0x51)).empty());
    BOOST_TEST(store.order_count() == 2u);
    BOOST_TEST((store.feed_heads() == std::vector<std::pair<std::uint16_t, std::uint64_t>>{{0, 1}, {3, 1}}));
  });
  const Work work(opened.store(), Place::now_ms);
  BOOST_CHECK_THROW(opened->insert_order(first), Error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_feed_goes_on_behind_a_cursor_up_to_its_limits, Place, Places) {
  Opened<Place> opened;
  opened.committed([&](HubStore& store) {
    for (std::uint8_t i = 1; i <= 6; ++i) store.insert_order(an_order_row(i, 2, i, i % 2 == 0 ? 100 : 200));
    store.insert_order(an_order_row(7, 4, 1));
  });
  const View view(opened.store());
  BOOST_TEST(opened->feed_head(2) == 6u);
  BOOST_TEST(opened->feed_head(3) == 0u);
  const auto seqs = [](const FeedSlice& slice) {
    std::vector<std::uint64_t> all;
    for (const codec::FeedItem& item : slice.items) all.push_back(item.feed_seq);
    return all;
  };
  const CivilDate ever{INT32_MIN};
  const FeedSlice two = opened->feed(2, 1, ever, 2, SIZE_MAX);
  BOOST_TEST((seqs(two) == std::vector<std::uint64_t>{2, 3}));
  BOOST_TEST(two.next_seq == 3u);
  BOOST_TEST(two.more);
  const FeedSlice rest = opened->feed(2, 3, ever, 10, SIZE_MAX);
  BOOST_TEST((seqs(rest) == std::vector<std::uint64_t>{4, 5, 6}));
  BOOST_TEST(!rest.more);
  BOOST_TEST((rest.items[0] ==
              codec::FeedItem{4, 2, id<OrderId>(4), Bytes(100, 4), id<LookupKey>(0x50), id<LookupKey>(0x60)}));
  // Days before are left out, and the cursor goes over them.
  const FeedSlice young = opened->feed(2, 0, CivilDate{150}, 10, SIZE_MAX);
  BOOST_TEST((seqs(young) == std::vector<std::uint64_t>{1, 3, 5}));
  BOOST_TEST(young.next_seq == 6u);
  // A limit of bytes stops the slice, and it never stands still.
  const FeedSlice narrow = opened->feed(2, 0, ever, 10, 1);
  BOOST_TEST((seqs(narrow) == std::vector<std::uint64_t>{1}));
  BOOST_TEST(narrow.more);
  BOOST_TEST(opened->feed(2, 6, ever, 10, SIZE_MAX).items.empty());
  BOOST_TEST((opened->feed_ids(2, 4, 10) ==
              std::vector<std::pair<std::uint64_t, OrderId>>{{5, id<OrderId>(5)}, {6, id<OrderId>(6)}}));
  BOOST_TEST(opened->feed_ids(2, 0, 3).size() == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rights_come_back_with_every_kind_of_holder, Place, Places) {
  Opened<Place> opened;
  const std::vector<OrderRights::Line> lines{{1, 80'995}, {7, 2}};
  OrderRights rights = OrderRights::mint(lines, Holder::hub());
  BOOST_REQUIRE(rights.move({1, 10, 5}, Holder::hub(), Holder::node(id<NodeId>(0x21))).ok());
  BOOST_REQUIRE(rights.move({1, 20, 5}, Holder::hub(), Holder::in_transfer(id<TransferId>(0x22))).ok());
  BOOST_REQUIRE(rights.move({1, 80'000, 995}, Holder::hub(), Holder::claimed(id<ReturnCaseId>(0x23))).ok());
  BOOST_REQUIRE(rights.move({7, 1, 1}, Holder::hub(), Holder{HolderKind::cancelled, {}}).ok());
  const OrderRights whole = OrderRights::mint(lines, Holder::node(id<NodeId>(0x21)));
  opened.committed([&](HubStore& store) {
    store.put_rights(id<OrderId>(1), whole);
    store.put_rights(id<OrderId>(1), rights);  // the later word counts
    store.put_rights(id<OrderId>(2), whole);
  });
  const View view(opened.store());
  BOOST_TEST((opened->rights(id<OrderId>(1)) == rights));
  BOOST_TEST((opened->rights(id<OrderId>(2)) == whole));
  BOOST_TEST(!opened->rights(id<OrderId>(3)).has_value());
  std::size_t seen = 0;
  opened->each_right(
      [&](const OrderId& order, const OrderRights& of) { seen += of == (order == id<OrderId>(1) ? rights : whole); });
  BOOST_TEST(seen == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(messages_wait_by_lane_until_they_are_dropped_once, Place, Places) {
  Opened<Place> opened;
  const auto anna = id<NodeId>(0x21), bert = id<NodeId>(0x41);
  const RightsGranted granted{id<TransferId>(1), anna, {{id<OrderId>(1), {1, 0, 3}}}};
  const RecallIssued recall{id<TransferId>(2), anna, {}};
  const ReferralAnswered answered{id<ReferralId>(3), id<ReturnCaseId>(4), 2, samples::decision(), id<TransferId>(1)};
  opened.committed([&](HubStore& store) {
    store.put_outgoing(anna, {Lane::decision, id<MessageId>(3), answered});
    store.put_outgoing(anna, {Lane::grant, id<MessageId>(1), granted});
    store.put_outgoing(anna, {Lane::recall, id<MessageId>(2), recall});
    store.put_outgoing(anna, {Lane::recall, id<MessageId>(2), recall});  // the same again is one message
    store.put_outgoing(bert, {Lane::recall, id<MessageId>(2), recall});
  });
  opened.look([&](HubStore& store) {
    const auto waiting = store.outgoing(anna, 9);
    BOOST_REQUIRE(waiting.size() == 3u);
    BOOST_TEST((std::get<RightsGranted>(waiting[0].body) == granted));
    BOOST_TEST((waiting[0].id == id<MessageId>(1)));
    BOOST_TEST((std::get<RecallIssued>(waiting[1].body) == recall));
    BOOST_TEST((std::get<ReferralAnswered>(waiting[2].body) == answered));
  });
  opened.committed([&](HubStore& store) {
    BOOST_TEST(!store.drop_outgoing(anna, Lane::grant, id<MessageId>(2)));  // another lane
    BOOST_TEST(store.drop_outgoing(anna, Lane::recall, id<MessageId>(2)));
    BOOST_TEST(!store.drop_outgoing(anna, Lane::recall, id<MessageId>(2)));
  });
  const View view(opened.store());
  BOOST_TEST(opened->outgoing(anna, 9).size() == 2u);
  BOOST_TEST((opened->outgoing(anna, 1).at(0).lane == Lane::grant));
  BOOST_TEST(opened->outgoing_count(anna) == 2u);
  BOOST_TEST(opened->outgoing_count(bert) == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(referrals_come_in_the_order_of_asking, Place, Places) {
  Opened<Place> opened;
  const ReferralRow later = a_referral(1, 200);
  ReferralRow earlier = a_referral(2, 100);
  earlier.customer = {};
  ReferralRow second_line = a_referral(3, 100);
  second_line.asked.ask.line_no = earlier.asked.ask.line_no + 1;
  opened.committed([&](HubStore& store) {
    for (const ReferralRow& row : {later, second_line, earlier}) store.put_referral(row);
  });
  opened.look([&](HubStore& store) { BOOST_TEST((store.referrals() == std::vector{earlier, second_line, later})); });
  ReferralRow decided = later;
  decided.decided = a_decision(later);
  decided.recalls_out = 0;
  opened.committed([&](HubStore& store) {
    store.put_referral(decided);
    store.drop_referral(earlier.referral_id);
  });
  const View view(opened.store());
  BOOST_TEST((opened->referral(later.referral_id) == decided));
  BOOST_TEST(!opened->referral(earlier.referral_id).has_value());
  BOOST_TEST(opened->referrals().size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(open_referrals_are_counted_and_the_oldest_listed, Place, Places) {
  Opened<Place> opened;
  const ReferralRow first = a_referral(7, 100), second = a_referral(1, 200), third = a_referral(3, 300);
  ReferralRow decided = a_referral(2, 50);
  decided.decided = a_decision(decided);
  opened.committed([&](HubStore& store) {
    for (const ReferralRow& row : {third, first, decided, second}) store.put_referral(row);
  });
  opened.look([&](HubStore& store) {
    BOOST_TEST((store.open_referrals(9) == std::vector{first, second, third}));
    BOOST_TEST((store.open_referrals(2) == std::vector{first, second}));
    BOOST_TEST(store.open_referrals(0).empty());
    BOOST_TEST(store.open_referral_count() == 3u);
  });
  opened.committed([&](HubStore& store) { store.drop_referral(first.referral_id); });
  const View view(opened.store());
  BOOST_TEST((opened->open_referrals(1) == std::vector{second}));
  BOOST_TEST(opened->open_referral_count() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_recall_is_taken_once, Place, Places) {
  Opened<Place> opened;
  opened.committed([&](HubStore& store) {
    store.put_recall({id<TransferId>(1), id<ReferralId>(2), id<NodeId>(0x21)});
  });
  opened.committed([&](HubStore& store) {
    const auto taken = store.take_recall(id<TransferId>(1));
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST((taken->referral_id == id<ReferralId>(2)));
    BOOST_TEST((taken->node == id<NodeId>(0x21)));
  });
  opened.committed([&](HubStore& store) { BOOST_TEST(!store.take_recall(id<TransferId>(1)).has_value()); });
}

DocumentRow a_document(std::string kind, std::string name, std::uint8_t first) {
  return {
      .kind = std::move(kind), .name = std::move(name), .hash = hash(first), .packed = {first, 2}, .published_ms = 5};
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_document_takes_the_place_of_the_one_before_and_stands_last, Place, Places) {
  Opened<Place> opened;
  opened.look([&](HubStore& store) {
    BOOST_TEST(store.document_head() == 0u);
    BOOST_TEST(!store.document_after(0).has_value());
  });
  opened.committed([&](HubStore& store) {
    BOOST_TEST(store.put_document(a_document("policy", "uk-1", 1)) == 1u);
    BOOST_TEST(store.put_document(a_document("catalogue", "", 2)) == 2u);
    BOOST_TEST(store.put_document(a_document("policy", "uk-2", 3)) == 3u);
  });
  opened.committed([&](HubStore& store) { BOOST_TEST(store.put_document(a_document("policy", "uk-1", 1)) == 4u); });
  opened.look([&](HubStore& store) {
    BOOST_TEST(store.document_head() == 4u);
    const protocol::Document first{2, "catalogue", "", hash(2), {2, 2}}, second{3, "policy", "uk-2", hash(3), {3, 2}};
    BOOST_TEST((store.document_after(0) == first));
    BOOST_TEST((store.document_after(2) == second));
    BOOST_TEST(!store.document_after(4).has_value());
    BOOST_TEST(store.document_bytes_after(0) == 6u);
    BOOST_TEST(store.document_bytes_after(3) == 2u);
    BOOST_TEST(store.document_bytes_after(4) == 0u);
    const auto policies = store.documents_of_kind("policy");
    BOOST_REQUIRE(policies.size() == 2u);
    BOOST_TEST((policies[0].seq == 4u && policies[1] == second));
  });
  opened.committed([&](HubStore& store) { store.drop_document(3); });
  const View view(opened.store());
  BOOST_TEST((opened->document_after(2)->seq == 4u));
  BOOST_TEST(opened->document_head() == 4u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_a_store_refuses_now_replaces_what_it_refused_before, Place, Places) {
  Opened<Place> opened;
  const auto anna = id<NodeId>(0x21), bert = id<NodeId>(0x41);
  const protocol::RefusedDocument staff{4, "staff", "", "why"}, policy{7, "policy", "uk-2", "because"};
  opened.committed([&](HubStore& store) {
    store.put_refused_documents(anna, std::vector{policy, staff});
    store.put_refused_documents(bert, std::vector{staff});
  });
  opened.look([&](HubStore& store) { BOOST_TEST((store.refused_documents(anna) == std::vector{staff, policy})); });
  opened.committed([&](HubStore& store) { store.put_refused_documents(anna, {}); });
  const View view(opened.store());
  BOOST_TEST(opened->refused_documents(anna).empty());
  BOOST_TEST((opened->refused_documents(bert) == std::vector{staff}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_taken_off_accounts_is_kept_by_order_in_the_order_it_came, Place, Places) {
  Opened<Place> opened;
  const auto mugs = id<OrderId>(0x31), coats = id<OrderId>(0x41);
  const LoweredUnits first{{mugs, {1, 0, 2}}, {.net_minor = 5}, hash(1)}, second{{mugs, {1, 1, 1}}, {}, hash(1)};
  const LoweredUnits other{{coats, {1, 0, 1}}, {.net_minor = 7}, hash(2)};
  opened.committed([&](HubStore& store) { store.add_lowered(std::vector{first, other}); });
  opened.committed([&](HubStore& store) { store.add_lowered(std::vector{second}); });
  const View view(opened.store());
  BOOST_TEST((opened->lowered(mugs) == std::vector{first, second}));
  BOOST_TEST((opened->lowered(coats) == std::vector{other}));
  BOOST_TEST(opened->lowered(id<OrderId>(0x51)).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_question_is_found_by_its_case_and_line, Place, Places) {
  Opened<Place> opened;
  ReferralRow shirt{.referral_id = id<ReferralId>(0x61), .node = id<NodeId>(0x21)};
  shirt.asked.referral_id = shirt.referral_id;
  shirt.asked.case_id = id<ReturnCaseId>(0x71);
  shirt.asked.ask.line_no = 2;
  opened.committed([&](HubStore& store) { store.put_referral(shirt); });
  const View view(opened.store());
  BOOST_TEST((opened->referral_of(id<ReturnCaseId>(0x71), 2) == shirt));
  BOOST_TEST(!opened->referral_of(id<ReturnCaseId>(0x71), 1).has_value());
  BOOST_TEST(!opened->referral_of(id<ReturnCaseId>(0x72), 2).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counted_returns_are_told_by_numbers_that_only_rise, Place, Places) {
  Opened<Place> opened;
  const auto anna = id<NodeId>(0x21), bert = id<NodeId>(0x41);
  const auto carol = id<LookupKey>(0x61);
  CountedRow early{id<ReturnCaseId>(1), bert, carol, {100}, 500, false};
  const CountedRow late{id<ReturnCaseId>(2), bert, carol, {200}, 0, true};
  opened.committed([&](HubStore& store) {
    store.put_counted(late);
    store.put_counted(early);
    store.put_counted({id<ReturnCaseId>(3), bert, id<LookupKey>(0x62), {150}, 1, false});
    store.tell_counted(anna, early.case_id);
    store.tell_counted(anna, late.case_id);
    store.tell_counted(anna, early.case_id);  // told already
  });
  opened.committed([&](HubStore& store) {
    BOOST_TEST((store.counted(early.case_id) == early));
    BOOST_TEST((store.counted_of_customer(carol, {100}) == std::vector<CountedRow>{early, late}));
    BOOST_TEST((store.counted_of_customer(carol, {101}) == std::vector<CountedRow>{late}));
    BOOST_TEST((store.told_of_counted(early.case_id) == std::vector<NodeId>{anna}));
    BOOST_TEST(store.counted_head(anna) == 2u);
    BOOST_TEST(store.counted_head(bert) == 0u);
    early.given_minor = 0;
    store.put_counted(early);  // told anew
  });
  opened.committed([&](HubStore& store) {
    const auto items = store.counted_after(anna, 0, 9);
    BOOST_REQUIRE(items.size() == 2u);
    BOOST_TEST((items[0] == protocol::CountedItem{2, late.case_id, bert, carol, {200}, false, true}));
    BOOST_TEST((items[1] == protocol::CountedItem{3, early.case_id, bert, carol, {100}, false, false}));
    BOOST_TEST(store.counted_after(anna, 0, 1).size() == 1u);
    BOOST_TEST(store.counted_after(anna, 3, 9).empty());
    store.drop_counted_before({200});
  });
  const View view(opened.store());
  BOOST_TEST(!opened->counted(early.case_id));
  BOOST_TEST((opened->counted(late.case_id) == late));
  BOOST_TEST(opened->counted_after(anna, 0, 9).size() == 1u);
  BOOST_TEST(opened->counted_head(anna) == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(catchments_are_those_of_the_customers_orders, Place, Places) {
  Opened<Place> opened;
  const auto carol = id<LookupKey>(0x61);
  opened.committed([&](HubStore& store) {
    std::uint8_t no = 0;
    for (const std::uint16_t catchment : {3, 0, 2, 3}) {
      OrderRow row{
          .order_id = id<OrderId>(++no), .number = std::to_string(no), .catchment = catchment, .feed_seq = no};
      row.customer = carol;
      store.insert_order(row);
    }
  });
  const View view(opened.store());
  BOOST_TEST((opened->catchments_of_customer(carol) == std::vector<std::uint16_t>{2, 3}));
  BOOST_TEST(opened->catchments_of_customer(id<LookupKey>(0x62)).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(stock_and_refunds_add_up_by_their_keys, Place, Places) {
  Opened<Place> opened;
  const auto anna = id<NodeId>(0x21), bert = id<NodeId>(0x41);
  opened.committed([&](HubStore& store) {
    store.move_stock(anna, "b", Bucket::hold, 5);
    store.move_stock(anna, "b", Bucket::hold, -7);
    store.move_stock(anna, "a", Bucket::sellable, 1);
    store.move_stock(bert, "a", Bucket::sellable, 4);
    store.move_stock(bert, "a", Bucket::sellable, -4);  // a level of zero is not told
    BOOST_TEST(store.add_refunded(anna, "EUR", 100));
    BOOST_TEST(store.add_refunded(anna, "EUR", 31));
    BOOST_TEST(store.add_refunded(anna, "EUR", -20));
    BOOST_TEST(store.add_refunded(anna, "GBP", 5));
    BOOST_TEST(!store.add_refunded(anna, "GBP", -6));  // more than there is: nothing happens
    BOOST_TEST(!store.add_refunded(bert, "GBP", -1));
  });
  const View view(opened.store());
  BOOST_TEST(
      (opened->stock() == std::vector<StockLevel>{{anna, "a", Bucket::sellable, 1}, {anna, "b", Bucket::hold, -2}}));
  const auto sums = opened->refunded();
  BOOST_REQUIRE(sums.size() == 2u);
  BOOST_TEST((sums[0].currency == "EUR" && sums[0].minor == 111));
  BOOST_TEST((sums[1].currency == "GBP" && sums[1].minor == 5));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
