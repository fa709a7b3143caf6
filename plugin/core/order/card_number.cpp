#include "plugin/core/order/card_number.hpp"

#include <string>

namespace retour {

namespace {

bool has_valid_check_digit(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool is_card_number(std::string_view digits) {
  return digits.size() >= 13 && digits.size() <= 19 && digits[0] >= '2' && digits[0] <= '6' &&
         has_valid_check_digit(digits);
}

}  // namespace

bool looks_like_card_number(std::string_view text) {
  std::string run;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      run += c;
    } else if (c != ' ' && c != '-') {
      if (is_card_number(run)) return true;
      run.clear();
    }
  }
  return is_card_number(run);
}

}  // namespace retour
