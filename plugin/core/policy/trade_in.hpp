#pragma once
// What an old article is worth against a new purchase. Rule: docs/policy.md, "Trade-in".

#include <optional>

#include "plugin/core/policy/pack.hpp"

namespace retour {

struct TradeInWorth {
  std::string rule;      // "trade_in/phones"
  Minor each_minor = 0;  // a unit, above zero
  friend bool operator==(const TradeInWorth&, const TradeInWorth&) = default;
};

/// The first rule of the pack that fits the article as inspection saw it and names an amount in this currency. Empty:
/// it is not taken. Of `what` a rule looks at SKU, category, brand, store, region and grade.
std::optional<TradeInWorth> trade_in_worth(const PolicyPack& policy, const Circumstance& what,
                                           const Currency& currency);

}  // namespace retour
