#pragma once
#include <string_view>

namespace retour::hub_program {

/// installer/policies/default.json, compiled in.
std::string_view default_policy();

}  // namespace retour::hub_program
