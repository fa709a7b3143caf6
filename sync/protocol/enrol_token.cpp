#include "sync/protocol/enrol_token.hpp"

#include <charconv>
#include <vector>

namespace retour::protocol {

namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string EnrolToken::to_string() const {
  return "rt1:" + host + ":" + std::to_string(port) + ":" + secret + ":" + ca_fingerprint.to_string();
}

std::optional<EnrolToken> EnrolToken::parse(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  if (parts.size() != 5 || parts[0] != "rt1" || parts[1].empty()) return std::nullopt;
  const std::optional<std::uint16_t> port = parse_port(parts[2]);
  std::array<std::uint8_t, 16> secret{};
  EnrolToken token{.host = std::string(parts[1]), .secret = std::string(parts[3])};
  if (!port || !from_hex(parts[3], secret.data(), secret.size()) ||
      !from_hex(parts[4], token.ca_fingerprint.bytes.data(), token.ca_fingerprint.bytes.size())) {
    return std::nullopt;
  }
  token.port = *port;
  return token;
}

}  // namespace retour::protocol
