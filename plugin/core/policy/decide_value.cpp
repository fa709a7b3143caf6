#include "plugin/core/policy/decide_value.hpp"

#include <algorithm>
#include <limits>

namespace retour {
namespace {

/// What the one with the final word says about too little.
Refusal refusal_of(Shortage shortage) {
  switch (shortage) {
    case Shortage::none:
    case Shortage::never_bought:
      return Refusal::no_purchase_found;
    case Shortage::exhausted:
      return Refusal::already_returned;
    case Shortage::too_few:
      return Refusal::quantity_exceeds_returnable;
  }
  return Refusal::no_purchase_found;
}

constexpr std::int64_t any_time = std::numeric_limits<std::int64_t>::max();  // the account is named

void answer(Decision& decision, const ReturnAsk& ask, const DecisionFacts& facts) {
  if (ask.quantity <= 0 || ask.quantity > quantity_max) {
    decision.refusal = Refusal::quantity_invalid;
    decision.trace.would_change = "valid_quantity";
    return;
  }
  Allocation allocation = allocate_return(facts.lots, ask.quantity, std::nullopt, any_time);
  if (allocation.shortage == Shortage::none) {
    decision.verdict = Verdict::approved;
    decision.taken = std::move(allocation.taken);
  } else if (!facts.final_word) {
    decision.verdict = Verdict::deferred;
    decision.trace.would_change = "hub_answers";
  } else {
    decision.refusal = refusal_of(allocation.shortage);
    decision.trace.would_change = allocation.shortage == Shortage::too_few ? "smaller_quantity" : "nothing";
  }
}

}  // namespace

bool is_value(const std::vector<Lot>& lots) {
  return std::any_of(lots.begin(), lots.end(), [](const Lot& lot) { return lot.channel == SaleChannel::value; });
}

bool asks_for_value(const ReturnAsk& ask, const std::vector<Lot>& lots) {
  return ask.order_id && parse_tender_kind(ask.sku) && is_value(lots);
}

Decision decide_value(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  require(ask.order_id.has_value(), "decide_value: no value account is named");
  Decision decision;
  decision.trace.policy_id = policy.id;
  decision.trace.policy_version = policy.version;
  decision.trace.rule = value_rule;
  decision.trace.feed_position = facts.feed_position;
  decision.trace.final_word = facts.final_word;
  decision.trace.facts = facts.line;
  decision.trace.lots = facts.lots;
  answer(decision, ask, facts);
  return decision;
}

}  // namespace retour
