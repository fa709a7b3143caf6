#pragma once
// What the use cases give, as the JSON that openapi.json describes. Amounts are minor units; words stand beside
// codes.

#include <nlohmann/json.hpp>

#include "plugin/app/quote_return.hpp"
#include "plugin/app/record_sale.hpp"
#include "plugin/app/return_outcome.hpp"
#include "plugin/app/status.hpp"

namespace retour::store {

using Json = nlohmann::ordered_json;

Json quote_json(const app::Quote& quote);
Json outcome_json(const app::ReturnOutcome& outcome);
/// Why a payment failed; null when nobody said.
Json problem_json(LegProblem problem);
Json summary_json(const app::CaseSummary& summary);
/// The questions that the cashier answers; null when nothing is asked about the article.
Json checklist_json(const Checklist* checklist);
Json sale_json(const app::SaleOutcome& outcome);
Json status_json(const app::StoreStatus& status);
/// The catalogue of reasons, with words, who owns each and whose fault it is.
Json reasons_json(const PolicyPack& policy);
Json stock_json(const std::vector<app::StockLevel>& levels);

/// Text of any bytes becomes valid JSON: what is not UTF-8 is shown as U+FFFD.
std::string dump(const Json& json);

}  // namespace retour::store
