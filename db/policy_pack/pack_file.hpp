#pragma once
// A policy pack as a JSON file: what the hub hands out at enrolment and policy.json keeps. Fields: docs/policy.md,
// "The pack"; the same as a schema: installer/policies/policy.schema.json.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "db/policy_pack/fault.hpp"
#include "plugin/core/policy/pack.hpp"

namespace retour::policy_pack {

/// The words of a rule for customers, in the languages that a pack speaks.
struct RuleText {
  std::string en;
  std::string zh;
  friend bool operator==(const RuleText&, const RuleText&) = default;
};

/// Something that customers are told and that decides nothing here: when the money comes, who pays the parcel.
struct Note {
  RuleName name;
  RuleText text;
  friend bool operator==(const Note&, const Note&) = default;
};

struct PackFile {
  PolicyPack pack;
  std::optional<RuleText> title;
  std::map<std::string, RuleText, std::less<>> texts;  // by the rule's path, as traces name it: "windows/holiday"
  std::vector<Note> notes;
};

/// Either the whole file or all its faults, in the order of the file's sections.
struct ReadPack {
  std::optional<PackFile> file;
  Faults faults;  // empty when there is a file
};
ReadPack read_pack(std::string_view json);

/// Packs of one id that hold at the same time, or have one version twice. `name` of each: its path.
struct NamedPack {
  std::string name;
  PolicyPack pack;
};
std::vector<std::string> contradictions(const std::vector<NamedPack>& packs);

/// Throws Error that names `source` and every fault: an unknown field is refused, because a rule that is silently not
/// applied is worse than a program that does not start.
PolicyPack policy_from_json(std::string_view json, const std::string& source);

/// Throws Error, also when the file is missing.
PolicyPack read_policy(const std::filesystem::path& path);

}  // namespace retour::policy_pack
