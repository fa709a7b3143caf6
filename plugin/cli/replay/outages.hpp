#pragma once
// When stores and the hub are down in a replay: drawn from a seed before the first row, in the file's own time.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pos-adapters/simulated/seeded.hpp"

namespace retour::replay {

enum class Profile : std::uint8_t { none = 1, mixed = 2, harsh = 3 };
std::string_view to_string(Profile profile);
std::optional<Profile> parse_profile(std::string_view text);

/// Down from `from_ms` up to, not including, `to_ms`.
struct Outage {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
  friend bool operator==(const Outage&, const Outage&) = default;
};

struct OutagePlan {
  std::vector<std::vector<Outage>> stores;  // one list a store, ascending, disjoint
  std::vector<Outage> hub;
  std::vector<std::vector<std::int64_t>>
      kills;  // per store, ascending: the process dies at the next step after this time
};

struct OutageParameters {
  std::size_t stores = 0;
  Profile profile = Profile::none;
  std::uint64_t seed = 0;
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
};

/// Up and down times are exponential. `mixed`: down 10 % of the time, 6 h on average. `harsh`: 50 %, 72 h; the hub
/// down 24 h once a month; one kill a store and month.
OutagePlan plan_outages(const OutageParameters& parameters);

/// Numbers from a seed and what they are for, so that drawing more for one purpose changes no other.
class Draw {
 public:
  Draw(std::uint64_t seed, std::string_view purpose, std::uint64_t index = 0);
  std::uint64_t below(std::uint64_t bound) { return m_draws.below(bound); }  // uniform in [0, bound)
  std::int64_t exponential_ms(std::int64_t mean_ms);

 private:
  simulated::Draws m_draws;
};

}  // namespace retour::replay
