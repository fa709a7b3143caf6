#include "plugin/core/refund/tender_policy.hpp"

#include <algorithm>

namespace retour {

std::optional<Minor> amount_in(const std::vector<CurrencyAmount>& amounts, const Currency& currency) {
  const auto found = std::find_if(amounts.begin(), amounts.end(),
                                  [&](const CurrencyAmount& one) { return one.currency == currency; });
  if (found == amounts.end()) return std::nullopt;
  return found->minor;
}

bool is_store_value(TenderKind tender) {
  return tender == TenderKind::gift_card || tender == TenderKind::store_credit || tender == TenderKind::voucher;
}

bool is_trade_in(const Tender& tender) {
  return tender.kind == TenderKind::voucher && tender.reference == trade_in_reference;
}

bool may_go_back_by(const Tender& from, TenderKind to) {
  return !is_trade_in(from) || is_store_value(to);
}

const TenderRule* find_tender_rule(const PayoutRules& rules, TenderKind paid_by) {
  const auto found = std::find_if(rules.tenders.begin(), rules.tenders.end(),
                                  [&](const TenderRule& rule) { return rule.paid_by == paid_by; });
  return found == rules.tenders.end() ? nullptr : &*found;
}

Minor coin_step(const Currency& currency, const PayoutRules& rules) {
  const auto rule = std::find_if(rules.cash_rounding.begin(), rules.cash_rounding.end(),
                                 [&](const CashRounding& one) { return one.currency == currency; });
  if (rule == rules.cash_rounding.end()) return 1;
  require(rule->step_minor > 0 && rule->step_minor <= minor_max, "coin_step: no such coin");
  return rule->step_minor;
}

Minor round_to_coins(Minor amount, const Currency& currency, const PayoutRules& rules) {
  const Minor step = coin_step(currency, rules);
  const Minor above = amount % step;
  const Minor low = amount - above;
  const bool up = above > 0 && above >= step - above && low <= minor_max - step;
  return up ? low + step : low;
}

}  // namespace retour
