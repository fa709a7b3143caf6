// Who called when: known to the second, written down now and then, and never by waking those that wait.

#include <boost/test/unit_test.hpp>

#include "sync/hub/hub_service.hpp"
#include "sync/protocol/message_codec.hpp"
#include "tests/unit/sync/hub_fixture.hpp"

namespace retour::hub {
namespace {

/// Stores that call over the service, and a second connection that sees every commit of the hub.
struct Calling : HubFixture {
  HubService service{*hub, clock};
  std::unique_ptr<SqliteHubStore> beside = SqliteHubStore::open(m_scratch / "hub.db");
  Node anna{"anna"}, bert{"bert"};
  std::size_t answered = 0;

  Calling() {
    for (Node* node : {&anna, &bert}) {
      enrol(*node);
      call(*node, 0);  // the first contact
    }
    clock.advance(1'000);
    service.tick();
    answered = 0;
    committed();
  }
  void call(Node& node, std::int64_t wait_ms) {
    const protocol::PullRequest pull{.node = node.id,
                                     .cursors = node.cursors,
                                     .today = CivilDate::of_ms(clock.now_ms()),
                                     .wait_ms = wait_ms,
                                     .journal_seq = 5,
                                     .clock_ms = clock.now_ms()};
    service.handle({.method = "POST",
                    .path = "/sync/v1/pull",
                    .body = protocol::encode(pull),
                    .peer = node.id,
                    .peer_serial = node.serial},
                   [this](transport::Reply&& reply) { answered += reply.status == 200; });
  }
  /// Whether the hub has committed since the last time this was asked.
  bool committed() {
    const std::int64_t now = beside->outside_changes();
    return std::exchange(m_version, now) != now;
  }
  std::int64_t m_version = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hub_contact_tests, Calling)

BOOST_AUTO_TEST_CASE(a_call_is_written_down_with_the_next_tick_that_is_due) {
  clock.advance(contact_kept_every_ms);
  const std::int64_t called_at_ms = clock.now_ms();
  call(anna, 0);
  BOOST_TEST(answered == 1U);
  BOOST_TEST(!committed());
  clock.advance(100);
  service.tick();
  BOOST_TEST(committed());
  BOOST_TEST(row(anna).last_contact_ms == called_at_ms);
  BOOST_TEST(row(anna).node_seq == 5U);
  call(bert, 0);
  service.tick();
  BOOST_TEST(!committed());  // not so soon again
}

BOOST_AUTO_TEST_CASE(those_whose_wait_is_over_are_answered_without_a_commit) {
  clock.advance(contact_kept_every_ms);
  call(anna, 30'000);
  call(bert, 30'000);
  service.tick();
  BOOST_TEST(committed());
  clock.advance(30'000);
  service.tick();
  BOOST_TEST(answered == 2U);
  BOOST_TEST(!committed());
}

BOOST_AUTO_TEST_CASE(a_store_that_waited_has_called_when_it_asked_and_its_clock_is_measured_then) {
  const std::int64_t asked_at_ms = clock.now_ms();
  call(anna, 50'000);
  clock.advance(40'000);
  import("1", 1, "");
  service.with_hub([](Hub&) {});  // wakes
  BOOST_TEST(answered == 1U);
  service.tick();
  BOOST_TEST(row(anna).last_contact_ms == asked_at_ms);
  BOOST_TEST(row(anna).clock_skew_ms == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace retour::hub
