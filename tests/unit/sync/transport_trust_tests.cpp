// Who gets in, and what both ends are told when somebody does not.

#include <boost/test/unit_test.hpp>

#include "tests/unit/sync/transport_support.hpp"

using namespace retour;
using namespace retour::transport;
using namespace retour::transport::test;

namespace {

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_trust_tests)

BOOST_AUTO_TEST_CASE(a_node_is_known_by_its_certificate) {
  Hub hub;
  const ClientOptions options = hub.client_options(7);
  HttpsClient anna(options);
  const Reply reply = anna.call("POST", "/echo", bytes_of("hello"), 10'000);
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(text_of(reply.body) == "POST " + node_numbered(7).to_string() + " " +
                                        pki::read_certificate(options.identity->certificate_pem).serial + " hello");
}

BOOST_AUTO_TEST_CASE(without_certificate_the_service_sees_nobody) {
  Hub hub;
  HttpsClient stranger(hub.client_options());
  BOOST_TEST(text_of(stranger.call("GET", "/echo", {}, 10'000).body) == "GET nobody  ");
}

BOOST_AUTO_TEST_CASE(a_store_that_enrols_trusts_the_ca_of_its_token) {
  Hub hub;
  ClientOptions options = hub.client_options();
  options.ca_pem.clear();
  options.ca_fingerprint = pki::fingerprint_of(our_chain().ca.certificate_pem);
  HttpsClient store(options);
  BOOST_TEST(outcome(store, "/echo") == "ok");
  options.ca_fingerprint = pki::fingerprint_of(other_chain().ca.certificate_pem);
  HttpsClient deceived(options);
  const std::string refused = outcome(deceived, "/echo");
  BOOST_TEST(contains(refused, "not trusted: "), refused);
  BOOST_TEST(contains(refused, "is not signed by the CA that the token names"), refused);
}

BOOST_AUTO_TEST_CASE(the_fingerprint_of_the_hubs_own_certificate_is_no_pin) {
  Hub hub;
  ClientOptions options = hub.client_options();
  options.ca_fingerprint = pki::fingerprint_of(our_chain().hub.certificate_pem);
  HttpsClient store(options);
  BOOST_TEST(contains(outcome(store, "/echo"), "not trusted: "));
}

BOOST_AUTO_TEST_CASE(a_hub_of_another_chain_is_refused_by_the_store) {
  Hub hub({}, other_chain());
  HttpsClient anna(hub.client_options(7));
  const std::string refused = outcome(anna, "/echo", "secret");
  BOOST_TEST(contains(refused, "not trusted: "), refused);
  BOOST_TEST(contains(refused, "certificate of hub 127.0.0.1:" + std::to_string(hub.server->port()) +
                                   " is not signed by the CA this store was enrolled with"),
             refused);
  BOOST_TEST(hub.service.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(a_node_of_another_chain_is_refused_by_the_hub) {
  Hub hub;
  ClientOptions options = hub.client_options();
  options.identity = other_chain().node(7);
  HttpsClient stranger(options);
  const std::string refused = outcome(stranger, "/echo");
  BOOST_TEST(contains(refused, "not trusted: "), refused);
  BOOST_TEST(contains(refused, "refused the certificate of this store: it is not signed by the hub's CA"), refused);
  BOOST_TEST(hub.warned("its certificate is not signed by this hub's CA"));
  BOOST_TEST(hub.service.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused_by_the_hub) {
  Hub hub;
  ClientOptions options = hub.client_options();
  options.identity = our_chain().node_made_at(7, now_ms() - 366LL * 24 * 60 * 60 * 1000);
  HttpsClient late(options);
  const std::string refused = outcome(late, "/echo");
  BOOST_TEST(contains(refused, "not trusted: "), refused);
  BOOST_TEST(contains(refused, "expired"), refused);
  BOOST_TEST(hub.warned("its certificate is not valid now (certificate has expired)"));
  BOOST_TEST(hub.service.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(a_hub_certificate_from_another_time_points_at_the_clock) {
  Chain chain = our_chain();
  chain.hub =
      pki::make_hub_certificate(chain.ca, {.names = {}, .now_ms = now_ms() + 3LL * 365 * 24 * 60 * 60 * 1000});
  Hub hub({}, chain);
  HttpsClient anna(hub.client_options(7));
  const std::string refused = outcome(anna, "/echo");
  BOOST_TEST(contains(refused, "check the clock"), refused);
}

BOOST_AUTO_TEST_CASE(the_hubs_certificate_must_name_the_host_that_was_dialled) {
  Hub hub;
  ClientOptions options = hub.client_options(7);
  options.host = "localhost";
  HttpsClient by_name(options);
  BOOST_TEST(outcome(by_name, "/echo") == "ok");
  options.host = "127.0.0.2";  // reaches the same server, and is no name of it
  HttpsClient elsewhere(options);
  BOOST_TEST(contains(outcome(elsewhere, "/echo"), "does not name this host"));
}

BOOST_AUTO_TEST_CASE(a_node_cannot_pose_as_the_hub_nor_the_hubs_certificate_as_a_node) {
  Chain chain = our_chain();
  chain.hub = chain.node(7);
  Hub false_hub({}, chain);
  HttpsClient anna(false_hub.client_options(8));
  BOOST_TEST(contains(outcome(anna, "/echo"), "is not a hub's certificate"));
  Hub hub;
  ClientOptions options = hub.client_options();
  options.identity = our_chain().hub;
  HttpsClient false_node(options);
  BOOST_TEST(contains(outcome(false_node, "/echo"), "not trusted: "));
  BOOST_TEST(hub.service.handled() == 0u);
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_refused) {
  Hub hub;
  const RawTls old(hub.server->port(), {.only_tls_1_2 = true});
  BOOST_TEST(!old.is_open());
  BOOST_TEST(hub.warned("the TLS handshake failed"));
}

BOOST_AUTO_TEST_CASE(a_key_that_does_not_fit_its_certificate_is_refused_before_any_connection) {
  Hub hub;
  ClientOptions options = hub.client_options(7);
  options.identity->key_pem = pki::make_key_pem();
  BOOST_CHECK_THROW(HttpsClient{options}, pki::PkiError);
}

BOOST_AUTO_TEST_SUITE_END()
