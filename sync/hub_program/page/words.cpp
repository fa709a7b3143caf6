#include "sync/hub_program/page/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "plugin/core/time/time.hpp"

namespace retour::hub_program {

namespace {

constexpr std::int64_t second_ms = 1'000, minute_ms = 60 * second_ms, hour_ms = 60 * minute_ms, day_ms = 24 * hour_ms;

std::string grouped(std::string digits) {
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string count_text(std::int64_t number) {
  return number < 0 ? "-" + grouped(std::to_string(number).substr(1)) : grouped(std::to_string(number));
}

std::string plural(std::int64_t number, const char* one, const char* many) {
  return count_text(number) + " " + (number == 1 ? one : many);
}

std::string duration_text(std::int64_t ms) {
  if (ms < minute_ms) return std::to_string(std::max<std::int64_t>(0, ms / second_ms)) + " s";
  if (ms < hour_ms) return std::to_string(ms / minute_ms) + " min";
  if (ms < 2 * day_ms) return std::to_string(ms / hour_ms) + " h";
  return count_text(ms / day_ms) + " d";
}

std::string time_text(std::int64_t ms) {
  if (ms == 0) return "never";
  const std::int64_t of_day_s = (ms % day_ms + day_ms) % day_ms / second_ms;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), " %02d:%02d:%02d UTC", static_cast<int>(of_day_s / 3600),
                static_cast<int>(of_day_s / 60 % 60), static_cast<int>(of_day_s % 60));
  return CivilDate::of_ms(ms).to_string() + text.data();
}

std::string money_text(Minor minor, const std::string& currency) {
  const auto known = Currency::parse(currency);
  const std::string plain =
      known ? retour::to_string(minor, *known) : std::to_string(minor) + " minor units of " + currency;
  const std::size_t first = plain.find_first_of("0123456789");
  const std::size_t end = plain.find_first_not_of("0123456789", first);
  return plain.substr(0, first) + grouped(plain.substr(first, end - first)) + plain.substr(end);
}

}  // namespace retour::hub_program
