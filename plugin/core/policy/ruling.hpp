#pragma once
// What a pack says about one lot: may units of it come back, and on what terms. Internal to plugin/core/policy.

#include "plugin/core/policy/policy.hpp"

namespace retour {

struct Ruling {
  Verdict verdict = Verdict::approved;  // or needs_manager, or refused
  Refusal refusal = Refusal::none;
  std::string rule;  // that said so; empty when nothing speaks against it
  std::string_view would_change;
  std::optional<Role> needs;
  std::vector<std::string> applied;  // rules that an approval rests on
  UnitTerms terms;
  std::optional<std::int64_t>
      days_left;  // of the window that is open; 0: this is its last day; empty: no window speaks
};

/// What the rules of a pack look at, of one lot. Views into its arguments.
Circumstance circumstance_of(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts,
                             const PolicyPack& policy);

/// Exclusions, windows, conditions, in this order; then the fees of what may come back.
Ruling rule_on(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

/// Exclusions and conditions alone, for goods without proof of purchase, as of goods bought here today for what they
/// are worth: there is no age and no window to look at. @pre the facts say what they are worth.
Ruling rule_on_unproven(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

/// A more helpful refusal is one that something would change: the answer when several lots are refused.
bool is_more_helpful(const Ruling& a, const Ruling& b);

}  // namespace retour
