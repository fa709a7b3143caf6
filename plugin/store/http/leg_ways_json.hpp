#pragma once
// Rerouting a payment, as JSON: the ways it may go, and the command that chooses one.

#include "plugin/app/reroute_leg.hpp"
#include "plugin/store/http/views_json.hpp"

namespace retour::store {

Json ways_json(const app::LegWays& ways);

/// Throws Problem.
app::RerouteLeg read_reroute(const std::string& body, const ReturnCaseId& case_id, const LegId& leg_id);

}  // namespace retour::store
