#pragma once
// A hub without its network: what `token`, `revoke` and `retour import` open, also beside a running hub.

#include <memory>

#include "pos-adapters/system/system.hpp"
#include "sync/hub/hub.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/hub_program/hub_files.hpp"

namespace retour::hub_program {

class OpenHub {
 public:
  /// Throws Error when the directory is no hub, or one of its files is missing or damaged.
  explicit OpenHub(const HubFiles& files);

  /// The pack by which this hub decides, as an event of its own journal; once, however often the hub starts with it.
  void record_policy();

  const HubConfig& config() const { return m_config; }
  const HubSecrets& secrets() const { return m_secrets; }
  hub::Hub& hub() { return m_hub; }
  hub::SqliteHubStore& store() { return *m_store; }
  ports::Clock& clock() { return m_clock; }
  const codec::SigningKey& key() const { return m_key; }

 private:
  HubConfig m_config;
  HubSecrets m_secrets;
  system::SystemClock m_clock;
  system::SystemIds m_ids;
  codec::SigningKey m_key;
  std::unique_ptr<hub::SqliteHubStore> m_store;
  hub::Hub m_hub;
};

}  // namespace retour::hub_program
