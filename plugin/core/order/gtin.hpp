#pragma once
// GS1 article numbers: kept as 14 digits with a valid check digit, whatever the symbol on the article carried.

#include <optional>
#include <string>
#include <string_view>

#include "plugin/core/base/result.hpp"

namespace retour {

enum class GtinError : std::uint8_t {
  not_digits = 1,
  wrong_length = 2,       // neither 8, 12, 13 nor 14 digits
  check_digit_wrong = 3,  // a digit was misread or mistyped
};
std::string_view to_string(GtinError error);

/// GTIN-8, -12, -13 or -14, padded with zeros to 14 digits. Source: GS1 General Specifications, section 7.9.
Result<std::string, GtinError> parse_gtin(std::string_view text);

}  // namespace retour
