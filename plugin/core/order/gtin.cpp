#include "plugin/core/order/gtin.hpp"

#include <algorithm>

namespace retour {

std::string_view to_string(GtinError error) {
  switch (error) {
    case GtinError::not_digits:
      return "not_digits";
    case GtinError::wrong_length:
      return "wrong_length";
    case GtinError::check_digit_wrong:
      return "check_digit_wrong";
  }
  return "unknown";
}

Result<std::string, GtinError> parse_gtin(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return failure(GtinError::not_digits);
  }
  if (text.size() != 8 && text.size() != 12 && text.size() != 13 && text.size() != 14) {
    return failure(GtinError::wrong_length);
  }
  const std::string padded = std::string(14 - text.size(), '0').append(text);
  int sum = 0;
  // Weights 3, 1, 3, 1 … from the left of fourteen digits; the last one, the check digit, weighs 1.
  for (std::size_t i = 0; i < padded.size(); ++i) sum += (padded[i] - '0') * (i % 2 == 0 ? 3 : 1);
  if (sum % 10 != 0) return failure(GtinError::check_digit_wrong);
  return padded;
}

}  // namespace retour
