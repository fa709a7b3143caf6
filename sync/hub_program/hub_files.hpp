#pragma once
// The data directory of the hub: which file is what, and hub.json, which `retour-hub init` writes last.
// Also read by `retour import`, which opens the same hub.db beside a running hub.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugin/core/event/event.hpp"
#include "sync/transport/pki.hpp"

namespace retour::hub_program {

/// Names only; nothing is opened. Files marked secret are made with mode 0600.
struct HubFiles {
  std::filesystem::path directory;

  std::filesystem::path config() const { return directory / "hub.json"; }
  std::filesystem::path database() const { return directory / "hub.db"; }    // precious
  std::filesystem::path ca_key() const { return directory / "ca.key.pem"; }  // secret; signs every certificate
  std::filesystem::path ca_certificate() const { return directory / "ca.cert.pem"; }    // whom stores trust
  std::filesystem::path tls_key() const { return directory / "hub.key.pem"; }           // secret; made anew by itself
  std::filesystem::path tls_certificate() const { return directory / "hub.cert.pem"; }  // made anew by itself
  std::filesystem::path signing_key() const { return directory / "sign.key.pem"; }  // secret; countersigns journals
  std::filesystem::path lookup_secret() const { return directory / "lookup.secret"; }  // secret; makes look-up keys
  std::filesystem::path policy() const { return directory / "policy.json"; }
  std::filesystem::path chunks() const { return directory / "chunks"; }     // can be made again
  std::filesystem::path photos() const { return directory / "photos"; }     // of inspections, a folder a store
  std::filesystem::path running() const { return directory / "hub.lock"; }  // held by a running hub
};

/// hub.json
struct HubConfig {
  std::vector<std::string> hosts;  // names and addresses by which stores reach the hub; the first goes into tokens
  std::uint16_t port = 0;          // of the stores
  friend bool operator==(const HubConfig&, const HubConfig&) = default;
};

/// Throws Error: no file says what to do; a damaged file is named with the field.
HubConfig read_config(const HubFiles& files);
void write_config(const HubFiles& files, const HubConfig& config);

/// What a running hub needs besides its database; keys in memory only as long as the program lives.
struct HubSecrets {
  transport::pki::Identity ca;
  std::string signing_key_pem;
  Bytes lookup_secret;
};
inline constexpr std::size_t lookup_secret_bytes = 32;  // HMAC-SHA-256 gains nothing from more

/// Throws Error naming the file that is missing or does not fit.
HubSecrets read_secrets(const HubFiles& files);

}  // namespace retour::hub_program
