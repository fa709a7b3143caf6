#include "sync/transport/tls_context.hpp"

#include <openssl/x509v3.h>

namespace retour::transport {
namespace {

[[noreturn]] void fail(const std::string& operation, const std::string& object) {
  throw pki::PkiError({operation, object, openssl_error(), "no connection between store and hub is possible"});
}

SslContextPtr make_context(const SSL_METHOD* method) {
  SslContextPtr context(SSL_CTX_new(method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1) fail("prepare", "TLS 1.3");
  // Each connection proves its certificate anew: a resumed one would keep what was true hours ago, and tickets cost
  // bytes.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // A connection that waits holds no buffers; a write may take part of what is offered.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify_depth(context.get(), 2);
  return context;
}

void use_identity(SSL_CTX* context, const pki::Identity& identity, const std::string& whose) {
  const CertificatePtr certificate = parse_certificate(identity.certificate_pem, "the certificate of " + whose);
  const KeyPtr key = parse_key(identity.key_pem, "the key of " + whose);
  if (SSL_CTX_use_certificate(context, certificate.get()) != 1) fail("use", "the certificate of " + whose);
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    fail("use", "the key of " + whose);
  }
}

void trust_ca(SSL_CTX* context, X509* ca) {
  if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca) != 1) fail("trust", "the hub's CA");
}

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

// Looks for the pinned CA among what the hub sent and verifies the hub's certificate against it alone.
int verify_pinned(X509_STORE_CTX* verification, void* argument) {
  const Hash256& pinned = *static_cast<const Hash256*>(argument);
  STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(verification);
  std::unique_ptr<STACK_OF(X509), FreeStack> trusted(sk_X509_new_null());
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    Hash256 hash;
    X509* certificate = sk_X509_value(sent, i);
    if (X509_digest(certificate, EVP_sha256(), hash.bytes.data(), nullptr) == 1 && hash == pinned) {
      sk_X509_push(trusted.get(), certificate);
    }
  }
  X509_STORE_CTX_set0_trusted_stack(verification, trusted.get());
  const int result = X509_verify_cert(verification);
  X509_STORE_CTX_set0_trusted_stack(verification, nullptr);
  return result;
}

bool is_date(long verify_result) {
  return verify_result == X509_V_ERR_CERT_HAS_EXPIRED || verify_result == X509_V_ERR_CERT_NOT_YET_VALID;
}

bool is_name(long verify_result) {
  return verify_result == X509_V_ERR_HOSTNAME_MISMATCH || verify_result == X509_V_ERR_IP_ADDRESS_MISMATCH;
}

bool is_purpose(long verify_result) {
  return verify_result == X509_V_ERR_INVALID_PURPOSE;
}

/// What the hub's alert says about the certificate of this node; nullptr: the alert is about something else.
const char* alert_about_certificate(int reason) {
  switch (reason) {
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return "it is not signed by the hub's CA";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "it has expired, or the hub's clock is wrong";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
      return "it is revoked";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
      return "it is not the certificate of a node";
    default:
      return nullptr;
  }
}

}  // namespace

SslContextPtr make_server_context(const pki::Identity& hub, const std::string& ca_pem) {
  SslContextPtr context = make_context(TLS_server_method());
  use_identity(context.get(), hub, "the hub");
  const CertificatePtr ca = parse_certificate(ca_pem, "the hub's CA");
  trust_ca(context.get(), ca.get());
  // Sent along so that a store that enrols finds the CA whose fingerprint its token names.
  if (SSL_CTX_add1_chain_cert(context.get(), ca.get()) != 1 || SSL_CTX_add_client_CA(context.get(), ca.get()) != 1) {
    fail("use", "the hub's CA");
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

SslContextPtr make_client_context(const ClientTrust& trust) {
  SslContextPtr context = make_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (trust.ca_fingerprint) {
    SSL_CTX_set_cert_verify_callback(context.get(), verify_pinned, const_cast<Hash256*>(&*trust.ca_fingerprint));
  } else {
    trust_ca(context.get(), parse_certificate(trust.ca_pem, "the CA this store was enrolled with").get());
  }
  if (trust.identity) use_identity(context.get(), *trust.identity, "this store");
  return context;
}

void expect_host(SSL* ssl, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1) return;
  ERR_clear_error();
  // SSL_set_tlsext_host_name() is this call behind a C cast.
  if (SSL_set1_host(ssl, host.c_str()) != 1 ||
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str())) != 1) {
    fail("connect to", "a hub named \"" + host + "\"");
  }
}

std::string distrust_at_client(const TlsFailure& failure, const std::string& hub, bool pinned_by_token) {
  if (failure.verify_result != X509_V_OK) {
    const std::string whose = "certificate of hub " + hub;
    const std::string why = X509_verify_cert_error_string(failure.verify_result);
    if (is_date(failure.verify_result)) {
      return whose + " is not valid at the time of this machine's clock (" + why + "): check the clock first";
    }
    if (is_name(failure.verify_result)) return whose + " does not name this host (" + why + ")";
    if (is_purpose(failure.verify_result)) return whose + " is not a hub's certificate (" + why + ")";
    return whose +
           (pinned_by_token ? " is not signed by the CA that the token names ("
                            : " is not signed by the CA this store was enrolled with (") +
           why + ")";
  }
  if (const char* why = alert_about_certificate(failure.reason)) {
    return "hub " + hub + " refused the certificate of this store: " + why;
  }
  if (failure.reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION || failure.reason == SSL_R_UNSUPPORTED_PROTOCOL) {
    return "hub " + hub + " does not speak TLS 1.3";
  }
  return {};
}

std::string handshake_failure_at_server(const TlsFailure& failure) {
  if (failure.verify_result == X509_V_OK) return failure.text;
  const std::string why = X509_verify_cert_error_string(failure.verify_result);
  if (is_date(failure.verify_result)) return "its certificate is not valid now (" + why + ")";
  if (is_purpose(failure.verify_result)) return "its certificate is not the certificate of a node (" + why + ")";
  return "its certificate is not signed by this hub's CA (" + why + ")";
}

CertificatePtr peer_certificate(const SSL* ssl) {
  return CertificatePtr(SSL_get1_peer_certificate(ssl));
}

}  // namespace retour::transport
