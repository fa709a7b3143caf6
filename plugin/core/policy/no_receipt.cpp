#include "plugin/core/policy/no_receipt.hpp"

#include <algorithm>

namespace retour {

namespace {

constexpr std::string_view rule_name = "no_receipt";

UnprovenRuling refused(Refusal refusal, std::string_view would_change) {
  return {
      {.verdict = Verdict::refused, .refusal = refusal, .rule = std::string(rule_name), .would_change = would_change},
      {}};
}

/// Empty when the product fits no amount.
std::optional<Minor> worth_of(const UnprovenSale& sale, std::int64_t quantity) {
  if (quantity > minor_max / sale.lowest_minor) return std::nullopt;
  return sale.lowest_minor * quantity;
}

/// The lowest units first, budget by budget as they come. Empty when there are not so many.
std::vector<OrderUnits> take_budget(const std::vector<Lot>& budgets, Minor worth) {
  std::vector<OrderUnits> taken;
  for (const Lot& budget : budgets) {
    for (const UnitRange& free : budget.free) {
      const std::int64_t count = std::min(free.count, worth);
      if (count > 0) taken.push_back({budget.order_id, {free.line_no, free.first, count}});
      worth -= count;
    }
  }
  return worth == 0 ? taken : std::vector<OrderUnits>{};
}

std::int64_t visits_of(const LineFacts& line) {
  const auto seen = std::find_if(line.risk.begin(), line.risk.end(), [](const RiskCount& count) {
    return count.signal == RiskSignal::no_receipt_365_days;
  });
  return seen == line.risk.end() ? 0 : seen->count;
}

/// The least role that has to agree; empty when nobody has to.
std::optional<Role> role_needed(const NoReceiptRule& rule, const LineFacts& line) {
  std::optional<Role> needed = rule.needs;
  const bool too_often = rule.visits_365_max > 0 && visits_of(line) >= rule.visits_365_max;
  if (too_often && (!needed || *needed < Role::manager)) needed = Role::manager;
  return needed;
}

void ask_for(Ruling& ruling, const LineFacts& line, Role needed) {
  if (line.approval && line.approval->role >= needed) return;
  if (ruling.needs && *ruling.needs >= needed) return;
  ruling.verdict = Verdict::needs_manager;
  ruling.needs = needed;
  ruling.rule = rule_name;
  ruling.would_change = "approval";
}

}  // namespace

std::optional<Minor> no_receipt_limit(const PolicyPack& policy, const Currency& currency) {
  return policy.no_receipt ? amount_in(policy.no_receipt->up_to, currency) : std::nullopt;
}

UnprovenRuling rule_without_receipt(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  const UnprovenSale& sale = *facts.line.unproven;
  if (!policy.no_receipt) return refused(Refusal::no_receipt_not_taken, "proof_of_purchase");
  const NoReceiptRule& rule = *policy.no_receipt;
  if (rule.visits_365_max > 0 && !facts.has_customer) return refused(Refusal::no_customer, "customer_or_order");

  UnprovenRuling found{rule_on_unproven(ask, facts, policy), {}};
  if (found.ruling.verdict == Verdict::refused) return found;
  if (sale.lowest_minor <= 0) return refused(Refusal::no_receipt_not_taken, "proof_of_purchase");
  const Minor limit = no_receipt_limit(policy, sale.currency).value_or(0);
  if (sale.lowest_minor > limit) return refused(Refusal::no_receipt_not_taken, "proof_of_purchase");
  const std::optional<Minor> worth = worth_of(sale, ask.quantity);
  if (!worth || *worth > limit) return refused(Refusal::no_receipt_not_taken, "smaller_quantity");

  found.taken = take_budget(facts.lots, *worth);
  if (found.taken.empty()) return refused(Refusal::no_receipt_not_taken, "budget");
  if (const auto needed = role_needed(rule, facts.line)) ask_for(found.ruling, facts.line, *needed);
  if (found.ruling.verdict != Verdict::approved) found.taken.clear();
  found.ruling.terms.refund_as = rule.refund_as;
  found.ruling.applied.push_back(std::string(rule_name));
  return found;
}

}  // namespace retour
