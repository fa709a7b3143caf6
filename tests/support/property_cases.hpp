#pragma once
// How many random cases a property draws: its own number, or fewer when RETOUR_PROPERTY_CASES says so. The sanitizers
// run the same properties with fewer cases, because each costs them five times as much.

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace retour::test {

/// @returns the smaller of `usual` and RETOUR_PROPERTY_CASES; `usual` where that is not set or is no number above 0.
inline std::int64_t property_cases(std::int64_t usual) {
  const char* text = std::getenv("RETOUR_PROPERTY_CASES");
  const long long asked = text == nullptr ? 0 : std::strtoll(text, nullptr, 10);
  return asked > 0 ? std::min<std::int64_t>(usual, asked) : usual;
}

}  // namespace retour::test
