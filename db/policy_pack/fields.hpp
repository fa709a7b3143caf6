#pragma once
// Strict reading of one JSON object: every field is asked for by name, what nobody asked for is a fault, and so is
// what cannot be meant. Faults are collected, never thrown; a reader goes on with a value that does no harm.
// Internal to db/policy_pack.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "db/policy_pack/fault.hpp"
#include "plugin/core/time/time.hpp"

namespace retour::policy_pack {

struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

class Fields {
 public:
  /// `path` names the object in faults: "windows[2]". @pre `object` and `faults` outlive the reader.
  Fields(const nlohmann::json& object, std::string path, Faults& faults);

  bool has(const char* name) const { return m_object->contains(name); }
  std::string id(const char* name);  // letters, digits and . _ -
  std::string text(const char* name, std::size_t characters_max);
  std::string text_or_empty(const char* name, std::size_t characters_max);
  std::int64_t integer(const char* name, Range range);
  std::optional<std::int64_t> optional_integer(const char* name, Range range);
  std::optional<bool> optional_boolean(const char* name);
  std::optional<CivilDate> optional_date(const char* name);
  std::vector<std::string> texts(const char* name, std::size_t characters_max);
  std::vector<Fields> objects(const char* name, std::size_t items_max);
  std::vector<std::int64_t> integers(const char* name, std::size_t items, Range range);
  std::optional<Fields> object(const char* name);
  /// A section that has a reader of its own; null when it is not there.
  const nlohmann::json* section(const char* name) { return find(name); }

  /// One of the named values; a missing field is a fault.
  template <class T>
  T choice(const char* name, std::span<const T> all) {
    if (!has(name)) missing(name);
    return optional_choice(name, all).value_or(all.front());
  }
  template <class T>
  std::optional<T> optional_choice(const char* name, std::span<const T> all) {
    const nlohmann::json* value = find(name);
    return value == nullptr ? std::nullopt : chosen(*value, path_of(name), all);
  }
  template <class T>
  std::vector<T> choices(const char* name, std::span<const T> all) {
    std::vector<T> chosen_ones;
    for (const nlohmann::json& value : list(name)) {
      if (const auto one = chosen(value, path_of(name), all)) chosen_ones.push_back(*one);
    }
    return chosen_ones;
  }

  /// What was never asked for is unknown.
  void done();
  void fault(const char* name, std::string reason) { m_faults->push_back({path_of(name), std::move(reason)}); }
  std::string path_of(const char* name) const;
  const std::string& path() const { return m_path; }

 private:
  template <class T>
  std::optional<T> chosen(const nlohmann::json& value, const std::string& path, std::span<const T> all) {
    std::string known;
    for (const T one : all) {
      if (value.is_string() && value.get_ref<const std::string&>() == to_string(one)) return one;
      known += (known.empty() ? "" : ", ") + std::string(to_string(one));
    }
    m_faults->push_back({path, "is " + value.dump() + "; one of " + known + " is expected"});
    return std::nullopt;
  }

  const nlohmann::json* find(const char* name);
  /// The elements of a list that is there; an empty list and doubled elements are faults.
  std::vector<nlohmann::json> list(const char* name);
  void missing(const char* name) { fault(name, "is missing"); }
  std::optional<std::int64_t> whole_number(const nlohmann::json& value, const std::string& path, Range range);
  std::optional<std::string> plain_text(const nlohmann::json& value, const std::string& path,
                                        std::size_t characters_max);

  const nlohmann::json* m_object;
  std::string m_path;
  Faults* m_faults;
  std::set<std::string, std::less<>> m_asked;
};

/// The whole document, or nothing when it is no JSON object, names a field twice or is nested too deep.
std::optional<nlohmann::json> parse_object(std::string_view text, Faults& faults);

}  // namespace retour::policy_pack
