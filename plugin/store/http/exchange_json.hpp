#pragma once
// Exchanges and value on paper as the JSON that openapi.json describes.

#include <nlohmann/json.hpp>

#include "plugin/app/exchange_goods.hpp"
#include "plugin/app/find_credit.hpp"
#include "plugin/app/return_outcome.hpp"

namespace retour::store {

/// What is carried and what has to be added.
nlohmann::ordered_json planned_exchange_json(const app::PlannedExchange& exchange);
/// The sales that the return paid a part of.
nlohmann::ordered_json exchanges_json(const app::ReturnOutcome& outcome);
/// What the return gave on paper.
nlohmann::ordered_json credits_json(const app::ReturnOutcome& outcome);
/// What this store knows of a credit.
nlohmann::ordered_json credit_json(const app::Credit& credit);

}  // namespace retour::store
