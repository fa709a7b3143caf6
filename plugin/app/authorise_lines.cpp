#include "plugin/app/authorise_lines.hpp"

#include "plugin/app/plan_refund.hpp"
#include "plugin/core/policy/decide_value.hpp"

namespace retour::app {

Minor total_of(std::span<const Claim> claims) {
  Minor total = 0;
  for (const Claim& claim : claims) total += claim.paid.total_minor();
  return total;
}

Minor claims_total(std::span<const AnsweredLine> lines) {
  Minor total = 0;
  for (const AnsweredLine& line : lines) {
    if (!is_of_value(line.decision)) total += total_of(line.claims);
  }
  return total;
}

bool in_one_currency(Evidence& evidence, std::span<const AnsweredLine> lines) {
  std::vector<Claim> claims;
  for (const AnsweredLine& line : lines) claims.insert(claims.end(), line.claims.begin(), line.claims.end());
  return claims.empty() || currency_of(evidence, claims).has_value();
}

Decision authorised(Decision decision, const ReturnAsk& ask, Minor total_minor, const Currency& currency,
                    const PolicyPack& policy) {
  if (decision.verdict != Verdict::approved) return decision;
  auto& risk = decision.trace.facts.risk;
  std::erase_if(risk, [](const RiskCount& seen) { return seen.signal == RiskSignal::value_minor; });
  risk.push_back({RiskSignal::value_minor, total_minor});
  return authorise(std::move(decision), ask, total_minor, currency, policy);
}

void authorise_lines(Evidence& evidence, const PolicyPack& policy, std::span<AnsweredLine> lines, Minor total_minor) {
  for (AnsweredLine& line : lines) {
    if (is_of_value(line.decision)) continue;  // somebody with authority gave it already
    const auto currency = currency_of(evidence, line.claims);
    if (!currency) continue;  // nothing is claimed; two currencies in one line are refused with the command
    line.decision = authorised(std::move(line.decision), line.ask, total_minor, *currency, policy);
    if (line.decision.verdict == Verdict::approved) continue;
    line.claims.clear();
    line.decision.assurance = Assurance::none;
  }
}

}  // namespace retour::app
