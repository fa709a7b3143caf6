#pragma once
// Keys and certificates of the chain's own trust: one CA at the hub, a certificate for the hub's store-facing end,
// one for each node. All keys are P-256, all certificates X.509 v3 with SHA-256 and a random 128-bit serial. Text is
// PEM. Nothing here opens a socket. Every function throws PkiError; a message names what was read, never a key.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/base/error.hpp"
#include "plugin/core/base/id.hpp"

namespace retour::transport::pki {

class PkiError : public Error {
 public:
  using Error::Error;
};

inline constexpr int ca_days = 20 * 365;
inline constexpr int hub_certificate_days = 2 * 365;  // made anew by the hub at start when less than a third is left
inline constexpr int node_certificate_days = 365;     // a store renews early and survives weeks without the hub
inline constexpr int backdated_days = 1;              // a store's clock may be behind the hub's by that much

/// A private key and the certificate that names its public half.
struct Identity {
  std::string key_pem;
  std::string certificate_pem;
};

/// What a certificate says about itself.
struct CertificateInfo {
  std::string common_name;
  std::string serial;  // lower-case hex, as in Request::peer_serial
  std::int64_t not_before_ms = 0;
  std::int64_t not_after_ms = 0;
};

std::string make_key_pem();

/// Self-signed; `name` is what an administrator sees ("Retour hub of ACME").
Identity make_ca(const std::string& name, std::int64_t now_ms);

struct HubCertificateOptions {
  std::vector<std::string> names;  // host names and IP addresses of the hub; localhost and 127.0.0.1 are always added
  std::int64_t now_ms = 0;
  int days = hub_certificate_days;
};
/// serverAuth only: it cannot be shown as a client certificate.
Identity make_hub_certificate(const Identity& ca, const HubCertificateOptions& options);

/// Proves possession of the key; the subject in it means nothing, the hub sets the name.
std::string make_csr(const std::string& key_pem);

struct NodeCertificateOptions {
  NodeId node;
  std::int64_t now_ms = 0;
  int days = node_certificate_days;
};
/// clientAuth only, common name = the node's id in hex. Refuses a request whose signature is wrong or whose key is
/// not P-256.
std::string sign_csr(const Identity& ca, const std::string& csr_pem, const NodeCertificateOptions& options);

CertificateInfo read_certificate(const std::string& certificate_pem);

/// The node that a certificate names; empty when its common name is no node id.
std::optional<NodeId> node_of(const CertificateInfo& info);

/// SHA-256 of the certificate's DER form: what the one-time token pins.
Hash256 fingerprint_of(const std::string& certificate_pem);

/// True when the certificate is signed by this CA (its dates are not looked at).
bool is_signed_by(const std::string& certificate_pem, const std::string& ca_pem);

/// True when the certificate holds for this host name or IP address, as a client that dials it would judge.
bool names_host(const std::string& certificate_pem, const std::string& host);

/// True when key and certificate belong together.
bool is_pair(const Identity& identity);

/// Writes beside the target, fsyncs, renames: the file is whole or as before. Mode 0600.
void save_pem(const std::filesystem::path& file, std::string_view pem);
std::string load_pem(const std::filesystem::path& file);

}  // namespace retour::transport::pki
