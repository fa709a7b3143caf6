#pragma once
// JSON written straight into a string: for the reply that a till asks for with every scan. Commas are its business,
// the shape is the caller's. Text of any bytes becomes valid JSON: what is not UTF-8 is written as U+FFFD.

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace retour::store {

class JsonText {
 public:
  JsonText() { m_text.reserve(4'096); }

  JsonText& open_object() { return open('{'); }
  JsonText& close_object() { return close('}'); }
  JsonText& open_array() { return open('['); }
  JsonText& close_array() { return close(']'); }
  JsonText& name(std::string_view name) {
    separate();
    quote(name);
    m_text += ':';
    m_first = true;  // the value follows without a comma
    return *this;
  }
  JsonText& value(std::string_view text) {
    separate();
    quote(text);
    return *this;
  }
  JsonText& value(const char* text) { return value(std::string_view(text)); }
  JsonText& value(bool truth) { return raw(truth ? "true" : "false"); }
  JsonText& null() { return raw("null"); }
  template <std::integral Number>
  JsonText& value(Number number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  template <class Value>
  JsonText& field(std::string_view field_name, const Value& field_value) {
    return name(field_name).value(field_value);
  }

  std::string take() { return std::move(m_text); }

 private:
  JsonText& open(char bracket) {
    separate();
    m_text += bracket;
    m_first = true;
    return *this;
  }
  JsonText& close(char bracket) {
    m_text += bracket;
    m_first = false;
    return *this;
  }
  JsonText& raw(std::string_view text) {
    separate();
    m_text += text;
    return *this;
  }
  void separate() {
    if (!m_first) m_text += ',';
    m_first = false;
  }
  void quote(std::string_view text);

  std::string m_text;
  bool m_first = true;
};

}  // namespace retour::store
