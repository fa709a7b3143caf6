#include "plugin/app/move_legs.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "plugin/app/issue_credit.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/base/error.hpp"
#include "plugin/core/refund/reroute.hpp"

namespace retour::app {

namespace {

bool may_start(const CaseLeg& leg, Payout payout) {
  return leg.state == LegState::planned &&
         (payout == Payout::at_counter || leg.leg.planned.tender != TenderKind::cash);
}

Currency currency_of_leg(const ReturnCase& state, const CaseLeg& leg) {
  const auto plan = std::find_if(state.plans.begin(), state.plans.end(),
                                 [&](const CasePlan& one) { return one.plan_no == leg.plan_no; });
  require(plan != state.plans.end(), "a leg without its plan");
  return plan->currency;
}

bool needs_identity(const StoreContext& store, const ReturnCase& state, const CaseLeg& leg) {
  return asks_identity(leg.leg.planned, currency_of_leg(state, leg), store.policy.payout);
}

/// A device that dies while it is asked may have moved the money or not: the leg is `unknown` and is asked about
/// later.
ports::DeviceAnswer ask_device(StoreContext& store, const LegToMove& leg) try {
  const ports::RefundRequest request{.leg_id = leg.hold.leg(),
                                     .minor = leg.planned.pays_minor,
                                     .currency = leg.currency,
                                     .reference = leg.planned.reference,
                                     .tender = leg.planned.tender};
  return leg.planned.tender == TenderKind::cash ? store.drawer.pay_out(request) : store.terminal.refund(request);
} catch (const Error&) {
  return {LegOutcome::unknown, ""};
}

/// The journal failed behind the device: the words must not claim that nothing moved.
[[noreturn]] void tell_what_moved(const Error& error, const LegToMove& leg, const ports::DeviceAnswer& answer) {
  const std::string amount = to_string(leg.planned.pays_minor, leg.currency);
  Error::Parts parts = error.parts();
  parts.consequence = answer.outcome == LegOutcome::settled
                          ? amount +
                                " has been paid out and could not be noted down; do not pay it again: the return is "
                                "recorded, and the payment waits there to be confirmed"
                          : "the return is recorded; whether " + amount +
                                " was paid is found out as soon as the journal can be written";
  throw Error(std::move(parts));
}

}  // namespace

std::optional<LegToMove> start_leg(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id,
                                   const CaseLeg& leg) {
  auto hold = LegHold::take(store.legs_in_motion, leg.leg.leg_id);
  if (!hold) return std::nullopt;
  LegToMove moving{std::move(*hold), leg.leg.planned, currency_of_leg(draft.state(), leg)};
  draft.add(RefundLegStarted{case_id, moving.hold.leg()});
  return moving;
}

std::optional<LegToMove> take_next_step(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id,
                                        Payout payout) {
  const std::vector<CaseLeg> legs = draft.state().legs;  // a copy: what is added changes the state
  for (const CaseLeg& leg : legs) {
    if (!may_start(leg, payout)) continue;
    if (is_given_on_paper(leg.leg.planned)) {
      give_on_paper(store, draft, case_id, leg);
      continue;
    }
    if (!needs_identity(store, draft.state(), leg)) return start_leg(store, draft, case_id, leg);
    draft.add(RefundLegEnded{.case_id = case_id,
                             .leg_id = leg.leg.leg_id,
                             .outcome = LegOutcome::failed,
                             .problem = LegProblem::identity_needed});
  }
  if (!draft.state().closed && is_complete(draft.state())) draft.add(CaseClosed{case_id});
  return std::nullopt;
}

std::optional<LegToMove> end_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id,
                                 const ports::DeviceAnswer& answer, Payout payout) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  const auto state = read_case(store.journal, case_id);
  require(state.has_value(), "a leg without its case");
  const RefundLegEnded ended{case_id, leg_id, answer.outcome, answer.device_reference, "", answer.problem};
  if (!check(*state, ended).ok()) return std::nullopt;
  CaseDraft draft(*state);
  draft.add(ended);
  auto next = take_next_step(store, draft, case_id, payout);
  record(write, store.ids.make<CommandId>(), draft.events());
  return next;
}

void move_legs(StoreContext& store, const ReturnCaseId& case_id, std::optional<LegToMove> first, Payout payout) {
  std::optional<LegToMove> moving = std::move(first);
  while (moving) {
    const ports::DeviceAnswer answer = ask_device(store, *moving);
    try {
      moving = end_leg(store, case_id, moving->hold.leg(), answer, payout);
    } catch (const Error& error) {
      tell_what_moved(error, *moving, answer);
    }
  }
}

Result<ReturnOutcome, CommandRefusal> pay_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id) {
  std::optional<LegToMove> moving;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, case_id);
    if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
    const CaseLeg* leg = find_leg(*state, leg_id);
    if (leg == nullptr) return failure(CommandRefusal{"leg_unknown", "The return has no such payment."});
    if (leg->state != LegState::planned && leg->state != LegState::failed) {
      return failure(CommandRefusal{"leg_not_payable", "The payment is " + std::string(to_string(leg->state)) +
                                                           "; only a planned or failed one can be paid now."});
    }
    if (needs_identity(store, *state, *leg)) {
      return failure(CommandRefusal{"identity_needed", "A document first: " + words("problem.identity_needed")});
    }
    CaseDraft draft(*state);
    const bool on_paper = is_given_on_paper(leg->leg.planned);
    if (on_paper) {
      give_on_paper(store, draft, case_id, CaseLeg(*leg));
      moving = take_next_step(store, draft, case_id, Payout::unattended);
    } else {
      moving = start_leg(store, draft, case_id, *leg);
    }
    if (!on_paper && !moving) return failure(CommandRefusal{"leg_in_motion", "The payment is being made right now."});
    record(write, store.ids.make<CommandId>(), draft.events());
  }
  move_legs(store, case_id, std::move(moving), Payout::unattended);
  return *read_outcome(store, case_id);
}

}  // namespace retour::app
