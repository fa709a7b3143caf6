// Batches of several stores in one commit: each is judged by itself, and none waits for ever.

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "db/journal/journal.hpp"
#include "db/projections/store_projections.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "sync/hub/hub_service.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/protocol/message_codec.hpp"
#include "sync/transport/pki.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::hub {
namespace {

using transport::pki::Identity;

constexpr std::int64_t now_ms = 1'790'000'000'000;

struct Store {
  NodeId id;
  std::string serial;
  Identity identity;
};

/// A hub with the stores anna, bert and cleo.
struct Chain {
  Scratch folder;
  simulated::SeededIds ids{7};
  simulated::ManualClock clock{now_ms};
  codec::SigningKey key = codec::SigningKey::generate();
  Identity ca = transport::pki::make_ca("test", now_ms);
  std::unique_ptr<SqliteHubStore> store = make_store();
  Hub hub{parts()};
  HubService service{hub, clock};
  std::vector<Store> stores{enrol("anna"), enrol("bert"), enrol("cleo")};

  std::unique_ptr<SqliteHubStore> make_store() {
    SqliteHubStore::create(folder / "hub.db", ids, now_ms);
    return SqliteHubStore::open(folder / "hub.db");
  }
  HubParts parts() {
    return {.store = *store,
            .clock = clock,
            .ids = ids,
            .key = key,
            .policy = {},
            .policy_json = "{}",
            .lookup_secret = Bytes(32, 1),
            .ca_pem = ca.certificate_pem,
            .sign = [this](const std::string& csr, const NodeId& node) {
              std::string pem = transport::pki::sign_csr(ca, csr, {.node = node, .now_ms = now_ms});
              std::string serial = transport::pki::read_certificate(pem).serial;
              return std::pair(std::move(pem), std::move(serial));
            }};
  }
  Store enrol(const std::string& name) {
    Store made;
    made.identity.key_pem = transport::pki::make_key_pem();
    const auto reply =
        hub.enrol({.token = hub.invite(name).value(), .csr_pem = transport::pki::make_csr(made.identity.key_pem)});
    made.id = reply->node;
    made.serial = transport::pki::read_certificate(reply->certificate_pem).serial;
    return made;
  }
  /// The first batch of a store's journal: goods that were written off.
  protocol::PushRequest batch_of(std::size_t index) {
    auto journal = journal::Journal::create(folder / ("journal" + std::to_string(index)).c_str(),
                                            {stores[index].id, 1}, {.projections = projections::store_projections()});
    journal::Write write = journal.begin(now_ms);
    BOOST_REQUIRE(write.append(ids.make<CommandId>(), StockMoved{"mug", Bucket::sellable, -1, "write_off"}) ==
                  journal::Appended::recorded);
    write.commit();
    protocol::PushRequest request{.node = stores[index].id, .epoch = 1, .events = journal.read(1, 10, 100'000)};
    request.signature =
        codec::SigningKey::from_pem(stores[index].identity.key_pem).sign(request.events.back().hash.bytes);
    return request;
  }
  std::uint64_t head_of(std::size_t index) {
    Work work(*store, now_ms);
    return store->node(stores[index].id)->journal_seq;
  }
};

BOOST_AUTO_TEST_SUITE(hub_push_group_tests)

BOOST_AUTO_TEST_CASE(a_wrongly_signed_batch_is_refused_alone) {
  Chain chain;
  std::vector<protocol::PushRequest> group{chain.batch_of(0), chain.batch_of(1), chain.batch_of(2)};
  group[1].signature = group[0].signature;
  const auto replies = chain.hub.push(group);
  BOOST_REQUIRE_EQUAL(replies.size(), 3U);
  BOOST_CHECK(replies[0].code == protocol::PushCode::accepted);
  BOOST_CHECK(replies[1].code == protocol::PushCode::signature_wrong);
  BOOST_CHECK(replies[2].code == protocol::PushCode::accepted);
  BOOST_CHECK_EQUAL(chain.head_of(0), 1U);
  BOOST_CHECK_EQUAL(chain.head_of(1), 0U);
  BOOST_CHECK_EQUAL(chain.head_of(2), 1U);
}

BOOST_AUTO_TEST_CASE(a_batch_may_be_judged_again_and_gets_the_same_answer) {
  Chain chain;
  std::vector<protocol::PushRequest> group{chain.batch_of(0), chain.batch_of(1)};
  group[1].events.back().hash.bytes[0] ^= 1;  // a lie at the end of the chain
  for (int i = 0; i < 2; ++i) {
    const auto replies = chain.hub.push(group);
    BOOST_CHECK(replies[0].code == protocol::PushCode::accepted);
    BOOST_CHECK(replies[1].code == protocol::PushCode::chain_broken);
  }
  BOOST_CHECK_EQUAL(chain.head_of(1), 0U);
}

BOOST_AUTO_TEST_CASE(the_same_batch_twice_in_one_group_is_taken_once) {
  Chain chain;
  const protocol::PushRequest batch = chain.batch_of(0);
  std::vector<protocol::PushRequest> group{batch, batch};
  for (const auto& reply : chain.hub.push(group)) {
    BOOST_CHECK(reply.code == protocol::PushCode::accepted);
    BOOST_CHECK_EQUAL(reply.head_seq, 1U);
  }
  Work work(*chain.store, now_ms);
  const auto stock = chain.store->stock();
  BOOST_REQUIRE_EQUAL(stock.size(), 1U);
  BOOST_CHECK_EQUAL(stock[0].quantity, -1);
}

BOOST_AUTO_TEST_CASE(batches_that_come_while_one_is_taken_in_are_answered_each_with_its_own) {
  Chain chain;
  const auto request_of = [&](std::size_t index, const Bytes& body) {
    return transport::Request{.method = "POST",
                              .path = "/sync/v1/push",
                              .body = body,
                              .peer = chain.stores[index].id,
                              .peer_serial = chain.stores[index].serial};
  };
  std::vector<int> statuses(3);
  // While anna is answered the hub still leads: bert's batch and cleo's nonsense wait and go together.
  chain.service.handle(request_of(0, protocol::encode(chain.batch_of(0))), [&](transport::Reply&& reply) {
    statuses[0] = reply.status;
    chain.service.handle(request_of(1, protocol::encode(chain.batch_of(1))),
                         [&](transport::Reply&& later) { statuses[1] = later.status; });
    chain.service.handle(request_of(2, Bytes{9, 9, 9}),
                         [&](transport::Reply&& later) { statuses[2] = later.status; });
    BOOST_CHECK_EQUAL(statuses[1], 0);
  });
  BOOST_CHECK_EQUAL(statuses[0], 200);
  BOOST_CHECK_EQUAL(statuses[1], 200);
  BOOST_CHECK_EQUAL(statuses[2], 400);
  BOOST_CHECK_EQUAL(chain.head_of(0), 1U);
  BOOST_CHECK_EQUAL(chain.head_of(1), 1U);
  BOOST_CHECK_EQUAL(chain.head_of(2), 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace retour::hub
