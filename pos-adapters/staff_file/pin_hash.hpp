#pragma once
// PINs as they may be kept: Argon2id over an HMAC under the device's pepper. Neither PIN nor pepper is ever part of
// an error's text.

#include <span>
#include <string>
#include <string_view>

#include "plugin/core/event/event.hpp"

namespace retour::staff_file {

inline constexpr std::size_t pin_digits_min = 4;
inline constexpr std::size_t pin_digits_max = 12;

/// What a guess costs. Some 50 ms on an old till; OWASP's smallest advice for Argon2id (19 MiB, 2 passes, 1 lane).
struct HashCost {
  std::uint32_t memory_kib = 19'456;
  std::uint32_t passes = 2;
};

/// Digits only, not too few and not too many.
bool is_pin(std::string_view text);

/// The encoded form, salt and cost included: "$argon2id$v=19$m=19456,t=2,p=1$...". @pre 16 bytes of random salt.
std::string hash_pin(std::string_view pin, std::span<const std::uint8_t> pepper, std::span<const std::uint8_t> salt,
                     const HashCost& cost = {});

/// False also for a hash that is none.
bool fits_hash(std::string_view pin, std::span<const std::uint8_t> pepper, const std::string& encoded);

}  // namespace retour::staff_file
