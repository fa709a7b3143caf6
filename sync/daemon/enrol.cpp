#include "sync/daemon/enrol.hpp"

#include "plugin/core/base/error.hpp"
#include "sync/protocol/enrol_token.hpp"
#include "sync/protocol/message_codec.hpp"
#include "sync/transport/https_client.hpp"
#include "sync/transport/pki.hpp"

namespace retour::daemon {

namespace {

constexpr int enrol_timeout_ms = 30'000;

protocol::EnrolToken read_token(const std::string& text) {
  if (const auto token = protocol::EnrolToken::parse(text)) return *token;
  throw Error({.operation = "read",
               .object = "the enrolment token",
               .cause = "it is not of the form rt1:HOST:PORT:SECRET:FINGERPRINT",
               .consequence = "copy it again from the hub, whole and without blanks"});
}

void refuse_second_enrolment(const node_files::NodeFiles& files) {
  if (!std::filesystem::exists(files.config())) return;
  throw Error({.operation = "enrol",
               .object = files.directory.string(),
               .cause = "this directory is enrolled already",
               .consequence = "its journal belongs to that enrolment; use another directory for another store"});
}

/// The key of an enrolment that broke off is used again, so that a lost reply costs nothing but a second call.
std::string key_of(const node_files::NodeFiles& files) {
  if (std::filesystem::exists(files.key())) return transport::pki::load_pem(files.key());
  const std::string key = transport::pki::make_key_pem();
  transport::pki::save_pem(files.key(), key);
  return key;
}

protocol::EnrolReply ask_hub(const protocol::EnrolToken& token, const std::string& key_pem) {
  transport::HttpsClient client({.host = token.host, .port = token.port, .ca_fingerprint = token.ca_fingerprint});
  const protocol::EnrolRequest request{.token = token.secret, .csr_pem = transport::pki::make_csr(key_pem)};
  const transport::Reply reply = client.call("POST", "/sync/v1/enrol", protocol::encode(request), enrol_timeout_ms);
  if (reply.status != 200) {
    const protocol::ErrorReply error = protocol::decode_error(reply.body);
    throw Error({.operation = "enrol at",
                 .object = token.host + ":" + std::to_string(token.port),
                 .cause = error.detail + " (" + error.code + ")",
                 .consequence = "nothing was changed on this machine"});
  }
  return protocol::decode<protocol::EnrolReply>(reply.body);
}

/// The fingerprint was checked by the connection; the certificate for later calls has to belong to it too.
void check_reply(const protocol::EnrolReply& reply, const protocol::EnrolToken& token, const std::string& key_pem) {
  namespace pki = transport::pki;
  const bool ours = pki::fingerprint_of(reply.ca_pem) == token.ca_fingerprint &&
                    pki::is_signed_by(reply.certificate_pem, reply.ca_pem) &&
                    pki::is_pair({key_pem, reply.certificate_pem});
  if (ours) return;
  throw Error(
      {.operation = "enrol at",
       .object = token.host,
       .cause = "the certificate in the hub's reply is not for our key or not from the CA that the token names",
       .consequence = "nothing was changed; ask for a new token and for who runs this hub"});
}

}  // namespace

node_files::NodeConfig enrol(const std::filesystem::path& directory, const std::string& token_text, ports::Ids& ids) {
  const node_files::NodeFiles files{directory};
  const protocol::EnrolToken token = read_token(token_text);
  refuse_second_enrolment(files);
  std::filesystem::create_directories(directory);
  const std::string key_pem = key_of(files);
  const protocol::EnrolReply reply = ask_hub(token, key_pem);
  check_reply(reply, token, key_pem);

  transport::pki::save_pem(files.certificate(), reply.certificate_pem);
  transport::pki::save_pem(files.ca(), reply.ca_pem);
  node_files::write_text(files.hub_key(), reply.hub_key_pem, false);
  node_files::write_bytes(files.lookup_secret(), reply.lookup_secret, true);
  node_files::write_text(files.policy(), reply.policy_json, false);
  std::uint64_t epoch = 0;
  ids.fill(reinterpret_cast<std::uint8_t*>(&epoch), sizeof epoch);
  const node_files::NodeConfig config{
      .node = reply.node,
      .epoch = (epoch >> 1) | 1,  // above 0 and below 2^63: SQLite's integers are signed
      .name = reply.name,
      .catchment = reply.catchment,
      .hub_host = token.host,
      .hub_port = token.port};
  node_files::write_config(files, config);
  return config;
}

}  // namespace retour::daemon
