#include "pos-adapters/staff_file/pin_hash.hpp"

#include <argon2.h>

#include <algorithm>
#include <array>

#include "db/codec/digest.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::staff_file {

namespace {
constexpr std::uint32_t hash_bytes = 32, lanes = 1, salt_bytes = 16;
}  // namespace

bool is_pin(std::string_view text) {
  return text.size() >= pin_digits_min && text.size() <= pin_digits_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string hash_pin(std::string_view pin, std::span<const std::uint8_t> pepper, std::span<const std::uint8_t> salt,
                     const HashCost& cost) {
  require(salt.size() == salt_bytes, "hash_pin: the salt has another length");
  const LookupKey peppered = codec::hmac_key(pepper, pin);
  std::array<char, 160> encoded{};  // 98 characters with our figures
  const int code =
      argon2id_hash_encoded(cost.passes, cost.memory_kib, lanes, peppered.bytes.data(), peppered.bytes.size(),
                            salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) {
    throw Error({.operation = "hash",
                 .object = "a PIN",
                 .cause = argon2_error_message(code),
                 .consequence = "nothing was written"});
  }
  return encoded.data();
}

bool fits_hash(std::string_view pin, std::span<const std::uint8_t> pepper, const std::string& encoded) {
  if (pin.empty() || pepper.empty() || encoded.empty()) return false;
  const LookupKey peppered = codec::hmac_key(pepper, pin);
  return argon2id_verify(encoded.c_str(), peppered.bytes.data(), peppered.bytes.size()) == ARGON2_OK;
}

}  // namespace retour::staff_file
