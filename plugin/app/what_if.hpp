#pragma once
// What a changed pack would have decided about the lines that a journal has answered, refunded and cost. Each line is
// decided again from its own trace; nothing else of the past changes: who came, with what, and what was free then.

#include <map>
#include <string>
#include <vector>

#include "plugin/app/past_answers.hpp"

namespace retour::app {

struct ThenAndNow {
  DecisionMoney then;
  DecisionMoney now;
  friend bool operator==(const ThenAndNow&, const ThenAndNow&) = default;
};

struct ChangedAnswer {
  PastAnswer past;
  Decision now;  // without assurance
  ThenAndNow money;
};

struct WhatIf {
  std::size_t lines = 0;
  std::map<std::pair<Verdict, Verdict>, std::size_t> verdicts;  // then and now -> lines
  std::map<std::string, ThenAndNow> money;                      // by currency; "" where no evidence named one
  std::vector<ChangedAnswer> changed;  // verdict, refusal, who may say yes, units or terms differ
};

WhatIf what_if(const std::vector<PastAnswer>& answers, const PolicyPack& pack);

}  // namespace retour::app
