// Who may say yes: role x amount x reason x age of the data, and the risk score that refers a visit to a person.
// The score never refuses. Rules: docs/policy.md, "Authority" and "Risk".
#include <algorithm>

#include "plugin/core/policy/decline.hpp"
#include "plugin/core/policy/no_receipt.hpp"
#include "plugin/core/policy/policy.hpp"

namespace retour {

namespace {

/// 1 .. amount_levels; an amount in a currency without levels is of the highest.
std::uint8_t level_of(Minor amount, const Currency& currency, const PolicyPack& policy) {
  for (const AmountLevels& levels : policy.levels) {
    if (levels.currency != currency) continue;
    const auto above = std::lower_bound(levels.up_to_minor.begin(), levels.up_to_minor.end(), amount);
    return static_cast<std::uint8_t>(above - levels.up_to_minor.begin() + 1);
  }
  return static_cast<std::uint8_t>(amount_levels);
}

bool permits(const AuthorityRule& rule, const LineFacts& line, ReturnReason reason, std::uint8_t level) {
  const bool reason_fits =
      rule.reasons.empty() || std::find(rule.reasons.begin(), rule.reasons.end(), reason) != rule.reasons.end();
  const bool age_fits =
      !rule.data_age_minutes_max || (line.data_age_minutes && *line.data_age_minutes <= *rule.data_age_minutes_max);
  return reason_fits && age_fits && level <= rule.up_to_level;
}

/// The least role that may; empty when the table lets nobody.
std::optional<Role> least_role(const LineFacts& line, ReturnReason reason, std::uint8_t level,
                               const PolicyPack& policy) {
  std::optional<Role> least;
  for (const AuthorityRule& rule : policy.authority) {
    if (permits(rule, line, reason, level) && (!least || rule.role < *least)) least = rule.role;
  }
  return least;
}

bool fires(const RiskRule& rule, const LineFacts& line) {
  return std::any_of(line.risk.begin(), line.risk.end(), [&](const RiskCount& seen) {
    if (seen.signal != rule.signal) return false;
    return rule.signal == RiskSignal::days_left_in_window ? seen.count <= rule.at_least : seen.count >= rule.at_least;
  });
}

/// The sum of the points that fire; adds the names of their rules.
std::int32_t risk_points(const LineFacts& line, const PolicyPack& policy, std::vector<std::string>& fired) {
  std::int32_t points = 0;
  for (const RiskRule& rule : policy.risk) {
    if (!fires(rule, line)) continue;
    points += rule.points;
    fired.push_back("risk/" + rule.name.id);
  }
  return points;
}

bool has_agreed(const LineFacts& line, Role needed) {
  return line.approval && line.approval->role >= needed;
}

void ask_for(Decision& decision, Role needed, std::string rule) {
  decision.verdict = Verdict::needs_manager;
  decision.taken.clear();
  decision.terms.clear();
  decision.trace.needs = needed;
  decision.trace.rule = std::move(rule);
  decision.trace.would_change = "approval";
}

}  // namespace

Decision authorise(Decision decision, const ReturnAsk& ask, Minor total_minor, const Currency& currency,
                   const PolicyPack& policy) {
  if (decision.verdict != Verdict::approved) return decision;
  decision.trace.total_minor = total_minor;
  const LineFacts line = decision.trace.facts;
  // A heap of goods without receipt, brought line by line, is one visit: what a line alone may be worth, all may be.
  if (line.unproven && total_minor > no_receipt_limit(policy, currency).value_or(0)) {
    if (!has_agreed(line, Role::manager)) return ask_for(decision, Role::manager, "no_receipt"), decision;
    decision.trace.applied.push_back("no_receipt/up_to");
  }
  if (!policy.authority.empty()) {
    const Role needed = least_role(line, ask.reason, level_of(total_minor, currency, policy), policy)
                            .value_or(Role::regional_manager);
    if (line.role < needed && !has_agreed(line, needed)) return ask_for(decision, needed, "authority"), decision;
    if (line.role < needed) decision.trace.applied.push_back("authority");
  }
  std::vector<std::string> fired;
  const bool risky = risk_points(line, policy, fired) > policy.risk_points_max;
  decision.trace.applied.insert(decision.trace.applied.end(), fired.begin(), fired.end());
  if (risky && line.role < Role::manager && !has_agreed(line, Role::manager))
    ask_for(decision, Role::manager, "risk");
  return decision;
}

Decision declined(Decision left_to_a_person) {
  require(left_to_a_person.verdict == Verdict::needs_manager, "declined: nobody was asked");
  left_to_a_person.verdict = Verdict::refused;
  left_to_a_person.refusal = Refusal::declined_by_manager;
  left_to_a_person.trace.needs.reset();
  left_to_a_person.trace.would_change = "nothing";
  return left_to_a_person;
}

}  // namespace retour
