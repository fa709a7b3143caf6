#pragma once
// Reads an enumerator back from its stable name. For enums whose numbers run without gap and whose `to_string` names
// them.

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace retour {

template <class Enum>
std::optional<Enum> parse_word(std::string_view text, std::type_identity_t<Enum> first,
                               std::type_identity_t<Enum> last) {
  for (auto code = static_cast<std::uint8_t>(first); code <= static_cast<std::uint8_t>(last); ++code) {
    if (to_string(static_cast<Enum>(code)) == text) return static_cast<Enum>(code);
  }
  return std::nullopt;
}

}  // namespace retour
