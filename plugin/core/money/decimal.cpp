#include <cstdint>

#include "plugin/core/money/int128.hpp"
#include "plugin/core/money/money.hpp"

namespace retour {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Int128 power_of_ten(unsigned exponent) {
  Int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// 10^19 * 2^63 is below 2^127; further apart, the number with fewer decimals decides by its sign alone.
constexpr unsigned comparable_scales_apart_max = 19;

/// Compares when `a` has at most as many decimals as `b`.
std::strong_ordering compare_aligned(const Decimal& a, const Decimal& b) {
  const unsigned apart = static_cast<unsigned>(b.scale - a.scale);
  if (apart <= comparable_scales_apart_max) {
    const Int128 left = a.mantissa * power_of_ten(apart);
    if (left == b.mantissa) return std::strong_ordering::equal;
    return left < b.mantissa ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.mantissa != 0 ? a.mantissa <=> 0 : 0 <=> b.mantissa;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);

  Decimal parsed;
  std::size_t digits = 0;
  bool after_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      if (after_point || i == 0 || i + 1 == text.size()) return std::nullopt;
      after_point = true;
      continue;
    }
    if (!is_digit(text[i]) || ++digits > decimal_digits_max) return std::nullopt;
    parsed.mantissa = parsed.mantissa * 10 + (text[i] - '0');
    if (after_point && ++parsed.scale > decimal_scale_max) return std::nullopt;
  }
  if (digits == 0) return std::nullopt;
  if (negative) parsed.mantissa = -parsed.mantissa;
  return parsed;
}

std::string Decimal::to_string() const {
  const bool negative = mantissa < 0;
  const auto unsigned_mantissa = static_cast<std::uint64_t>(mantissa);
  std::string text = std::to_string(negative ? 0 - unsigned_mantissa : unsigned_mantissa);
  if (scale > 0) {
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    text.insert(text.size() - scale, 1, '.');
  }
  return negative ? "-" + text : text;
}

Decimal Decimal::normalized() const {
  Decimal shorter = *this;
  while (shorter.scale > 0 && shorter.mantissa % 10 == 0) {
    shorter.mantissa /= 10;
    --shorter.scale;
  }
  return shorter;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.scale == b.scale) return a.mantissa <=> b.mantissa;
  return a.scale < b.scale ? compare_aligned(a, b) : 0 <=> compare_aligned(b, a);
}

std::optional<Minor> extend(const Decimal& price, std::int64_t quantity, const Currency& currency,
                            Rounding rounding) {
  if (price.mantissa < 0 || quantity < 0 || price.scale > decimal_scale_max) return std::nullopt;
  // 2^63 * 2^63 fits; the factor is applied only after the product is known to be small.
  const Int128 product = static_cast<Int128>(price.mantissa) * quantity;
  if (price.scale <= currency.decimals) {
    const Int128 factor = power_of_ten(static_cast<unsigned>(currency.decimals - price.scale));
    if (product > minor_max / factor) return std::nullopt;
    return static_cast<Minor>(product * factor);
  }
  const Int128 divisor = power_of_ten(static_cast<unsigned>(price.scale - currency.decimals));
  const Int128 rounded = divide_rounded(product, divisor, rounding);
  if (rounded > minor_max) return std::nullopt;
  return static_cast<Minor>(rounded);
}

}  // namespace retour
