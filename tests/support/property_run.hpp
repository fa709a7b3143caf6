#pragma once
// How many cases a property draws and from which seed. Each case has its own seed, printed when it fails:
// RETOUR_PROPERTY_SEED=<that seed> RETOUR_PROPERTY_CASES=1 draws this very case alone.

#include <cstdint>
#include <cstdlib>
#include <string>

namespace retour::testing {

struct PropertyRun {
  std::uint64_t seed = 0;
  std::uint64_t cases = 0;

  static PropertyRun from_environment(std::uint64_t default_seed, std::uint64_t default_cases) {
    return {number_in("RETOUR_PROPERTY_SEED", default_seed), number_in("RETOUR_PROPERTY_CASES", default_cases)};
  }

 private:
  static std::uint64_t number_in(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr || *text == '\0' ? otherwise : std::stoull(text);
  }
};

/// A quick source of draws: the same on every machine and with every standard library. Source: Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators" (SplitMix64), 2014.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : m_state(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = m_state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// A whole number from `low` to `high`, both included. The bias is below 2^-32 for what tests draw.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    const auto width = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(width == 0 ? bits() : bits() % width);
  }
  bool once_in(std::int64_t times) { return between(1, times) == 1; }

 private:
  std::uint64_t m_state;
};

}  // namespace retour::testing
