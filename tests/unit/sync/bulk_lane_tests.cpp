#include "sync/hub_program/bulk_lane.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

#include "sync/protocol/message_codec.hpp"

using namespace retour;
using namespace retour::hub_program;

namespace {

transport::Reply saying(const std::string& text) {
  return {200, Bytes(text.begin(), text.end())};
}

/// The reply to one call, when it comes.
struct Awaited {
  std::shared_ptr<std::promise<transport::Reply>> promise = std::make_shared<std::promise<transport::Reply>>();
  std::future<transport::Reply> reply = promise->get_future();
  transport::Service::Answer answer() {
    return [made = promise](transport::Reply&& given) { made->set_value(std::move(given)); };
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(bulk_lane_tests)

BOOST_AUTO_TEST_CASE(calls_are_answered_one_after_another_and_whoever_hands_one_in_does_not_wait) {
  std::promise<void> go;
  BulkLane lane(
      [held = go.get_future().share()](const hub::NodeRow&, const transport::Request& request) {
        held.wait();
        return saying(request.path);
      },
      bulk_calls_max);
  Awaited first, second;
  lane.take({}, {.path = "first"}, first.answer());
  lane.take({}, {.path = "second"}, second.answer());
  go.set_value();
  BOOST_TEST((first.reply.get().body == saying("first").body));
  BOOST_TEST((second.reply.get().body == saying("second").body));
}

BOOST_AUTO_TEST_CASE(what_fails_is_the_answer_to_its_own_call) {
  BulkLane lane(
      [](const hub::NodeRow&, const transport::Request& request) -> transport::Reply {
        if (request.path == "disk")
          throw Error({.operation = "write", .object = "chunk", .cause = "no room", .consequence = "later"});
        if (request.path == "bug") throw std::out_of_range("nowhere");
        return saying(request.path);
      },
      bulk_calls_max);
  Awaited disk, bug, good;
  lane.take({}, {.path = "disk"}, disk.answer());
  lane.take({}, {.path = "bug"}, bug.answer());
  lane.take({}, {.path = "good"}, good.answer());
  const transport::Reply of_disk = disk.reply.get();
  BOOST_TEST(of_disk.status == 503);
  BOOST_TEST(protocol::decode_error(of_disk.body).detail == "write chunk failed: no room; later");
  BOOST_TEST(bug.reply.get().status == 500);
  BOOST_TEST(good.reply.get().status == 200);
}

BOOST_AUTO_TEST_CASE(more_calls_than_may_wait_are_turned_away_at_once) {
  std::promise<void> go;
  std::promise<void> begun;
  BulkLane lane(
      [&, held = go.get_future().share()](const hub::NodeRow&, const transport::Request& request) {
        if (request.path == "first") begun.set_value();
        held.wait();
        return saying(request.path);
      },
      bulk_calls_max);
  Awaited first, one_too_many;
  lane.take({}, {.path = "first"}, first.answer());
  begun.get_future().wait();
  std::vector<Awaited> waiting(bulk_calls_max);
  for (Awaited& call : waiting) lane.take({}, {.path = "waits"}, call.answer());
  lane.take({}, {.path = "one too many"}, one_too_many.answer());
  const transport::Reply turned_away = one_too_many.reply.get();
  BOOST_TEST(turned_away.status == 503);
  BOOST_TEST(protocol::decode_error(turned_away.body).code == "hub_busy");
  go.set_value();
  for (Awaited& call : waiting) BOOST_TEST(call.reply.get().status == 200);
}

BOOST_AUTO_TEST_CASE(at_the_end_what_still_waits_is_dropped) {
  std::optional<BulkLane> lane;
  std::promise<void> begun, go;
  lane.emplace(
      [&, held = go.get_future().share()](const hub::NodeRow&, const transport::Request& request) {
        if (request.path == "in hand") begun.set_value();
        held.wait();
        return saying(request.path);
      },
      bulk_calls_max);
  Awaited in_hand, waiting;
  lane->take({}, {.path = "in hand"}, in_hand.answer());
  lane->take({}, {.path = "waiting"}, waiting.answer());
  waiting.promise.reset();  // the lane has the other end
  begun.get_future().wait();
  std::thread releases([&] { go.set_value(); });
  lane.reset();
  releases.join();
  BOOST_TEST(in_hand.reply.get().status == 200);
  try {
    BOOST_TEST(waiting.reply.get().status == 200);  // its turn had come just before the end
  } catch (const std::future_error& dropped) {
    BOOST_TEST((dropped.code() == std::future_errc::broken_promise));
  }
}

BOOST_AUTO_TEST_SUITE_END()
