#pragma once
// Value that was given on paper is spent by whoever has its right: no rule about goods speaks of it.
// Rule: docs/money.md, "Value accounts".

#include "plugin/core/policy/policy.hpp"

namespace retour {

inline constexpr std::string_view value_rule = "value";  // that answered, in the trace

/// Whether no goods were sold in the lots: value on paper, or a budget.
bool is_value(const std::vector<Lot>& lots);

/// Whether a named account of value on paper is asked for, and so `decide_value` is who answers. A budget is none.
bool asks_for_value(const ReturnAsk& ask, const std::vector<Lot>& lots);

/// Takes `ask.quantity` minor units, the lowest first. Without the final word a shortage is `deferred`; with it
/// `already_returned` (nothing is left) or `quantity_exceeds_returnable`. @pre ask.order_id; the lots are its own.
Decision decide_value(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

/// Whether the decision was made here.
inline bool is_of_value(const Decision& decision) {
  return decision.trace.rule == value_rule;
}

}  // namespace retour
