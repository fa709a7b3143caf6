#pragma once
// Documents for every store: what `retour-hub publish` does, also beside a running hub, which sees it within a
// second.

#include <filesystem>
#include <string>
#include <vector>

#include "plugin/app/adopt_policy.hpp"
#include "sync/hub_program/hub_files.hpp"

namespace retour::hub {
class HubStore;
}

namespace retour::hub_program {

class OpenHub;

inline constexpr std::size_t policies_published_max = 32;  // packs in the lane; the oldest go, as at the stores

struct Published {
  std::string what;  // "policy uk-2"
  std::uint64_t seq = 0;
  bool is_new = true;  // false: exactly this is the latest of its kind already
  std::string from;    // one sentence: from when on it holds
};

/// Reads the file as strictly as the stores will, and puts it at the end of the lane. Throws Error, and nothing was
/// published: the file is wrong, too large, a pack that is over, or other rules under an id and version that were
/// published or in force before.
Published publish(OpenHub& hub, const std::string& kind, const std::filesystem::path& file);

/// Published packs, the latest first, and last the hub's own policy.json. Within a Work or View.
std::vector<app::PolicySource> policy_sources(hub::HubStore& store, const HubFiles& files);

}  // namespace retour::hub_program
