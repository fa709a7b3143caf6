#include "plugin/core/refund/shipping.hpp"

#include <algorithm>

namespace retour {

namespace {

bool fits(const ShippingRule& rule, const ShippingFacts& facts) {
  if (facts.reasons.empty() || (rule.whole_order && !facts.whole_order)) return false;
  const auto has = [](const auto& wanted, const auto& value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  return has(rule.channels, facts.channel) &&
         std::any_of(facts.reasons.begin(), facts.reasons.end(),
                     [&](ReturnReason reason) { return has(rule.reasons, reason); });
}

}  // namespace

std::optional<ShippingRuling> rule_on_shipment(const ShippingFacts& facts, const PolicyPack& policy) {
  const auto rule = std::find_if(policy.shipping.begin(), policy.shipping.end(),
                                 [&](const ShippingRule& one) { return fits(one, facts); });
  if (rule == policy.shipping.end()) return std::nullopt;
  ShippingRuling ruling{"shipping/" + rule->name.id, {}};
  // In a currency for which nobody named the price of standard delivery, all of it counts as standard.
  const Minor standard = amount_in(rule->up_to, facts.currency).value_or(facts.paid_minor);
  if (facts.paid_minor > standard) {
    ruling.terms.fees.push_back({.rule = ruling.rule,
                                 .kind = FeeKind::faster_delivery,
                                 .share = {},
                                 .each_minor = facts.paid_minor - standard});
  }
  return ruling;
}

}  // namespace retour
