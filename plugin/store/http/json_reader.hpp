#pragma once
// Strict reading of JSON from outside: every field is asked for by name, and what nobody asked for is refused by
// name. Throws Problem (400 for broken text, 422 for a value that cannot be meant).

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/base/id.hpp"
#include "plugin/core/money/money.hpp"
#include "plugin/core/time/time.hpp"
#include "plugin/store/http/problem.hpp"

namespace retour::store {

inline constexpr int json_depth_max = 16;  // our deepest document has 6

/// Parses a whole document: UTF-8, no duplicate keys, not deeper than json_depth_max.
nlohmann::json parse_document(std::string_view text);

/// One object. Call `done()` when every known field was asked for.
class Fields {
 public:
  /// `path` names the object in messages: "lines[2]". @pre `object` outlives the reader.
  Fields(const nlohmann::json& object, std::string path);

  std::string text(const char* name, std::size_t bytes_max);
  std::string text_or(const char* name, std::size_t bytes_max, std::string fallback);
  std::int64_t integer(const char* name, std::int64_t min, std::int64_t max);
  std::int64_t integer_or(const char* name, std::int64_t min, std::int64_t max, std::int64_t fallback);
  Minor minor(const char* name);
  Minor minor_or(const char* name, Minor fallback);
  bool boolean_or(const char* name, bool fallback);
  CivilDate date(const char* name);
  std::optional<CivilDate> optional_date(const char* name);
  Decimal decimal(const char* name);
  std::optional<Decimal> optional_decimal(const char* name);
  std::vector<Fields> objects(const char* name, std::size_t items_max);
  std::vector<Fields> objects_or_none(const char* name, std::size_t items_max);
  Fields object(const char* name);
  std::optional<Fields> object_or_none(const char* name);
  std::vector<std::string> texts_or_none(const char* name, std::size_t items_max, std::size_t bytes_max);
  std::vector<std::int64_t> integers_or_none(const char* name, std::size_t items_max, std::int64_t min,
                                             std::int64_t max);
  bool has(const char* name) const;

  template <class AnyId>
  AnyId id(const char* name) {
    return parsed_id<AnyId>(name, text(name, 64));
  }
  template <class AnyId>
  std::optional<AnyId> optional_id(const char* name) {
    if (!has(name)) return mark(name), std::nullopt;
    return id<AnyId>(name);
  }

  /// Refuses fields that were never asked for.
  void done() const;
  /// "lines[2].quantity"
  std::string name_of(const char* name) const;
  [[noreturn]] void refuse(const char* name, const std::string& reason, std::string code = "value_invalid") const;

 private:
  template <class AnyId>
  AnyId parsed_id(const char* name, const std::string& hex) const {
    const auto parsed = AnyId::parse(hex);
    if (!parsed || parsed->is_zero()) refuse(name, "is \"" + hex + "\"; expected 32 hex digits, not all of them 0");
    return *parsed;
  }
  const nlohmann::json* find(const char* name);
  const nlohmann::json& get(const char* name);
  const nlohmann::json& list(const char* name, std::size_t items_max);
  void mark(const char* name) { m_asked.insert(name); }

  const nlohmann::json* m_object;
  std::string m_path;
  std::set<std::string, std::less<>> m_asked;
};

}  // namespace retour::store
