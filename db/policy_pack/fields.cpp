#include "db/policy_pack/fields.hpp"

#include <algorithm>

#include "db/policy_pack/limits.hpp"

namespace retour::policy_pack {

namespace {

using nlohmann::json;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

/// Of valid UTF-8: the JSON parser has refused any other.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

/// Sees doubled fields and depth while the text is read; the parser itself would keep the last of two fields.
class Guard {
 public:
  explicit Guard(Faults& faults) : m_faults(faults) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > json_depth_max && !m_too_deep) {
      m_too_deep = true;
      m_faults.push_back({"", "is nested deeper than " + std::to_string(json_depth_max) + " levels"});
    }
    if (event == json::parse_event_t::object_start) m_keys.emplace_back();
    if (event == json::parse_event_t::object_end) m_keys.pop_back();
    if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!m_keys.back().insert(key).second) {
        m_faults.push_back({"", "names the field \"" + key + "\" twice in one object"});
      }
    }
    return !m_too_deep;
  }

 private:
  Faults& m_faults;
  std::vector<std::set<std::string>> m_keys;
  bool m_too_deep = false;
};

}  // namespace

std::string to_string(const Fault& fault) {
  return (fault.path.empty() ? "the file" : fault.path) + " " + fault.reason;
}

std::optional<json> parse_object(std::string_view text, Faults& faults) {
  if (text.size() > pack_bytes_max) {
    faults.push_back({"", "is larger than " + std::to_string(pack_bytes_max) + " bytes"});
    return std::nullopt;
  }
  const std::size_t before = faults.size();
  try {
    Guard guard(faults);
    json parsed = json::parse(
        text, [&guard](int depth, json::parse_event_t event, json& value) { return guard(depth, event, value); });
    if (!parsed.is_object() && faults.size() == before) faults.push_back({"", "is not a JSON object"});
    if (faults.size() == before) return parsed;
  } catch (const json::exception& error) {
    const auto* broken = dynamic_cast<const json::parse_error*>(&error);
    faults.push_back({"", broken != nullptr ? "is not JSON: it breaks at byte " + std::to_string(broken->byte)
                                            : "holds a number beyond every range"});
  }
  return std::nullopt;
}

Fields::Fields(const json& object, std::string path, Faults& faults)
    : m_object(&object), m_path(std::move(path)), m_faults(&faults) {
  if (!object.is_object()) faults.push_back({m_path, "is not an object"});
}

std::string Fields::path_of(const char* name) const {
  return m_path.empty() ? name : m_path + "." + name;
}

const json* Fields::find(const char* name) {
  m_asked.insert(name);
  const auto found = m_object->find(name);
  return found == m_object->end() ? nullptr : &*found;
}

void Fields::done() {
  if (!m_object->is_object()) return;
  for (const auto& [key, value] : m_object->items()) {
    if (!m_asked.contains(key)) fault(key.c_str(), "is not known to this version");
  }
}

std::optional<std::string> Fields::plain_text(const json& value, const std::string& path,
                                              std::size_t characters_max) {
  const auto wrong = [&](const std::string& reason) {
    m_faults->push_back({path, reason});
    return std::nullopt;
  };
  if (!value.is_string()) return wrong("is not text");
  const auto& text = value.get_ref<const std::string&>();
  if (text.empty()) return wrong("is empty");
  if (characters(text) > characters_max)
    return wrong("has more than " + std::to_string(characters_max) + " characters");
  if (has_control_character(text)) return wrong("holds a control character");
  return text;
}

std::string Fields::text_or_empty(const char* name, std::size_t characters_max) {
  const json* value = find(name);
  return value == nullptr ? "" : plain_text(*value, path_of(name), characters_max).value_or("");
}

std::string Fields::text(const char* name, std::size_t characters_max) {
  if (!has(name)) missing(name);
  return text_or_empty(name, characters_max);
}

std::string Fields::id(const char* name) {
  const std::string value = text(name, id_characters_max);
  if (!std::all_of(value.begin(), value.end(), is_id_character)) {
    fault(name, "is \"" + value + "\"; letters, digits, dots, dashes and underscores are expected");
  }
  return value;
}

std::optional<std::int64_t> Fields::whole_number(const json& value, const std::string& path, Range range) {
  const bool fits_signed = value.is_number_integer() && (!value.is_number_unsigned() ||
                                                         value.get<std::uint64_t>() <= 9'223'372'036'854'775'807ULL);
  if (fits_signed && value.get<std::int64_t>() >= range.min && value.get<std::int64_t>() <= range.max) {
    return value.get<std::int64_t>();
  }
  m_faults->push_back({path, "is " + value.dump() + "; a whole number from " + std::to_string(range.min) + " to " +
                                 std::to_string(range.max) + " is expected"});
  return std::nullopt;
}

std::optional<std::int64_t> Fields::optional_integer(const char* name, Range range) {
  const json* value = find(name);
  return value == nullptr ? std::nullopt : whole_number(*value, path_of(name), range);
}

std::int64_t Fields::integer(const char* name, Range range) {
  if (!has(name)) missing(name);
  return optional_integer(name, range).value_or(range.min);
}

std::optional<bool> Fields::optional_boolean(const char* name) {
  const json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) fault(name, "is " + value->dump() + "; true or false is expected");
  return value->is_boolean() && value->get<bool>();
}

std::optional<CivilDate> Fields::optional_date(const char* name) {
  const json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto parsed =
      value->is_string() ? CivilDate::parse(value->get_ref<const std::string&>()) : std::optional<CivilDate>{};
  if (!parsed) fault(name, "is " + value->dump() + "; a date like \"2026-11-22\" is expected");
  return parsed;
}

std::vector<json> Fields::list(const char* name) {
  const json* value = find(name);
  if (value == nullptr) return {};
  if (!value->is_array()) return fault(name, "is not a list"), std::vector<json>{};
  if (value->empty()) fault(name, "is an empty list; leave it out when every value is meant");
  if (value->size() > values_max) {
    fault(name, "has more than " + std::to_string(values_max) + " entries");
    return {};
  }
  std::vector<json> sorted = *value;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) fault(name, "names " + twice->dump() + " twice");
  return *value;
}

std::vector<std::string> Fields::texts(const char* name, std::size_t characters_max) {
  std::vector<std::string> values;
  for (const json& value : list(name)) {
    if (auto text = plain_text(value, path_of(name), characters_max)) values.push_back(std::move(*text));
  }
  return values;
}

std::vector<std::int64_t> Fields::integers(const char* name, std::size_t items, Range range) {
  if (!has(name)) missing(name);
  std::vector<std::int64_t> values;
  for (const json& value : list(name)) {
    if (const auto number = whole_number(value, path_of(name), range)) values.push_back(*number);
  }
  if (has(name) && (*m_object)[name].size() != items) {
    fault(name,
          "has " + std::to_string((*m_object)[name].size()) + " entries; " + std::to_string(items) + " are expected");
  }
  return values;
}

std::vector<Fields> Fields::objects(const char* name, std::size_t items_max) {
  const json* value = find(name);
  if (value == nullptr) return {};
  if (!value->is_array()) return fault(name, "is not a list"), std::vector<Fields>{};
  if (value->size() > items_max) fault(name, "has more than " + std::to_string(items_max) + " entries");
  std::vector<Fields> items;
  for (std::size_t i = 0; i < std::min(value->size(), items_max); ++i) {
    items.emplace_back((*value)[i], path_of(name) + "[" + std::to_string(i) + "]", *m_faults);
  }
  return items;
}

std::optional<Fields> Fields::object(const char* name) {
  const json* value = find(name);
  if (value == nullptr) return std::nullopt;
  return Fields(*value, path_of(name), *m_faults);
}

}  // namespace retour::policy_pack
