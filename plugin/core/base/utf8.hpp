#pragma once
// UTF-8, judged to the byte: text from outside is either valid or refused. Source: Unicode 15, table 3-7.

#include <cstddef>
#include <optional>
#include <string_view>

namespace retour {

/// Bytes of the character that begins at `at`; 0 when none does: no overlong forms, no surrogates. @pre at < size.
std::size_t utf8_length_at(std::string_view text, std::size_t at);

/// The place of the first byte that is not UTF-8; empty when all is.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

}  // namespace retour
