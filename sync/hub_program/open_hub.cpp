#include "sync/hub_program/open_hub.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/signature.hpp"

namespace retour::hub_program {

namespace {

namespace pki = transport::pki;

hub::HubParts hub_parts(hub::HubStore& store, ports::Clock& clock, ports::Ids& ids, const codec::SigningKey& key,
                        const HubSecrets& secrets) {
  return {.store = store,
          .clock = clock,
          .ids = ids,
          .key = key,
          .policy = secrets.policy,
          .policy_json = secrets.policy_json,
          .lookup_secret = secrets.lookup_secret,
          .ca_pem = secrets.ca.certificate_pem,
          .sign = [&clock, ca = secrets.ca](const std::string& csr_pem, const NodeId& node) {
            std::string certificate = pki::sign_csr(ca, csr_pem, {.node = node, .now_ms = clock.now_ms()});
            std::string serial = pki::read_certificate(certificate).serial;
            return std::pair(std::move(certificate), std::move(serial));
          }};
}

}  // namespace

OpenHub::OpenHub(const HubFiles& files)
    : m_config(read_config(files)),
      m_secrets(read_secrets(files)),
      m_key(codec::SigningKey::from_pem(m_secrets.signing_key_pem)),
      m_store(hub::SqliteHubStore::open(files.database())),
      m_hub(hub_parts(*m_store, m_clock, m_ids, m_key, m_secrets)) {}

void OpenHub::record_policy() {
  const std::string& json = m_secrets.policy_json;
  const Hash256 hash = codec::sha256(std::vector<std::uint8_t>(json.begin(), json.end()));
  CommandId command;  // the same file is the same command
  std::copy_n(hash.bytes.begin(), command.bytes.size(), command.bytes.begin());
  hub::Work work(*m_store, m_clock.now_ms());
  m_store->record_once(command, PolicyAdopted{.policy_id = m_secrets.policy.id,
                                              .policy_version = m_secrets.policy.version,
                                              .pack_hash = hash,
                                              .pack = json});
  work.commit();
}

}  // namespace retour::hub_program
