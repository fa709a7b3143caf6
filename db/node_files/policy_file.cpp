#include "db/node_files/policy_file.hpp"

#include <nlohmann/json.hpp>

#include "db/node_files/node_files.hpp"
#include "db/node_files/payout_sections.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::node_files {

namespace {

constexpr std::int64_t window_days_max = 36'500;  // a hundred years: longer is a slip of the finger
constexpr std::int64_t sku_digits_max = 32;
constexpr std::size_t policy_id_bytes_max = 64;

[[noreturn]] void refuse(const std::string& source, const std::string& cause) {
  throw Error({.operation = "read policy",
               .object = source,
               .cause = cause,
               .consequence = "no return is decided by rules that cannot be read"});
}

std::int64_t integer(const nlohmann::json& value, const std::string& name, std::int64_t min, std::int64_t max,
                     const std::string& source) {
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number >= min && number <= max) return number;
  }
  refuse(source, "field \"" + name + "\" is " + value.dump() + "; expected a whole number from " +
                     std::to_string(min) + " to " + std::to_string(max));
}

WindowRule read_window(const nlohmann::json& json, const std::string& source) {
  if (!json.is_object()) refuse(source, "a window is not an object");
  WindowRule window;
  for (const auto& [name, value] : json.items()) {
    if (name == "id" && value.is_string()) {
      window.name.id = value.get<std::string>();
    } else if (name == "days") {
      window.days = static_cast<std::int32_t>(integer(value, "windows.days", 0, window_days_max, source));
    } else {
      refuse(source, "field \"windows." + name + "\" is not known to this version");
    }
  }
  return window;
}

void set_field(PolicyPack& policy, const std::string& name, const nlohmann::json& value, const std::string& source) {
  if (name == "id") {
    if (!value.is_string() || value.get<std::string>().empty() ||
        value.get<std::string>().size() > policy_id_bytes_max) {
      refuse(source, "field \"id\" is not a short text");
    }
    policy.id = value.get<std::string>();
  } else if (name == "version") {
    policy.version = static_cast<std::uint32_t>(integer(value, name, 1, 1'000'000'000, source));
  } else if (name == "windows") {
    if (!value.is_array()) refuse(source, "field \"windows\" is not a list");
    for (const auto& window : value) policy.windows.push_back(read_window(window, source));
  } else if (name == "tenders") {
    policy.payout.tenders = read_tenders(value);
  } else if (name == "cash_rounding") {
    policy.payout.cash_rounding = read_cash_rounding(value);
  } else if (name == "shipping") {
    policy.shipping = read_shipping(value);
  } else if (name == "merchandise_sku_leading_digits") {
    policy.merchandise_sku_leading_digits =
        static_cast<std::uint8_t>(integer(value, name, 0, sku_digits_max, source));
  } else {
    refuse(source, "field \"" + name + "\" is not known to this version");
  }
}

}  // namespace

PolicyPack policy_from_json(std::string_view text, const std::string& source) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) refuse(source, "it is not a JSON object");
  for (const char* needed : {"id", "version"}) {
    if (!json.contains(needed)) refuse(source, std::string("field \"") + needed + "\" is missing");
  }
  PolicyPack policy;
  try {
    for (const auto& [name, value] : json.items()) set_field(policy, name, value, source);
  } catch (const SectionFault& fault) {
    refuse(source, "field \"" + fault.path + "\" " + fault.reason);
  }
  return policy;
}

PolicyPack read_policy(const std::filesystem::path& path) {
  return policy_from_json(read_text(path), path.string());
}

}  // namespace retour::node_files
