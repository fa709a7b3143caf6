// Orders come in and go out: import, placement, subscription, enrolment.
#include <boost/test/unit_test.hpp>

#include "tests/support/hub_world.hpp"

using namespace retour;
using namespace retour::testing;

namespace {

struct OrdersWorld : HubWorld {
  hub::ImportCounts import(std::vector<ports::SourceItem> items) { return hub().import(items); }
  std::optional<hub::OrderRow> order(const std::string& number) {
    hub::Work work(store(), clock.now_ms());
    return store().order(web_order_id(number));
  }
  std::int64_t online_stock(const std::string& sku) {
    hub::Work work(store(), clock.now_ms());
    for (const hub::StockLevel& level : store().stock()) {
      if (level.node == store().hub_node() && level.sku == sku) return level.quantity;
    }
    return 0;
  }
};

constexpr std::int64_t day_ms = 86'400'000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_orders_tests, OrdersWorld)

BOOST_AUTO_TEST_CASE(an_order_enters_once_and_lowers_the_stock_online_once) {
  BOOST_TEST((import({web_order("1", "12345", {{"A", 3}, {"B", 1}})}) == hub::ImportCounts{.orders = 1}));
  BOOST_TEST((import({web_order("1", "12345", {{"A", 3}, {"B", 1}})}) == hub::ImportCounts{.already_known = 1}));
  BOOST_TEST(online_stock("A") == -3);
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(the_same_order_is_known_again_although_a_store_has_another_name_for_the_person) {
  import({web_order("1", "12345", {{ "A", 3 }})});
  {
    hub::Work work(store(), clock.now_ms());
    for (std::uint8_t first : {std::uint8_t{0}, std::uint8_t{0xff}}) {
      SubjectId subject;
      subject.bytes.fill(first);
      store().put_subject(subject, customer_key("12345"));
    }
    work.commit();
  }
  BOOST_TEST((import({web_order("1", "12345", {{"A", 3}})}) == hub::ImportCounts{.already_known = 1}));
  BOOST_TEST((import({web_order("1", "99999", {{"A", 3}})}) == hub::ImportCounts{.quarantined = 1}));
}

BOOST_AUTO_TEST_CASE(other_content_under_a_known_number_is_quarantined_and_the_first_stays) {
  import({web_order("1", "12345", {{ "A", 3 }})});
  BOOST_TEST((import({web_order("1", "12345", {{"A", 4}})}) == hub::ImportCounts{.quarantined = 1}));
  BOOST_TEST(codec::unpack_order(order("1")->evidence).lines[0].quantity == 3);
  BOOST_TEST(online_stock("A") == -3);
}

BOOST_AUTO_TEST_CASE(an_order_whose_money_does_not_divide_is_quarantined_and_the_next_goes_on) {
  auto bad = std::get<ports::SourceOrder>(web_order("1", "", {{"A", 3}}));
  bad.order.tenders[0].paid_minor += 1;
  BOOST_TEST((import({bad, web_order("2", "", {{"A", 1}})}) == hub::ImportCounts{.orders = 1, .quarantined = 1}));
  BOOST_TEST(online_stock("A") == -1);
}

BOOST_AUTO_TEST_CASE(the_home_is_chosen_by_the_customer_and_the_hub_keeps_what_has_none) {
  join("anna");
  join("bert");
  for (const std::uint16_t home : {std::uint16_t{1}, std::uint16_t{2}}) {
    const std::string customer = customer_of_catchment(home, 2);
    import({web_order("of-" + customer, customer, {{ "A" }})});
    BOOST_TEST(order("of-" + customer)->catchment == home);
  }
  import({web_order("nobody", "", {{ "A" }})});
  BOOST_TEST(order("nobody")->catchment == 0);
  BOOST_TEST(order("nobody")->customer.is_zero());
}

BOOST_AUTO_TEST_CASE(write_offs_lower_the_stock_online) {
  import({ports::SourceStockMove{.sku = "A", .quantity = -5}, ports::SourceStockMove {.sku = "A", .quantity = 2 }});
  BOOST_TEST(online_stock("A") == -3);
}

BOOST_AUTO_TEST_CASE(rights_are_placed_at_the_home_once_and_sent_until_they_are_received) {
  FakeNode& anna = join("anna");
  FakeNode& bert = join("bert");
  import({web_order("1", customer_of_catchment(1, 2), {{ "A", 3 }}), web_order("2", "", {{ "A", 9 }})});
  const auto first = anna.ask();
  BOOST_REQUIRE(first.grants.size() == 1u);
  BOOST_TEST((first.grants[0].items == std::vector<OrderUnits>{{web_order_id("1"), {1, 0, 3}}}));
  BOOST_TEST((anna.ask().grants == first.grants));
  kill();
  BOOST_TEST((anna.ask().grants == first.grants));
  BOOST_TEST(bert.ask().grants.empty());
  anna.sync();
  bert.sync();
  BOOST_TEST(anna.ask().grants.empty());
  BOOST_TEST(anna.held_units() == 3);
  BOOST_TEST(bert.held_units() == 0);
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(the_right_of_a_shipment_is_minted_at_the_hub_and_stays_there) {
  FakeNode& anna = join("anna");
  auto sent = std::get<ports::SourceOrder>(web_order("1", customer_of_catchment(1, 1), {{"A", 3}}));
  sent.order.shipments.push_back({.shipment_no = 1, .label = "parcel", .net_minor = 495, .taxes = {}});
  sent.order.tenders[0].paid_minor += 495;
  import({sent});
  anna.sync();
  BOOST_TEST(anna.held_units() == 3);
  hub::Work work(store(), clock.now_ms());
  const UnitRange parcel{line_of_shipment(1), 0, 1};
  BOOST_TEST((store().rights(web_order_id("1"))->held_by(Holder::hub()) == std::vector<UnitRange>{parcel}));
  work.commit();
  BOOST_TEST(!hub().broken_conservation());
}

BOOST_AUTO_TEST_CASE(a_grant_the_store_has_journalled_is_not_sent_again) {
  FakeNode& anna = join("anna");
  import({web_order("1", customer_of_catchment(1, 1), {{ "A", 3 }})});
  const auto first = anna.ask();
  const auto again =
      hub().pull({.node = anna.id, .today = anna.today, .journalled = {first.grants.at(0).transfer_id}});
  BOOST_TEST(again.grants.empty());
}

BOOST_AUTO_TEST_CASE(a_large_placement_comes_in_several_transfers) {
  FakeNode& anna = join("anna");
  const std::string customer = customer_of_catchment(1, 1);
  std::vector<WebLine> lines;
  for (int i = 0; i < 900; ++i) lines.push_back({"sku-" + std::to_string(i)});
  std::vector<ports::SourceItem> items;
  for (int i = 0; i < 30; ++i) items.push_back(web_order(std::to_string(i), customer, lines));
  import(items);
  const auto first = anna.ask();
  BOOST_REQUIRE(first.grants.size() == 1u);
  BOOST_TEST(first.grants[0].items.size() < hub::grant_items_max + 900);
  BOOST_TEST(first.more);
  anna.sync();
  BOOST_TEST(anna.held_units() == 30 * 900);
}

BOOST_AUTO_TEST_CASE(a_store_gets_its_own_orders_of_any_age_and_ninety_days_of_the_others) {
  FakeNode& anna = join("anna");
  FakeNode& bert = join("bert");
  const std::string of_anna = customer_of_catchment(1, 2);
  const std::int64_t today_ms = 15'000 * day_ms;
  import({web_order("old", of_anna,
                    {{ "A" }}, today_ms - 91 * day_ms),
          web_order("edge", of_anna,
                    {{ "A" }}, today_ms - 90 * day_ms),
          web_order("new", of_anna,
                    {{ "A" }}, today_ms)});
  anna.sync();
  bert.sync();
  BOOST_TEST(anna.orders.size() == 3u);
  BOOST_REQUIRE(bert.orders.size() == 2u);
  BOOST_TEST((bert.orders[0].order_id == web_order_id("edge")));
  BOOST_TEST((bert.cursors == std::vector<protocol::FeedCursor>{{1, 3}}));
  BOOST_TEST(bert.orders[0].feed_seq == 2u);
}

BOOST_AUTO_TEST_CASE(a_long_feed_comes_in_several_replies_without_gap_or_double) {
  FakeNode& anna = join("anna");
  const std::string customer = customer_of_catchment(1, 1);
  std::vector<ports::SourceItem> items;
  for (std::size_t i = 0; i < protocol::pull_orders_max + 100; ++i) {
    items.push_back(web_order(std::to_string(i), customer, {{"A"}}));
  }
  import(items);
  const auto first = anna.pull();
  BOOST_TEST(first.more);
  BOOST_TEST(first.orders.size() == protocol::pull_orders_max);
  anna.sync();
  std::set<OrderId> different;
  for (const auto& item : anna.orders) different.insert(item.order_id);
  BOOST_TEST(anna.orders.size() == items.size());
  BOOST_TEST(different.size() == items.size());
}

BOOST_AUTO_TEST_CASE(a_token_works_for_one_machine_and_again_only_until_its_first_contact) {
  const std::string token = hub().invite("cleo").value();
  const auto key_of_cleo = codec::SigningKey::generate().verify_key().to_pem();
  const auto first = hub().enrol({.token = token, .csr_pem = key_of_cleo});
  BOOST_REQUIRE(first.ok());
  const auto again = hub().enrol({.token = token, .csr_pem = key_of_cleo});
  BOOST_REQUIRE(again.ok());
  BOOST_TEST((again->node == first->node));
  const auto thief = hub().enrol({.token = token, .csr_pem = codec::SigningKey::generate().verify_key().to_pem()});
  BOOST_REQUIRE(!thief.ok());
  BOOST_TEST(thief.error().code == "token_used");
  hub().pull({.node = first->node});
  BOOST_TEST(hub().enrol({.token = token, .csr_pem = key_of_cleo}).error().code == "token_unknown");
  BOOST_TEST(hub().enrol({.token = "guess", .csr_pem = key_of_cleo}).error().code == "token_unknown");
}

BOOST_AUTO_TEST_CASE(only_the_newest_certificate_is_admitted_and_none_after_revoking) {
  const std::string token = hub().invite("cleo").value();
  const auto key_of_cleo = codec::SigningKey::generate().verify_key().to_pem();
  const NodeId cleo = hub().enrol({.token = token, .csr_pem = key_of_cleo})->node;
  BOOST_TEST(hub().admit(cleo, "serial-1").ok());
  BOOST_TEST(hub().enrol({.token = token, .csr_pem = key_of_cleo}).ok());
  BOOST_TEST(hub().admit(cleo, "serial-1").error().code == "certificate_replaced");
  BOOST_TEST(hub().admit(cleo, "serial-2").ok());
  BOOST_TEST(hub().revoke("cleo").ok());
  BOOST_TEST(hub().admit(cleo, "serial-2").error().code == "certificate_revoked");
  BOOST_TEST(hub().admit(ids.make<NodeId>(), "serial-2").error().code == "node_unknown");
}

BOOST_AUTO_TEST_CASE(a_revoked_store_gets_nothing_even_by_a_call_that_was_waiting) {
  FakeNode& anna = join("anna");
  BOOST_TEST(hub().revoke("anna").ok());
  import({web_order("1", customer_of_catchment(1, 1), {{ "A", 3 }})});
  const auto reply = anna.ask();
  BOOST_TEST(reply.grants.empty());
  BOOST_TEST(reply.orders.empty());
}

BOOST_AUTO_TEST_SUITE_END()
