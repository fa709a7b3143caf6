#include "plugin/app/case_code.hpp"

#include "plugin/app/spoken_code.hpp"

namespace retour::app {

namespace {
constexpr std::size_t data_characters = case_code_id_bytes * 8 / 5;
}  // namespace

std::string case_code(const ReturnCaseId& id) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < case_code_id_bytes; ++i) value = (value << 8) | id.bytes[i];
  return spoken_code(value, data_characters);
}

std::optional<std::array<std::uint8_t, case_code_id_bytes>> parse_case_code(std::string_view text) {
  const auto parsed = parse_spoken_code(text, data_characters);
  if (!parsed) return std::nullopt;
  std::array<std::uint8_t, case_code_id_bytes> bytes{};
  std::uint64_t value = *parsed;
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
  return bytes;
}

}  // namespace retour::app
