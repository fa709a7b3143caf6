#pragma once
// Card numbers never enter the system: text that looks like one is refused where it comes in.

#include <string_view>

namespace retour {

/// True when the text holds 13 to 19 digits in a row (blanks and dashes between them do not hide it), beginning with
/// 2 to 6 as card numbers do, and with a valid check digit (Luhn). One innocent number in ten of that form is refused
/// too: better than keeping a card number for ever.
bool looks_like_card_number(std::string_view text);

}  // namespace retour
