#pragma once
// Codes that a person reads aloud or types: Crockford's alphabet (no I, L, O, U) with two check characters behind the
// data, in groups of four: "4F7K-29QX-M3". Every single wrong character and every swap of two neighbours is found.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace retour::app {

inline constexpr std::size_t spoken_data_characters_max = 10;  // 50 bits; with the check characters 60

/// @pre `value` fits into `data_characters` of 5 bits each, at most spoken_data_characters_max.
std::string spoken_code(std::uint64_t value, std::size_t data_characters);

/// Empty when the text is no code of so many data characters. Blanks, dashes and case do not matter; O and 0, I, L
/// and 1 are the same.
std::optional<std::uint64_t> parse_spoken_code(std::string_view text, std::size_t data_characters);

}  // namespace retour::app
