#include "plugin/app/what_if.hpp"

namespace retour::app {

namespace {

void add(DecisionMoney& sum, const DecisionMoney& one) {
  sum.refunded_minor += one.refunded_minor;
  sum.kept_minor += one.kept_minor;
  sum.as_credit_minor += one.as_credit_minor;
}

/// Whether a person would notice: not which pack said so, and not which rules fired on the way.
bool is_other(const Decision& then, const Decision& now) {
  return then.verdict != now.verdict || then.refusal != now.refusal || then.trace.needs != now.trace.needs ||
         then.taken != now.taken || then.terms != now.terms;
}

}  // namespace

WhatIf what_if(const std::vector<PastAnswer>& answers, const PolicyPack& pack) {
  WhatIf result;
  for (const PastAnswer& past : answers) {
    const Decision now = decide_again(past.ask, past.decision, past.asked_at_ms, past.business_date,
                                      past.currency.value_or(Currency{}), pack);
    const ThenAndNow money{money_of(past.decision), money_of(now)};
    ++result.lines;
    ++result.verdicts[{past.decision.verdict, now.verdict}];
    ThenAndNow& sum = result.money[past.currency ? std::string(past.currency->name()) : ""];
    add(sum.then, money.then);
    add(sum.now, money.now);
    if (is_other(past.decision, now)) result.changed.push_back({past, now, money});
  }
  return result;
}

}  // namespace retour::app
