#include "plugin/store/http/json_reader.hpp"

#include "plugin/core/base/utf8.hpp"

namespace retour::store {

namespace {

using nlohmann::json;

/// Refuses depth and doubled keys while the text is read, before anything large is built.
class Guard {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > json_depth_max) {
      throw Problem(400, "json_too_deep",
                    "The JSON is nested deeper than " + std::to_string(json_depth_max) + " levels.",
                    nothing_recorded);
    }
    if (event == json::parse_event_t::object_start) m_keys.emplace_back();
    if (event == json::parse_event_t::object_end && !m_keys.empty()) m_keys.pop_back();
    if (event == json::parse_event_t::key && !m_keys.empty()) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!m_keys.back().insert(key).second) {
        throw Problem(400, "json_key_twice", "The JSON names the field \"" + key + "\" twice in one object.",
                      nothing_recorded);
      }
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> m_keys;
};

}  // namespace

json parse_document(std::string_view text) {
  if (const auto bad = first_invalid_utf8(text)) {
    throw Problem(400, "invalid_utf8", "The body is not UTF-8: byte " + std::to_string(*bad) + " cannot be read.",
                  nothing_recorded);
  }
  Guard guard;
  try {
    return json::parse(
        text, [&guard](int depth, json::parse_event_t event, json& parsed) { return guard(depth, event, parsed); });
  } catch (const json::parse_error& error) {
    throw Problem(400, "json_invalid", "The body is not JSON: it breaks at byte " + std::to_string(error.byte) + ".",
                  nothing_recorded);
  } catch (const json::out_of_range&) {
    throw Problem(400, "json_invalid", "The body holds a number beyond every range.", nothing_recorded);
  }
}

Fields::Fields(const json& object, std::string path) : m_object(&object), m_path(std::move(path)) {
  if (!object.is_object()) {
    throw Problem(422, "value_invalid",
                  (m_path.empty() ? "The body" : "The field " + m_path) + " is not a JSON object.", nothing_recorded);
  }
}

std::string Fields::name_of(const char* name) const {
  return m_path.empty() ? name : m_path + "." + name;
}

void Fields::refuse(const char* name, const std::string& reason, std::string code) const {
  throw Problem(422, std::move(code), "The field " + name_of(name) + " " + reason + ".", nothing_recorded);
}

bool Fields::has(const char* name) const {
  const auto found = m_object->find(name);
  return found != m_object->end() && !found->is_null();
}

const json* Fields::find(const char* name) {
  mark(name);
  const auto found = m_object->find(name);
  return found == m_object->end() || found->is_null() ? nullptr : &*found;
}

const json& Fields::get(const char* name) {
  const json* value = find(name);
  if (value == nullptr) refuse(name, "is missing", "field_missing");
  return *value;
}

std::string Fields::text(const char* name, std::size_t bytes_max) {
  const json& value = get(name);
  if (!value.is_string()) refuse(name, "is not text");
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() > bytes_max)
    refuse(name, "is longer than " + std::to_string(bytes_max) + " bytes", "value_too_long");
  if (text.find('\0') != std::string::npos) refuse(name, "holds a zero byte");
  return text;
}

std::string Fields::text_or(const char* name, std::size_t bytes_max, std::string fallback) {
  return find(name) == nullptr ? std::move(fallback) : text(name, bytes_max);
}

std::int64_t Fields::integer(const char* name, std::int64_t min, std::int64_t max) {
  const json& value = get(name);
  const std::string range = std::to_string(min) + " to " + std::to_string(max);
  if (!value.is_number()) refuse(name, "is not a number");
  // A number too long for 64 bits is read as floating point: it is out of range, not "not whole".
  const bool huge = value.is_number_float() && (value.get<double>() >= 9.2e18 || value.get<double>() <= -9.2e18);
  if (value.is_number_float() && !huge) refuse(name, "is not a whole number");
  const bool above_signed = value.is_number_unsigned() && value.get<std::uint64_t>() > 9'223'372'036'854'775'807ULL;
  if (huge || above_signed || value.get<std::int64_t>() < min || value.get<std::int64_t>() > max) {
    refuse(name, "is " + value.dump() + "; it must lie in " + range, "value_out_of_range");
  }
  return value.get<std::int64_t>();
}

std::int64_t Fields::integer_or(const char* name, std::int64_t min, std::int64_t max, std::int64_t fallback) {
  return find(name) == nullptr ? fallback : integer(name, min, max);
}

Minor Fields::minor(const char* name) {
  return integer(name, 0, minor_max);
}

Minor Fields::minor_or(const char* name, Minor fallback) {
  return find(name) == nullptr ? fallback : minor(name);
}

bool Fields::boolean_or(const char* name, bool fallback) {
  const json* value = find(name);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) refuse(name, "is neither true nor false");
  return value->get<bool>();
}

CivilDate Fields::date(const char* name) {
  const std::string written = text(name, 32);
  const auto parsed = CivilDate::parse(written);
  if (!parsed) refuse(name, "is \"" + written + "\"; expected a date like 2026-11-22");
  return *parsed;
}

std::optional<CivilDate> Fields::optional_date(const char* name) {
  return find(name) == nullptr ? std::nullopt : std::optional(date(name));
}

Decimal Fields::decimal(const char* name) {
  const std::string written = text(name, 40);
  const auto parsed = Decimal::parse(written);
  if (!parsed) refuse(name, "is \"" + written + "\"; expected a decimal as text, like \"12.95\"");
  return *parsed;
}

std::optional<Decimal> Fields::optional_decimal(const char* name) {
  return find(name) == nullptr ? std::nullopt : std::optional(decimal(name));
}

const json& Fields::list(const char* name, std::size_t items_max) {
  const json& value = get(name);
  if (!value.is_array()) refuse(name, "is not a list");
  if (value.size() > items_max)
    refuse(name, "has more than " + std::to_string(items_max) + " entries", "list_too_long");
  return value;
}

std::vector<Fields> Fields::objects(const char* name, std::size_t items_max) {
  const json& value = list(name, items_max);
  std::vector<Fields> items;
  items.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    items.emplace_back(value[i], name_of(name) + "[" + std::to_string(i) + "]");
  }
  return items;
}

Fields Fields::object(const char* name) {
  return Fields(get(name), name_of(name));
}
std::vector<Fields> Fields::objects_or_none(const char* name, std::size_t items_max) {
  return find(name) == nullptr ? std::vector<Fields>{} : objects(name, items_max);
}

std::optional<Fields> Fields::object_or_none(const char* name) {
  const json* value = find(name);
  return value == nullptr ? std::nullopt : std::optional(Fields(*value, name_of(name)));
}

std::vector<std::string> Fields::texts_or_none(const char* name, std::size_t items_max, std::size_t bytes_max) {
  std::vector<std::string> texts;
  if (find(name) == nullptr) return texts;
  for (const json& item : list(name, items_max)) {
    if (!item.is_string()) refuse(name, "holds something that is not text");
    texts.push_back(item.get<std::string>());
    if (texts.back().size() > bytes_max) {
      refuse(name, "holds a text longer than " + std::to_string(bytes_max) + " bytes", "value_too_long");
    }
    if (texts.back().find('\0') != std::string::npos) refuse(name, "holds a zero byte");
  }
  return texts;
}

std::vector<std::int64_t> Fields::integers_or_none(const char* name, std::size_t items_max, std::int64_t min,
                                                   std::int64_t max) {
  std::vector<std::int64_t> numbers;
  if (find(name) == nullptr) return numbers;
  for (const json& item : list(name, items_max)) {
    if (!item.is_number_integer()) refuse(name, "holds something that is not a whole number");
    const bool huge = item.is_number_unsigned() && item.get<std::uint64_t>() > 9'223'372'036'854'775'807ULL;
    if (huge || item.get<std::int64_t>() < min || item.get<std::int64_t>() > max) {
      refuse(name, "holds " + item.dump() + "; " + std::to_string(min) + " to " + std::to_string(max) + " is meant",
             "value_out_of_range");
    }
    numbers.push_back(item.get<std::int64_t>());
  }
  return numbers;
}

void Fields::done() const {
  for (const auto& [key, value] : m_object->items()) {
    if (m_asked.contains(key)) continue;
    throw Problem(422, "field_unknown",
                  "The field " + (m_path.empty() ? key : m_path + "." + key) + " is not known here.",
                  nothing_recorded);
  }
}

}  // namespace retour::store
