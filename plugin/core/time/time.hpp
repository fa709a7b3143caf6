#pragma once
// Times as values. Nothing here reads a clock: the edge hands times in (plugin/ports/clock.hpp).

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace retour {

/// Hybrid logical clock: 48 bits of milliseconds since 1970, 16 bits of counter, as one integer.
/// Orders what people read, never who gets the money. Source: Kulkarni et al., "Logical Physical Clocks", 2014.
struct HlcTime {
  std::uint64_t packed = 0;

  static HlcTime of(std::int64_t ms, std::uint16_t counter = 0) {
    return {(static_cast<std::uint64_t>(ms) << 16) | counter};
  }
  std::int64_t ms() const { return static_cast<std::int64_t>(packed >> 16); }
  std::uint16_t counter() const { return static_cast<std::uint16_t>(packed & 0xffff); }
  friend auto operator<=>(const HlcTime&, const HlcTime&) = default;
};

/// The next time of a node: never below `last`, never below `now_ms`; the counter carries over into the next ms.
HlcTime next_hlc(HlcTime last, std::int64_t now_ms);

/// A civil date as days since 1970-01-01. A BusinessDate is a CivilDate that the store handed in.
struct CivilDate {
  std::int32_t days = 0;

  static std::optional<CivilDate> parse(std::string_view iso);  // "2011-12-09"
  static CivilDate of_ms(std::int64_t ms);                      // the UTC date of an instant, for logs and partitions
  std::string to_string() const;
  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};
using BusinessDate = CivilDate;

/// Whole days from `from` to `to`, negative when `to` is earlier.
inline std::int32_t days_between(CivilDate from, CivilDate to) {
  return to.days - from.days;
}

}  // namespace retour
