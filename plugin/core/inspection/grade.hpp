#pragma once
// What inspection saw (Grade) and where the goods go (Disposition). Stable codes, stored and on screen.

#include <cstdint>
#include <optional>
#include <string_view>

namespace retour {

/// From best to worst; `ungraded`: nobody has looked.
enum class Grade : std::uint8_t { ungraded = 0, resalable = 1, refurbishable = 2, unsellable = 3 };

enum class Disposition : std::uint8_t {
  undecided = 0,
  restock = 1,
  outlet = 2,
  refurbish = 3,
  parts = 4,
  return_to_vendor = 5,
  donate = 6,
  recycle = 7,
  scrap = 8,
  hold = 9
};

std::string_view to_string(Grade);
std::string_view to_string(Disposition);
std::optional<Grade> parse_grade(std::string_view);
std::optional<Disposition> parse_disposition(std::string_view);

}  // namespace retour
