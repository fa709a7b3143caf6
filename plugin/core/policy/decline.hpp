#pragma once
// What becomes of a line that was left to a person when she says no.
#include "plugin/core/policy/policy.hpp"

namespace retour {

/// The answer to a line that was left to a person, after she said no. @pre the verdict is `needs_manager`.
Decision declined(Decision left_to_a_person);

}  // namespace retour
