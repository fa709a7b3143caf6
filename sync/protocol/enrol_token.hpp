#pragma once
// The one-time token by which a store joins the chain: where the hub is, a secret that works once, and the
// fingerprint of the hub's CA, so that the store trusts nobody else. Typed, pasted or scanned as a QR code.

#include <optional>
#include <string>
#include <string_view>

#include "plugin/core/base/id.hpp"

namespace retour::protocol {

struct EnrolToken {
  std::string host;  // name or address, without colon
  std::uint16_t port = 0;
  std::string secret;      // 32 hex digits; the hub keeps only its SHA-256
  Hash256 ca_fingerprint;  // SHA-256 of the CA certificate's DER form

  /// "rt1:HOST:PORT:SECRET:FINGERPRINT"
  std::string to_string() const;
  static std::optional<EnrolToken> parse(std::string_view text);
  friend bool operator==(const EnrolToken&, const EnrolToken&) = default;
};

}  // namespace retour::protocol
