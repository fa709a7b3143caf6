#pragma once
// One pack with one constant changed: a figure, a date, a word, a rule, a condition. Whether a table of cases sees
// each of them says how much of a pack the table holds fast.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace retour::policy_cases {

struct Mutant {
  std::string what;  // "windows/0/days: 30 -> 31"
  nlohmann::json pack;
};

/// Every change of what decides; words, sources, names, the version and validity are left alone.
std::vector<Mutant> mutants_of(const nlohmann::json& pack);

}  // namespace retour::policy_cases
