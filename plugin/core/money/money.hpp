#pragma once
// Money in minor units, decimals with their scale, and the one function that splits an amount without loss.
// No floating point, no implicit rounding: whoever rounds names the rounding.

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/base/result.hpp"

namespace retour {

using Minor = std::int64_t;  // minor units (cents, pence); the currency stands beside it

/// 10^15 minor units is ten trillion euro and below 2^53, so a JSON number holds every amount exactly.
inline constexpr Minor minor_max = 1'000'000'000'000'000;

/// ISO 4217: three capital letters and the number of decimals of the minor unit.
struct Currency {
  char code[4] = "XXX";
  std::uint8_t decimals = 2;

  static std::optional<Currency> parse(std::string_view code);  // known codes only
  std::string_view name() const { return {code, 3}; }
  friend bool operator==(const Currency&, const Currency&) = default;
};

inline constexpr std::uint8_t decimal_scale_max = 9;   // decimals of a price or a rate; three occur in practice
inline constexpr std::size_t decimal_digits_max = 15;  // digits in all: the mantissa stays below 2^53

/// A decimal with its scale, as written at the source: "12.005" is {12005, 3}. Compared by value.
struct Decimal {
  std::int64_t mantissa = 0;
  std::uint8_t scale = 0;

  /// Optional sign, digits, at most one point with digits on both sides, at most 9 decimals, at most 15 digits.
  /// No exponent, no blanks.
  static std::optional<Decimal> parse(std::string_view text);
  std::string to_string() const;
  /// Without trailing zeros, so that equal values are equal members.
  Decimal normalized() const;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == std::strong_ordering::equal; }
};

enum class Rounding { down, half_up, half_even };
std::string_view to_string(Rounding);

/// quantity * price in minor units. Empty when the result leaves [0, minor_max], the price or the quantity is
/// negative, or the price has more than decimal_scale_max decimals.
std::optional<Minor> extend(const Decimal& price, std::int64_t quantity, const Currency& currency, Rounding rounding);

struct BasisPoints {
  std::int32_t value = 0;  // 10000 is the whole
};
/// @pre amount in [0, minor_max], rate in [0, 10000].
Minor percent_of(Minor amount, BasisPoints rate, Rounding rounding);

/// Splits `amount` in proportion to `weights`: parts sum to the amount, always; spare minor units go to the largest
/// fractions, ties to the last (a partial refund never overpays). All weights zero: all of it to the last part.
/// @pre amount in [0, minor_max], weights not negative and not empty. Source: docs/money.md, "Largest remainder".
std::vector<Minor> allocate(Minor amount, std::span<const Minor> weights);

/// The same, but no part exceeds its cap: what lies above a cap is divided again over the parts that still have room,
/// by the same rule, until nothing is left. Empty when the caps together are below the amount.
/// @pre as for allocate; as many caps as weights, none negative. Source: docs/money.md, "Caps".
std::optional<std::vector<Minor>> allocate_capped(Minor amount, std::span<const Minor> weights,
                                                  std::span<const Minor> caps);

/// For people and tests: "12.34 GBP".
std::string to_string(Minor amount, const Currency& currency);

}  // namespace retour
