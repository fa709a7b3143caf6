#include "plugin/core/policy/trade_in.hpp"

namespace retour {

std::optional<TradeInWorth> trade_in_worth(const PolicyPack& policy, const Circumstance& what,
                                           const Currency& currency) {
  for (const TradeInRule& rule : policy.trade_in) {
    if (!matches(rule.when, what)) continue;
    const auto each = amount_in(rule.credit, currency);
    if (each && *each > 0) return TradeInWorth{"trade_in/" + rule.name.id, *each};
  }
  return std::nullopt;
}

}  // namespace retour
