// Documents for every store, at the hub: who is told of them, who fetches them, and what a store refused.

#include <boost/test/unit_test.hpp>

#include "sync/hub/hub_service.hpp"
#include "sync/protocol/documents.hpp"
#include "tests/unit/sync/hub_fixture.hpp"

namespace retour::hub {
namespace {

/// A store that knows of documents, a store of an older program, and a second process beside the hub.
struct Documents : HubFixture {
  HubService service{*hub, clock};
  Node anna{"anna"}, old{"bert"};
  std::vector<transport::Reply> answers;

  Documents() {
    for (Node* node : {&anna, &old}) {
      enrol(*node);
      pull(*node);
    }
    anna.cursors = {{protocol::documents_lane, 0}};
    service.tick();
  }
  static std::uint64_t publish(HubStore& to, const std::string& name) {
    Work work(to, 5);
    const std::uint64_t seq = to.put_document({.kind = "policy", .name = name, .packed = {1, 2}});
    work.commit();
    return seq;
  }
  void call(Node& node, const std::string& path, Bytes body) {
    service.handle(
        {.method = "POST", .path = path, .body = std::move(body), .peer = node.id, .peer_serial = node.serial},
        [this](transport::Reply&& reply) { answers.push_back(std::move(reply)); });
  }
  void wait_for_news(Node& node) {
    call(node, "/sync/v1/pull",
         protocol::encode(protocol::PullRequest{.node = node.id, .cursors = node.cursors, .wait_ms = 50'000}));
  }
  protocol::DocumentsReply fetch(const protocol::DocumentsRequest& request) { return hub->documents(request); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_documents_tests, Documents)

BOOST_AUTO_TEST_CASE(a_store_is_told_of_documents_by_its_cursor_and_a_program_that_names_none_of_nothing) {
  publish(*store, "uk-1");
  publish(*store, "uk-2");
  BOOST_TEST((pull(anna).cursors == std::vector<codec::FeedCursor>{{protocol::documents_lane, 2}}));
  BOOST_TEST(pull(old).cursors.empty());
}

BOOST_AUTO_TEST_CASE(each_call_brings_the_next_document_and_the_last_none) {
  publish(*store, "uk-1");
  publish(*store, "eu-1");
  publish(*store, "uk-1");  // in the place of the first
  const auto first = fetch({.node = anna.id, .after = 0});
  BOOST_REQUIRE(first.document.has_value());
  BOOST_TEST(first.document->name == "eu-1");
  BOOST_TEST(first.head == 3u);
  BOOST_TEST(fetch({.node = anna.id, .after = 2}).document->seq == 3u);
  BOOST_TEST(!fetch({.node = anna.id, .after = 3}).document.has_value());
  BOOST_TEST(fetch({.node = anna.id, .after = 9}).head == 3u);  // the store knows more: it starts over
}

BOOST_AUTO_TEST_CASE(a_publication_by_another_process_ends_the_wait_of_those_who_know_of_documents) {
  wait_for_news(anna);
  wait_for_news(old);
  BOOST_TEST(answers.empty());
  publish(*SqliteHubStore::open(m_scratch / "hub.db"), "uk-1");
  service.tick();
  BOOST_REQUIRE(answers.size() == 1u);
  const auto reply = protocol::decode<protocol::PullReply>(answers[0].body);
  BOOST_TEST((reply.cursors == std::vector<codec::FeedCursor>{{protocol::documents_lane, 1}}));
}

BOOST_AUTO_TEST_CASE(large_documents_are_told_to_one_store_after_another) {
  {
    Work work(*store, 5);
    store->put_document({.kind = "catalogue", .packed = Bytes(protocol::document_packed_bytes_max)});
    work.commit();
  }
  const auto told = [&] {
    return hub->pull({.node = anna.id, .cursors = {{protocol::documents_lane, 0}}}).cursors.back().feed_seq;
  };
  int stores = 0;
  while (told() == 1u) ++stores;
  BOOST_TEST(stores == 2);  // 0.6 s each: after the second the burst is used up
  clock.advance(100);
  BOOST_TEST(told() == 0u);
  clock.advance(100);
  BOOST_TEST(told() == 1u);
  clock.advance(-100 * day_ms);  // somebody set the clock
  BOOST_TEST(told() == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_store_refuses_is_written_down_within_bounds_and_goes_when_it_does) {
  protocol::DocumentsRequest request{.node = anna.id, .after = 0};
  request.refused = {
      {4, "staff", "", std::string(5'000, 'x')}, {2, "policy", "uk-2", "why"}, {2, "policy", "uk-2", "again"}};
  fetch(request);
  {
    const View view(*store);
    const auto refused = store->refused_documents(anna.id);
    BOOST_REQUIRE(refused.size() == 2u);
    BOOST_TEST(refused[0].reason == "why");
    BOOST_TEST(refused[1].reason.size() == protocol::document_reason_bytes_max);
  }
  fetch({.node = anna.id, .after = 0});
  const View view(*store);
  BOOST_TEST(store->refused_documents(anna.id).empty());
}

BOOST_AUTO_TEST_CASE(the_service_hands_documents_to_the_store_of_the_certificate_alone) {
  publish(*store, "uk-1");
  const protocol::DocumentsRequest request{.node = anna.id, .after = 0};
  call(anna, "/sync/v1/documents", protocol::encode(request));
  call(old, "/sync/v1/documents", protocol::encode(request));
  call(anna, "/sync/v1/documents", {1, 2, 3});
  BOOST_REQUIRE(answers.size() == 3u);
  BOOST_TEST(answers[0].status == 200);
  BOOST_TEST(protocol::decode<protocol::DocumentsReply>(answers[0].body).document->name == "uk-1");
  BOOST_TEST(answers[1].status == 403);
  BOOST_TEST(answers[2].status == 400);
}

BOOST_AUTO_TEST_CASE(a_store_that_enrols_gets_the_pack_by_which_the_hub_decides_now) {
  hub->decide_by(PolicyPack{.id = "uk", .version = 2}, "{\"id\": \"uk\"}");
  const auto token = hub->invite("cleo");
  const Node cleo{"cleo"};
  const auto reply = hub->enrol({.token = *token, .csr_pem = cleo.key.verify_key().to_pem()});
  BOOST_REQUIRE(reply.ok());
  BOOST_TEST(reply->policy_json == "{\"id\": \"uk\"}");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
