#pragma once
// Serial numbers tell units of one article apart: IMEI, engraved number, number of a ticket.

#include <string_view>

namespace retour {

inline constexpr std::size_t serial_bytes_max = 64;

enum class SerialFault { none, empty, too_long, card_number };

/// What makes a text no serial number that may be kept. Fifteen digits are an IMEI, whose check digit is a card
/// number's too, unless they begin as the cards of that length do (34, 37).
SerialFault fault_of_serial(std::string_view serial);

/// "is empty", ...: behind the name of a field or column. @pre fault != none.
std::string_view words_of(SerialFault fault);

}  // namespace retour
