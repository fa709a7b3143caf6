#pragma once
// A return case as its events tell it: lines, claims, plans and legs, folded one event at a time.
// `check` is the law of the sequence; `apply` never sees an event that `check` refused. Pure.
//
//   line: referred -> (deferred) -> approved | refused | needs_manager
//         answered at once: approved | refused | needs_manager; needs_manager -> any of these, when answered again
//   leg:  planned -> started -> settled | failed | unknown | queued
//         failed -> started again; unknown and queued end again, as settled or failed
//         planned, failed -> rerouted: other legs take its place

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "plugin/core/base/result.hpp"
#include "plugin/core/event/event.hpp"

namespace retour {

enum class LineState : std::uint8_t { approved = 1, refused = 2, referred = 3, deferred = 4, needs_manager = 5 };
std::string_view to_string(LineState state);

struct CaseLine {
  ReturnAsk ask;
  LineState state = LineState::referred;
  bool settled = false;  // the answer came from the hub, by a `line_settled`
  Decision decision;     // while referred or deferred: what the node could say by itself
  std::optional<ReferralId> referral_id;
  std::string slip_code;  // of a deferral
  Assurance assurance = Assurance::none;
  std::vector<Claim> claims;  // empty until `units_claimed`
  std::int64_t received = 0;  // units of goods taken in
  std::int64_t handed_back = 0;
  std::vector<LoweredUnits> lowered;    // instead of claims: the customer keeps the goods
  std::optional<RepairStarted> repair;  // instead of a refund: the goods are being repaired, or were
  std::optional<RepairOutcome> repaired;
  Bucket bucket = Bucket::hold;  // where the goods that are here lie
  friend bool operator==(const CaseLine&, const CaseLine&) = default;
};

enum class LegState : std::uint8_t {
  planned = 1,
  started = 2,
  settled = 3,
  failed = 4,
  unknown = 5,
  queued = 6,
  rerouted = 7
};
std::string_view to_string(LegState state);
LegState state_after(LegOutcome outcome);

struct CaseLeg {
  std::uint32_t plan_no = 0;
  Leg leg;
  LegState state = LegState::planned;
  std::string device_reference;
  std::string confirmed_by;
  LegProblem problem = LegProblem::none;
  friend bool operator==(const CaseLeg&, const CaseLeg&) = default;
};

struct CasePlan {
  std::uint32_t plan_no = 0;
  Currency currency;
  Minor total_minor = 0;
  std::vector<KeptBack> kept;
  Minor rounding_minor = 0;
  Minor correction_minor = 0;
  std::vector<CarriedPart> carried;
  OrderId carried_to;
  std::uint64_t credit_note_no = 0;
  std::optional<FiscalSigned> fiscal;  // the latest
  friend bool operator==(const CasePlan&, const CasePlan&) = default;
};

struct AttachedOrder {
  OrderId order_id;
  std::uint32_t order_version = 0;
  Hash256 evidence_hash;
  friend bool operator==(const AttachedOrder&, const AttachedOrder&) = default;
};

struct ReturnCase {
  std::optional<CaseOpened> opened;
  bool closed = false;
  bool voided = false;    // called off before money moved
  bool reversed = false;  // undone after money had moved
  std::vector<AttachedOrder> orders;
  std::vector<ItemInspected> inspections;  // the latest of a line counts
  std::vector<OverrideGiven> overrides;
  std::vector<CaseLine> lines;  // in the order in which they were asked
  std::vector<CasePlan> plans;
  std::vector<CaseLeg> legs;  // of all plans, in order; behind them what legs were rerouted to
  std::vector<CreditIssued> credits;
  std::vector<TradeInTaken> trade_ins;
  Minor claimed_minor = 0;  // what all claims, and all that was taken off accounts, pay together
  Minor planned_minor = 0;  // of the claims, those that plans take up, before fees and rounding
  Minor due_minor = 0;      // what the plans pay
  Minor paid_minor = 0;     // of settled legs
  friend bool operator==(const ReturnCase&, const ReturnCase&) = default;
};

/// Why an event cannot follow. Stable codes.
enum class CaseFault : std::uint8_t {
  not_of_a_case = 1,
  other_case,  // or a case that was not opened
  opened_twice,
  already_closed,
  order_attached_twice,
  line_exists,
  line_unknown,
  answer_unfinished,  // neither approved with all its units nor refused with a reason
  line_not_waiting,   // settled, deferred or answered, yet nobody waits for it
  referral_mismatch,
  line_not_approved,
  claimed_twice,          // the line, or a unit within the case
  claims_differ,          // from the units that the decision took
  evidence_not_attached,  // the claim's order is not attached with this evidence
  amount_out_of_range,    // a claim below zero, above minor_max, or not what its tenders paid
  goods_do_not_fit,       // more received than asked, or handed back than received, or handed back though approved
  plan_out_of_turn,       // its number, or nothing new is claimed: each claim is planned once
  plan_does_not_sum,      // legs to its total, and the total to the claims not planned yet, less fees, plus rounding
  leg_exists,
  leg_unknown,
  leg_not_startable,
  leg_not_started,  // or its end is final already
  not_complete,     // closed while a line waits or money has not arrived
  approver_is_requester,
  money_has_moved,    // voided though a leg was started
  money_not_all_out,  // reversed though not every leg has settled
  not_all_units,      // voided or reversed without every claimed unit, or with another amount
  exchanged,          // voided or reversed though a part has paid for other goods
  plan_unknown,
  leg_settled,     // rerouted though it was paid, or may have been
  repair_unknown,  // ended though none was started
};
std::string_view to_string(CaseFault fault);

/// Whether `event` may follow. Judges input: a journal from outside may say anything.
Result<bool, CaseFault> check(const ReturnCase& state, const EventBody& event);

/// The case after the event. @pre check(state, event).ok()
ReturnCase apply(ReturnCase state, const EventBody& event);

/// All events of one case, in order; the first that may not follow is the answer.
Result<ReturnCase, CaseFault> fold_case(std::span<const EventBody> events);

const CaseLine* find_line(const ReturnCase& state, std::uint32_t line_no);
const CaseLeg* find_leg(const ReturnCase& state, const LegId& leg_id);

/// The first leg whose fate is not known: started and not ended (a crash), or `unknown`. Ask the device or a person
/// first.
const CaseLeg* leg_to_clear(const ReturnCase& state);

/// The latest of the line; null when nobody has looked.
const ItemInspected* find_inspection(const ReturnCase& state, std::uint32_t line_no);
/// The latest of the line; null when nobody was asked.
const OverrideGiven* find_override(const ReturnCase& state, std::uint32_t line_no);

/// The units, sorted, neighbours joined: equal sets of units are equal values. Empty when some unit stands twice or a
/// range is none.
std::vector<OrderUnits> joined_units(std::vector<OrderUnits> units);

/// All units that the case has claimed, sorted, neighbours joined.
std::vector<OrderUnits> claimed_units(const ReturnCase& state);

/// What was taken off the accounts of units, as the claim that pays it out.
Claim claim_on(const LoweredUnits& lowered);

/// Every line has its final answer, every approved one its claims, every claim its plan, every leg its money.
bool is_complete(const ReturnCase& state);

}  // namespace retour
