#pragma once
// What a return would give, by the very functions that carry it out. Writes nothing.

#include "plugin/app/answer_lines.hpp"
#include "plugin/core/refund/refund_plan.hpp"

namespace retour::app {

struct Quote {
  std::vector<AnsweredLine> lines;
  std::optional<RefundPlan> plan;                              // of the approved lines; empty when there is none
  std::vector<std::pair<OrderId, std::string>> order_numbers;  // of the orders that claims name
};

Result<Quote, CommandRefusal> quote_return(StoreContext& store, const Visit& visit);

}  // namespace retour::app
