#pragma once
// A policy pack as JSON: what the hub hands out at enrolment and policy.json keeps. Fields: docs/policy.md.

#include <filesystem>
#include <string>
#include <string_view>

#include "plugin/core/policy/policy.hpp"

namespace retour::node_files {

/// Throws Error naming `source` and the field: an unknown field is refused, because a rule that is silently not
/// applied is worse than a program that does not start.
PolicyPack policy_from_json(std::string_view json, const std::string& source);

/// Throws Error, also when the file is missing.
PolicyPack read_policy(const std::filesystem::path& path);

}  // namespace retour::node_files
