#pragma once
// How much a customer may be given for goods that she keeps. Rule: docs/policy.md, "Compensation".

#include "plugin/core/policy/policy.hpp"

namespace retour {

/// What is asked for, beside what the units cost.
struct CompensationAsk {
  Minor amount_minor = 0;
  Minor cost_minor = 0;     // of the units, when they were bought
  Minor lowered_minor = 0;  // taken off them before
  Currency currency;
};

struct CompensationRuling {
  const CompensationRule* rule = nullptr;  // whose limits cover the amount; null: none does
  Minor most_minor = 0;                    // that any rule permits now; 0: none speaks of this sale
};

/// The first rule that speaks of this sale and whose limits cover the amount. A share counts all that was ever taken
/// off the units, so that two halves are no more than the whole. @pre `policy` outlives the answer
CompensationRuling rule_on_compensation(const Lot& lot, const ReturnAsk& ask, const DecisionFacts& facts,
                                        const CompensationAsk& wanted, const PolicyPack& policy);

}  // namespace retour
