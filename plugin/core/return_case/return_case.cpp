#include "plugin/core/return_case/return_case.hpp"

#include <algorithm>

#include "plugin/core/money/int128.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour {

namespace {

template <class T, class Matches>
T* find_in(std::vector<T>& values, Matches matches) {
  const auto found = std::find_if(values.begin(), values.end(), matches);
  return found == values.end() ? nullptr : &*found;
}

CaseLine& line_of(ReturnCase& state, std::uint32_t line_no) {
  CaseLine* line = find_in(state.lines, [&](const CaseLine& l) { return l.ask.line_no == line_no; });
  require(line != nullptr, "return case: an unchecked event names a line that is not there");
  return *line;
}

CaseLeg& leg_of(ReturnCase& state, const LegId& leg_id) {
  CaseLeg* leg = find_in(state.legs, [&](const CaseLeg& l) { return l.leg.leg_id == leg_id; });
  require(leg != nullptr, "return case: an unchecked event names a leg that is not there");
  return *leg;
}

LineState state_after(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return LineState::approved;
    case Verdict::needs_manager:
      return LineState::needs_manager;
    case Verdict::deferred:
    case Verdict::refused:
      return LineState::refused;
  }
  return LineState::refused;
}

void take_answer(CaseLine& line, const Decision& decision) {
  line.state = state_after(decision.verdict);
  line.decision = decision;
}

/// A line that waited for a person is asked again under its number. Its goods may be here already, against a slip.
CaseLine& fresh_line(ReturnCase& state, const ReturnAsk& ask) {
  CaseLine* known = find_in(state.lines, [&](const CaseLine& l) { return l.ask.line_no == ask.line_no; });
  CaseLine& line = known != nullptr ? *known : state.lines.emplace_back();
  line = CaseLine{.ask = ask, .slip_code = line.slip_code, .received = line.received, .bucket = line.bucket};
  return line;
}

struct Apply {
  ReturnCase& state;

  void operator()(const CaseOpened& event) const { state.opened = event; }
  void operator()(const OrderAttached& event) const {
    state.orders.push_back({event.order_id, event.order_version, event.evidence_hash});
  }
  void operator()(const LineAnswered& event) const { take_answer(fresh_line(state, event.ask), event.decision); }
  void operator()(const LineReferred& event) const {
    CaseLine& line = fresh_line(state, event.ask);
    line.decision = event.local;
    line.referral_id = event.referral_id;
  }
  void operator()(const LineDeferred& event) const {
    CaseLine& line = line_of(state, event.line_no);
    line.state = LineState::deferred;
    line.slip_code = event.slip_code;
  }
  void operator()(const LineSettled& event) const {
    CaseLine& line = line_of(state, event.line_no);
    take_answer(line, event.decision);
    line.settled = true;
  }
  void operator()(const UnitsClaimed& event) const {
    CaseLine& line = line_of(state, event.line_no);
    line.claims = event.claims;
    line.assurance = event.assurance;
    for (const Claim& claim : event.claims) state.claimed_minor += claim.paid.total_minor();
  }
  void operator()(const UnitsLowered& event) const {
    CaseLine& line = line_of(state, event.line_no);
    line.lowered = event.lowered;
    line.assurance = event.assurance;
    for (const LoweredUnits& lowered : event.lowered) state.claimed_minor += claim_on(lowered).paid.total_minor();
  }
  void operator()(const LineWithdrawn& event) const {
    CaseLine& line = line_of(state, event.line_no);
    line.state = LineState::refused;
    line.decision.verdict = Verdict::refused;
    line.decision.refusal = Refusal::withdrawn;
    line.decision.trace.would_change = "nothing";
  }
  void operator()(const LegRerouted& event) const {
    CaseLeg& old = leg_of(state, event.leg_id);
    old.state = LegState::rerouted;
    const std::uint32_t plan_no = old.plan_no;
    for (const Leg& leg : event.legs) state.legs.push_back({plan_no, leg, LegState::planned, {}, {}});
    for (CasePlan& plan : state.plans) {
      if (plan.plan_no != plan_no) continue;
      plan.total_minor += event.rounding_minor;
      plan.rounding_minor += event.rounding_minor;
    }
    state.due_minor += event.rounding_minor;
  }
  void operator()(const CreditIssued& event) const { state.credits.push_back(event); }
  void operator()(const TradeInTaken& event) const { state.trade_ins.push_back(event); }
  void operator()(const FiscalSigned& event) const {
    for (CasePlan& plan : state.plans) {
      if (plan.plan_no == event.plan_no) plan.fiscal = event;
    }
  }
  void operator()(const RepairStarted& event) const { line_of(state, event.line_no).repair = event; }
  void operator()(const RepairEnded& event) const { line_of(state, event.line_no).repaired = event.outcome; }
  void operator()(const GoodsReceived& event) const {
    CaseLine& line = line_of(state, event.line_no);
    line.received += event.quantity;
    line.bucket = event.bucket;
  }
  void operator()(const GoodsMoved& event) const { line_of(state, event.line_no).bucket = event.to; }
  void operator()(const GoodsHandedBack& event) const { line_of(state, event.line_no).handed_back += event.quantity; }
  void operator()(const RefundPlanned& event) const {
    state.plans.push_back({event.plan_no,
                           event.currency,
                           event.total_minor,
                           event.kept,
                           event.rounding_minor,
                           event.correction_minor,
                           event.carried,
                           event.carried_to,
                           event.credit_note_no,
                           {}});
    state.planned_minor = state.claimed_minor;
    state.due_minor += event.total_minor;
    for (const Leg& leg : event.legs) {
      state.legs.push_back({event.plan_no, leg, LegState::planned, {}, {}});
    }
  }
  void operator()(const RefundLegStarted& event) const { leg_of(state, event.leg_id).state = LegState::started; }
  void operator()(const RefundLegEnded& event) const {
    CaseLeg& leg = leg_of(state, event.leg_id);
    leg.state = state_after(event.outcome);
    leg.device_reference = event.device_reference;
    leg.confirmed_by = event.confirmed_by;
    leg.problem = event.problem;
    if (leg.state == LegState::settled) state.paid_minor += leg.leg.planned.pays_minor;
  }
  void operator()(const CaseClosed&) const { state.closed = true; }
  void operator()(const CaseVoided&) const { state.closed = state.voided = true; }
  void operator()(const RefundReversed&) const { state.closed = state.reversed = true; }
  void operator()(const ItemInspected& event) const { state.inspections.push_back(event); }
  void operator()(const OverrideGiven& event) const { state.overrides.push_back(event); }
  template <class Other>
  void operator()(const Other&) const {}  // what the hub decided is told by `line_settled`
};

template <class E>
const E* first_where(const std::vector<E>& values, auto matches) {
  const auto found = std::find_if(values.begin(), values.end(), matches);
  return found == values.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_string(LineState state) {
  switch (state) {
    case LineState::approved:
      return "approved";
    case LineState::refused:
      return "refused";
    case LineState::referred:
      return "referred";
    case LineState::deferred:
      return "deferred";
    case LineState::needs_manager:
      return "needs_manager";
  }
  return "unknown";
}

std::string_view to_string(LegState state) {
  switch (state) {
    case LegState::planned:
      return "planned";
    case LegState::started:
      return "started";
    case LegState::settled:
      return "settled";
    case LegState::failed:
      return "failed";
    case LegState::unknown:
      return "unknown";
    case LegState::queued:
      return "queued";
    case LegState::rerouted:
      return "rerouted";
  }
  return "unknown";
}

ReturnCase apply(ReturnCase state, const EventBody& event) {
  require(check(state, event).ok(), "return case: applied an event that may not follow");
  std::visit(Apply{state}, event);
  return state;
}

Result<ReturnCase, CaseFault> fold_case(std::span<const EventBody> events) {
  ReturnCase state;
  for (const EventBody& event : events) {
    if (const auto legal = check(state, event); !legal.ok()) return failure(legal.error());
    std::visit(Apply{state}, event);
  }
  return state;
}

LegState state_after(LegOutcome outcome) {
  switch (outcome) {
    case LegOutcome::settled:
      return LegState::settled;
    case LegOutcome::failed:
      return LegState::failed;
    case LegOutcome::unknown:
      return LegState::unknown;
    case LegOutcome::queued:
      return LegState::queued;
  }
  return LegState::unknown;
}

const CaseLine* find_line(const ReturnCase& state, std::uint32_t line_no) {
  return first_where(state.lines, [&](const CaseLine& line) { return line.ask.line_no == line_no; });
}

const CaseLeg* find_leg(const ReturnCase& state, const LegId& leg_id) {
  return first_where(state.legs, [&](const CaseLeg& leg) { return leg.leg.leg_id == leg_id; });
}

const CaseLeg* leg_to_clear(const ReturnCase& state) {
  return first_where(state.legs, [](const CaseLeg& leg) {
    return leg.state == LegState::started || leg.state == LegState::unknown;
  });
}

const ItemInspected* find_inspection(const ReturnCase& state, std::uint32_t line_no) {
  const auto found = std::find_if(state.inspections.rbegin(), state.inspections.rend(),
                                  [&](const ItemInspected& one) { return one.line_no == line_no; });
  return found == state.inspections.rend() ? nullptr : &*found;
}

const OverrideGiven* find_override(const ReturnCase& state, std::uint32_t line_no) {
  const auto found = std::find_if(state.overrides.rbegin(), state.overrides.rend(),
                                  [&](const OverrideGiven& one) { return one.line_no == line_no; });
  return found == state.overrides.rend() ? nullptr : &*found;
}

std::vector<OrderUnits> joined_units(std::vector<OrderUnits> units) {
  if (!std::all_of(units.begin(), units.end(), [](const OrderUnits& u) { return is_well_formed(u.units); }))
    return {};
  std::sort(units.begin(), units.end());
  std::vector<OrderUnits> out;
  for (const OrderUnits& next : units) {
    const bool same_line =
        !out.empty() && out.back().order_id == next.order_id && out.back().units.line_no == next.units.line_no;
    if (same_line && next.units.first < out.back().units.end()) return {};
    if (same_line && next.units.first == out.back().units.end()) {
      out.back().units.count += next.units.count;
    } else {
      out.push_back(next);
    }
  }
  return out;
}

std::vector<OrderUnits> claimed_units(const ReturnCase& state) {
  std::vector<OrderUnits> units;
  for (const CaseLine& line : state.lines) {
    for (const Claim& claim : line.claims) units.push_back({claim.order_id, claim.units});
  }
  return joined_units(std::move(units));
}

Claim claim_on(const LoweredUnits& lowered) {
  Claim claim{lowered.units.order_id, lowered.units.units, lowered.each, lowered.evidence_hash};
  const auto times_count = [&](std::int64_t& each) {
    const Int128 all = static_cast<Int128>(each) * lowered.units.units.count;
    each =
        static_cast<std::int64_t>(std::clamp<Int128>(all, -1, Int128{minor_max} + 1));  // beyond: refused by `check`
  };
  times_count(claim.paid.net_minor);
  times_count(claim.paid.discount_minor);
  for (TaxAmount& tax : claim.paid.taxes) times_count(tax.minor);
  for (TenderShare& share : claim.paid.tenders) times_count(share.minor);
  times_count(claim.paid.points.points_earned);
  times_count(claim.paid.points.points_spent);
  return claim;
}

bool is_complete(const ReturnCase& state) {
  const auto answered = [](const CaseLine& line) {
    return line.state == LineState::refused ||
           (line.state == LineState::approved && (!line.claims.empty() || !line.lowered.empty() || line.repair));
  };
  return state.opened && std::all_of(state.lines.begin(), state.lines.end(), answered) &&
         state.planned_minor == state.claimed_minor && state.paid_minor == state.due_minor;
}

}  // namespace retour
