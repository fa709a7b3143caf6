#include "sync/transport/pki.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "sync/transport/openssl.hpp"

namespace retour::transport {

std::string openssl_error(const std::string& otherwise) {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return otherwise;
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "OpenSSL error " + std::to_string(code);
}

namespace {

[[noreturn]] void fail(const std::string& operation, const std::string& object, const std::string& consequence = {}) {
  throw pki::PkiError({operation, object, openssl_error(), consequence});
}

void check(bool good, const char* operation, const char* object) {
  if (!good) fail(operation, object);
}

BioPtr memory_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Keys here have no pass phrase; without this OpenSSL would ask for one at the terminal.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

CertificatePtr parse_certificate(const std::string& pem, const std::string& what) {
  CertificatePtr certificate(PEM_read_bio_X509(memory_of(pem).get(), nullptr, no_pass_phrase, nullptr));
  if (!certificate) fail("read", what + " (a certificate in PEM form)");
  return certificate;
}

KeyPtr parse_key(const std::string& pem, const std::string& what) {
  KeyPtr key(PEM_read_bio_PrivateKey(memory_of(pem).get(), nullptr, no_pass_phrase, nullptr));
  if (!key) fail("read", what + " (a private key in PEM form)");
  return key;
}

std::string serial_hex(const X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  return to_hex(ASN1_STRING_get0_data(serial), static_cast<std::size_t>(ASN1_STRING_length(serial)));
}

std::string common_name(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  const ASN1_STRING* text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  const auto* first = ASN1_STRING_get0_data(text);
  return {first, first + ASN1_STRING_length(text)};
}

namespace pki {
namespace {

constexpr std::int64_t day_s = 24 * 60 * 60;

template <class Writer>
std::string to_pem(const char* what, Writer write) {
  BioPtr out(BIO_new(BIO_s_mem()));
  check(out && write(out.get()) == 1, "write in PEM form", what);
  char* first = nullptr;
  const long count = BIO_get_mem_data(out.get(), &first);
  return {first, static_cast<std::size_t>(count)};
}

std::string to_pem(X509* certificate) {
  return to_pem("a certificate", [&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string to_pem(EVP_PKEY* key) {
  return to_pem("a private key",
                [&](BIO* out) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

KeyPtr make_key() {
  KeyPtr key(EVP_EC_gen("P-256"));
  check(key != nullptr, "make", "a P-256 key");
  return key;
}

// 127 random bits, so that the number is positive and its hex form has no sign byte in front.
void set_random_serial(X509* certificate) {
  unsigned char bytes[16];
  check(RAND_bytes(bytes, sizeof bytes) == 1, "draw", "a random serial");
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);
  ASN1_INTEGER* serial = X509_get_serialNumber(certificate);
  check(ASN1_STRING_set(serial, bytes, sizeof bytes) == 1, "set", "the serial of a certificate");
}

void set_validity(X509* certificate, std::int64_t now_ms, int days) {
  std::time_t now = static_cast<std::time_t>(now_ms / 1000);
  check(X509_time_adj_ex(X509_getm_notBefore(certificate), -backdated_days, 0, &now) != nullptr &&
            X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, &now) != nullptr,
        "set", "the dates of a certificate");
}

void set_name(X509_NAME* name, const std::string& text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  check(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, const_cast<unsigned char*>(bytes),
                                   static_cast<int>(text.size()), -1, 0) == 1,
        "set", "the name of a certificate (1 to 64 characters)");
}

void add_extension(X509* certificate, const X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, const_cast<X509*>(issuer), certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
    fail("add to a certificate", std::string(OBJ_nid2sn(nid)) + "=" + value);
  }
}

struct Draft {
  std::string name;
  EVP_PKEY* public_key;
  std::int64_t now_ms;
  int days;
};

CertificatePtr begin_certificate(const Draft& draft) {
  CertificatePtr certificate(X509_new());
  check(certificate && X509_set_version(certificate.get(), 2) == 1, "make", "a certificate");  // 2 means v3
  set_random_serial(certificate.get());
  set_validity(certificate.get(), draft.now_ms, draft.days);
  set_name(X509_get_subject_name(certificate.get()), draft.name);
  check(X509_set_pubkey(certificate.get(), draft.public_key) == 1, "set", "the key of a certificate");
  return certificate;
}

void sign(X509* certificate, EVP_PKEY* ca_key) {
  check(X509_sign(certificate, ca_key, EVP_sha256()) > 0, "sign", "a certificate");
}

/// A certificate of an end (hub or node) with one purpose.
CertificatePtr issue(const Identity& ca, const Draft& draft, const char* purpose,
                     const std::string& alternative_names) {
  const CertificatePtr ca_certificate = parse_certificate(ca.certificate_pem, "the hub's CA");
  const KeyPtr ca_key = parse_key(ca.key_pem, "the key of the hub's CA");
  CertificatePtr certificate = begin_certificate(draft);
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca_certificate.get())) == 1, "set",
        "the issuer of a certificate");
  add_extension(certificate.get(), ca_certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), ca_certificate.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), ca_certificate.get(), NID_ext_key_usage, purpose);
  add_extension(certificate.get(), ca_certificate.get(), NID_subject_key_identifier, "hash");
  add_extension(certificate.get(), ca_certificate.get(), NID_authority_key_identifier, "keyid:always");
  if (!alternative_names.empty()) {
    add_extension(certificate.get(), ca_certificate.get(), NID_subject_alt_name, alternative_names);
  }
  sign(certificate.get(), ca_key.get());
  return certificate;
}

bool is_ip_address(const std::string& text) {
  std::unique_ptr<ASN1_OCTET_STRING, OpensslFree<ASN1_OCTET_STRING_free>> address(a2i_IPADDRESS(text.c_str()));
  ERR_clear_error();
  return address != nullptr;
}

// A name goes into OpenSSL's comma-separated value: what is no host name or address is refused here.
std::string alternative_name(const std::string& name) {
  if (is_ip_address(name)) return "IP:" + name;
  constexpr std::string_view host_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*";
  if (name.empty() || name.size() > 253 || name.find_first_not_of(host_characters) != std::string::npos) {
    throw PkiError({"make", "the hub's certificate", "\"" + name + "\" is neither a host name nor an IP address",
                    "no certificate was made"});
  }
  return "DNS:" + name;
}

std::string alternative_names(std::vector<std::string> names) {
  for (const char* always : {"localhost", "127.0.0.1"}) {
    if (std::find(names.begin(), names.end(), always) == names.end()) names.emplace_back(always);
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + alternative_name(name);
  return list;
}

std::int64_t to_ms(const ASN1_TIME* time) {
  int days = 0;
  int seconds = 0;
  std::unique_ptr<ASN1_TIME, OpensslFree<ASN1_TIME_free>> epoch(ASN1_TIME_set(nullptr, 0));
  check(epoch && ASN1_TIME_diff(&days, &seconds, epoch.get(), time) == 1, "read", "a date of a certificate");
  return (days * day_s + seconds) * 1000;
}

bool is_p256(const EVP_PKEY* key) {
  char group[32] = {};
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) == 1 &&
         std::string_view(group) == SN_X9_62_prime256v1;
}

}  // namespace

std::string make_key_pem() {
  return to_pem(make_key().get());
}

Identity make_ca(const std::string& name, std::int64_t now_ms) {
  const KeyPtr key = make_key();
  CertificatePtr certificate = begin_certificate({name, key.get(), now_ms, ca_days});
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) == 1, "set",
        "the issuer of a CA");
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  sign(certificate.get(), key.get());
  return {to_pem(key.get()), to_pem(certificate.get())};
}

Identity make_hub_certificate(const Identity& ca, const HubCertificateOptions& options) {
  const KeyPtr key = make_key();
  const CertificatePtr certificate = issue(ca, {"Retour hub", key.get(), options.now_ms, options.days}, "serverAuth",
                                           alternative_names(options.names));
  return {to_pem(key.get()), to_pem(certificate.get())};
}

std::string make_csr(const std::string& key_pem) {
  const KeyPtr key = parse_key(key_pem, "the node's key");
  RequestPtr request(X509_REQ_new());
  check(request && X509_REQ_set_version(request.get(), 0) == 1, "make", "a certificate request");
  set_name(X509_REQ_get_subject_name(request.get()), "retour node");
  check(
      X509_REQ_set_pubkey(request.get(), key.get()) == 1 && X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0,
      "sign", "a certificate request");
  return to_pem("a certificate request", [&](BIO* out) { return PEM_write_bio_X509_REQ(out, request.get()); });
}

std::string sign_csr(const Identity& ca, const std::string& csr_pem, const NodeCertificateOptions& options) {
  const char* consequence = "no certificate was made; make the request anew on the device and enrol again";
  RequestPtr request(PEM_read_bio_X509_REQ(memory_of(csr_pem).get(), nullptr, no_pass_phrase, nullptr));
  if (!request) fail("read", "the certificate request of a node", consequence);
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (key == nullptr) fail("read", "the key in the certificate request of a node", consequence);
  if (!is_p256(key)) {
    throw PkiError({"accept", "the certificate request of a node", "its key is not P-256", consequence});
  }
  if (X509_REQ_verify(request.get(), key) != 1) {
    ERR_clear_error();
    throw PkiError({"accept", "the certificate request of a node", "its signature is wrong", consequence});
  }
  return to_pem(issue(ca, {options.node.to_string(), key, options.now_ms, options.days}, "clientAuth", {}).get());
}

CertificateInfo read_certificate(const std::string& certificate_pem) {
  const CertificatePtr certificate = parse_certificate(certificate_pem, "a certificate");
  return {.common_name = transport::common_name(certificate.get()),
          .serial = serial_hex(certificate.get()),
          .not_before_ms = to_ms(X509_get0_notBefore(certificate.get())),
          .not_after_ms = to_ms(X509_get0_notAfter(certificate.get()))};
}

std::optional<NodeId> node_of(const CertificateInfo& info) {
  return NodeId::parse(info.common_name);
}

Hash256 fingerprint_of(const std::string& certificate_pem) {
  const CertificatePtr certificate = parse_certificate(certificate_pem, "a certificate");
  Hash256 hash;
  check(X509_digest(certificate.get(), EVP_sha256(), hash.bytes.data(), nullptr) == 1, "hash", "a certificate");
  return hash;
}

bool is_signed_by(const std::string& certificate_pem, const std::string& ca_pem) {
  const CertificatePtr certificate = parse_certificate(certificate_pem, "a certificate");
  const CertificatePtr ca = parse_certificate(ca_pem, "a CA");
  const bool good = X509_verify(certificate.get(), X509_get0_pubkey(ca.get())) == 1;
  ERR_clear_error();
  return good;
}

bool names_host(const std::string& certificate_pem, const std::string& host) {
  const CertificatePtr certificate = parse_certificate(certificate_pem, "a certificate");
  const int found = is_ip_address(host) ? X509_check_ip_asc(certificate.get(), host.c_str(), 0)
                                        : X509_check_host(certificate.get(), host.data(), host.size(), 0, nullptr);
  ERR_clear_error();
  return found == 1;
}

bool is_pair(const Identity& identity) {
  const CertificatePtr certificate = parse_certificate(identity.certificate_pem, "a certificate");
  const KeyPtr key = parse_key(identity.key_pem, "its key");
  const bool good = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace pki
}  // namespace retour::transport
