#include "plugin/app/resume.hpp"

#include "db/journal/journal.hpp"
#include "db/projections/readers.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::app {

namespace {

/// A leg as it stands now, not as it stood when the list was read.
std::optional<LegToMove> still_unclear(StoreContext& store, LegHold hold, const ReturnCaseId& case_id,
                                       LegState& state) {
  const auto current = read_case(store.journal, case_id);
  if (!current) return std::nullopt;
  const CaseLeg* leg = find_leg(*current, hold.leg());
  if (leg == nullptr) return std::nullopt;
  state = leg->state;
  if (state != LegState::started && state != LegState::unknown && state != LegState::queued) return std::nullopt;
  for (const CasePlan& plan : current->plans) {
    if (plan.plan_no == leg->plan_no) return LegToMove{std::move(hold), leg->leg.planned, plan.currency};
  }
  return std::nullopt;
}

/// What became of a card leg. One that the terminal never heard of is asked for again: the id makes that safe. One
/// that it turned down, for a reason that it names, waits for a person.
ports::DeviceAnswer fate_of(StoreContext& store, const LegToMove& leg) try {
  const ports::DeviceAnswer answer = store.terminal.status_of(leg.hold.leg());
  if (answer.outcome != LegOutcome::failed || answer.problem != LegProblem::none) return answer;
  return store.terminal.refund({.leg_id = leg.hold.leg(),
                                .minor = leg.planned.pays_minor,
                                .currency = leg.currency,
                                .reference = leg.planned.reference,
                                .tender = leg.planned.tender});
} catch (const Error&) {
  return {LegOutcome::unknown, ""};  // the terminal died again: it is asked again later
}

void resume_leg(StoreContext& store, const ReturnCaseId& case_id, LegToMove leg, LegState state, Resumed& resumed) {
  const bool drawer = leg.planned.tender == TenderKind::cash;
  ports::DeviceAnswer answer{LegOutcome::unknown, ""};
  if (drawer) {
    ++resumed.needs_a_person;
  } else {
    ++resumed.asked;
    answer = fate_of(store, leg);
  }
  const bool learned_nothing = answer.outcome == LegOutcome::unknown || answer.outcome == LegOutcome::queued;
  if (learned_nothing && state != LegState::started) return;
  auto next = end_leg(store, case_id, leg.hold.leg(), answer, Payout::unattended);
  move_legs(store, case_id, std::move(next), Payout::unattended);
}

}  // namespace

Resumed resume(StoreContext& store) {
  Resumed resumed;
  for (const projections::OpenLeg& open : projections::open_legs(store.journal.database())) {
    if (open.state == LegState::planned || open.state == LegState::failed) continue;
    auto hold = LegHold::take(store.legs_in_motion, open.leg_id);
    if (!hold) continue;
    LegState state = LegState::planned;
    if (auto leg = still_unclear(store, std::move(*hold), open.case_id, state)) {
      resume_leg(store, open.case_id, std::move(*leg), state, resumed);
    }
  }
  return resumed;
}

}  // namespace retour::app
