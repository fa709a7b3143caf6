#pragma once
// The short code a person reads aloud or types: names a return case on receipts and slips. A reference, never a
// right. 8 characters of the case id and 2 check characters, in Crockford's alphabet (no I, L, O, U): "4F7K-29QX-M3".

#include <optional>
#include <string>
#include <string_view>

#include "plugin/core/base/id.hpp"

namespace retour::app {

inline constexpr std::size_t case_code_id_bytes = 5;  // of the case id: 40 bits, 8 characters of 5 bits

std::string case_code(const ReturnCaseId& id);

/// The first 40 bits of the case id, or empty when the text is no code. Blanks, dashes and case do not matter; O and
/// 0, I, L and 1 are the same. Every single wrong character and every swap of two neighbours is found.
std::optional<std::array<std::uint8_t, case_code_id_bytes>> parse_case_code(std::string_view text);

}  // namespace retour::app
