#pragma once
// What a pack says although it could not be meant: a name twice, a rule that can never answer, levels that do not
// rise. Internal to db/policy_pack.

#include <set>

#include "db/policy_pack/pack_file.hpp"

namespace retour::policy_pack {

/// `broken`: rules that were not read whole ("windows[2]"); they are compared with nothing.
Faults check_pack(const PackFile& file, const std::set<std::string>& broken);

}  // namespace retour::policy_pack
