// What a case can say about recalls, staff as customers, and returns without receipt.
#include "plugin/app/end_repair.hpp"
#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

/// "recall kettle: Unplug it and put it into the red box."
void CaseWorld::recall(Words& words) {
  std::string sku = words.next();
  if (sku.ends_with(':')) sku.pop_back();
  m_till->recall(sku, words.rest());
}

/// "family of anna is carol"
void CaseWorld::family(Words& words) {
  words.expect("of");
  const std::string code = words.next();
  words.expect("is");
  m_till->is_family(code, words.next());
}

/// "budget 100.00"
void CaseWorld::budget(Words& words) {
  const Order made = m_till->grant_budget(words.amount());
  m_orders[made.number] = made;
  m_numbers[made.id] = made.number;
  new_events();  // that the right came is not what a case is about
}

/// "no_receipt 90 days up to 50.00", then maybe "visits 2", "needs supervisor"
void CaseWorld::no_receipt(Words& words) {
  NoReceiptRule rule{.lookback_days = static_cast<std::int32_t>(words.number())};
  words.expect("days");
  words.expect("up");
  words.expect("to");
  rule.up_to = {{gbp, words.amount()}};
  if (words.skip("visits")) rule.visits_365_max = static_cast<std::int32_t>(words.number());
  if (words.skip("needs")) rule.needs = parse_role(words.next());
  m_till->policy.no_receipt = rule;
}

/// "R1 is repaired", "R1 is not_repairable": its first line
void CaseWorld::end_of_repair(const std::string& name, Words& words) {
  const std::string outcome = words.next();
  if (outcome != "repaired" && outcome != "not_repairable") words.fail("no end of a repair");
  show(name, app::end_repair(store(), {.command_id = m_till->ids.make<CommandId>(),
                                       .case_id = case_named(name),
                                       .line_no = 1,
                                       .outcome = outcome == "repaired" ? RepairOutcome::repaired
                                                                        : RepairOutcome::not_repairable}));
}

}  // namespace retour::testing
