#include "db/codec/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "plugin/core/base/require.hpp"

namespace retour::codec {
namespace {

// Fetched once for the life of the process: a fetch by name costs as much as hashing a kilobyte.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

template <class AnyId>
AnyId first_half(const Hash256& hash) {
  AnyId id;
  std::copy_n(hash.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

Sha256& thread_sha256() {
  static thread_local Sha256 hasher;
  return hasher;
}

}  // namespace

struct Sha256::Context {
  Context() : digest(EVP_MD_CTX_new()) {
    require(digest != nullptr && sha256_method() != nullptr, "OpenSSL offers SHA-256");
    begin();
  }
  ~Context() { EVP_MD_CTX_free(digest); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void begin() { require(EVP_DigestInit_ex(digest, sha256_method(), nullptr) == 1, "SHA-256 begins"); }

  EVP_MD_CTX* digest;
};

Sha256::Sha256() : m_context(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::span<const std::uint8_t> bytes) {
  require(EVP_DigestUpdate(m_context->digest, bytes.data(), bytes.size()) == 1, "SHA-256 goes on");
  return *this;
}

Sha256& Sha256::update(std::string_view text) {
  return update(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Hash256 Sha256::finish() {
  Hash256 hash;
  require(EVP_DigestFinal_ex(m_context->digest, hash.bytes.data(), nullptr) == 1, "SHA-256 ends");
  m_context->begin();
  return hash;
}

Hash256 sha256(std::span<const std::uint8_t> bytes) {
  return thread_sha256().update(bytes).finish();
}

LookupKey hmac_key(std::span<const std::uint8_t> secret, std::string_view reference) {
  if (reference.empty()) return {};
  Hash256 hash;
  unsigned count = 0;
  const auto* done =
      HMAC(sha256_method(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(reference.data()), reference.size(), hash.bytes.data(), &count);
  require(done != nullptr && count == hash.bytes.size(), "HMAC-SHA256 works");
  return first_half<LookupKey>(hash);
}

OrderId derive_order_id(std::string_view authority, std::string_view number) {
  constexpr std::uint8_t separator[] = {0x1f};
  return first_half<OrderId>(thread_sha256().update(authority).update(separator).update(number).finish());
}

}  // namespace retour::codec
