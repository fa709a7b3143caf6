#include "db/codec/signature.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "db/codec/digest.hpp"
#include "plugin/core/base/error.hpp"
#include "plugin/core/base/require.hpp"

namespace retour::codec {

namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using BioPtr = std::unique_ptr<BIO, Free>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free>;

ContextPtr prepared(EVP_PKEY* key, int (*begin)(EVP_PKEY_CTX*)) {
  ContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  require(context && begin(context.get()) == 1, "OpenSSL offers ECDSA");
  return context;
}

}  // namespace

// To begin an operation looks its parts up by name, which costs a tenth of signing: it is done once, and every use
// takes a copy of its own.
struct KeyHandle {
  explicit KeyHandle(EVP_PKEY* pkey)
      : key(pkey), verifying(prepared(pkey, EVP_PKEY_verify_init)), signing(prepared(pkey, EVP_PKEY_sign_init)) {}
  KeyPtr key;
  ContextPtr verifying;
  ContextPtr signing;
};

namespace {

std::string openssl_cause() {
  char text[256];
  const unsigned long code = ERR_peek_last_error();
  ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return code == 0 ? "no key of a kind we use in it" : text;
}

[[noreturn]] void key_failed(const char* operation, const std::string& cause) {
  throw Error({.operation = operation, .object = "P-256 key", .cause = cause, .consequence = "nothing was signed"});
}

// A PEM block with a passphrase would make OpenSSL ask the terminal; a service has none.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

BioPtr memory_of(std::string_view pem) {
  BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require(bio != nullptr, "OpenSSL has memory for a BIO");
  return bio;
}

std::shared_ptr<KeyHandle> checked(EVP_PKEY* pkey) {
  if (pkey == nullptr) key_failed("read", openssl_cause());
  KeyPtr key(pkey);
  char group[64] = "";
  const bool known = EVP_PKEY_get_utf8_string_param(pkey, "group", group, sizeof group, nullptr) == 1;
  ERR_clear_error();
  if (!known || std::string_view(group) != "prime256v1") key_failed("read", "the key is of another kind");
  return std::make_shared<KeyHandle>(key.release());
}

using BytesView = std::span<const std::uint8_t>;

struct DerElement {
  BytesView whole;
  BytesView content;
};

/// Takes the first element off a DER text; both views are empty when there is none of definite length.
DerElement take_element(BytesView& der) {
  const unsigned char* at = der.data();
  long size = 0;
  int tag = 0, kind = 0;
  const int flags = ASN1_get_object(&at, &size, &tag, &kind, static_cast<long>(der.size()));
  if (der.empty() || (flags & 0x81) != 0) return {};
  const auto end = static_cast<std::size_t>(at - der.data() + size);
  const auto content = static_cast<std::size_t>(size);
  const DerElement element{der.first(end), der.subspan(end - content, content)};
  der = der.subspan(end);
  return element;
}

/// subjectPublicKeyInfo of a certificate (RFC 5280, 4.1), where it stands; empty when this is none.
BytesView public_key_info(BytesView certificate) {
  BytesView fields = take_element(certificate).content;
  fields = take_element(fields).content;
  constexpr std::uint8_t version_tag = 0xa0;
  if (fields.empty() || fields[0] != version_tag) return {};
  for (int i = 0; i < 6; ++i) take_element(fields);  // version, serial, algorithm, issuer, validity, subject
  return take_element(fields).whole;
}

/// A P-256 key by its point; null when it is not on the curve.
EVP_PKEY* key_of_point(BytesView point) {
  std::array<char, 11> group{"prime256v1"};
  Bytes bytes(point.begin(), point.end());
  OSSL_PARAM parts[] = {OSSL_PARAM_construct_utf8_string("group", group.data(), 0),
                        OSSL_PARAM_construct_octet_string("pub", bytes.data(), bytes.size()),
                        OSSL_PARAM_construct_end()};
  const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parts) != 1)
    return nullptr;
  return key;
}

/// OpenSSL's own way through a certificate decodes every field of it and looks for a decoder of its key anew each
/// time, at five times the cost. This reads the form that all our certificates have; null for any other.
EVP_PKEY* read_our_certificate(std::string_view pem) {
  // SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING { an uncompressed point follows } }
  constexpr std::array<std::uint8_t, 26> p256_key{0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                                  0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                                  0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
  constexpr std::size_t point_size = 65;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_bytes_read_bio(&data, &size, nullptr, PEM_STRING_X509, memory_of(pem).get(), no_passphrase, nullptr) != 1)
    return nullptr;
  const std::unique_ptr<unsigned char, Free> der(data);
  const BytesView info = public_key_info({der.get(), static_cast<std::size_t>(size)});
  if (info.size() != p256_key.size() + point_size || !std::ranges::equal(info.first(p256_key.size()), p256_key))
    return nullptr;
  return key_of_point(info.last(point_size));
}

EVP_PKEY* read_public(std::string_view pem) {
  if (EVP_PKEY* key = read_our_certificate(pem)) return key;
  if (EVP_PKEY* key = PEM_read_bio_PUBKEY(memory_of(pem).get(), nullptr, no_passphrase, nullptr)) return key;
  const std::unique_ptr<X509, Free> certificate(
      PEM_read_bio_X509(memory_of(pem).get(), nullptr, no_passphrase, nullptr));
  if (certificate) return X509_get_pubkey(certificate.get());
  return PEM_read_bio_PrivateKey(memory_of(pem).get(), nullptr, no_passphrase, nullptr);
}

std::string pem_of(const BioPtr& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

VerifyKey VerifyKey::from_pem(std::string_view pem) {
  return VerifyKey(checked(read_public(pem)));
}

bool VerifyKey::verify(std::span<const std::uint8_t> message, std::span<const std::uint8_t> signature) const {
  const ContextPtr context(EVP_PKEY_CTX_dup(m_key->verifying.get()));
  const Hash256 hash = sha256(message);
  const bool good = context && EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.bytes.data(),
                                               hash.bytes.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string VerifyKey::to_pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), m_key->key.get()) != 1) key_failed("write", openssl_cause());
  return pem_of(bio);
}

SigningKey SigningKey::generate() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  if (key == nullptr) key_failed("generate", openssl_cause());
  return SigningKey(std::make_shared<KeyHandle>(key));
}

SigningKey SigningKey::from_pem(std::string_view pem) {
  return SigningKey(checked(PEM_read_bio_PrivateKey(memory_of(pem).get(), nullptr, no_passphrase, nullptr)));
}

std::string SigningKey::to_pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), m_key->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    key_failed("write", openssl_cause());
  }
  return pem_of(bio);
}

Bytes SigningKey::sign(std::span<const std::uint8_t> message) const {
  const ContextPtr context(EVP_PKEY_CTX_dup(m_key->signing.get()));
  const Hash256 hash = sha256(message);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(m_key->key.get())));
  std::size_t size = signature.size();
  if (!context || EVP_PKEY_sign(context.get(), signature.data(), &size, hash.bytes.data(), hash.bytes.size()) != 1) {
    key_failed("sign with", openssl_cause());
  }
  signature.resize(size);
  return signature;
}

}  // namespace retour::codec
