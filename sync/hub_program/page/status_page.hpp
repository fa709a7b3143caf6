#pragma once
#include <string>

#include "sync/hub_program/page/status.hpp"

namespace retour::hub_program {

inline constexpr int page_refresh_seconds = 5;
// A page is for people; all of it stands in the JSON.
inline constexpr std::size_t nodes_shown_max = 200;
inline constexpr std::size_t referrals_shown_max = 50;
inline constexpr std::size_t anomalies_shown_max = 20;

/// The whole page: no script, no inline style, every value escaped; what needs attention stands first.
std::string status_page(const HubStatus& status);

/// The same for programs. Its fields are described in README.md; fields are added, never changed.
std::string status_json(const HubStatus& status);

}  // namespace retour::hub_program
