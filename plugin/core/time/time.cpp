#include "plugin/core/time/time.hpp"

#include <chrono>
#include <cstdio>

namespace retour {

HlcTime next_hlc(HlcTime last, std::int64_t now_ms) {
  const HlcTime physical = HlcTime::of(now_ms);
  return physical > last ? physical : HlcTime{last.packed + 1};
}

std::optional<CivilDate> CivilDate::parse(std::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (iso[i] < '0' || iso[i] > '9') return -1;
      value = value * 10 + (iso[i] - '0');
    }
    return value;
  };
  const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
  if (year < 0 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return CivilDate{static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count())};
}

CivilDate CivilDate::of_ms(std::int64_t ms) {
  constexpr std::int64_t ms_per_day = 86'400'000;
  const std::int64_t days = ms >= 0 ? ms / ms_per_day : -((-ms + ms_per_day - 1) / ms_per_day);
  return CivilDate{static_cast<std::int32_t>(days)};
}

std::string CivilDate::to_string() const {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace retour
