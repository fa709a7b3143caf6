#pragma once
// A hub without its network: what `token`, `revoke` and `retour import` open, also beside a running hub.

#include <memory>

#include "plugin/app/adopt_policy.hpp"
#include "pos-adapters/system/system.hpp"
#include "sync/hub/hub.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/hub_program/hub_files.hpp"

namespace retour::hub_program {

class OpenHub {
 public:
  /// Throws Error when the directory is no hub, one of its files is missing or damaged, or no policy was ever in
  /// force and there is none that will do.
  explicit OpenHub(const HubFiles& files);

  /// Takes into force what holds now, and journals a pack that is new here. Under the service's lock when there is
  /// one.
  void take_up_policy();
  /// What is in force, and what was passed over.
  const app::PolicyInForce& policy() const { return m_policy; }

  const HubConfig& config() const { return m_config; }
  const HubSecrets& secrets() const { return m_secrets; }
  hub::Hub& hub() { return m_hub; }
  hub::SqliteHubStore& store() { return *m_store; }
  ports::Clock& clock() { return m_clock; }
  const codec::SigningKey& key() const { return m_key; }

 private:
  HubFiles m_files;
  HubConfig m_config;
  HubSecrets m_secrets;
  system::SystemClock m_clock;
  system::SystemIds m_ids;
  codec::SigningKey m_key;
  std::unique_ptr<hub::SqliteHubStore> m_store;
  app::PolicyInForce m_policy;
  hub::Hub m_hub;
};

}  // namespace retour::hub_program
