#pragma once
// Values as people read them, and text as HTML may hold it.

#include <cstdint>
#include <string>
#include <string_view>

#include "plugin/core/money/money.hpp"

namespace retour::hub_program {

/// For element content and quoted attributes.
std::string escaped(std::string_view text);

std::string count_text(std::int64_t number);                                 // "42,481"
std::string plural(std::int64_t number, const char* one, const char* many);  // "1 store", "2 stores"
std::string duration_text(std::int64_t ms);  // "12 s", "5 min", "3 h", "4 d": rounded down, one unit
std::string time_text(std::int64_t ms);      // "2026-11-22 04:31:05 UTC"; "never" for 0
std::string money_text(Minor minor, const std::string& currency);  // "1,234.50 GBP"

}  // namespace retour::hub_program
