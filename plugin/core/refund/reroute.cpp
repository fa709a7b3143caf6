#include "plugin/core/refund/reroute.hpp"

#include <algorithm>

namespace retour {

namespace {

constexpr std::string_view identity_prefix = "identity ";

/// A card or a wallet is credited for its own payment alone, what was traded in never with money.
bool can_pay(const StuckPayment& stuck, TenderKind tender) {
  if (!may_go_back_by(stuck.original, tender)) return false;
  if (tender != TenderKind::card && tender != TenderKind::wallet) return true;
  return tender == stuck.original.kind && stuck.planned.tender_no != 0;
}

/// A cap on cash counts whole coins, as in the plan.
Minor room_of(const StuckPayment& stuck, const RefundWay& way, const PayoutRules& rules) {
  if (way.up_to.empty()) return minor_max;
  Minor cap = amount_in(way.up_to, stuck.currency).value_or(0);
  if (way.tender == TenderKind::cash) cap -= cap % coin_step(stuck.currency, rules);
  const auto already = stuck.paid_by.find(way.tender);
  return std::max<Minor>(0, cap - (already == stuck.paid_by.end() ? 0 : already->second));
}

bool has(const std::vector<WayOn>& ways, TenderKind tender) {
  return std::ranges::find(ways, tender, &WayOn::tender) != ways.end();
}

/// Behind the way that failed; empty when the matrix had not sent the money there.
std::vector<WayOn> matrix_ways(const StuckPayment& stuck, const PayoutRules& rules) {
  std::vector<WayOn> ways;
  const TenderRule* rule = find_tender_rule(rules, stuck.original.kind);
  if (rule == nullptr) return ways;
  const TenderKind failed = stuck.planned.tender;
  const auto at = std::ranges::find(rule->ways, failed, &RefundWay::tender);
  if (at == rule->ways.end()) return ways;
  for (auto way = at + 1; way != rule->ways.end(); ++way) {
    const Minor room = room_of(stuck, *way, rules);
    if (room > 0 && way->tender != failed && !has(ways, way->tender) && can_pay(stuck, way->tender)) {
      ways.push_back({way->tender, room});
    }
  }
  const TenderKind original = stuck.original.kind;
  if (original != failed && !has(ways, original) && can_pay(stuck, original)) ways.push_back({original, minor_max});
  return ways;
}

}  // namespace

std::vector<WayOn> ways_on(const StuckPayment& stuck, const PayoutRules& rules) {
  std::vector<WayOn> ways = matrix_ways(stuck, rules);
  if (stuck.planned.tender == TenderKind::store_credit) {
    return !ways.empty() && ways.back().room_minor == minor_max ? ways : std::vector<WayOn>{};
  }
  std::erase_if(ways, [](const WayOn& way) { return way.tender == TenderKind::store_credit; });
  ways.push_back({TenderKind::store_credit, minor_max});
  return ways;
}

Rerouted reroute(const StuckPayment& stuck, const std::vector<WayOn>& ways, std::uint32_t last_leg_no,
                 const PayoutRules& rules) {
  Rerouted made;
  Minor left = stuck.planned.pays_minor - stuck.rounding_minor;
  made.rounding_minor = -stuck.rounding_minor;
  for (const WayOn& way : ways) {
    const Minor part = std::min(left, way.room_minor);
    const Minor pays = way.tender == TenderKind::cash ? round_to_coins(part, stuck.currency, rules) : part;
    left -= part;
    made.rounding_minor += pays - part;
    if (pays == 0) continue;
    const bool own = way.tender == stuck.original.kind;
    made.legs.push_back({++last_leg_no, way.tender, stuck.planned.order_id, stuck.planned.tender_no,
                         own ? stuck.original.reference : "", pays});
  }
  require(left == 0, "reroute: the last way has a cap");
  return made;
}

bool asks_identity(const PlannedLeg& leg, const Currency& currency, const PayoutRules& rules) {
  const auto limit = amount_in(rules.cash_identity_above, currency);
  return leg.tender == TenderKind::cash && limit && leg.pays_minor > *limit &&
         !leg.reference.starts_with(identity_prefix);
}

std::string identity_reference(const std::string& document) {
  return std::string(identity_prefix) + document;
}

}  // namespace retour
