#pragma once
// A return that a customer has started, as the till reads it: its `lines` and `reference` are those of the command
// that finishes it.

#include <nlohmann/json.hpp>

#include "plugin/app/started_return.hpp"

namespace retour::store {

nlohmann::ordered_json started_return_json(const app::StartedReturn& found);

}  // namespace retour::store
