#pragma once
// Signatures: ECDSA over P-256 and SHA-256, the same kind of key as TLS uses. Batches, countersignatures, manifests.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "plugin/core/event/event.hpp"

namespace retour::codec {

struct KeyHandle;

/// Checks signatures. Copies share the key; usable from several threads.
class VerifyKey {
 public:
  /// A public key, a certificate or a private key in PEM. Throws Error when it is none of these or not P-256.
  static VerifyKey from_pem(std::string_view pem);
  /// False for any signature that this key did not make over exactly these bytes, malformed ones included.
  bool verify(std::span<const std::uint8_t> message, std::span<const std::uint8_t> signature) const;
  std::string to_pem() const;

 private:
  friend class SigningKey;
  explicit VerifyKey(std::shared_ptr<KeyHandle> key) : m_key(std::move(key)) {}
  std::shared_ptr<KeyHandle> m_key;
};

/// Makes signatures. Copies share the key; usable from several threads.
class SigningKey {
 public:
  static SigningKey generate();
  /// A private key in PEM (PKCS#8 or SEC1), without passphrase. Throws Error when it is not a P-256 key.
  static SigningKey from_pem(std::string_view pem);
  /// PKCS#8, without passphrase: the file's mode protects it.
  std::string to_pem() const;
  /// DER, about 71 bytes. Signing the same bytes twice gives different signatures.
  Bytes sign(std::span<const std::uint8_t> message) const;
  VerifyKey verify_key() const { return VerifyKey(m_key); }

 private:
  explicit SigningKey(std::shared_ptr<KeyHandle> key) : m_key(std::move(key)) {}
  std::shared_ptr<KeyHandle> m_key;
};

}  // namespace retour::codec
