#include "plugin/core/policy/compensation.hpp"

#include <algorithm>

#include "plugin/core/policy/ruling.hpp"

namespace retour {

namespace {

/// What the rule permits on top of what was given before.
Minor most_of(const CompensationRule& rule, const CompensationAsk& wanted) {
  const Minor share = percent_of(wanted.cost_minor, rule.share_max, Rounding::down);
  const Minor left = std::max<Minor>(0, share - wanted.lowered_minor);
  if (rule.up_to.empty()) return left;
  return std::min(left, amount_in(rule.up_to, wanted.currency).value_or(0));
}

}  // namespace

CompensationRuling rule_on_compensation(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts,
                                        const CompensationAsk& wanted, const PolicyPack& policy) {
  const Circumstance what = circumstance_of(lot, ask, facts, policy);
  CompensationRuling ruling;
  for (const CompensationRule& rule : policy.compensation) {
    if (!matches(rule.when, what)) continue;
    const Minor most = most_of(rule, wanted);
    ruling.most_minor = std::max(ruling.most_minor, most);
    if (ruling.rule == nullptr && wanted.amount_minor <= most) ruling.rule = &rule;
  }
  return ruling;
}

}  // namespace retour
