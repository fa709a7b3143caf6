#include "plugin/app/spoken_code.hpp"

#include "plugin/core/base/require.hpp"

namespace retour::app {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t check_characters = 2;
constexpr std::size_t group_characters = 4;
// The largest prime below 32^2: a wrong character changes the value by d * 32^k and a swap of neighbours by
// d * 31 * 32^k with 0 < |d| < 32, none of which it divides.
constexpr std::uint64_t check_modulus = 1021;

std::optional<std::uint64_t> value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const auto place = alphabet.find(c);
  if (place == std::string_view::npos) return std::nullopt;
  return place;
}

std::string digits_of(std::uint64_t value, std::size_t count) {
  std::string text(count, '0');
  for (std::size_t i = count; i-- > 0; value >>= 5) text[i] = alphabet[value & 31];
  return text;
}

/// The check is over data and check characters together: value * 1024 + check is a multiple of the modulus.
std::uint64_t check_of(std::uint64_t value) {
  return (check_modulus - (value % check_modulus) * 1024 % check_modulus) % check_modulus;
}

}  // namespace

std::string spoken_code(std::uint64_t value, std::size_t data_characters) {
  require(data_characters <= spoken_data_characters_max && value >> (5 * data_characters) == 0,
          "a code for a value that does not fit into it");
  const std::string text = digits_of(value, data_characters) + digits_of(check_of(value), check_characters);
  std::string grouped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > 0 && i % group_characters == 0) grouped += '-';
    grouped += text[i];
  }
  return grouped;
}

std::optional<std::uint64_t> parse_spoken_code(std::string_view text, std::size_t data_characters) {
  std::uint64_t whole = 0;
  std::size_t characters = 0;
  for (const char c : text) {
    if (c == '-' || c == ' ') continue;
    const auto digit = value_of(c);
    if (!digit || ++characters > data_characters + check_characters) return std::nullopt;
    whole = (whole << 5) | *digit;
  }
  if (characters != data_characters + check_characters || whole % check_modulus != 0) return std::nullopt;
  const std::uint64_t value = whole >> 10;
  if ((whole & 1023) != check_of(value)) return std::nullopt;  // 1021 .. 1023 are never written
  return value;
}

}  // namespace retour::app
