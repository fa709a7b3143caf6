#pragma once
// Readable cases of a policy pack: one situation a line and the answer that is expected.
//
//   default channel=online sold=2026-03-01 delivered=2026-03-03
//   today=2026-03-10 reason=size|gift category=fresh => refused not_returnable by exclusions/fresh, other_reason
//   would help
//
// `a|b` stands for several situations with one answer. Keys: tests/golden/policies/README.md.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "plugin/core/policy/policy.hpp"

namespace retour::policy_cases {

using Situation = std::map<std::string, std::string>;

struct PolicyCase {
  int line = 0;  // of the file
  Situation situation;
  std::string expected;
};

/// Throws std::runtime_error naming file and line.
std::vector<PolicyCase> read(const std::filesystem::path& file);

/// What the pack says: "approved; windows/general; 1500 bp restocking (fees/opened), rounded down".
std::string answer(const PolicyPack& pack, const Situation& situation);

}  // namespace retour::policy_cases
