#include "plugin/store/http/json_text.hpp"

#include "plugin/core/base/utf8.hpp"

namespace retour::store {

namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[static_cast<unsigned char>(c) & 15];
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out.append(text.substr(0, plain));
    if (plain < text.size()) escape(out, text[plain++]);
    text.remove_prefix(plain);
  }
}

}  // namespace

void JsonText::quote(std::string_view text) {
  m_text += '"';
  while (const auto bad = first_invalid_utf8(text)) {
    append_escaped(m_text, text.substr(0, *bad));
    m_text += "\xef\xbf\xbd";
    text.remove_prefix(*bad + 1);
  }
  append_escaped(m_text, text);
  m_text += '"';
}

}  // namespace retour::store
