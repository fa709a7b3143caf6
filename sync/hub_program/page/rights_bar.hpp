#pragma once
#include <string>

#include "sync/hub_program/page/status.hpp"

namespace retour::hub_program {

/// Who holds the units sold, as a bar (SVG) and its legend with the figures.
std::string rights_bar(const RightsStatus& rights);

}  // namespace retour::hub_program
