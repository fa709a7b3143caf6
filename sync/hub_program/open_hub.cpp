#include "sync/hub_program/open_hub.hpp"

#include "db/codec/signature.hpp"
#include "sync/hub_program/publish.hpp"

namespace retour::hub_program {

namespace {

namespace pki = transport::pki;

hub::HubParts hub_parts(hub::HubStore& store, ports::Clock& clock, ports::Ids& ids, const codec::SigningKey& key,
                        const HubSecrets& secrets, const app::PolicyInForce& policy) {
  return {.store = store,
          .clock = clock,
          .ids = ids,
          .key = key,
          .policy = policy.pack,
          .policy_json = policy.json,
          .lookup_secret = secrets.lookup_secret,
          .ca_pem = secrets.ca.certificate_pem,
          .sign = [&clock, ca = secrets.ca](const std::string& csr_pem, const NodeId& node) {
            std::string certificate = pki::sign_csr(ca, csr_pem, {.node = node, .now_ms = clock.now_ms()});
            std::string serial = pki::read_certificate(certificate).serial;
            return std::pair(std::move(certificate), std::move(serial));
          }};
}

app::PolicyInForce choose(hub::SqliteHubStore& store, const HubFiles& files, ports::Clock& clock) {
  const hub::View view(store);
  return app::choose_policy(app::adopted_policies(store.database()), policy_sources(store, files),
                            CivilDate::of_ms(clock.now_ms()));
}

}  // namespace

OpenHub::OpenHub(const HubFiles& files)
    : m_files(files),
      m_config(read_config(files)),
      m_secrets(read_secrets(files)),
      m_key(codec::SigningKey::from_pem(m_secrets.signing_key_pem)),
      m_store(hub::SqliteHubStore::open(files.database())),
      m_policy(choose(*m_store, files, m_clock)),
      m_hub(hub_parts(*m_store, m_clock, m_ids, m_key, m_secrets, m_policy)) {}

void OpenHub::take_up_policy() {
  app::PolicyInForce policy = choose(*m_store, m_files, m_clock);
  if (policy.is_new) {
    hub::Work work(*m_store, m_clock.now_ms());
    m_store->record(m_ids.make<CommandId>(), app::adoption_of(policy));
    work.commit();
  }
  m_policy = std::move(policy);
  m_hub.decide_by(m_policy.pack, m_policy.json);
}

}  // namespace retour::hub_program
