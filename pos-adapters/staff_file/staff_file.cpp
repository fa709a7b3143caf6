#include "pos-adapters/staff_file/staff_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "db/node_files/node_files.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/staff_file/approval_codes.hpp"
#include "pos-adapters/staff_file/pin_hash.hpp"

namespace retour::staff_file {

namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& cause) {
  throw Error({.operation = "read the staff registry",
               .object = file.string(),
               .cause = cause,
               .consequence = "nobody's authority was changed; put it right with `retour staff`"});
}

std::vector<LookupKey> read_household(const json& list, const std::string& where, const std::filesystem::path& file) {
  std::vector<LookupKey> keys;
  const bool fits = list.is_array() && list.size() <= household_max;
  for (const json& one : fits ? list : json::array()) {
    LookupKey key;
    if (!one.is_string() || !from_hex(one.get<std::string>(), key.bytes.data(), key.bytes.size())) break;
    keys.push_back(key);
  }
  if (!fits || keys.size() != list.size()) {
    fail(file, where + ".household is no list of at most " + std::to_string(household_max) +
                   " look-up keys; write it with `retour staff household`");
  }
  return keys;
}

Member read_member(const json& object, const std::string& where, const std::filesystem::path& file) {
  if (!object.is_object()) fail(file, where + " is not an object");
  Member member;
  bool has_role = false;
  for (const auto& [name, value] : object.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    const auto role = parse_role(text);
    if (name == "code" && !text.empty() && text.size() <= staff_code_bytes_max) {
      member.code = text;
    } else if (name == "role" && role) {
      member.role = *role;
      has_role = true;
    } else if (name == "pin" && value.is_string()) {
      member.pin = text;
    } else if (name == "household") {
      member.household = read_household(value, where, file);
    } else {
      fail(file, where + " has a wrong or unknown field \"" + name + "\"");
    }
  }
  if (member.code.empty() || !has_role) fail(file, where + " needs a code and a role");
  return member;
}

std::vector<Member> parse(const std::string& text, const std::filesystem::path& file) {
  const json document = json::parse(text, nullptr, false);
  if (!document.is_object() || document.size() != 1 || !document.contains("staff") || !document["staff"].is_array()) {
    fail(file, "it is not an object with the one list \"staff\"");
  }
  const json& list = document["staff"];
  if (list.size() > members_max) fail(file, "it has more than " + std::to_string(members_max) + " entries");
  std::vector<Member> members;
  std::set<std::string> codes;
  for (std::size_t i = 0; i < list.size(); ++i) {
    members.push_back(read_member(list[i], "staff[" + std::to_string(i) + "]", file));
    if (!codes.insert(members.back().code).second)
      fail(file, "code \"" + members.back().code + "\" stands there twice");
  }
  return members;
}

/// Empty when there is no such file: then nobody has set a PIN, or issued codes, here yet.
Bytes secret_if_any(const std::filesystem::path& file) {
  return std::filesystem::exists(file) ? node_files::read_bytes(file) : Bytes{};
}

}  // namespace

std::vector<Member> read_staff(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  return parse(node_files::read_text(file), file);
}

void write_staff(const std::filesystem::path& file, const std::vector<Member>& members) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Member& member : members) {
    list.push_back({{"code", member.code}, {"role", to_string(member.role)}});
    if (!member.pin.empty()) list.back()["pin"] = member.pin;
    for (const LookupKey& key : member.household) list.back()["household"].push_back(key.to_string());
  }
  node_files::write_text(file, nlohmann::ordered_json{{"staff", std::move(list)}}.dump(2) + "\n", true);
}

Bytes secret_of(const std::filesystem::path& file, ports::Ids& ids) {
  if (Bytes known = secret_if_any(file); !known.empty()) return known;
  Bytes fresh(secret_bytes);
  ids.fill(fresh.data(), fresh.size());
  node_files::write_bytes(file, fresh, true);
  return fresh;
}

std::optional<Member> StaffFile::member(const std::string& staff) {
  const auto members = [this] {
    const std::lock_guard lock(m_mutex);
    return m_members;
  }();
  const auto found =
      std::find_if(members->begin(), members->end(), [&](const Member& member) { return member.code == staff; });
  return found == members->end() ? std::nullopt : std::optional(*found);
}

std::optional<Role> StaffFile::role_of(const std::string& staff) {
  const auto known = member(staff);
  return known ? std::optional(known->role) : std::nullopt;
}

bool StaffFile::pin_is(const std::string& staff, const std::string& pin) {
  const auto known = member(staff);
  return known && fits_hash(pin, secret_if_any(m_place.pepper), known->pin);
}

std::optional<CommandId> StaffFile::one_time_code(const std::string& staff, const std::string& code) {
  return spending_id(secret_if_any(m_place.approval_secret), {m_place.store, staff}, code);
}

std::vector<LookupKey> StaffFile::household_of(const std::string& staff) {
  const auto known = member(staff);
  return known ? known->household : std::vector<LookupKey>{};
}

void StaffFile::refresh() {
  std::string text;
  if (std::filesystem::exists(m_place.staff)) text = node_files::read_text(m_place.staff);
  if (text == m_seen) return;
  m_seen = text;  // the same wrong file is told once
  auto read = std::make_shared<const Members>(text.empty() ? Members{} : parse(text, m_place.staff));
  const std::lock_guard lock(m_mutex);
  m_members = std::move(read);
}

}  // namespace retour::staff_file
