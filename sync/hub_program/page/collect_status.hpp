#pragma once
// Reads what the status page shows, through a connection of its own: a slow page never keeps a store waiting.

#include <cstdint>
#include <functional>
#include <vector>

#include "sync/hub/hub.hpp"
#include "sync/hub_program/page/status.hpp"

namespace retour::hub_program {

inline constexpr std::size_t referrals_listed_max = 200;  // the oldest; more is for nobody to read

/// What the database does not say: asked of the running hub.
struct LiveStatus {
  std::set<NodeId> online;
  hub::OpenReferrals referrals;
};

/// Under the hub's lock.
LiveStatus live_status(hub::Hub& hub);

/// Fills everything that the store and the running hub know, from one consistent view. Not for two threads at once.
void collect_status(hub::HubStore& store, const LiveStatus& live, HubStatus& status);

/// Goes through every order: law 4, purchased = claimed + cancelled + hub + nodes + in transfer, for every line.
/// About 10 µs an order. Not for two threads at once.
RightsStatus count_rights(hub::HubStore& store, std::int64_t now_ms);

}  // namespace retour::hub_program
