#include "sync/engine/engine.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;
using namespace retour::engine;

namespace {

State a_node_with(std::uint64_t journal_seq, std::uint64_t acked_seq) {
  State state;
  state.node.bytes = {7, 7};
  state.journal_seq = journal_seq;
  state.acked_seq = acked_seq;
  state.hub_epoch = 100;
  state.has_replica = true;
  return state;
}

template <class T>
std::vector<T> of_kind(const std::vector<Action>& actions) {
  std::vector<T> found;
  for (const Action& action : actions) {
    if (const T* wanted = std::get_if<T>(&action)) found.push_back(*wanted);
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_tests)

BOOST_AUTO_TEST_CASE(a_started_node_sends_what_waits_and_asks_for_news) {
  const Step first = step(a_node_with(12, 9), Tick{}, 1000);
  BOOST_TEST((of_kind<Push>(first.actions) == std::vector<Push>{{.from_seq = 10}}));
  BOOST_TEST(of_kind<Pull>(first.actions).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_lane_that_is_out_is_not_asked_again) {
  const Step first = step(a_node_with(12, 9), Tick{}, 1000);
  BOOST_TEST(step(first.state, Tick{}, 2000).actions.empty());
  BOOST_TEST(step(first.state, JournalGrew{20}, 2000).actions.empty());
}

BOOST_AUTO_TEST_CASE(a_new_store_bootstraps_before_its_first_pull) {
  State fresh = a_node_with(0, 0);
  fresh.has_replica = false;
  const Step first = step(fresh, Tick{}, 0);
  BOOST_TEST(of_kind<Bootstrap>(first.actions).size() == 1u);
  BOOST_TEST(of_kind<Pull>(first.actions).empty());
  const Step then = step(first.state, BootstrapEnded{.hub_epoch = 101}, 5);
  BOOST_TEST(of_kind<Pull>(then.actions).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_node_out_of_contact_asks_without_waiting_and_waits_once_it_was_answered) {
  Step now = step(a_node_with(9, 9), Tick{}, 1000);
  BOOST_TEST((of_kind<Pull>(now.actions) == std::vector<Pull>{{.wait_ms = 0}}));
  now = step(now.state, PullAnswered{.hub_epoch = 100}, 1010);
  BOOST_TEST((of_kind<Pull>(now.actions) == std::vector<Pull>{{.wait_ms = protocol::pull_wait_ms_max}}));
  now = step(now.state, CallFailed{.lane = Lane::down}, 2000);
  now = step(now.state, Tick{}, next_tick_ms(now.state, 2000));
  BOOST_TEST((of_kind<Pull>(now.actions) == std::vector<Pull>{{.wait_ms = 0}}));
}

BOOST_AUTO_TEST_CASE(what_grew_during_a_push_is_sent_when_it_is_answered) {
  Step now = step(a_node_with(12, 9), Tick{}, 1000);
  now = step(now.state, JournalGrew{15}, 1001);
  now = step(now.state, PushAnswered{.hub_epoch = 100, .head_seq = 12}, 1010);
  BOOST_TEST((of_kind<Push>(now.actions) == std::vector<Push>{{.from_seq = 13}}));
}

BOOST_AUTO_TEST_CASE(a_hub_that_lost_its_tail_gets_it_again) {
  Step now = step(a_node_with(12, 11), Tick{}, 1000);
  now = step(now.state, PushAnswered{.hub_epoch = 105, .code = protocol::PushCode::gap, .head_seq = 4}, 1010);
  BOOST_TEST((of_kind<Push>(now.actions) == std::vector<Push>{{.from_seq = 5}}));
  BOOST_TEST(now.state.hub_epoch == 105u);
}

BOOST_AUTO_TEST_CASE(an_older_hub_is_not_believed) {
  Step now = step(a_node_with(12, 9), Tick{}, 1000);
  now = step(now.state, PushAnswered{.hub_epoch = 99, .head_seq = 12}, 1010);
  BOOST_TEST(now.state.acked_seq == 9u);
  BOOST_TEST(now.state.hub_epoch == 100u);
  BOOST_TEST((now.state.trouble == Trouble::hub_went_back));
  BOOST_TEST(now.actions.empty());
}

BOOST_AUTO_TEST_CASE(an_unreachable_hub_is_asked_ever_more_rarely_and_at_once_again_after_contact) {
  Step now = step(a_node_with(12, 9), Tick{}, 0);
  std::int64_t clock_ms = 0, last_pause = 0;
  for (int tries = 0; tries < 12; ++tries) {
    now = step(now.state, CallFailed{.lane = Lane::up}, clock_ms);
    if (now.state.pulling) now = step(now.state, CallFailed{.lane = Lane::down}, clock_ms);
    const std::int64_t pause = next_tick_ms(now.state, clock_ms) - clock_ms;
    BOOST_TEST(pause >= last_pause);
    BOOST_TEST(pause <= retry_last_ms + retry_last_ms / 4);
    last_pause = pause;
    clock_ms += pause;
    now = step(now.state, Tick{}, clock_ms);
    BOOST_TEST(!now.actions.empty());
  }
  now = step(now.state, PullAnswered{.hub_epoch = 100}, clock_ms);
  BOOST_TEST((now.state.trouble == Trouble::none));
  BOOST_TEST(now.state.failures == 0u);
}

BOOST_AUTO_TEST_CASE(a_forked_journal_stays_reported_while_the_feed_goes_on) {
  Step now = step(a_node_with(12, 9), Tick{}, 0);
  now = step(now.state, PushAnswered{.hub_epoch = 100, .code = protocol::PushCode::forked, .detail = "at 10"}, 5);
  now = step(now.state, PullAnswered{.hub_epoch = 100}, 10);
  BOOST_TEST((now.state.trouble == Trouble::journal_forked));
  BOOST_TEST(now.state.detail == "at 10");
}

BOOST_AUTO_TEST_CASE(a_refused_node_asks_rarely_until_a_person_acted) {
  Step now = step(a_node_with(12, 9), Tick{}, 0);
  now = step(now.state, CallFailed{.lane = Lane::up, .refused = true, .detail = "certificate revoked"}, 0);
  BOOST_TEST((now.state.trouble == Trouble::refused_by_hub));
  BOOST_TEST(step(now.state, Tick{}, refused_retry_ms - 1).actions.empty());
  BOOST_TEST(of_kind<Push>(step(now.state, Tick{}, refused_retry_ms).actions).size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_same_inputs_give_the_same_state) {
  const auto run = [] {
    Step now = step(a_node_with(3, 0), Tick{}, 0);
    now = step(now.state, CallFailed{.lane = Lane::up}, 10);
    now = step(now.state, Tick{}, 5000);
    return step(now.state, PushAnswered{.hub_epoch = 100, .head_seq = 3}, 5010).state;
  };
  BOOST_TEST((run() == run()));
}

BOOST_AUTO_TEST_CASE(a_photo_goes_when_the_hub_has_the_journal_and_one_at_a_time) {
  Step now = step(a_node_with(12, 9), PhotosWait{2}, 1000);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).empty());  // nobody has met the hub, and events wait
  now = step(now.state, PullAnswered{.hub_epoch = 100}, 1010);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).empty());
  now = step(now.state, PushAnswered{.hub_epoch = 100, .head_seq = 12}, 1020);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).size() == 1u);
  BOOST_TEST(of_kind<SendPhoto>(step(now.state, Tick{}, 1030).actions).empty());
  now = step(now.state, PhotoSent{.left = 1}, 1040);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).size() == 1u);
  now = step(now.state, PhotoSent{.left = 0}, 1050);
  BOOST_TEST(now.actions.empty());
}

BOOST_AUTO_TEST_CASE(an_event_never_waits_for_a_photo_and_the_next_photo_waits_for_the_event) {
  State state = a_node_with(9, 9);
  state.last_contact_ms = 1;
  Step now = step(state, PhotosWait{2}, 1000);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).size() == 1u);
  now = step(now.state, JournalGrew{10}, 1001);
  BOOST_TEST((of_kind<Push>(now.actions) == std::vector<Push>{{.from_seq = 10}}));
  now = step(now.state, PhotoSent{.left = 1}, 1002);
  BOOST_TEST(now.actions.empty());
  now = step(now.state, PushAnswered{.hub_epoch = 100, .head_seq = 10}, 1003);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_photo_that_fails_is_tried_ever_more_rarely_and_is_no_trouble_of_the_store) {
  State state = a_node_with(9, 9);
  state.last_contact_ms = 1;
  Step now = step(state, PhotosWait{1}, 1000);
  now = step(now.state, CallFailed{.lane = Lane::photos, .detail = "no room"}, 2000);
  BOOST_TEST((now.state.trouble == Trouble::none));
  BOOST_TEST(now.state.failures == 0u);
  BOOST_TEST(now.state.photo_detail == "no room");
  const std::int64_t due_ms = next_tick_ms(now.state, 2000);
  BOOST_TEST(due_ms == 2000 + backoff_ms(now.state.node, 0));
  BOOST_TEST(step(now.state, Tick{}, due_ms - 1).actions.empty());
  now = step(now.state, Tick{}, due_ms);
  BOOST_TEST(of_kind<SendPhoto>(now.actions).size() == 1u);
  now = step(now.state, CallFailed{.lane = Lane::photos, .refused = true, .detail = "no"}, due_ms);
  BOOST_TEST(now.state.photo_after_ms == due_ms + refused_retry_ms);
  now = step(now.state, PhotoSent{}, due_ms + 1);
  BOOST_TEST(now.state.photo_detail == "");
}

BOOST_AUTO_TEST_SUITE_END()
