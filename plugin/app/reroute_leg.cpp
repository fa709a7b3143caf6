#include "plugin/app/reroute_leg.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "plugin/app/evidence.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/plan_refund.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/refund/reroute.hpp"

namespace retour::app {

namespace {

struct Stuck {
  CaseLeg leg;
  StuckPayment payment;
  std::vector<WayOn> ways;
  PayoutRules rules;
};

CommandRefusal refused(const char* code, std::string reason) {
  return {code, std::move(reason)};
}

/// What coins had added to a leg: the rounding of its plan, or of the way that it came by.
Minor rounding_of(const std::vector<EventBody>& events, const LegId& leg_id) {
  std::map<LegId, Minor> rounding;
  const auto note_cash = [&](const std::vector<Leg>& legs, Minor minor) {
    for (const Leg& leg : legs) {
      if (leg.planned.tender == TenderKind::cash) rounding[leg.leg_id] = minor;
    }
  };
  for (const EventBody& event : events) {
    if (const auto* plan = std::get_if<RefundPlanned>(&event)) note_cash(plan->legs, plan->rounding_minor);
    if (const auto* other = std::get_if<LegRerouted>(&event)) {
      note_cash(other->legs, rounding[other->leg_id] + other->rounding_minor);
    }
  }
  return rounding[leg_id];
}

/// The tender whose money it is; the leg's own kind when several had paid, or when the evidence is not here.
Tender original_of(StoreContext& store, const PlannedLeg& leg) {
  const Tender unknown{leg.tender_no, leg.tender, leg.reference, leg.pays_minor};
  Evidence evidence(store);
  const EvidenceOrder* order = leg.tender_no == 0 ? nullptr : evidence.find(leg.order_id);
  if (order == nullptr) return unknown;
  const auto& tenders = order->order.tenders;
  const auto found = std::ranges::find(tenders, leg.tender_no, &Tender::tender_no);
  return found == tenders.end() ? unknown : *found;
}

std::map<TenderKind, Minor> paid_by_others(const ReturnCase& state, const LegId& leg_id) {
  std::map<TenderKind, Minor> paid;
  for (const CaseLeg& leg : state.legs) {
    if (leg.leg.leg_id == leg_id || leg.state == LegState::rerouted) continue;
    paid[leg.leg.planned.tender] += leg.leg.planned.pays_minor;
  }
  return paid;
}

std::optional<CommandRefusal> why_not(const ReturnCase& state, const CaseLeg* leg) {
  if (leg == nullptr) return refused("leg_unknown", "The return has no such payment.");
  if (state.closed) return refused("case_closed", "The return is done; no payment of it waits.");
  if (leg->state != LegState::planned && leg->state != LegState::failed) {
    return refused("leg_not_reroutable", "The payment is " + std::string(to_string(leg->state)) +
                                             "; only a planned or failed one can go another way.");
  }
  if (leg->problem == LegProblem::export_stamped) {
    return refused("export_stamped", words("problem.export_stamped") + " " + words("help.export_stamped"));
  }
  return std::nullopt;
}

Result<Stuck, CommandRefusal> find_stuck(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id) {
  const auto state = read_case(store.journal, case_id);
  if (!state) return failure(refused("case_unknown", "This store has no such return."));
  const CaseLeg* leg = find_leg(*state, leg_id);
  if (const auto no = why_not(*state, leg)) return failure(*no);
  const auto plan = std::ranges::find(state->plans, leg->plan_no, &CasePlan::plan_no);
  const StuckPayment payment{.planned = leg->leg.planned,
                             .rounding_minor = rounding_of(store.journal.events_of_case(case_id), leg_id),
                             .original = original_of(store, leg->leg.planned),
                             .currency = plan->currency,
                             .paid_by = paid_by_others(*state, leg_id)};
  const PayoutRules rules = payout_now(store);
  Stuck stuck{.leg = *leg, .payment = payment, .ways = ways_on(payment, rules), .rules = rules};
  if (!is_online(store)) {  // a wallet that only works with network is no way on, not even as the original tender
    std::erase_if(stuck.ways, [&](const WayOn& way) { return needs_network(store.policy.payout, way.tender); });
  }
  if (asks_identity(stuck.payment.planned, plan->currency, stuck.rules)) {
    stuck.ways.insert(stuck.ways.begin(), WayOn{TenderKind::cash, minor_max});
  }
  return stuck;
}

/// By the way at `first` and those behind it.
Rerouted by_way(const Stuck& stuck, std::size_t first, std::uint32_t last_leg_no) {
  const std::vector<WayOn> ways(stuck.ways.begin() + static_cast<std::ptrdiff_t>(first), stuck.ways.end());
  return reroute(stuck.payment, ways, last_leg_no, stuck.rules);
}

/// The cash payment among them that wants a document first; null when none does.
PlannedLeg* asking(std::vector<PlannedLeg>& legs, const Stuck& stuck) {
  const auto found = std::ranges::find_if(
      legs, [&](const PlannedLeg& leg) { return asks_identity(leg, stuck.payment.currency, stuck.rules); });
  return found == legs.end() ? nullptr : &*found;
}

LegWay offered(const Stuck& stuck, std::size_t at) {
  Rerouted made = by_way(stuck, at, 0);
  LegWay way{.tender = stuck.ways[at].tender, .identity_first = asking(made.legs, stuck) != nullptr};
  for (const PlannedLeg& leg : made.legs)
    (leg.tender == way.tender ? way.pays_minor : way.rest_minor) += leg.pays_minor;
  return way;
}

/// What a journalled command said, in the form in which two commands are compared.
bool same_command(const std::vector<EventEnvelope>& events, const RerouteLeg& command) {
  const auto body = codec::decode(events.front().kind, events.front().kind_version, events.front().body);
  const auto* said = body ? std::get_if<LegRerouted>(&*body) : nullptr;
  if (said == nullptr || said->leg_id != command.leg_id || said->by != command.staff_code) return false;
  return said->legs.empty() || said->legs.front().planned.tender == command.tender;
}

std::uint32_t last_leg_no(const ReturnCase& state) {
  std::uint32_t last = 0;
  for (const CaseLeg& leg : state.legs) last = std::max(last, leg.leg.planned.leg_no);
  return last;
}

Result<LegRerouted, CommandRefusal> event_of(StoreContext& store, const RerouteLeg& command, const ReturnCase& state,
                                             const Stuck& stuck) {
  const auto way = std::ranges::find(stuck.ways, command.tender, &WayOn::tender);
  if (way == stuck.ways.end()) {
    return failure(refused("way_not_permitted", "The policy has no way by " + words_of(command.tender) +
                                                    " for this payment now; ask for its ways."));
  }
  Rerouted made = by_way(stuck, static_cast<std::size_t>(way - stuck.ways.begin()), last_leg_no(state));
  if (PlannedLeg* cash = asking(made.legs, stuck)) {
    if (command.identity.empty())
      return failure(refused("identity_needed", "A document first: " + words("problem.identity_needed")));
    cash->reference = identity_reference(command.identity);
  }
  LegRerouted event{.case_id = command.case_id,
                    .leg_id = command.leg_id,
                    .legs = {},
                    .currency = stuck.payment.currency,
                    .rounding_minor = made.rounding_minor,
                    .by = command.staff_code,
                    .reason = stuck.leg.problem};
  for (PlannedLeg& leg : made.legs) event.legs.push_back({store.ids.make<LegId>(), std::move(leg)});
  return event;
}

}  // namespace

Result<LegWays, CommandRefusal> ways_of_leg(StoreContext& store, const ReturnCaseId& case_id, const LegId& leg_id) {
  const auto stuck = find_stuck(store, case_id, leg_id);
  if (!stuck.ok()) return failure(stuck.error());
  LegWays ways{stuck->leg, stuck->payment.currency, {}};
  for (std::size_t at = 0; at < stuck->ways.size(); ++at) ways.ways.push_back(offered(*stuck, at));
  return ways;
}

Result<ReturnOutcome, CommandRefusal> reroute_leg(StoreContext& store, const RerouteLeg& command) {
  std::optional<LegToMove> moving;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    if (write.recorded(command.command_id)) {
      if (!same_command(write.events_of(command.command_id), command)) {
        return failure(refused("command_reused", "The command id was used for something else."));
      }
      ReturnOutcome outcome = *read_outcome(store, command.case_id);
      outcome.already_recorded = true;
      return outcome;
    }
    const auto stuck = find_stuck(store, command.case_id, command.leg_id);
    if (!stuck.ok()) return failure(stuck.error());
    CaseDraft draft(*read_case(store.journal, command.case_id));
    auto event = event_of(store, command, draft.state(), *stuck);
    if (!event.ok()) return failure(event.error());
    draft.add(std::move(event).value());
    moving = take_next_step(store, draft, command.case_id, Payout::at_counter);
    record(write, command.command_id, draft.events());
  }
  move_legs(store, command.case_id, std::move(moving), Payout::at_counter);
  return *read_outcome(store, command.case_id);
}

}  // namespace retour::app
