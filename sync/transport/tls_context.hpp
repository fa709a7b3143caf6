#pragma once
// What both ends agree on: TLS 1.3 only, P-256 certificates of one CA, nothing resumed. Included by the .cpp files of
// this folder only.

#include <optional>
#include <string>

#include "sync/transport/openssl.hpp"
#include "sync/transport/pki.hpp"
#include "sync/transport/tls_channel.hpp"

namespace retour::transport {

/// Asks for a client certificate and verifies it against the CA when one is shown.
SslContextPtr make_server_context(const pki::Identity& hub, const std::string& ca_pem);

struct ClientTrust {
  std::string ca_pem;  // used unless a fingerprint is given
  std::optional<Hash256>
      ca_fingerprint;  // enrolment: the CA that the hub sends must be this one; must outlive the context
  std::optional<pki::Identity> identity;  // shown to the hub
};
/// `trust` must outlive the context.
SslContextPtr make_client_context(const ClientTrust& trust);

/// The certificate must name `host` (a host name or an IP address).
void expect_host(SSL* ssl, const std::string& host);

/// Why the hub cannot be trusted, or why it does not trust this node; empty: the failure says nothing about
/// certificates.
std::string distrust_at_client(const TlsFailure& failure, const std::string& hub, bool pinned_by_token);

/// The same as the hub sees it.
std::string handshake_failure_at_server(const TlsFailure& failure);

/// The certificate that the other side showed and that was verified; empty: none.
CertificatePtr peer_certificate(const SSL* ssl);

}  // namespace retour::transport
