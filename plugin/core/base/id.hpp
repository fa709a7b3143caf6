#pragma once
// Id<Tag>: 128 bits that name one thing; different tags do not convert into each other.
// Random ids are made at the edge (ports/ids.hpp) and saved before first use; OrderId is derived
// (db/codec/digest.hpp).

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace retour {

std::string to_hex(const std::uint8_t* bytes, std::size_t count);
/// Writes exactly `count` bytes; false when `text` is not 2*count lower- or upper-case hex digits.
bool from_hex(std::string_view text, std::uint8_t* bytes, std::size_t count);

template <class Tag>
struct Id {
  std::array<std::uint8_t, 16> bytes{};

  bool is_zero() const { return *this == Id{}; }
  std::string to_string() const { return to_hex(bytes.data(), bytes.size()); }
  static std::optional<Id> parse(std::string_view hex) {
    Id id;
    if (!from_hex(hex, id.bytes.data(), id.bytes.size())) return std::nullopt;
    return id;
  }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using OrderId = Id<struct OrderTag>;            // SHA-256(authority, number), first 128 bits
using NodeId = Id<struct NodeTag>;              // one journal; the hub has one too
using ReturnCaseId = Id<struct ReturnCaseTag>;  // one visit in which goods come back
using CommandId = Id<struct CommandTag>;        // made by the caller before the first try; the idempotency key
using TransferId = Id<struct TransferTag>;      // one move of rights, applied at most once
using ReferralId = Id<struct ReferralTag>;      // one question of a node to the hub about a return line
using LegId = Id<struct LegTag>;                // one part of a refund; the idempotency key at the device
using SubjectId = Id<struct SubjectTag>;        // stands for a person; the person's data lies elsewhere
using LookupKey = Id<struct LookupKeyTag>;      // HMAC of a customer or card reference, 128 bits

struct Hash256 {
  std::array<std::uint8_t, 32> bytes{};
  std::string to_string() const { return to_hex(bytes.data(), bytes.size()); }
  friend auto operator<=>(const Hash256&, const Hash256&) = default;
};

}  // namespace retour

template <class Tag>
struct std::hash<retour::Id<Tag>> {
  std::size_t operator()(const retour::Id<Tag>& id) const noexcept {
    std::size_t h = 0;
    for (unsigned i = 0; i < sizeof h; ++i) h = (h << 8) | id.bytes[i];  // ids are random or hashes: any 8 bytes do
    return h;
  }
};
