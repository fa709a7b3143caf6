// What one store can make the hub hold and send, however it behaves: named limits, and nothing is lost behind them.
#include <boost/test/unit_test.hpp>

#include "sync/protocol/message_codec.hpp"
#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

struct BoundsWorld : HubWorld {
  FakeNode& anna = join("anna");
  const std::string customer = "12345";  // with one store, anna's

  void import(const ports::SourceItem& item) { BOOST_TEST_REQUIRE(hub().import(std::span(&item, 1)).orders == 1u); }
  /// As many orders of one unit as fill so many transfers.
  void import_transfers(std::size_t transfers) {
    for (std::size_t n = 0; n < transfers; ++n) {
      std::vector<ports::SourceItem> items;
      while (items.size() < hub::grant_orders_max) {
        const std::string number = std::to_string(n) + "/" + std::to_string(items.size());
        items.push_back(web_order(number, customer, {{"A", 1}}));
      }
      BOOST_TEST_REQUIRE(hub().import(items).orders == hub::grant_orders_max);
    }
  }
  static ports::SourceItem order_of(const std::string& number, const std::string& buyer, std::size_t lines,
                                    std::size_t sku_bytes, std::int64_t sold_at_ms = 1'299'000'000'000) {
    std::vector<WebLine> wanted;
    for (std::size_t n = 0; n < lines; ++n) {
      const std::string text = std::to_string(n);
      wanted.push_back({std::string(sku_bytes - std::min(sku_bytes, text.size()), 'x') + text, 1, 100});
    }
    return web_order(number, buyer, wanted, sold_at_ms);
  }
  std::uint64_t grants_waiting() {
    const hub::View view(store());
    return store().outgoing_count(anna.id);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_bounds_tests, BoundsWorld)

BOOST_AUTO_TEST_CASE(a_store_that_journals_nothing_gets_a_bounded_reply_and_only_so_much_is_on_its_way) {
  const std::size_t transfers = hub::grants_in_transfer_max + 3;
  import_transfers(transfers);
  for (int calls = 0; calls < 20; ++calls) {
    const protocol::PullReply reply = anna.ask();
    BOOST_TEST(protocol::encode(reply).size() < transport::message_bytes_max);
    BOOST_TEST(reply.grants.size() <= hub::grants_in_transfer_max);
    anna.cursors = reply.cursors;
  }
  BOOST_TEST(grants_waiting() == hub::grants_in_transfer_max);
  anna.sync();
  BOOST_TEST(anna.held_units() == static_cast<std::int64_t>(transfers * hub::grant_orders_max));
  BOOST_TEST(grants_waiting() == 0u);
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(what_a_store_acknowledges_makes_room_for_more_and_ends_its_wait) {
  hub::HubService service{hub(), clock};
  import_transfers(hub::grants_in_transfer_max + 1);
  protocol::PullRequest request{.node = anna.id, .today = anna.today, .wait_ms = 50'000};
  const auto call = [&](const std::string& path, const Bytes& body) {
    auto told = std::make_shared<std::optional<transport::Reply>>();
    service.handle({.method = "POST", .path = path, .body = body, .peer = anna.id, .peer_serial = "serial-1"},
                   [told](transport::Reply&& reply) { *told = std::move(reply); });
    return told;
  };
  std::shared_ptr<std::optional<transport::Reply>> told;
  for (int calls = 0; calls < 20; ++calls) {
    told = call("/sync/v1/pull", protocol::encode(request));
    if (!*told) break;  // nothing more as long as nothing is acknowledged
    const auto reply = protocol::decode<protocol::PullReply>((*told)->body);
    request.cursors = reply.cursors;
    for (const RightsGranted& grant : reply.grants) {
      anna.append(RightsReceived{grant.transfer_id, grant.items});
      request.journalled.push_back(grant.transfer_id);
    }
  }
  BOOST_TEST_REQUIRE(!*told);
  BOOST_TEST(request.journalled.size() == hub::grants_in_transfer_max);
  BOOST_TEST((*call("/sync/v1/push", protocol::encode(anna.batch())))->status == 200);
  BOOST_TEST_REQUIRE(told->has_value());
  BOOST_TEST(protocol::decode<protocol::PullReply>((*told)->body).grants.size() == 1u);
}

BOOST_AUTO_TEST_CASE(rights_of_orders_with_many_lines_come_in_replies_that_can_be_sent) {
  for (std::size_t n = 0; n < hub::grants_in_transfer_max; ++n)
    import(order_of(std::to_string(n), customer, hub::grant_items_max, 5));
  protocol::PullReply reply;
  for (int calls = 0; calls < 10; ++calls) {
    reply = anna.ask();
    anna.cursors = reply.cursors;
  }
  BOOST_TEST(grants_waiting() == hub::grants_in_transfer_max);
  BOOST_TEST(reply.more);
  BOOST_TEST(reply.grants.size() < 4u);
  BOOST_TEST(protocol::encode(reply).size() < 2 * protocol::pull_lanes_bytes_max);
}

/// One home that is away for long: what is asked of it meanwhile keeps nobody waiting, now and when it is back.
BOOST_AUTO_TEST_CASE(questions_that_wait_for_one_store_are_settled_little_by_little_when_it_is_back) {
  FakeNode& bert = join("bert");
  FakeNode& cleo = join("cleo");
  const std::size_t questions = 10 * hub::settle_looks_max;
  std::vector<ports::SourceItem> items;
  for (std::size_t n = 0; items.size() < questions; ++n) {
    const std::string buyer = "c" + std::to_string(n);
    if (catchment_of(buyer, 3) == anna.catchment) items.push_back(web_order(buyer, buyer, {{"A", 1}}));
  }
  BOOST_TEST_REQUIRE(hub().import(items).orders == questions);
  for (FakeNode* node : {&anna, &bert, &cleo}) node->sync();
  hub().gone(anna.id);
  for (const ports::SourceItem& item : items) bert.refer(std::get<ports::SourceOrder>(item).customer_ref, "A", 1);
  bert.push();
  while (hub().settle()) {
  }
  bert.pull();
  BOOST_TEST(bert.told_pending.size() == questions);
  BOOST_TEST(hub().open_referrals(1).count == questions);

  const auto asked_of_anna = [&] {
    const hub::View view(store());
    return store().outgoing_count(anna.id);
  };
  hub().contact(anna.id);
  BOOST_TEST(hub().settle());
  BOOST_TEST(asked_of_anna() == hub::settle_looks_max);
  cleo.refer("nobody", "A", 1);  // somebody else's question is answered meanwhile
  cleo.sync();
  BOOST_TEST(cleo.answers.size() == 1u);
  for (int round = 0; round < 30; ++round) {
    anna.sync();
    bert.sync();
  }
  BOOST_TEST(bert.answers.size() == questions);
  BOOST_TEST(hub().open_referrals(1).count == 0u);
}

BOOST_AUTO_TEST_CASE(evidence_asked_for_by_name_comes_in_replies_that_can_be_sent) {
  protocol::PullRequest request{.node = anna.id, .today = CivilDate{20'000}};
  for (int n = 0; n < 12; ++n) {
    import(order_of("w" + std::to_string(n), customer, 12'000, 64));
    request.wanted.push_back(web_order_id("w" + std::to_string(n)));
    request.cursors = anna.ask().cursors;  // its rights are on their way
    anna.cursors = request.cursors;
  }
  const protocol::PullReply reply = hub().pull(request);
  BOOST_TEST(protocol::encode(reply).size() < transport::message_bytes_max);
  BOOST_TEST(reply.orders.size() >= 4u);
  BOOST_TEST(reply.orders.size() < 12u);
}

BOOST_AUTO_TEST_CASE(an_order_that_no_reply_could_bring_is_set_aside) {
  const auto counts = [this](const ports::SourceItem& item) { return hub().import(std::span(&item, 1)); };
  BOOST_TEST(
      (counts(order_of("long", customer, hub::order_lines_max + 1, 5)) == hub::ImportCounts{.quarantined = 1}));
  BOOST_TEST((counts(order_of("wide", customer, 16'000, 64)) == hub::ImportCounts{.quarantined = 1}));
  const auto sell = [&](const ports::SourceItem& item) {
    const Order& order = std::get<ports::SourceOrder>(item).order;
    anna.append(SaleRecorded{codec::pack_order(order), order.id, "till-1"});
    BOOST_TEST((anna.push().code == protocol::PushCode::accepted));
  };
  sell(order_of("long sale", "", hub::order_lines_max + 1, 5));
  sell(order_of("wide sale", "", 16'000, 64));
  sell(order_of("good sale", "", 3, 5));
  const hub::View view(store());
  BOOST_TEST(store().anomalies().size() == 2u);
  BOOST_TEST(!store().order(web_order_id("long sale")));
  BOOST_TEST(!store().order(web_order_id("wide sale")));
  BOOST_TEST(store().order(web_order_id("good sale")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
