#include "sync/hub_program/make_hub.hpp"

#include <algorithm>

#include "db/codec/signature.hpp"
#include "db/node_files/node_files.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/hub_program/default_policy.hpp"

namespace retour::hub_program {

namespace {

namespace pki = transport::pki;

[[noreturn]] void refuse(const std::string& object, std::string cause, std::string consequence) {
  throw Error({.operation = "make a hub in",
               .object = object,
               .cause = std::move(cause),
               .consequence = std::move(consequence)});
}

void refuse_second_init(const HubFiles& files) {
  if (!std::filesystem::exists(files.config())) return;
  refuse(files.directory.string(), "there is a hub already",
         "nothing was changed; start it with `retour-hub serve --data " + files.directory.string() + "`");
}

/// Stores trust the CA and know people by the secret: a hub with new ones is a stranger to them.
void refuse_orphaned_database(const HubFiles& files) {
  if (!std::filesystem::exists(files.database())) return;
  for (const auto& file : {files.ca_key(), files.ca_certificate(), files.signing_key(), files.lookup_secret()}) {
    if (std::filesystem::exists(file)) continue;
    refuse(files.directory.string(), "hub.db is there, but " + file.filename().string() + " is not",
           "nothing was changed; take that file from the backup of this hub, new keys would lock every store out");
  }
}

void make_ca(const HubFiles& files, std::int64_t now_ms) {
  if (std::filesystem::exists(files.ca_key()) && std::filesystem::exists(files.ca_certificate())) return;
  const pki::Identity ca = pki::make_ca("Retour hub", now_ms);
  pki::save_pem(files.ca_key(), ca.key_pem);
  pki::save_pem(files.ca_certificate(), ca.certificate_pem);
}

void make_signing_key(const HubFiles& files) {
  if (!std::filesystem::exists(files.signing_key())) {
    pki::save_pem(files.signing_key(), codec::SigningKey::generate().to_pem());
  }
}

void make_lookup_secret(const HubFiles& files, ports::Ids& ids) {
  if (std::filesystem::exists(files.lookup_secret())) return;
  Bytes secret(lookup_secret_bytes);
  ids.fill(secret.data(), secret.size());
  node_files::write_bytes(files.lookup_secret(), secret, true);
}

/// Under another name until it is whole: what a crash leaves under that one was never a hub's.
void make_database(const HubFiles& files, std::int64_t now_ms, ports::Ids& ids) {
  if (std::filesystem::exists(files.database())) return;
  const std::string unfinished = files.database().string() + ".new";
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(unfinished + part);
  hub::SqliteHubStore::create(unfinished, ids, now_ms);
  std::filesystem::rename(unfinished, files.database());
}

bool is_host_name(const std::string& text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  return !text.empty() && text.size() <= 253 && text.find_first_not_of(allowed) == std::string::npos;
}

/// Why the certificate on disk will not do; empty: it will.
std::optional<std::string> why_not(const pki::Identity& identity, const HubConfig& config, const pki::Identity& ca,
                                   std::int64_t now_ms) {
  if (!pki::is_pair(identity)) return "the key beside it is not its own";
  if (!pki::is_signed_by(identity.certificate_pem, ca.certificate_pem)) return "it was signed by another CA";
  for (const std::string& host : config.hosts) {
    if (!pki::names_host(identity.certificate_pem, host)) return "it does not name " + host;
  }
  const pki::CertificateInfo info = pki::read_certificate(identity.certificate_pem);
  const std::int64_t left_ms = info.not_after_ms - now_ms;
  if (left_ms < (info.not_after_ms - info.not_before_ms) / 3) {
    return left_ms < 0 ? "it had ended" : "less than a third of its time was left";
  }
  if (info.not_before_ms > now_ms) return "it begins in the future";
  return std::nullopt;
}

}  // namespace

std::vector<std::string> parse_hosts(const std::string& text) {
  std::vector<std::string> hosts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    hosts.push_back(text.substr(begin, end - begin));
    if (!is_host_name(hosts.back())) {
      throw Error(
          {.operation = "take",
           .object = "--host " + text,
           .cause = "\"" + hosts.back() + "\" is neither a host name nor an IPv4 address",
           .consequence =
               "nothing was made; name the hub as stores will reach it, for example hub.example.com,10.0.0.5"});
    }
    begin = end + 1;
  }
  if (hosts.size() > hosts_max) {
    throw Error({.operation = "take",
                 .object = "--host",
                 .cause = std::to_string(hosts.size()) + " names, at most 16 are used",
                 .consequence = "nothing was made"});
  }
  return hosts;
}

std::string default_policy_json() {
  return std::string(default_policy());
}

void make_hub(const HubFiles& files, const NewHub& hub, ports::Clock& clock, ports::Ids& ids) {
  refuse_second_init(files);
  refuse_orphaned_database(files);
  if (std::filesystem::create_directories(files.directory)) {
    std::filesystem::permissions(files.directory, std::filesystem::perms::owner_all);  // for the hub's user alone
  }
  make_ca(files, clock.now_ms());
  make_signing_key(files);
  make_lookup_secret(files, ids);
  node_files::write_text(files.policy(), hub.policy_json, false);
  const HubConfig config{.hosts = hub.hosts, .port = hub.port};
  hub_certificate(files, config, read_secrets(files).ca, clock.now_ms());
  make_database(files, clock.now_ms(), ids);
  write_config(files, config);
}

HubCertificate hub_certificate(const HubFiles& files, const HubConfig& config, const pki::Identity& ca,
                               std::int64_t now_ms) {
  std::optional<std::string> because = "there was none";
  if (std::filesystem::exists(files.tls_key()) && std::filesystem::exists(files.tls_certificate())) {
    pki::Identity identity{pki::load_pem(files.tls_key()), pki::load_pem(files.tls_certificate())};
    because = why_not(identity, config, ca, now_ms);
    if (!because) return {std::move(identity), std::nullopt};
  }
  pki::Identity made = pki::make_hub_certificate(ca, {.names = config.hosts, .now_ms = now_ms});
  pki::save_pem(files.tls_key(), made.key_pem);
  pki::save_pem(files.tls_certificate(), made.certificate_pem);
  return {std::move(made), because};
}

}  // namespace retour::hub_program
