#include <algorithm>

#include "plugin/core/money/money.hpp"

namespace retour {
namespace {

// ISO 4217, table A.1: the minor unit of the currencies retailers trade in. Sorted by code.
constexpr Currency known_currencies[] = {
    {"AED", 2}, {"AUD", 2}, {"BGN", 2}, {"BHD", 3}, {"BRL", 2}, {"CAD", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2},
    {"CZK", 2}, {"DKK", 2}, {"EUR", 2}, {"GBP", 2}, {"HKD", 2}, {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2},
    {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KRW", 0}, {"KWD", 3}, {"MXN", 2}, {"MYR", 2}, {"NOK", 2}, {"NZD", 2},
    {"OMR", 3}, {"PHP", 2}, {"PLN", 2}, {"RON", 2}, {"RSD", 2}, {"SAR", 2}, {"SEK", 2}, {"SGD", 2}, {"THB", 2},
    {"TND", 3}, {"TRY", 2}, {"TWD", 2}, {"UAH", 2}, {"USD", 2}, {"VND", 0}, {"ZAR", 2}};

}  // namespace

std::optional<Currency> Currency::parse(std::string_view code) {
  const auto* found =
      std::lower_bound(std::begin(known_currencies), std::end(known_currencies), code,
                       [](const Currency& known, std::string_view wanted) { return known.name() < wanted; });
  if (found == std::end(known_currencies) || found->name() != code) return std::nullopt;
  return *found;
}

}  // namespace retour
