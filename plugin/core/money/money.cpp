#include "plugin/core/money/money.hpp"

#include <algorithm>
#include <numeric>

#include "plugin/core/base/require.hpp"
#include "plugin/core/money/int128.hpp"

namespace retour {
namespace {

/// Gives one more to the `spare` parts with the largest fractions, ties to the last.
void hand_out_spares(std::vector<Minor>& parts, const std::vector<Int128>& fractions, std::size_t spare) {
  if (spare == 0) return;
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto before = [&](std::size_t a, std::size_t b) {
    return fractions[a] != fractions[b] ? fractions[a] > fractions[b] : a > b;
  };
  // A total order: whoever stands among the first `spare` is the same with every standard library.
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(spare - 1), order.end(), before);
  for (std::size_t i = 0; i < spare; ++i) ++parts[order[i]];
}

}  // namespace

Int128 divide_rounded(Int128 dividend, Int128 divisor, Rounding rounding) {
  const Int128 quotient = dividend / divisor;
  const Int128 twice_rest = 2 * (dividend % divisor);
  switch (rounding) {
    case Rounding::down:
      return quotient;
    case Rounding::half_up:
      return quotient + (twice_rest >= divisor ? 1 : 0);
    case Rounding::half_even:
      return quotient + (twice_rest > divisor || (twice_rest == divisor && quotient % 2 == 1) ? 1 : 0);
  }
  require(false, "a rounding that has no name");
  return quotient;
}

Minor percent_of(Minor amount, BasisPoints rate, Rounding rounding) {
  require(amount >= 0 && amount <= minor_max, "percent_of: amount outside [0, minor_max]");
  require(rate.value >= 0 && rate.value <= 10'000, "percent_of: rate outside [0, 10000]");
  return static_cast<Minor>(divide_rounded(static_cast<Int128>(amount) * rate.value, 10'000, rounding));
}

std::vector<Minor> allocate(Minor amount, std::span<const Minor> weights) {
  require(amount >= 0 && amount <= minor_max, "allocate: amount outside [0, minor_max]");
  require(!weights.empty(), "allocate: no parts");
  Int128 weight_sum = 0;
  for (const Minor weight : weights) {
    require(weight >= 0, "allocate: negative weight");
    weight_sum += weight;
  }
  std::vector<Minor> parts(weights.size(), 0);
  if (weight_sum == 0) {
    parts.back() = amount;
    return parts;
  }
  std::vector<Int128> fractions(weights.size());
  Minor left = amount;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Int128 product = static_cast<Int128>(amount) * weights[i];
    parts[i] = static_cast<Minor>(product / weight_sum);
    fractions[i] = product % weight_sum;
    left -= parts[i];
  }
  hand_out_spares(parts, fractions, static_cast<std::size_t>(left));
  return parts;
}

std::optional<std::vector<Minor>> allocate_capped(Minor amount, std::span<const Minor> weights,
                                                  std::span<const Minor> caps) {
  require(weights.size() == caps.size(), "allocate_capped: as many caps as weights");
  std::vector<Minor> parts(weights.size(), 0);
  std::vector<std::size_t> open;  // parts with room left
  Int128 room_sum = 0;
  for (std::size_t i = 0; i < caps.size(); ++i) {
    require(caps[i] >= 0, "allocate_capped: negative cap");
    room_sum += caps[i];
    if (caps[i] > 0) open.push_back(i);
  }
  if (room_sum < amount) return std::nullopt;

  // Each round that leaves something over has filled at least one part, so the loop ends.
  while (amount > 0) {
    std::vector<Minor> open_weights;
    for (const std::size_t i : open) open_weights.push_back(weights[i]);
    const std::vector<Minor> shares = allocate(amount, open_weights);
    std::vector<std::size_t> still_open;
    for (std::size_t k = 0; k < open.size(); ++k) {
      const std::size_t i = open[k];
      const Minor taken = std::min(shares[k], caps[i] - parts[i]);
      parts[i] += taken;
      amount -= taken;
      if (parts[i] < caps[i]) still_open.push_back(i);
    }
    open = std::move(still_open);
  }
  return parts;
}

std::string to_string(Minor amount, const Currency& currency) {
  return Decimal{amount, currency.decimals}.to_string() + " " + std::string(currency.name());
}

std::string_view to_string(Rounding rounding) {
  switch (rounding) {
    case Rounding::down:
      return "down";
    case Rounding::half_up:
      return "half_up";
    case Rounding::half_even:
      return "half_even";
  }
  return "unknown";
}

}  // namespace retour
