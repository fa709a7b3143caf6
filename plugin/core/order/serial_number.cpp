#include "plugin/core/order/serial_number.hpp"

#include <algorithm>

#include "plugin/core/order/card_number.hpp"

namespace retour {

namespace {

bool is_imei(std::string_view serial) {
  return serial.size() == 15 && std::ranges::all_of(serial, [](char c) { return c >= '0' && c <= '9'; }) &&
         !serial.starts_with("34") && !serial.starts_with("37");
}

}  // namespace

SerialFault fault_of_serial(std::string_view serial) {
  if (serial.empty()) return SerialFault::empty;
  if (serial.size() > serial_bytes_max) return SerialFault::too_long;
  return looks_like_card_number(serial) && !is_imei(serial) ? SerialFault::card_number : SerialFault::none;
}

std::string_view words_of(SerialFault fault) {
  switch (fault) {
    case SerialFault::none:
      break;
    case SerialFault::empty:
      return "is empty";
    case SerialFault::too_long:
      return "is longer than 64 bytes";
    case SerialFault::card_number:
      return "looks like a card number, which must never be kept here";
  }
  return "is a serial number";
}

}  // namespace retour
