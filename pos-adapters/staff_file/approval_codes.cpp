#include "pos-adapters/staff_file/approval_codes.hpp"

#include "db/codec/digest.hpp"
#include "plugin/core/base/require.hpp"

namespace retour::staff_file {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford: no I, L, O, U
constexpr int characters = 10, bits_a_character = 5, proof_bits = 40;

/// Different purposes give unrelated values: what stands in the journal does not betray the code.
LookupKey value_for(std::span<const std::uint8_t> secret, const CodeOwner& owner, std::uint32_t number,
                    std::string_view purpose) {
  return codec::hmac_key(secret, std::string(purpose) + '\x1f' + owner.store.to_string() + '\x1f' + owner.approver +
                                     '\x1f' + std::to_string(number));
}

std::uint64_t packed_code(std::span<const std::uint8_t> secret, const CodeOwner& owner, std::uint32_t number) {
  const LookupKey proof = value_for(secret, owner, number, "approval code");
  std::uint64_t code = number;
  for (int i = 0; i < proof_bits / 8; ++i) code = (code << 8) | proof.bytes[static_cast<std::size_t>(i)];
  return code;
}

std::size_t value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  return alphabet.find(c);
}

std::optional<std::uint64_t> unpacked(std::string_view typed) {
  std::uint64_t code = 0;
  int count = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const std::size_t value = value_of(c);
    if (value == std::string_view::npos || ++count > characters) return std::nullopt;
    code = (code << bits_a_character) | value;
  }
  return count == characters ? std::optional(code) : std::nullopt;
}

}  // namespace

std::string approval_code(std::span<const std::uint8_t> secret, const CodeOwner& owner, std::uint32_t number) {
  require(number <= code_number_max, "approval_code: the number does not fit a code");
  const std::uint64_t code = packed_code(secret, owner, number);
  std::string text;
  for (int i = characters - 1; i >= 0; --i) {
    text += alphabet[(code >> (i * bits_a_character)) & 31U];
    if (i == 7 || i == 3) text += '-';
  }
  return text;
}

std::optional<CommandId> spending_id(std::span<const std::uint8_t> secret, const CodeOwner& owner,
                                     std::string_view typed) {
  const auto code = unpacked(typed);
  if (!code || secret.empty()) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(*code >> proof_bits);
  if (packed_code(secret, owner, number) != *code) return std::nullopt;
  return CommandId{value_for(secret, owner, number, "spent code").bytes};
}

}  // namespace retour::staff_file
