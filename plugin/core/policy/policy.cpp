#include "plugin/core/policy/policy.hpp"

#include <algorithm>
#include <limits>

#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/policy/decide_value.hpp"
#include "plugin/core/policy/decline.hpp"
#include "plugin/core/policy/no_receipt.hpp"
#include "plugin/core/policy/ruling.hpp"

namespace retour {

namespace {

bool is_merchandise(std::string_view sku, const PolicyPack& policy) {
  const std::size_t digits = policy.merchandise_sku_leading_digits;
  if (sku.size() < digits) return false;
  return std::all_of(sku.begin(), sku.begin() + static_cast<std::ptrdiff_t>(digits),
                     [](char c) { return c >= '0' && c <= '9'; });
}

/// Store credits and budgets are spent, never returned.
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

/// Only the unit that has the asked serial number is free: that unit and no other.
void keep_serial_unit(std::vector<Lot>& lots) {
  for (Lot& lot : lots) {
    const auto has_it = [&](const UnitRange& units) {
      return lot.serial_unit && units.first <= *lot.serial_unit && *lot.serial_unit < units.end();
    };
    const bool is_free = std::any_of(lot.free.begin(), lot.free.end(), has_it);
    lot.free.clear();
    if (is_free) lot.free.push_back({lot.line_no, *lot.serial_unit, 1});
  }
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
  decision.trace.final_word = facts.final_word;
  decision.trace.facts = facts.line;
  decision.trace.would_change = answer.would_change;
  return decision;
}

/// What the one with the final word says when no lot, whatever its ruling, covers the line.
Answer shortage_answer(Shortage over_all_lots) {
  switch (over_all_lots) {
    case Shortage::none:
      break;
    case Shortage::never_bought:
      return {Verdict::refused, Refusal::no_purchase_found, "matching", "proof_of_purchase"};
    case Shortage::exhausted:
      return {Verdict::refused, Refusal::already_returned, "matching", "other_purchase"};
    case Shortage::too_few:
      return {Verdict::refused, Refusal::quantity_exceeds_returnable, "matching", "smaller_quantity"};
  }
  require(false, "shortage_answer: there is no shortage");
  return {};
}

/// The rulings over all lots in question, one a lot.
class Rulings {
 public:
  Rulings(const std::vector<Lot>& lots, const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy)
      : m_lots(lots) {
    for (const Lot& lot : lots) m_rulings.push_back(rule_on(lot, ask, facts, policy));
  }

  std::vector<Lot> eligible() const {
    std::vector<Lot> lots;
    for (std::size_t i = 0; i < m_lots.size(); ++i) {
      if (m_rulings[i].verdict != Verdict::refused) lots.push_back(m_lots[i]);
    }
    return lots;
  }
  const Ruling& of(const OrderUnits& taken) const {
    for (std::size_t i = 0; i < m_lots.size(); ++i) {
      if (m_lots[i].order_id == taken.order_id && m_lots[i].line_no == taken.units.line_no) return m_rulings[i];
    }
    require(false, "units were taken from a lot that was not there");
    return m_rulings.front();
  }
  /// The refusal to tell; null when no lot was refused.
  const Ruling* refusal() const {
    const Ruling* best = nullptr;
    for (const Ruling& ruling : m_rulings) {
      if (ruling.verdict == Verdict::refused && (best == nullptr || is_more_helpful(ruling, *best))) best = &ruling;
    }
    return best;
  }

 private:
  const std::vector<Lot>& m_lots;
  std::vector<Ruling> m_rulings;
};

/// The least role that may say yes to all taken units, with the rule that asks for it.
void leave_to_a_person(Decision& decision, const Ruling& ruling) {
  decision.verdict = Verdict::needs_manager;
  decision.trace.rule = ruling.rule;
  decision.trace.would_change = ruling.would_change;
  decision.trace.needs = ruling.needs;
}

/// The fewest days that any of these units could still have waited. In the place of an earlier count, so that an
/// answer given again from its trace has the same facts.
void count_days_left(Decision& decision, const std::vector<OrderUnits>& taken, const Rulings& rulings,
                     const PolicyPack& policy) {
  const auto counts = [](const auto& one) { return one.signal == RiskSignal::days_left_in_window; };
  if (std::none_of(policy.risk.begin(), policy.risk.end(), counts)) return;
  std::optional<std::int64_t> fewest;
  for (const OrderUnits& part : taken) {
    const auto& days = rulings.of(part).days_left;
    if (days && (!fewest || *days < *fewest)) fewest = days;
  }
  if (!fewest) return;
  std::vector<RiskCount>& risk = decision.trace.facts.risk;
  const auto known = std::find_if(risk.begin(), risk.end(), counts);
  if (known == risk.end()) return risk.push_back({RiskSignal::days_left_in_window, *fewest});
  known->count = *fewest;
}

void take(Decision& decision, std::vector<OrderUnits> taken, const Rulings& rulings) {
  const Ruling* person = nullptr;
  bool special = false;
  for (const OrderUnits& part : taken) {
    const Ruling& ruling = rulings.of(part);
    if (ruling.needs && (person == nullptr || *person->needs < *ruling.needs)) person = &ruling;
    special |= ruling.terms != UnitTerms{};
    for (const std::string& rule : ruling.applied) {
      auto& applied = decision.trace.applied;
      if (std::find(applied.begin(), applied.end(), rule) == applied.end()) applied.push_back(rule);
    }
  }
  if (person != nullptr) return leave_to_a_person(decision, *person);
  if (special) {
    for (const OrderUnits& part : taken) decision.terms.push_back(rulings.of(part).terms);
  }
  decision.taken = std::move(taken);
}

Decision refused_by(const Ruling& ruling, const DecisionFacts& facts, const PolicyPack& policy) {
  return decision_of({Verdict::refused, ruling.refusal, ruling.rule, ruling.would_change}, facts, policy);
}

Decision decide_by_matching(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy,
                            const std::vector<Lot>& lots) {
  const Rulings rulings(lots, ask, facts, policy);
  const Ruling* refusal = rulings.refusal();
  // What a pack says about a named line holds whoever has its units: a node may say it alone.
  if (ask.order_id && refusal != nullptr) return refused_by(*refusal, facts, policy);

  const std::int64_t before_ms = sold_before_ms(ask, facts);
  Allocation allocation = allocate_return(rulings.eligible(), ask.quantity, ask.asked_price, before_ms);
  if (allocation.shortage == Shortage::none) {
    Decision decision = decision_of({Verdict::approved, Refusal::none, "matching", ""}, facts, policy);
    count_days_left(decision, allocation.taken, rulings, policy);
    take(decision, std::move(allocation.taken), rulings);
    return decision;
  }
  if (!facts.final_word) {
    return decision_of({Verdict::deferred, Refusal::none, "matching", "hub_answers"}, facts, policy);
  }
  const Shortage over_all = allocate_return(lots, ask.quantity, ask.asked_price, before_ms).shortage;
  if (over_all == Shortage::none) return refused_by(*refusal, facts, policy);
  return decision_of(shortage_answer(over_all), facts, policy);
}

/// Units that are told apart come back by their number: that unit and no other.
Decision decide_by_serial(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy,
                          std::vector<Lot> lots) {
  const bool is_here =
      std::any_of(lots.begin(), lots.end(), [](const Lot& lot) { return lot.serial_unit.has_value(); });
  if (!is_here && (ask.order_id || facts.final_word)) {
    return decision_of({Verdict::refused, Refusal::serial_not_sold, "serial", "other_purchase"}, facts, policy);
  }
  std::erase_if(lots, [](const Lot& lot) { return !lot.serial_unit; });
  keep_serial_unit(lots);
  return decide_by_matching(ask, facts, policy, lots);
}

Decision decide_among(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy,
                      const std::vector<Lot>& lots) {
  const bool told_apart = std::any_of(lots.begin(), lots.end(), [](const Lot& lot) { return lot.has_serials; });
  // Without a known purchase, or where the source wrote no numbers down, a number neither proves nor denies anything.
  if (!told_apart) return decide_by_matching(ask, facts, policy, lots);
  if (!ask.serial.empty()) return decide_by_serial(ask, facts, policy, lots);
  return decision_of({Verdict::refused, Refusal::serial_missing, "serial", "serial"}, facts, policy);
}

/// Goods whose worth the caller found out, because nobody can prove a purchase of them.
Decision decide_unproven(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  UnprovenRuling found = rule_without_receipt(ask, facts, policy);
  Ruling& ruling = found.ruling;
  Decision decision = decision_of({ruling.verdict, ruling.refusal, ruling.rule, ruling.would_change}, facts, policy);
  decision.trace.needs = ruling.needs;
  decision.trace.applied = std::move(ruling.applied);
  if (decision.verdict == Verdict::approved) {
    decision.trace.rule = "no_receipt";
    decision.terms.assign(found.taken.size(), ruling.terms);
    decision.taken = std::move(found.taken);
  }
  return decision;
}

}  // namespace

Decision decide_line(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  const auto refuse = [&](Refusal refusal, std::string_view rule, std::string_view would_change) {
    return decision_of({Verdict::refused, refusal, rule, would_change}, facts, policy);
  };
  if (ask.quantity <= 0 || ask.quantity > quantity_max || (!ask.serial.empty() && ask.quantity != 1)) {
    return refuse(Refusal::quantity_invalid, "quantity", "valid_quantity");
  }
  if (facts.line.unproven) {
    if (!is_merchandise(ask.sku, policy)) return refuse(Refusal::not_merchandise, "not_merchandise", "nothing");
    Decision decision = decide_unproven(ask, facts, policy);
    decision.trace.lots = facts.lots;
    return decision;
  }
  if (!ask.order_id && !facts.has_customer) return refuse(Refusal::no_customer, "customer", "customer_or_order");
  if (!is_merchandise(ask.sku, policy) || is_value(facts.lots))
    return refuse(Refusal::not_merchandise, "not_merchandise", "nothing");

  std::vector<Lot> lots = lots_in_question(ask, facts);
  Decision decision = decide_among(ask, facts, policy, lots);
  decision.trace.lots = std::move(lots);
  return decision;
}

Decision decide_again(const ReturnAsk& ask, const Decision& recorded, std::int64_t asked_at_ms,
                      BusinessDate business_date, const Currency& currency, const PolicyPack& policy) {
  const DecisionTrace& trace = recorded.trace;
  const DecisionFacts facts{.has_customer = recorded.refusal != Refusal::no_customer,
                            .lots = trace.lots,
                            .final_word = trace.final_word,
                            .feed_position = trace.feed_position,
                            .asked_at_ms = asked_at_ms,
                            .business_date = business_date,
                            .line = trace.facts};
  if (recorded.refusal == Refusal::withdrawn) return recorded;  // no rule said so
  if (is_of_value(recorded)) return decide_value(ask, facts, policy);
  if (asks_for_delivery(ask) && is_of_delivery(recorded)) return decide_delivery(ask, facts, policy);
  Decision again = authorise(decide_line(ask, facts, policy), ask, trace.total_minor, currency, policy);
  const bool a_person_said_no = recorded.refusal == Refusal::declined_by_manager;
  return a_person_said_no && again.verdict == Verdict::needs_manager ? declined(std::move(again)) : again;
}

}  // namespace retour
