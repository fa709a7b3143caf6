#include "plugin/app/settle_line.hpp"

#include "db/journal/journal.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/authorise_lines.hpp"
#include "plugin/app/claim_units.hpp"
#include "plugin/app/defer_line.hpp"
#include "plugin/app/fetch_rights.hpp"
#include "plugin/app/line_facts.hpp"
#include "plugin/app/plan_refund.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"
#include "plugin/app/start_repair.hpp"
#include "plugin/core/policy/decide_delivery.hpp"

namespace retour::app {

namespace {

bool holds_all(StoreContext& store, const std::vector<OrderUnits>& taken) {
  for (const OrderUnits& part : taken) {
    if (!projections::held_ranges(store.journal.database(), part.order_id).contains(part.units)) return false;
  }
  return true;
}

/// `line_settled` and what follows from a yes. False when the answer cannot be taken up yet, or never.
bool add_answer(StoreContext& store, CaseDraft& draft, Evidence& evidence, const ReferralAnswered& answer) {
  Decision decision = answer.decision;
  if (decision.verdict == Verdict::approved) decision.assurance = Assurance::confirmed;
  if (answer.referral_id == right_only_id(answer.case_id, answer.line_no) && decision.verdict == Verdict::approved) {
    if (!holds_all(store, decision.taken)) return false;
    decision = right_came(std::move(decision));
  }
  LineSettled settled{answer.case_id, answer.line_no, answer.referral_id, decision};
  if (!check(draft.state(), settled).ok()) return false;
  if (decision.verdict != Verdict::approved) return draft.add(settled), true;

  if (!holds_all(store, decision.taken)) return false;
  auto claims = claims_of(evidence, decision.taken);
  if (!claims) return false;
  const auto currency = currency_of(evidence, *claims);
  if (!currency) return false;
  // The hub says what was bought; who may give so much away is this store's to say. Its rights stay here meanwhile.
  // A delivery follows from goods that were approved: nobody is asked again.
  const ReturnAsk ask = find_line(draft.state(), answer.line_no)->ask;
  if (!asks_for_delivery(ask)) {
    const Minor total = draft.state().claimed_minor + total_of(*claims);
    count_again(store, *draft.state().opened, settled.decision.trace.facts);
    settled.decision = authorised(settled.decision, ask, total, *currency, store.policy);
  }
  if (settled.decision.verdict != Verdict::approved) {
    settled.decision.assurance = Assurance::none;
    return draft.add(settled), true;
  }
  if (ask.remedy == Remedy::repair) {
    draft.add(settled);
    return start_repair(draft, answer.case_id, answer.line_no), true;
  }
  const LineClaims line = claims_on_terms({.ask = ask, .decision = decision, .claims = *claims});
  draft.add(settled);
  attach_orders(draft, answer.case_id, evidence, *claims);
  claim_units(draft, answer.case_id, answer.line_no, decision.assurance, *claims);
  receive_goods(draft, answer.case_id, answer.line_no);
  plan_refund_of_case(store, draft, answer.case_id, evidence, {&line, 1});
  return true;
}

bool settle_one(StoreContext& store, const ReferralAnswered& answer, Payout payout) {
  std::optional<LegToMove> moving;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, answer.case_id);
    if (!state) return false;
    CaseDraft draft(*state);
    Evidence evidence(store);
    if (!add_answer(store, draft, evidence, answer)) return false;
    ask_about_deliveries(store, draft, evidence);
    moving = take_next_step(store, draft, answer.case_id, payout);
    if (payout == Payout::at_counter) hand_back_refused(draft, answer.case_id);
    record(write, store.ids.make<CommandId>(), draft.events());
  }
  move_legs(store, answer.case_id, std::move(moving), payout);
  return true;
}

std::size_t settle(StoreContext& store, const std::vector<ReferralAnswered>& answers, Payout payout) {
  std::size_t settled = 0;
  for (const ReferralAnswered& answer : answers) settled += settle_one(store, answer, payout) ? 1U : 0U;
  return settled;
}

/// Every line that waits is one of which the hub has said that it takes longer.
bool hub_takes_longer(StoreContext& store, const ReturnCase& state) {
  for (const CaseLine& line : state.lines) {
    if (line.state != LineState::referred) continue;
    if (!projections::is_pending(store.journal.database(), *line.referral_id)) return false;
  }
  return true;
}

}  // namespace

std::size_t settle_arrived(StoreContext& store, Payout payout) {
  return settle(store, projections::answers_to_open_referrals(store.journal.database()), payout);
}

std::size_t settle_arrived(StoreContext& store, const ReturnCaseId& case_id, Payout payout) {
  std::vector<ReferralAnswered> answers = projections::answers_to_open_referrals(store.journal.database());
  std::erase_if(answers, [&](const ReferralAnswered& answer) { return answer.case_id != case_id; });
  return settle(store, answers, payout);
}

ReturnOutcome wait_for_hub(StoreContext& store, const ReturnCaseId& case_id, std::int64_t wait_ms) {
  const std::int64_t deadline = store.clock.now_ms() + wait_ms;
  while (true) {
    settle_arrived(store, case_id, Payout::at_counter);
    const auto state = read_case(store.journal, case_id);
    require(state.has_value(), "waits for the answer to a case that does not exist");
    if (!has_waiting_line(*state) || hub_takes_longer(store, *state)) break;
    if (store.clock.now_ms() >= deadline) break;
    store.pause(referral_poll_ms);
  }
  defer_waiting(store, case_id);
  return *read_outcome(store, case_id);
}

}  // namespace retour::app
