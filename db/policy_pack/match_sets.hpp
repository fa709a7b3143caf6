#pragma once
// Conditions as sets of sales and returns: which holds nothing, which holds all that another holds. Only what can be
// told from the two texts; "apparel and not apparel" over two rules is not seen.

#include <optional>
#include <string>

#include "db/policy_pack/fault.hpp"
#include "plugin/core/policy/match.hpp"

namespace retour::policy_pack {

/// Ranges that hold nothing; `path`: of the rule.
Faults empty_ranges(const Match& match, const std::string& path);

/// Whether whatever fits `narrow` fits `wide` too.
bool contains(const Match& wide, const Match& narrow);

}  // namespace retour::policy_pack
