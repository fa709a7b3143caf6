#pragma once
// Digests: SHA-256, look-up keys and order ids.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "plugin/core/base/id.hpp"

namespace retour::codec {

/// SHA-256 in pieces. Reusable after `finish`. Not shared between threads.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(std::span<const std::uint8_t> bytes);
  Sha256& update(std::string_view text);
  /// The hash of everything since construction or the last `finish`; starts anew.
  Hash256 finish();

 private:
  struct Context;
  std::unique_ptr<Context> m_context;
};

Hash256 sha256(std::span<const std::uint8_t> bytes);

/// HMAC-SHA256 of a customer or card reference under the chain's look-up secret, cut to 128 bits.
/// The empty reference gives the zero key: "none".
LookupKey hmac_key(std::span<const std::uint8_t> secret, std::string_view reference);

/// The first 128 bits of SHA-256(authority, 0x1f, number). An authority never holds 0x1f.
OrderId derive_order_id(std::string_view authority, std::string_view number);

}  // namespace retour::codec
