// A node's end against a hub that is slow, gone or breaks off.

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "sync/transport/in_memory.hpp"
#include "tests/unit/sync/transport_support.hpp"

using namespace retour;
using namespace retour::transport;
using namespace retour::transport::test;

namespace {

/// A hub that does with each connection what the test says.
class BrittleHub {
 public:
  explicit BrittleHub(std::vector<std::function<void(RawTls&)>> connections)
      : m_thread([this, connections = std::move(connections)] {
          for (const auto& serve : connections) {
            RawTls peer(m_listener.accept_one(), our_chain().hub);
            serve(peer);
          }
        }) {}
  ~BrittleHub() { m_thread.join(); }

  ClientOptions client_options() const {
    ClientOptions options;
    options.host = "127.0.0.1";
    options.port = m_listener.port;
    options.ca_pem = our_chain().ca.certificate_pem;
    return options;
  }

 private:
  Listener m_listener;
  std::thread m_thread;
};

const std::string good_reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

void serve_one(RawTls& peer) {
  peer.read_until("\r\n\r\n");
  peer.write(good_reply);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_client_tests)

BOOST_AUTO_TEST_CASE(a_hub_that_closed_the_idle_connection_is_called_again) {
  Hub hub({.idle_ms_max = 50});
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
  BOOST_REQUIRE(hub.has_connections(0));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
  BOOST_TEST(anna.wire_bytes().connections == 2u);
}

BOOST_AUTO_TEST_CASE(a_request_is_sent_again_when_an_old_connection_breaks_before_the_reply) {
  std::string second_time;
  BrittleHub hub({[](RawTls& peer) {
                    serve_one(peer);
                    peer.read_until("\r\n\r\n");  // and closes without a word
                  },
                  [&](RawTls& peer) {
                    second_time = peer.read_until("\r\n\r\n");
                    peer.write(good_reply);
                  }});
  HttpsClient anna(hub.client_options());
  BOOST_TEST(outcome(anna, "/first") == "ok");
  BOOST_TEST(outcome(anna, "/second") == "ok");
  BOOST_TEST(second_time.starts_with("POST /second HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(a_request_is_not_sent_again_when_a_reply_had_begun) {
  BrittleHub hub({[](RawTls& peer) {
    serve_one(peer);
    peer.read_until("\r\n\r\n");
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  }});
  HttpsClient anna(hub.client_options());
  BOOST_TEST(outcome(anna, "/first") == "ok");
  BOOST_TEST(outcome(anna, "/second").find("the reply ended early") != std::string::npos);
  BOOST_TEST(anna.wire_bytes().connections == 1u);
}

BOOST_AUTO_TEST_CASE(a_new_connection_that_breaks_is_not_tried_again) {
  BrittleHub hub({[](RawTls& peer) { peer.read_until("\r\n\r\n"); }});
  HttpsClient anna(hub.client_options());
  BOOST_TEST(outcome(anna, "/first").find("the connection was closed") != std::string::npos);
  BOOST_TEST(anna.wire_bytes().connections == 1u);
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_not_http_or_too_large_is_refused) {
  for (const char* reply : {"hello store\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"}) {
    BrittleHub hub({[&](RawTls& peer) {
      peer.read_until("\r\n\r\n");
      peer.write(reply);
    }});
    HttpsClient anna(hub.client_options());
    const std::string refused = outcome(anna, "/first");
    BOOST_TEST(refused.find("the reply is not understood") != std::string::npos, refused);
  }
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_said_at_once) {
  std::uint16_t port = 0;
  { port = Listener().port; }
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.ca_pem = our_chain().ca.certificate_pem;
  HttpsClient anna(options);
  const std::string refused = outcome(anna, "/echo");
  BOOST_TEST(
      refused.find("call POST /echo of hub 127.0.0.1:" + std::to_string(port) + " failed: Connection refused") == 0u,
      refused);
}

BOOST_AUTO_TEST_CASE(a_host_without_address_is_said) {
  ClientOptions options;
  options.host = "no-such-hub.invalid";
  options.port = 1;
  options.ca_pem = our_chain().ca.certificate_pem;
  HttpsClient anna(options);
  BOOST_TEST(outcome(anna, "/echo").find("its address is not known") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_hub_that_says_nothing_is_given_up_after_the_timeout) {
  const Listener silent;  // accepts by its backlog and never shakes hands
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = silent.port;
  options.ca_pem = our_chain().ca.certificate_pem;
  HttpsClient anna(options);
  BOOST_TEST(outcome(anna, "/echo", {}, 50).find("no reply in time") != std::string::npos);
  Hub hub;
  HttpsClient bert(hub.client_options(2));
  BOOST_TEST(outcome(bert, "/wait", {}, 50).find("no reply in time") != std::string::npos);
  BOOST_TEST(outcome(bert, "/echo") == "ok");  // and not the reply to the call before
}

BOOST_AUTO_TEST_CASE(a_waiting_call_is_interrupted_from_another_thread) {
  Hub hub;
  HttpsClient anna(hub.client_options(1));
  std::string said;
  std::thread caller([&] { said = outcome(anna, "/wait", {}, 600'000); });
  BOOST_REQUIRE(hub.service.has_waiting(1));
  anna.interrupt();
  caller.join();
  BOOST_TEST(said.find("the call was interrupted") != std::string::npos, said);
  BOOST_TEST(hub.service.is_gone(node_numbered(1)));
  BOOST_TEST(outcome(anna, "/echo").find("interrupted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_small_message_and_its_reply_stay_under_300_bytes_on_the_wire) {
  Hub hub;
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
  const WireBytes before = anna.wire_bytes();
  BOOST_TEST(anna.call("GET", "/nothing", {}, 10'000).status == 204);
  const WireBytes after = anna.wire_bytes();
  BOOST_TEST(after.sent - before.sent + after.received - before.received < 300u);
  BOOST_TEST(after.sent > before.sent);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(transport_in_memory_tests)

BOOST_AUTO_TEST_CASE(a_call_reaches_the_service_as_over_the_wire) {
  ScriptedService service;
  InMemoryConnection anna(service, {.peer = node_numbered(1), .peer_serial = "5a"});
  BOOST_TEST(text_of(anna.call("POST", "/echo", bytes_of("hi"), 0).body) ==
             "POST " + node_numbered(1).to_string() + " 5a hi");
  BOOST_TEST(anna.bytes_up() == std::string("/echohi").size());
  BOOST_TEST(anna.bytes_down() == 32u + 11u);
  BOOST_TEST(outcome(anna, "/echo", std::string(message_bytes_max + 1, 'x')).starts_with("413 "));
  BOOST_TEST(anna.calls() == 2u);
}

BOOST_AUTO_TEST_CASE(an_unreachable_hub_is_unreachable_and_comes_back) {
  ScriptedService service;
  InMemoryConnection anna(service, {.peer = node_numbered(1), .peer_serial = {}});
  BOOST_TEST(outcome(anna, "/echo") == "ok");
  anna.set_reachable(false);
  BOOST_TEST(service.is_gone(node_numbered(1)));
  BOOST_TEST(outcome(anna, "/echo").find("the network is down") != std::string::npos);
  BOOST_TEST(service.handled() == 1u);
  anna.set_reachable(true);
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(a_waiting_call_pumps_until_the_answer_is_there) {
  ScriptedService service;
  int pumped = 0;
  InMemoryConnection anna(service, {.peer = node_numbered(1), .peer_serial = {}, .pump = [&] {
                                      if (++pumped == 3) service.release("now");
                                      return true;
                                    }});
  BOOST_TEST(outcome(anna, "/wait", {}, 0) == "ok");
  BOOST_TEST(pumped == 3);
}

BOOST_AUTO_TEST_CASE(a_call_that_nobody_can_answer_any_more_is_given_up) {
  ScriptedService service;
  InMemoryConnection anna(service, {.peer = node_numbered(1), .peer_serial = {}, .pump = [] { return false; }});
  BOOST_TEST(outcome(anna, "/wait", {}, 600'000).find("no reply in time") != std::string::npos);
  BOOST_TEST(service.is_gone(node_numbered(1)));
  service.release("too late");
  BOOST_TEST(text_of(anna.call("GET", "/echo", {}, 0).body).starts_with("GET "));
}

BOOST_AUTO_TEST_CASE(a_lost_reply_was_handled_all_the_same) {
  ScriptedService service;
  InMemoryConnection anna(service, {.peer = node_numbered(1), .peer_serial = {}});
  anna.lose_next_reply();
  BOOST_TEST(outcome(anna, "/echo").find("the reply was lost") != std::string::npos);
  BOOST_TEST(service.handled() == 1u);
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(a_waiting_call_in_memory_is_answered_or_interrupted_from_another_thread) {
  ScriptedService service;
  InMemoryConnection anna(service, {.peer = node_numbered(1), .peer_serial = {}});
  std::string said;
  std::thread first([&] { said = outcome(anna, "/wait", {}, 600'000); });
  BOOST_REQUIRE(service.has_waiting(1));
  service.release("a change");
  first.join();
  BOOST_TEST(said == "ok");
  std::thread second([&] { said = outcome(anna, "/wait", {}, 600'000); });
  BOOST_REQUIRE(service.has_waiting(1));
  anna.interrupt();
  second.join();
  BOOST_TEST(said.find("the network went down") != std::string::npos, said);
}

BOOST_AUTO_TEST_SUITE_END()
