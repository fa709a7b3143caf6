#pragma once
// Goods that come back without any proof of purchase: what a pack says, and which units of the node's exposure budget
// pay for them. Rules: docs/policy.md, "Without a receipt". Internal to plugin/core/policy, the limit aside.

#include <optional>
#include <vector>

#include "plugin/core/policy/ruling.hpp"

namespace retour {

struct UnprovenRuling {
  Ruling ruling;
  std::vector<OrderUnits> taken;  // of the budget, one unit a minor unit; empty unless approved
};

/// The first of these that applies is the answer: the pack has no such section; nobody says who brings the goods
/// although visits are counted; an exclusion or a condition refuses; the article was not sold in the look-back
/// period; the line is worth more than a visit may be; the budget has not so much left; a person must agree.
/// `facts.lots`: the node's budgets in the currency of the worth, with the units it holds.
/// @pre the facts say what a unit is worth.
UnprovenRuling rule_without_receipt(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

/// What a visit may give back without receipt in this currency; empty: nothing.
std::optional<Minor> no_receipt_limit(const PolicyPack& policy, const Currency& currency);

}  // namespace retour
