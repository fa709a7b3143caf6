// Commands of golden cases about money for goods that the customer keeps, and about changing one's mind.
#include "plugin/app/compensate.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/withdraw_line.hpp"
#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

/// "policy compensation 20 percent", "policy compensation 50 percent up to 30.00 needs manager"
void CaseWorld::compensation_rule(Words& words) {
  auto& rules = m_till->policy.compensation;
  CompensationRule rule{.name = {"c" + std::to_string(rules.size() + 1), ""}};
  rule.share_max.value = static_cast<std::int32_t>(words.number() * 100);
  words.expect("percent");
  if (words.skip("up")) {
    words.expect("to");
    rule.up_to = {{m_currency, words.amount()}};
  }
  if (words.skip("needs")) rule.needs = parse_role(words.next());
  rules.push_back(std::move(rule));
}

/// "compensate K1 by anna with 5.00 for 1 of W-1 line 2", then maybe "as store_credit", "agreed by maria pin 2468"
void CaseWorld::compensate(Words& words) {
  m_last_name = words.next();
  app::Compensate asked{.command_id = m_till->ids.make<CommandId>(), .till = "1"};
  asked.business_date = CivilDate::of_ms(m_till->clock.now_ms());
  asked.reason = ReturnReason::quality;
  words.expect("by");
  asked.cashier = words.next();
  words.expect("with");
  asked.amount_minor = words.amount();
  words.expect("for");
  asked.quantity = words.number();
  words.expect("of");
  asked.order_id = order_of(words.next());
  words.expect("line");
  asked.order_line_no = static_cast<std::uint32_t>(words.number());
  if (words.skip("as")) asked.refund_as = parse_tender_kind(words.next());
  if (words.skip("agreed")) {
    words.expect("by");
    asked.approval.emplace();
    asked.approval->by.approver = words.next();
    words.expect("pin");
    asked.approval->by.secret = words.next();
    asked.approval->reason = "goodwill";
  }
  m_last = [this, asked]() -> Outcome {
    Outcome outcome = app::compensate(store(), asked);
    if (outcome.ok() && !outcome->already_recorded) app::print_paper(store(), app::receipt_of(store(), *outcome));
    return outcome;
  };
  show(m_last_name, m_last());
}

/// "withdraw R1 line 1 by anna"
void CaseWorld::withdraw(Words& words) {
  m_last_name = words.next();
  app::WithdrawLine asked{.command_id = m_till->ids.make<CommandId>(), .case_id = case_named(m_last_name)};
  words.expect("line");
  asked.line_no = static_cast<std::uint32_t>(words.number());
  words.expect("by");
  asked.staff_code = words.next();
  m_last = [this, asked] { return app::withdraw_line(store(), asked); };
  show(m_last_name, m_last());
}

}  // namespace retour::testing
