#include "db/codec/signature.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "plugin/core/base/error.hpp"
#include "plugin/core/base/require.hpp"

namespace retour::codec {

struct KeyHandle {
  explicit KeyHandle(EVP_PKEY* pkey) : key(pkey) {}
  ~KeyHandle() { EVP_PKEY_free(key); }
  KeyHandle(const KeyHandle&) = delete;
  KeyHandle& operator=(const KeyHandle&) = delete;
  EVP_PKEY* key;
};

namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using BioPtr = std::unique_ptr<BIO, Free>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Free>;

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
  auto handle = std::make_shared<KeyHandle>(pkey);
  ERR_clear_error();
  char group[64] = "";
  if (EVP_PKEY_get_utf8_string_param(pkey, "group", group, sizeof group, nullptr) != 1 ||
      std::string_view(group) != "prime256v1") {
    ERR_clear_error();
    key_failed("read", "the key is of another kind");
  }
  return handle;
}

EVP_PKEY* read_public(std::string_view pem) {
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
  const DigestPtr context(EVP_MD_CTX_new());
  const bool good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key->key) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string VerifyKey::to_pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), m_key->key) != 1) key_failed("write", openssl_cause());
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
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), m_key->key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    key_failed("write", openssl_cause());
  }
  return pem_of(bio);
}

Bytes SigningKey::sign(std::span<const std::uint8_t> message) const {
  const DigestPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key->key) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) {
    key_failed("sign with", openssl_cause());
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    key_failed("sign with", openssl_cause());
  }
  signature.resize(size);
  return signature;
}

}  // namespace retour::codec
