// Commands of golden cases about what is kept back, as what money goes back, and in which money.

#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

void CaseWorld::add_money_commands() {
  const auto plain = [this](void (CaseWorld::*handler)(Words&)) {
    return [this, handler](Words& words, const CaseCommand&) { (this->*handler)(words); };
  };
  m_commands.emplace("currency", plain(&CaseWorld::currency));
  m_commands.emplace("coins", plain(&CaseWorld::coins));
  m_commands.emplace("look", plain(&CaseWorld::look));
  m_commands.emplace("program", plain(&CaseWorld::program));
}

bool CaseWorld::money_policy(Words& words) {
  if (words.skip("fee")) {
    fee(words);
  } else if (words.skip("refund_as")) {
    refund_as(words);
  } else {
    return false;
  }
  return true;
}

/// "fee restocking 15 percent", "fee return_shipping 3.00 each", then maybe "rounded half_up", "because
/// changed_mind", "when refurbishable"
void CaseWorld::fee(Words& words) {
  const std::string name = words.next();
  FeeRule rule{.name = {name, ""}, .terms = {.rule = "fees/" + name}};
  const std::map<std::string, FeeKind> kinds{{"restocking", FeeKind::restocking},
                                             {"return_shipping", FeeKind::return_shipping},
                                             {"diminished_value", FeeKind::diminished_value}};
  if (!kinds.contains(name)) words.fail("\"" + name + "\" is no fee");
  rule.terms.kind = kinds.at(name);
  const std::string how_much = words.next();
  if (words.skip("percent")) {
    rule.terms.share.value = std::stoi(how_much) * 100;
  } else {
    words.expect("each");
    rule.terms.each_minor = Words(how_much).amount();
  }
  if (words.skip("rounded")) words.expect("half_up"), rule.terms.rounding = Rounding::half_up;
  if (words.skip("because")) {
    const auto reason = parse_return_reason(words.next());
    if (!reason) words.fail("no reason");
    rule.when.reasons = {*reason};
  }
  if (words.skip("when")) {
    const auto grade = parse_grade(words.next());
    if (!grade) words.fail("no grade");
    rule.when.grades = {*grade};
  }
  m_till->policy.fees.push_back(std::move(rule));
}

/// "refund_as store_credit within 90 days": a window behind those that the case names before
void CaseWorld::refund_as(Words& words) {
  WindowRule window{.name = {"w" + std::to_string(m_till->policy.windows.size() + 1), ""}};
  window.refund_as = tender_named(words.next());
  words.expect("within");
  window.days = static_cast<std::int32_t>(words.number());
  words.expect("days");
  m_till->policy.windows.push_back(std::move(window));
}

/// "currency CHF": of every amount in the case from here on
void CaseWorld::currency(Words& words) {
  const auto currency = Currency::parse(words.next());
  if (!currency) words.fail("no currency");
  m_currency = *currency;
}

/// "coins of 0.05": the smallest one
void CaseWorld::coins(Words& words) {
  words.expect("of");
  m_till->policy.payout.cash_rounding = {{m_currency, words.amount()}};
  m_policy_is_new = true;
}

}  // namespace retour::testing
