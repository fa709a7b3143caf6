// The law of a case's sequence: what may follow what. Each refusal is a code, never a stop: journals come from
// outside.

#include <algorithm>
#include <set>

#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/return_case/return_case.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour {

namespace {

using Legal = Result<bool, CaseFault>;

Legal fault_unless(bool condition, CaseFault fault) {
  if (condition) return true;
  return failure(fault);
}

std::vector<OrderUnits> units_of(const std::vector<Claim>& claims) {
  std::vector<OrderUnits> units;
  for (const Claim& claim : claims) units.push_back({claim.order_id, claim.units});
  return units;
}

bool overlap(const OrderUnits& a, const OrderUnits& b) {
  return a.order_id == b.order_id && a.units.line_no == b.units.line_no && a.units.first < b.units.end() &&
         b.units.first < a.units.end();
}

bool claimed_before(const ReturnCase& state, const std::vector<OrderUnits>& units) {
  for (const CaseLine& line : state.lines) {
    for (const OrderUnits& old : units_of(line.claims)) {
      if (std::any_of(units.begin(), units.end(), [&](const OrderUnits& now) { return overlap(old, now); }))
        return true;
    }
  }
  return false;
}

/// How many units an approval takes: those that came back, or as many of a budget as goods without receipt are worth.
/// 0: no number of units can be right.
std::int64_t units_asked(const ReturnAsk& ask, const Decision& decision) {
  const auto& unproven = decision.trace.facts.unproven;
  if (!unproven) return ask.quantity;
  const Minor each = unproven->lowest_minor;
  return each > 0 && ask.quantity > 0 && ask.quantity <= minor_max / each ? each * ask.quantity : 0;
}

/// Approved with as many units as asked, refused with a reason and none, or left to a person of a named role.
bool is_final(const Decision& decision, std::int64_t asked) {
  std::int64_t units = 0;
  for (const OrderUnits& taken : decision.taken) {
    if (!is_well_formed(taken.units) || taken.units.count > asked - units) return false;
    units += taken.units.count;
  }
  switch (decision.verdict) {
    case Verdict::approved:
      return units == asked && units > 0 && decision.refusal == Refusal::none;
    case Verdict::refused:
      return units == 0 && decision.refusal != Refusal::none;
    case Verdict::needs_manager:
      return units == 0 && decision.refusal == Refusal::none && decision.trace.needs.has_value();
    case Verdict::deferred:
      return false;
  }
  return false;
}

/// A line may be answered under its number when it is new, or when it waited for a person.
bool may_be_answered(const ReturnCase& state, std::uint32_t line_no) {
  const CaseLine* line = find_line(state, line_no);
  return line == nullptr || line->state == LineState::needs_manager;
}

bool money_has_moved(const ReturnCase& state) {
  return std::any_of(state.legs.begin(), state.legs.end(), [](const CaseLeg& leg) {
    return leg.state != LegState::planned && leg.state != LegState::failed && leg.state != LegState::rerouted;
  });
}

/// A case without a leg (its units cost nothing, or fees took it all) has paid all it owes once it is closed.
bool all_money_is_out(const ReturnCase& state) {
  return (state.closed || !state.legs.empty()) &&
         std::all_of(state.legs.begin(), state.legs.end(), [](const CaseLeg& leg) {
           return leg.state == LegState::settled || leg.state == LegState::rerouted;
         });
}

bool waits(const CaseLine& line) {
  return line.state == LineState::referred || line.state == LineState::deferred;
}

bool evidence_attached(const ReturnCase& state, const Claim& claim) {
  return std::any_of(state.orders.begin(), state.orders.end(), [&](const AttachedOrder& order) {
    return order.order_id == claim.order_id && order.evidence_hash == claim.evidence_hash;
  });
}

/// Adds up step by step, so that no sum leaves the range on its way; the tenders must have paid exactly the total.
bool amounts_fit(const ReturnCase& state, const std::vector<Claim>& claims) {
  Minor all = state.claimed_minor;
  const auto add = [](Minor& sum, Minor part) {
    if (part < 0 || part > minor_max - sum) return false;
    sum += part;
    return true;
  };
  for (const Claim& claim : claims) {
    Minor total = 0, tendered = 0;
    if (!add(total, claim.paid.net_minor)) return false;
    for (const TaxAmount& tax : claim.paid.taxes) {
      if (!add(total, tax.minor)) return false;
    }
    for (const TenderShare& share : claim.paid.tenders) {
      if (!add(tendered, share.minor)) return false;
    }
    if (tendered != total || !add(all, total)) return false;
  }
  return true;
}

struct Check {
  const ReturnCase& state;

  Legal operator()(const CaseOpened&) const { return fault_unless(!state.opened, CaseFault::opened_twice); }

  Legal operator()(const OrderAttached& event) const {
    const bool known = std::any_of(state.orders.begin(), state.orders.end(), [&](const AttachedOrder& order) {
      return order.order_id == event.order_id && order.order_version == event.order_version;
    });
    return fault_unless(!known, CaseFault::order_attached_twice);
  }

  Legal operator()(const LineAnswered& event) const {
    if (!may_be_answered(state, event.ask.line_no)) return failure(CaseFault::line_exists);
    return fault_unless(is_final(event.decision, units_asked(event.ask, event.decision)),
                        CaseFault::answer_unfinished);
  }

  Legal operator()(const LineReferred& event) const {
    return fault_unless(may_be_answered(state, event.ask.line_no), CaseFault::line_exists);
  }

  Legal check_waiting(std::uint32_t line_no, const ReferralId& referral_id) const {
    const CaseLine* line = find_line(state, line_no);
    if (!line) return failure(CaseFault::line_unknown);
    if (!waits(*line)) return failure(CaseFault::line_not_waiting);
    return fault_unless(line->referral_id == referral_id, CaseFault::referral_mismatch);
  }

  Legal operator()(const LineDeferred& event) const {
    if (const Legal legal = check_waiting(event.line_no, event.referral_id); !legal.ok()) return legal;
    return fault_unless(find_line(state, event.line_no)->state == LineState::referred, CaseFault::line_not_waiting);
  }

  Legal operator()(const LineSettled& event) const {
    if (const Legal legal = check_waiting(event.line_no, event.referral_id); !legal.ok()) return legal;
    return fault_unless(is_final(event.decision, units_asked(find_line(state, event.line_no)->ask, event.decision)),
                        CaseFault::answer_unfinished);
  }

  Legal operator()(const ReferralAnswered& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    return fault_unless(line->referral_id == event.referral_id, CaseFault::referral_mismatch);
  }

  Legal operator()(const UnitsClaimed& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    if (line->state != LineState::approved) return failure(CaseFault::line_not_approved);
    if (!line->claims.empty()) return failure(CaseFault::claimed_twice);
    const std::vector<OrderUnits> units = joined_units(units_of(event.claims));
    if (units.empty() || units != joined_units(line->decision.taken)) return failure(CaseFault::claims_differ);
    if (claimed_before(state, units)) return failure(CaseFault::claimed_twice);
    if (!amounts_fit(state, event.claims)) return failure(CaseFault::amount_out_of_range);
    const bool attached = std::all_of(event.claims.begin(), event.claims.end(),
                                      [&](const Claim& claim) { return evidence_attached(state, claim); });
    return fault_unless(attached, CaseFault::evidence_not_attached);
  }

  Legal operator()(const GoodsReceived& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    return fault_unless(line->state != LineState::refused && !asks_for_delivery(line->ask) && event.quantity > 0 &&
                            event.quantity <= line->ask.quantity - line->received,
                        CaseFault::goods_do_not_fit);
  }

  Legal operator()(const ItemInspected& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    return fault_unless(!line || line->claims.empty(), CaseFault::claimed_twice);
  }

  Legal operator()(const OverrideGiven& event) const {
    if (!may_be_answered(state, event.line_no)) return failure(CaseFault::line_exists);
    return fault_unless(event.approval.approver != state.opened->cashier, CaseFault::approver_is_requester);
  }

  template <class Undone>
  Legal gives_all_back(const Undone& event, Minor total_minor) const {
    return fault_unless(joined_units(event.items) == claimed_units(state) && event.total_minor == total_minor,
                        CaseFault::not_all_units);
  }
  /// Neither goods given in exchange nor value given on paper comes back by calling the visit off.
  bool is_bound() const {
    const auto carries = [](const CasePlan& plan) { return !plan.carried_to.is_zero(); };
    return !state.credits.empty() || !state.trade_ins.empty() ||
           std::any_of(state.plans.begin(), state.plans.end(), carries) ||
           std::any_of(state.lines.begin(), state.lines.end(), [](const CaseLine& l) { return !l.lowered.empty(); });
  }
  Legal operator()(const CaseVoided& event) const {
    if (is_bound()) return failure(CaseFault::exchanged);
    if (money_has_moved(state)) return failure(CaseFault::money_has_moved);
    return gives_all_back(event, state.due_minor);
  }
  Legal operator()(const RefundReversed& event) const {
    if (is_bound()) return failure(CaseFault::exchanged);
    if (!all_money_is_out(state) || state.paid_minor != state.due_minor) return failure(CaseFault::money_not_all_out);
    return gives_all_back(event, state.due_minor);
  }

  Legal operator()(const GoodsHandedBack& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    const bool undone = state.voided || state.reversed;
    const bool given_back = undone || line->state == LineState::refused || line->repaired.has_value();
    return fault_unless(given_back && event.quantity > 0 && event.quantity <= line->received - line->handed_back,
                        CaseFault::goods_do_not_fit);
  }

  /// All that is here moves at once: the goods of a line lie in one place.
  Legal operator()(const GoodsMoved& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    const std::int64_t here = line->received - line->handed_back;
    return fault_unless(line->state == LineState::approved && event.quantity > 0 && event.quantity == here &&
                            event.from == line->bucket && event.from != event.to,
                        CaseFault::goods_do_not_fit);
  }

  Legal operator()(const RefundPlanned& event) const {
    const auto claimed_lines = std::count_if(state.lines.begin(), state.lines.end(), [](const CaseLine& line) {
      return !line.claims.empty() || !line.lowered.empty();
    });
    // Each plan takes up all that is claimed and not planned, so there are never more plans than claimed lines.
    const bool something_new =
        state.claimed_minor > state.planned_minor || (state.plans.empty() && claimed_lines > 0);
    if (event.plan_no != state.plans.size() + 1 || !something_new) return failure(CaseFault::plan_out_of_turn);
    const auto due = plan_due(event);
    if (!due || *due != event.total_minor) return failure(CaseFault::plan_does_not_sum);
    return legs_pay(event.legs, event.total_minor);
  }

  /// New legs, none of nothing, that pay the amount together.
  Legal legs_pay(const std::vector<Leg>& legs, Minor total_minor) const {
    Minor left = total_minor;
    std::set<LegId> ids;
    for (const Leg& leg : legs) {
      if (!ids.insert(leg.leg_id).second || find_leg(state, leg.leg_id)) return failure(CaseFault::leg_exists);
      if (leg.planned.pays_minor <= 0 || leg.planned.pays_minor > left) return failure(CaseFault::plan_does_not_sum);
      left -= leg.planned.pays_minor;
    }
    return fault_unless(left == 0, CaseFault::plan_does_not_sum);
  }

  /// What the plan must pay: the claims that no plan took up yet, less the fees, plus the rounding.
  std::optional<Minor> plan_due(const RefundPlanned& event) const {
    Minor due = state.claimed_minor - state.planned_minor;
    for (const KeptBack& kept : event.kept) {
      if (!find_line(state, kept.line_no) || kept.minor <= 0 || kept.minor > due) return std::nullopt;
      due -= kept.minor;
    }
    if (event.carried.empty() != event.carried_to.is_zero()) return std::nullopt;
    for (const CarriedPart& part : event.carried) {
      if (part.minor <= 0 || part.minor > due) return std::nullopt;
      due -= part.minor;
    }
    if (event.rounding_minor < -due || event.rounding_minor > minor_max - due) return std::nullopt;
    return due + event.rounding_minor;
  }

  Legal operator()(const RefundLegStarted& event) const {
    const CaseLeg* leg = find_leg(state, event.leg_id);
    if (!leg) return failure(CaseFault::leg_unknown);
    return fault_unless(leg->state == LegState::planned || leg->state == LegState::failed,
                        CaseFault::leg_not_startable);
  }

  Legal operator()(const RefundLegEnded& event) const {
    const CaseLeg* leg = find_leg(state, event.leg_id);
    if (!leg) return failure(CaseFault::leg_unknown);
    const bool final_word = event.outcome == LegOutcome::settled || event.outcome == LegOutcome::failed;
    switch (leg->state) {
      case LegState::started:
        return true;
      case LegState::unknown:
      case LegState::queued:
        return fault_unless(final_word, CaseFault::leg_not_started);
      case LegState::planned:  // no device is asked for so much cash before somebody showed who she is
        return fault_unless(event.outcome == LegOutcome::failed && event.problem == LegProblem::identity_needed,
                            CaseFault::leg_not_started);
      case LegState::settled:
      case LegState::failed:
      case LegState::rerouted:
        return failure(CaseFault::leg_not_started);
    }
    return failure(CaseFault::leg_not_started);
  }

  Legal operator()(const LegRerouted& event) const {
    const CaseLeg* leg = find_leg(state, event.leg_id);
    if (!leg) return failure(CaseFault::leg_unknown);
    if (leg->state != LegState::planned && leg->state != LegState::failed) return failure(CaseFault::leg_settled);
    const Minor due = leg->leg.planned.pays_minor;
    if (event.rounding_minor < -due || event.rounding_minor > minor_max - due) {
      return failure(CaseFault::plan_does_not_sum);
    }
    return legs_pay(event.legs, due + event.rounding_minor);
  }

  Legal operator()(const CreditIssued& event) const {
    const CaseLeg* leg = find_leg(state, event.leg_id);
    if (!leg) return failure(CaseFault::leg_unknown);
    const bool again = std::any_of(state.credits.begin(), state.credits.end(),
                                   [&](const CreditIssued& credit) { return credit.leg_id == event.leg_id; });
    return fault_unless(leg->state == LegState::started && !again, CaseFault::leg_not_started);
  }

  Legal operator()(const UnitsLowered& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    if (line->state != LineState::approved) return failure(CaseFault::line_not_approved);
    if (!line->claims.empty() || !line->lowered.empty()) return failure(CaseFault::claimed_twice);
    std::vector<Claim> claims;
    for (const LoweredUnits& lowered : event.lowered) claims.push_back(claim_on(lowered));
    const std::vector<OrderUnits> units = joined_units(units_of(claims));
    if (units.empty() || units != joined_units(line->decision.taken)) return failure(CaseFault::claims_differ);
    if (!amounts_fit(state, claims)) return failure(CaseFault::amount_out_of_range);
    const bool attached = std::all_of(claims.begin(), claims.end(),
                                      [&](const Claim& claim) { return evidence_attached(state, claim); });
    return fault_unless(attached, CaseFault::evidence_not_attached);
  }

  Legal operator()(const LineWithdrawn& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    const bool open = waits(*line) || line->state == LineState::needs_manager;
    return fault_unless(open, CaseFault::line_not_waiting);
  }

  /// Plan 0 stands for the note that takes back all others of a case that was called off or reversed.
  Legal operator()(const FiscalSigned& event) const {
    if (event.plan_no == 0) return fault_unless(state.voided || state.reversed, CaseFault::plan_unknown);
    const auto plan = std::find_if(state.plans.begin(), state.plans.end(),
                                   [&](const CasePlan& one) { return one.plan_no == event.plan_no; });
    if (plan == state.plans.end()) return failure(CaseFault::plan_unknown);
    return fault_unless(!plan->fiscal || plan->fiscal->state != FiscalState::signed_, CaseFault::plan_out_of_turn);
  }

  Legal operator()(const RepairStarted& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    return fault_unless(line->state == LineState::approved && line->claims.empty() && !line->repair,
                        CaseFault::line_not_approved);
  }
  Legal operator()(const RepairEnded& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    return fault_unless(line && line->repair && !line->repaired, CaseFault::repair_unknown);
  }
  Legal operator()(const TradeInTaken& event) const {
    const bool taken = std::any_of(state.trade_ins.begin(), state.trade_ins.end(),
                                   [&](const TradeInTaken& one) { return one.line_no == event.line_no; });
    if (taken || find_line(state, event.line_no)) return failure(CaseFault::line_exists);
    const bool pays = event.quantity > 0 && event.quantity <= quantity_max && event.credit_minor > 0 &&
                      event.credit_minor <= minor_max && !event.carried_to.is_zero();
    return fault_unless(pays, CaseFault::amount_out_of_range);
  }

  Legal operator()(const CaseClosed&) const { return fault_unless(is_complete(state), CaseFault::not_complete); }

  template <class Other>
  Legal operator()(const Other&) const {
    return failure(CaseFault::not_of_a_case);
  }
};

}  // namespace

std::string_view to_string(CaseFault fault) {
  switch (fault) {
    case CaseFault::not_of_a_case:
      return "not_of_a_case";
    case CaseFault::other_case:
      return "other_case";
    case CaseFault::opened_twice:
      return "opened_twice";
    case CaseFault::already_closed:
      return "already_closed";
    case CaseFault::order_attached_twice:
      return "order_attached_twice";
    case CaseFault::line_exists:
      return "line_exists";
    case CaseFault::line_unknown:
      return "line_unknown";
    case CaseFault::answer_unfinished:
      return "answer_unfinished";
    case CaseFault::line_not_waiting:
      return "line_not_waiting";
    case CaseFault::referral_mismatch:
      return "referral_mismatch";
    case CaseFault::line_not_approved:
      return "line_not_approved";
    case CaseFault::claimed_twice:
      return "claimed_twice";
    case CaseFault::claims_differ:
      return "claims_differ";
    case CaseFault::evidence_not_attached:
      return "evidence_not_attached";
    case CaseFault::amount_out_of_range:
      return "amount_out_of_range";
    case CaseFault::goods_do_not_fit:
      return "goods_do_not_fit";
    case CaseFault::plan_out_of_turn:
      return "plan_out_of_turn";
    case CaseFault::plan_does_not_sum:
      return "plan_does_not_sum";
    case CaseFault::leg_exists:
      return "leg_exists";
    case CaseFault::leg_unknown:
      return "leg_unknown";
    case CaseFault::leg_not_startable:
      return "leg_not_startable";
    case CaseFault::leg_not_started:
      return "leg_not_started";
    case CaseFault::not_complete:
      return "not_complete";
    case CaseFault::approver_is_requester:
      return "approver_is_requester";
    case CaseFault::money_has_moved:
      return "money_has_moved";
    case CaseFault::money_not_all_out:
      return "money_not_all_out";
    case CaseFault::not_all_units:
      return "not_all_units";
    case CaseFault::exchanged:
      return "exchanged";
    case CaseFault::plan_unknown:
      return "plan_unknown";
    case CaseFault::leg_settled:
      return "leg_settled";
    case CaseFault::repair_unknown:
      return "repair_unknown";
  }
  return "unknown";
}

Legal check(const ReturnCase& state, const EventBody& event) {
  const std::optional<ReturnCaseId> of_case = case_of(event);
  if (!of_case) return failure(CaseFault::not_of_a_case);
  const bool opens = std::holds_alternative<CaseOpened>(event);
  if (state.opened ? state.opened->case_id != *of_case : !opens) return failure(CaseFault::other_case);
  // Goods may be handed back after the money is done, a closed refund may be undone once, and the hub may answer a
  // question that nobody asks any more; nothing else follows.
  const bool undoes = std::holds_alternative<RefundReversed>(event) && !state.voided && !state.reversed;
  const bool tells_later = std::holds_alternative<GoodsHandedBack>(event) ||
                           std::holds_alternative<ReferralAnswered>(event) ||
                           std::holds_alternative<FiscalSigned>(event) || std::holds_alternative<RepairEnded>(event);
  if (state.closed && !undoes && !tells_later) {
    return failure(CaseFault::already_closed);
  }
  return std::visit(Check{state}, event);
}

}  // namespace retour
