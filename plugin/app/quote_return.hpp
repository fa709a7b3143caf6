#pragma once
// What a return would give, by the very functions that carry it out. Writes nothing.

#include "plugin/app/exchange_goods.hpp"
#include "plugin/core/refund/refund_plan.hpp"

namespace retour::app {

struct Quote {
  std::vector<AnsweredLine> lines;
  std::optional<RefundPlan> plan;                              // of the approved lines; empty when there is none
  std::vector<std::pair<OrderId, std::string>> order_numbers;  // of the orders that claims name
  std::optional<PlannedExchange> exchange = {};                // then `plan` is of what it leaves
};

/// With an exchange: what is carried and what has to be added; empty while some line is not approved.
Result<Quote, CommandRefusal> quote_return(StoreContext& store, const Visit& visit,
                                           const std::optional<ExchangeAsk>& exchange = {});

}  // namespace retour::app
