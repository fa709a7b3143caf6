#include "plugin/core/policy/policy.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace retour {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return "approved";
    case Verdict::needs_manager:
      return "needs_manager";
    case Verdict::deferred:
      return "deferred";
    case Verdict::refused:
      return "refused";
  }
  return "unknown";
}

std::string_view to_string(Assurance assurance) {
  switch (assurance) {
    case Assurance::none:
      return "none";
    case Assurance::held:
      return "held";
    case Assurance::confirmed:
      return "confirmed";
    case Assurance::token:
      return "token";
    case Assurance::provisional:
      return "provisional";
  }
  return "unknown";
}

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      return "none";
    case Refusal::quantity_invalid:
      return "quantity_invalid";
    case Refusal::no_customer:
      return "no_customer";
    case Refusal::not_merchandise:
      return "not_merchandise";
    case Refusal::no_purchase_found:
      return "no_purchase_found";
    case Refusal::already_returned:
      return "already_returned";
    case Refusal::quantity_exceeds_returnable:
      return "quantity_exceeds_returnable";
    case Refusal::window_closed:
      return "window_closed";
  }
  return "unknown";
}

std::string_view to_string(ReturnReason reason) {
  switch (reason) {
    case ReturnReason::unspecified:
      return "unspecified";
    case ReturnReason::size:
      return "size";
    case ReturnReason::quality:
      return "quality";
    case ReturnReason::not_as_described:
      return "not_as_described";
    case ReturnReason::damaged_in_transit:
      return "damaged_in_transit";
    case ReturnReason::wrong_item:
      return "wrong_item";
    case ReturnReason::late:
      return "late";
    case ReturnReason::changed_mind:
      return "changed_mind";
    case ReturnReason::gift:
      return "gift";
    case ReturnReason::recall:
      return "recall";
    case ReturnReason::other:
      return "other";
  }
  return "unknown";
}

std::optional<ReturnReason> parse_return_reason(std::string_view text) {
  constexpr auto last = static_cast<std::uint8_t>(ReturnReason::other);
  for (std::uint8_t code = 0; code <= last; ++code) {
    if (to_string(static_cast<ReturnReason>(code)) == text) return static_cast<ReturnReason>(code);
  }
  return std::nullopt;
}

namespace {

bool is_merchandise(std::string_view sku, const PolicyPack& policy) {
  const std::size_t digits = policy.merchandise_sku_leading_digits;
  if (sku.size() < digits) return false;
  return std::all_of(sku.begin(), sku.begin() + static_cast<std::ptrdiff_t>(digits),
                     [](char c) { return c >= '0' && c <= '9'; });
}

/// The day of delivery is day 0, so the window's last day is `window_days`.
bool within_window(CivilDate counted_from, const DecisionFacts& facts, const PolicyPack& policy) {
  return !policy.window_days || days_between(counted_from, facts.business_date) <= *policy.window_days;
}

/// Lots sold from here on do not count. Who names the order holds its papers: it was sold before, whatever the clocks
/// of till and store say.
std::int64_t sold_before_ms(const ReturnAsk& ask, const DecisionFacts& facts) {
  return ask.order_id ? std::numeric_limits<std::int64_t>::max() : facts.asked_at_ms;
}

/// The lots the answer may come from, newest first: sold before the question, and of the named line when one is
/// named.
std::vector<Lot> lots_in_question(const ReturnAsk& ask, const DecisionFacts& facts) {
  std::vector<Lot> lots;
  for (const Lot& lot : facts.lots) {
    const bool named = !ask.order_id || (lot.order_id == *ask.order_id && lot.line_no == ask.order_line_no);
    if (named && lot.sold_at_ms < sold_before_ms(ask, facts)) lots.push_back(lot);
  }
  std::sort(lots.begin(), lots.end(), is_newer);
  return lots;
}

/// A named order is out of its window whoever holds its units, so a node may say it alone.
bool named_order_is_too_old(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy,
                            const std::vector<Lot>& lots) {
  if (!ask.order_id) return false;
  if (facts.delivered_on) return !within_window(*facts.delivered_on, facts, policy);
  return !lots.empty() && !within_window(lots.front().counted_from, facts, policy);
}

struct Answer {
  Verdict verdict;
  Refusal refusal;
  std::string_view rule;
  std::string_view would_change;
};

Decision decision_of(const Answer& answer, const DecisionFacts& facts, const PolicyPack& policy) {
  Decision decision;
  decision.verdict = answer.verdict;
  decision.refusal = answer.refusal;
  decision.trace.policy_id = policy.id;
  decision.trace.policy_version = policy.version;
  decision.trace.rule = answer.rule;
  decision.trace.feed_position = facts.feed_position;
  decision.trace.would_change = answer.would_change;
  return decision;
}

/// What the one with the final word says when the units within the window do not cover the line.
Answer shortage_answer(Shortage over_all_lots) {
  switch (over_all_lots) {
    case Shortage::none:
      return {Verdict::refused, Refusal::window_closed, "window", "within_window"};
    case Shortage::never_bought:
      return {Verdict::refused, Refusal::no_purchase_found, "matching", "proof_of_purchase"};
    case Shortage::exhausted:
      return {Verdict::refused, Refusal::already_returned, "matching", "other_purchase"};
    case Shortage::too_few:
      return {Verdict::refused, Refusal::quantity_exceeds_returnable, "matching", "smaller_quantity"};
  }
  require(false, "shortage_answer: a shortage without a name");
  return {};
}

Decision decide_by_matching(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy,
                            std::vector<Lot> lots) {
  std::vector<Lot> eligible = lots;
  // A named order's window was judged by its own delivery date.
  std::erase_if(eligible,
                [&](const Lot& lot) { return !ask.order_id && !within_window(lot.counted_from, facts, policy); });
  const std::int64_t before_ms = sold_before_ms(ask, facts);
  Allocation allocation = allocate_return(std::move(eligible), ask.quantity, ask.asked_price, before_ms);
  Answer answer{Verdict::approved, Refusal::none, "matching", ""};
  if (allocation.shortage != Shortage::none) {
    answer = facts.final_word
                 ? shortage_answer(allocate_return(lots, ask.quantity, ask.asked_price, before_ms).shortage)
                 : Answer{Verdict::deferred, Refusal::none, "matching", "hub_answers"};
  }
  Decision decision = decision_of(answer, facts, policy);
  decision.taken = std::move(allocation.taken);
  decision.trace.lots = std::move(lots);
  return decision;
}

}  // namespace

Decision decide_line(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  const auto refuse = [&](Refusal refusal, std::string_view rule, std::string_view would_change) {
    return decision_of({Verdict::refused, refusal, rule, would_change}, facts, policy);
  };
  if (ask.quantity <= 0 || ask.quantity > quantity_max) {
    return refuse(Refusal::quantity_invalid, "quantity", "valid_quantity");
  }
  if (!ask.order_id && !facts.has_customer) return refuse(Refusal::no_customer, "customer", "customer_or_order");
  if (!is_merchandise(ask.sku, policy)) return refuse(Refusal::not_merchandise, "not_merchandise", "nothing");

  std::vector<Lot> lots = lots_in_question(ask, facts);
  if (named_order_is_too_old(ask, facts, policy, lots)) {
    Decision decision = refuse(Refusal::window_closed, "window", "within_window");
    decision.trace.lots = std::move(lots);
    return decision;
  }
  return decide_by_matching(ask, facts, policy, std::move(lots));
}

}  // namespace retour
