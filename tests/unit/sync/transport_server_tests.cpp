// The hub's end against peers that are many, slow, rude or gone.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <random>
#include <thread>

#include "db/codec/varint.hpp"
#include "tests/unit/sync/transport_support.hpp"

using namespace retour;
using namespace retour::transport;
using namespace retour::transport::test;

namespace {

std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: hub\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

/// Makes the socket disappear from the kernel without a packet, as when the power goes; needs a privilege. The
/// descriptor stays usable as one of another, unconnected socket.
bool vanish(int socket) {
  const int on = 1;
  if (::setsockopt(socket, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) return false;
  const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::dup2(other, socket);
  ::close(other);
  return true;
}

int highest_descriptor() {
  int highest = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    highest = std::max(highest, std::stoi(entry.path().filename().string()));
  }
  return highest;
}

bool begins(const std::string& text, const std::string& words) {
  return text.starts_with(words);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_server_tests)

BOOST_AUTO_TEST_CASE(a_connection_is_kept_for_the_next_call) {
  Hub hub;
  HttpsClient anna(hub.client_options(1));
  for (int i = 0; i < 5; ++i)
    BOOST_TEST(outcome(anna, "/echo", std::string(static_cast<std::size_t>(i) * 30'000, 'x')) == "ok");
  BOOST_TEST(anna.call("GET", "/nothing", {}, 10'000).status == 204);
  BOOST_TEST(anna.call("POST", "/large", {}, 10'000).body.size() == 4'000'000u);
  BOOST_TEST(anna.wire_bytes().connections == 1u);
  BOOST_TEST(hub.server->counts().accepted == 1u);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_large_is_answered_and_not_read) {
  Hub hub;
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(begins(outcome(anna, "/echo", std::string(message_bytes_max + 1, 'x')), "413 "));
  BOOST_TEST(outcome(anna, "/echo", std::string(message_bytes_max, 'x')).starts_with("ok") ==
             false);  // the echo adds the peer to it, so the reply is larger than a message may be
  BOOST_TEST(hub.service.handled() == 1u);
  BOOST_TEST(outcome(anna, "/echo", "small") == "ok");
}

BOOST_AUTO_TEST_CASE(the_transports_own_refusals_are_messages_of_the_protocol) {
  Hub hub;
  HttpsClient anna(hub.client_options(1));
  const Reply reply = anna.call("POST", "/forget", {}, 10'000);
  BOOST_TEST(reply.status == 500);
  codec::ByteReader reader(reply.body);
  BOOST_TEST(reader.text() == "no_answer");
  BOOST_TEST(reader.text() == "the hub dropped the request without an answer");
  BOOST_TEST(reader.remaining() == 0u);
}

BOOST_AUTO_TEST_CASE(a_stranger_may_send_an_enrolment_and_no_more) {
  Hub hub;
  HttpsClient stranger(hub.client_options());
  BOOST_TEST(outcome(stranger, "/echo", std::string(64 * 1024, 'x')) == "ok");
  BOOST_TEST(begins(outcome(stranger, "/echo", std::string(64 * 1024 + 1, 'x')), "413 "));
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_answered_400_and_closed) {
  Hub hub;
  for (const char* text :
       {"hello hub\r\n\r\n", "POST /echo HTTP/1.1\r\nContent-Length: many\r\n\r\n", "POST /echo SPDY/9\r\n\r\n",
        "POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
    RawTls peer(hub.server->port(), {});
    BOOST_REQUIRE(peer.write(text));
    const std::string reply = peer.read_to_end();
    BOOST_TEST(begins(reply, "HTTP/1.1 400 "), text << " was answered " << reply);
  }
  BOOST_TEST(hub.service.handled() == 0u);
  BOOST_TEST(hub.has_connections(0));
}

BOOST_AUTO_TEST_CASE(a_long_head_a_body_without_length_and_a_second_request_ahead_of_time_are_refused) {
  Hub hub;
  const struct {
    std::string text;
    const char* reply;
  } cases[] = {{"GET /echo HTTP/1.1\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n", "HTTP/1.1 431 "},
               {"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 411 "},
               {post("/echo", "one") + post("/echo", "two"), "HTTP/1.1 400 "}};
  for (const auto& [text, expected] : cases) {
    RawTls peer(hub.server->port(), {});
    BOOST_REQUIRE(peer.write(text));
    const std::string reply = peer.read_to_end();
    BOOST_TEST(begins(reply, expected), expected << "came as " << reply);
  }
  BOOST_TEST(hub.service.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_with_random_bytes_in_it_is_refused_or_answered_and_the_next_peer_is_served) {
  Hub hub({.request_ms_max = 20});  // a changed length leaves the hub waiting for more
  const unsigned seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 100; ++i) {
    std::string text = post("/echo", "some body");
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes)
      text[random() % text.size()] = static_cast<char>(random());
    RawTls peer(hub.server->port(), {});
    BOOST_REQUIRE(peer.write(text));
    const std::string reply = peer.read_until("\r\n\r\n");
    BOOST_TEST(begins(reply, "HTTP/1.1 "), "seed " << seed << ", change " << i << " was answered " << reply);
  }
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(without_free_file_descriptors_a_peer_waits_until_there_is_one) {
  Hub hub;
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int unconnected = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const rlimit none_left{.rlim_cur = static_cast<rlim_t>(highest_descriptor()), .rlim_max = before.rlim_max};
  // Descriptors below the limit may be free: take them all.
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none_left) == 0);
  std::vector<int> taken;
  for (int socket = 0; (socket = ::dup(0)) >= 0;) taken.push_back(socket);
  connect_socket(unconnected, hub.server->port());
  const bool warned = hub.warned("accepting a connection failed");
  for (const int socket : taken) ::close(socket);
  ::setrlimit(RLIMIT_NOFILE, &before);
  BOOST_TEST(warned);
  BOOST_TEST(hub.has_connections(1));
  ::close(unconnected);
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_byte_by_byte_is_understood) {
  Hub hub;
  RawTls peer(hub.server->port(), {});
  for (const char c : post("/echo", "drip")) BOOST_REQUIRE(peer.write(std::string(1, c)));
  const std::string reply = peer.read_until("drip");
  BOOST_TEST(begins(reply, "HTTP/1.1 200 OK\r\nContent-Length: "), reply);
}

BOOST_AUTO_TEST_CASE(a_truncated_body_never_reaches_the_service) {
  Hub hub;
  {
    RawTls peer(hub.server->port(), {});
    BOOST_REQUIRE(peer.write("POST /echo HTTP/1.1\r\nContent-Length: 100\r\n\r\nonly this"));
  }
  BOOST_TEST(hub.has_connections(0));
  BOOST_TEST(hub.service.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_that_drips_is_closed_when_its_time_is_over) {
  Hub hub({.request_ms_max = 100});
  RawTls peer(hub.server->port(), {});
  BOOST_REQUIRE(peer.write("POST /echo HTTP/1.1\r\n"));
  BOOST_TEST(begins(peer.read_to_end(), "HTTP/1.1 408 "));
  ::shutdown(peer.socket(), SHUT_RDWR);
  BOOST_TEST(hub.has_connections(0));
}

BOOST_AUTO_TEST_CASE(a_peer_that_never_shakes_hands_or_never_asks_is_closed) {
  Hub hub({.handshake_ms_max = 50, .idle_ms_max = 50});
  const int silent = connect_to(hub.server->port());
  BOOST_TEST(is_closed_by_peer(silent));
  ::close(silent);
  RawTls idle(hub.server->port(), {});
  BOOST_TEST(idle.is_open());
  BOOST_TEST(idle.read_to_end() == "");
  BOOST_TEST(hub.has_connections(0));
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read_its_reply_is_closed) {
  Hub hub({.write_ms_max = 100});
  RawTls peer(hub.server->port(), {});
  const int small = 4096;
  ::setsockopt(peer.socket(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  BOOST_REQUIRE(peer.write(post("/large", "")));
  BOOST_TEST(hub.has_connections(1));
  BOOST_TEST(hub.has_connections(0));
}

BOOST_AUTO_TEST_CASE(connections_above_the_limit_are_closed_and_the_others_go_on) {
  Hub hub({.connections_max = 2});
  HttpsClient anna(hub.client_options(1));
  HttpsClient bert(hub.client_options(2));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
  BOOST_TEST(outcome(bert, "/echo") == "ok");
  HttpsClient cleo(hub.client_options(3));
  BOOST_TEST(outcome(cleo, "/echo") != "ok");
  BOOST_TEST(hub.server->counts().over_limit == 1u);
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(two_hundred_waiting_calls_are_answered_from_another_thread) {
  Hub hub;
  std::vector<std::unique_ptr<RawTls>> peers;
  for (int i = 0; i < 200; ++i) {
    peers.push_back(std::make_unique<RawTls>(hub.server->port(), RawTls::Options{}));
    BOOST_REQUIRE(peers.back()->write(post("/wait", "")));
  }
  BOOST_REQUIRE(hub.service.has_waiting(200));
  std::thread elsewhere([&] { hub.service.release("a change"); });
  int answered = 0;
  for (const auto& peer : peers) answered += peer->read_until("a change").ends_with("\r\n\r\na change") ? 1 : 0;
  elsewhere.join();
  BOOST_TEST(answered == 200);
}

BOOST_AUTO_TEST_CASE(a_peer_that_leaves_while_its_call_waits_is_noticed) {
  Hub hub;
  const pki::Identity anna = our_chain().node(1);
  {
    RawTls peer(hub.server->port(), {.identity = &anna});
    BOOST_REQUIRE(peer.write(post("/wait", "")));
    BOOST_REQUIRE(hub.service.has_waiting(1));
  }
  BOOST_TEST(hub.service.is_gone(node_numbered(1)));
  hub.service.release("too late");  // does nothing
  BOOST_TEST(hub.has_connections(0));
}

BOOST_AUTO_TEST_CASE(a_peer_that_vanishes_without_a_word_is_noticed) {
  Hub hub({.silence_s = 1});
  const pki::Identity anna = our_chain().node(1);
  RawTls peer(hub.server->port(), {.identity = &anna});
  BOOST_REQUIRE(peer.write(post("/wait", "")));
  BOOST_REQUIRE(hub.service.has_waiting(1));
  if (!vanish(peer.socket())) {
    BOOST_TEST_MESSAGE("closing a socket without a packet is not permitted here; only the ordinary end is tested");
    ::shutdown(peer.socket(), SHUT_RDWR);
  }
  BOOST_TEST(hub.service.is_gone(node_numbered(1)));
}

BOOST_AUTO_TEST_CASE(a_peer_is_gone_only_with_its_last_connection) {
  Hub hub;
  const pki::Identity anna = our_chain().node(1);
  const pki::Identity bert = our_chain().node(2);
  RawTls newer(hub.server->port(), {.identity = &anna});
  BOOST_REQUIRE(newer.write(post("/wait", "")));
  BOOST_REQUIRE(hub.service.has_waiting(1));
  { const RawTls older(hub.server->port(), {.identity = &anna}); }
  {
    RawTls other(hub.server->port(), {.identity = &bert});
    BOOST_REQUIRE(other.write(post("/wait", "")));
    BOOST_REQUIRE(hub.service.has_waiting(2));
  }
  BOOST_TEST(hub.service.is_gone(node_numbered(2)));
  BOOST_REQUIRE(hub.has_connections(1));
  hub.service.release("still here");
  BOOST_TEST(newer.read_until("still here").ends_with("still here"));
}

BOOST_AUTO_TEST_CASE(a_request_that_the_service_drops_or_fails_is_answered_500) {
  Hub hub;
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(begins(outcome(anna, "/forget"), "500 "));
  BOOST_TEST(begins(outcome(anna, "/fail"), "500 "));
  BOOST_TEST(hub.warned("disk full"));
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_is_told_as_504) {
  Hub hub({.answer_ms_max = 50});
  HttpsClient anna(hub.client_options(1));
  BOOST_TEST(begins(outcome(anna, "/wait"), "504 "));
  hub.service.release("too late");
  BOOST_TEST(outcome(anna, "/echo") == "ok");
}

BOOST_AUTO_TEST_CASE(a_second_answer_does_nothing) {
  Hub hub;
  RawTls peer(hub.server->port(), {});
  BOOST_REQUIRE(peer.write(post("/wait", "")));
  BOOST_REQUIRE(hub.service.has_waiting(1));
  for (Service::Answer& answer : hub.service.take_waiting()) {
    answer({.status = 200, .body = bytes_of("first")});
    answer({.status = 200, .body = bytes_of("second")});
  }
  BOOST_TEST(peer.read_until("first").ends_with("first"));
  BOOST_REQUIRE(peer.write(post("/echo", "third")));
  BOOST_TEST(peer.read_until("third").find("second") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(stopping_closes_idle_and_waiting_connections_and_later_answers_do_nothing) {
  Hub hub;
  HttpsClient idle(hub.client_options(1));
  BOOST_TEST(outcome(idle, "/echo") == "ok");
  const pki::Identity bert = our_chain().node(2);
  RawTls waiting(hub.server->port(), {.identity = &bert});
  BOOST_REQUIRE(waiting.write(post("/wait", "")));
  BOOST_REQUIRE(hub.service.has_waiting(1));
  const RawTls half(hub.server->port(), {});
  hub.server->stop();
  BOOST_TEST(waiting.read_to_end() == "");
  BOOST_TEST(hub.service.is_gone(node_numbered(1)));
  BOOST_TEST(hub.service.is_gone(node_numbered(2)));
  hub.service.release("too late");
  BOOST_TEST(outcome(idle, "/echo") != "ok");
  hub.server->stop();
}

BOOST_AUTO_TEST_CASE(answers_may_outlive_the_server) {
  ScriptedService service;
  ServerOptions options;
  options.address = "127.0.0.1";
  options.ca_pem = our_chain().ca.certificate_pem;
  options.hub = our_chain().hub;
  auto server = std::make_unique<HttpsServer>(options, service);
  RawTls peer(server->port(), {});
  BOOST_REQUIRE(peer.write(post("/wait", "")));
  BOOST_REQUIRE(service.has_waiting(1));
  std::thread elsewhere([&] { service.release("maybe"); });
  server.reset();
  elsewhere.join();
  const std::string reply = peer.read_to_end();
  BOOST_TEST((reply.empty() || reply.ends_with("maybe")), reply);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_named) {
  Hub hub;
  ServerOptions options;
  options.port = hub.server->port();
  options.ca_pem = our_chain().ca.certificate_pem;
  options.hub = our_chain().hub;
  try {
    const HttpsServer second(options, hub.service);
    BOOST_TEST(false, "two servers listen on one port");
  } catch (const Error& problem) {
    BOOST_TEST(problem.parts().object == "0.0.0.0:" + std::to_string(options.port));
  }
}

BOOST_AUTO_TEST_SUITE_END()
