// The law of a case's sequence: what may follow what. Each refusal is a code, never a stop: journals come from
// outside.

#include <algorithm>
#include <set>

#include "plugin/core/return_case/return_case.hpp"
#include "plugin/core/rights/rights.hpp"

namespace retour {

namespace {

using Legal = Result<bool, CaseFault>;

Legal fault_unless(bool condition, CaseFault fault) {
  if (condition) return true;
  return failure(fault);
}

/// The units, sorted, neighbours joined: equal sets of units are equal values. Empty when some unit stands twice or a
/// range is none.
std::vector<OrderUnits> joined(std::vector<OrderUnits> units) {
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

/// Approved with as many units as asked, or refused with a reason and none.
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
    case Verdict::deferred:
      return false;
  }
  return false;
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
    if (find_line(state, event.ask.line_no)) return failure(CaseFault::line_exists);
    return fault_unless(is_final(event.decision, event.ask.quantity), CaseFault::answer_unfinished);
  }

  Legal operator()(const LineReferred& event) const {
    return fault_unless(!find_line(state, event.ask.line_no), CaseFault::line_exists);
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
    return fault_unless(is_final(event.decision, find_line(state, event.line_no)->ask.quantity),
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
    const std::vector<OrderUnits> units = joined(units_of(event.claims));
    if (units.empty() || units != joined(line->decision.taken)) return failure(CaseFault::claims_differ);
    if (claimed_before(state, units)) return failure(CaseFault::claimed_twice);
    if (!amounts_fit(state, event.claims)) return failure(CaseFault::amount_out_of_range);
    const bool attached = std::all_of(event.claims.begin(), event.claims.end(),
                                      [&](const Claim& claim) { return evidence_attached(state, claim); });
    return fault_unless(attached, CaseFault::evidence_not_attached);
  }

  Legal operator()(const GoodsReceived& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    return fault_unless(line->state != LineState::refused && event.quantity > 0 &&
                            event.quantity <= line->ask.quantity - line->received,
                        CaseFault::goods_do_not_fit);
  }

  Legal operator()(const GoodsHandedBack& event) const {
    const CaseLine* line = find_line(state, event.line_no);
    if (!line) return failure(CaseFault::line_unknown);
    return fault_unless(line->state == LineState::refused && event.quantity > 0 &&
                            event.quantity <= line->received - line->handed_back,
                        CaseFault::goods_do_not_fit);
  }

  Legal operator()(const RefundPlanned& event) const {
    const auto claimed_lines = std::count_if(state.lines.begin(), state.lines.end(),
                                             [](const CaseLine& line) { return !line.claims.empty(); });
    // Each plan takes up all that is claimed and not planned, so there are never more plans than claimed lines.
    const bool something_new =
        state.claimed_minor > state.planned_minor || (state.plans.empty() && claimed_lines > 0);
    if (event.plan_no != state.plans.size() + 1 || !something_new) return failure(CaseFault::plan_out_of_turn);
    Minor left = event.total_minor;
    std::set<LegId> ids;
    for (const Leg& leg : event.legs) {
      if (!ids.insert(leg.leg_id).second || find_leg(state, leg.leg_id)) return failure(CaseFault::leg_exists);
      if (leg.planned.pays_minor <= 0 || leg.planned.pays_minor > left) return failure(CaseFault::plan_does_not_sum);
      left -= leg.planned.pays_minor;
    }
    return fault_unless(left == 0 && event.total_minor == state.claimed_minor - state.planned_minor,
                        CaseFault::plan_does_not_sum);
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
      case LegState::planned:
      case LegState::settled:
      case LegState::failed:
        return failure(CaseFault::leg_not_started);
    }
    return failure(CaseFault::leg_not_started);
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
  }
  return "unknown";
}

Legal check(const ReturnCase& state, const EventBody& event) {
  const std::optional<ReturnCaseId> of_case = case_of(event);
  if (!of_case) return failure(CaseFault::not_of_a_case);
  const bool opens = std::holds_alternative<CaseOpened>(event);
  if (state.opened ? state.opened->case_id != *of_case : !opens) return failure(CaseFault::other_case);
  // Goods may be handed back after the money is done; nothing else follows the end.
  if (state.closed && !std::holds_alternative<GoodsHandedBack>(event)) return failure(CaseFault::already_closed);
  return std::visit(Check{state}, event);
}

}  // namespace retour
