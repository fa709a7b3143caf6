#pragma once
// Events: everything that happened, in the past tense, never changed. One journal a node, the hub's own included.
// A body is encoded by db/codec; fields are never removed, a change is a new kind_version. List: docs/journal.md.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plugin/core/base/id.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/core/refund/refund.hpp"
#include "plugin/core/time/time.hpp"

namespace retour {

using Bytes = std::vector<std::uint8_t>;

enum class Bucket : std::uint8_t {
  sellable = 1,
  hold = 2,
  refurbish = 3,
  outlet = 4,
  return_to_vendor = 5,
  in_transit = 6,
  scrap = 7
};
std::string_view to_string(Bucket);

// ---- a return case -------------------------------------------------------------------------------------------
struct CaseOpened {
  ReturnCaseId case_id;
  std::string till;
  std::string cashier;  // staff code
  BusinessDate business_date;
  std::string reference;  // number of the document the customer brought; may be empty
  std::optional<SubjectId> subject;
  std::int64_t opened_at_ms = 0;
  friend bool operator==(const CaseOpened&, const CaseOpened&) = default;
};
/// The evidence the case rests on, packed and without personal data: a journal explains itself without orders.db.
struct OrderAttached {
  ReturnCaseId case_id;
  OrderId order_id;
  std::uint32_t order_version = 0;
  Hash256 evidence_hash;
  Bytes evidence;
  friend bool operator==(const OrderAttached&, const OrderAttached&) = default;
};
/// What a person saw: the answers to the checklist of the article's category, and what follows from them.
/// Before the answer to the line; a later inspection of the same line replaces it.
struct ItemInspected {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string checklist;  // id within the pack
  std::vector<CheckAnswer> answers;
  Grade grade = Grade::ungraded;
  std::string because;  // question whose answer gave the grade; empty: nothing was found
  Disposition disposition = Disposition::undecided;
  std::vector<Hash256> photos;  // SHA-256 of files that are kept outside the journal
  friend bool operator==(const ItemInspected&, const ItemInspected&) = default;
};
enum class ApprovalMethod : std::uint8_t { pin = 1, code = 2 };
std::string_view to_string(ApprovalMethod);
/// A second person said yes (or no: `declined`) to what a rule left to a person. Before the answer to the line.
struct OverrideGiven {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  Approval approval;  // never by the cashier of the case
  ApprovalMethod method = ApprovalMethod::pin;
  bool declined = false;
  std::string rule;  // that asked for it: "authority", "windows/late"
  friend bool operator==(const OverrideGiven&, const OverrideGiven&) = default;
};
/// The answer, given at once. `needs_manager` is not the last word: an override and a further answer follow.
struct LineAnswered {
  ReturnCaseId case_id;
  ReturnAsk ask;
  Decision decision;
  friend bool operator==(const LineAnswered&, const LineAnswered&) = default;
};
/// The question went to the hub.
struct LineReferred {
  ReturnCaseId case_id;
  ReferralId referral_id;
  ReturnAsk ask;
  std::optional<SubjectId> subject;
  std::int64_t asked_at_ms = 0;
  Decision local;              // what the node could say by itself, with the lots it saw
  BusinessDate business_date;  // the store's trading day: the hub counts windows by it, not by a clock
  friend bool operator==(const LineReferred&, const LineReferred&) = default;
};
/// The customer was told to wait; no right is reserved.
struct LineDeferred {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  ReferralId referral_id;
  std::string slip_code;
  friend bool operator==(const LineDeferred&, const LineDeferred&) = default;
};
/// The final answer to a line that was deferred.
struct LineSettled {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  ReferralId referral_id;
  Decision decision;
  friend bool operator==(const LineSettled&, const LineSettled&) = default;
};
struct UnitsClaimed {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  Assurance assurance = Assurance::held;
  std::vector<Claim> claims;
  friend bool operator==(const UnitsClaimed&, const UnitsClaimed&) = default;
};
struct GoodsReceived {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string sku;
  std::int64_t quantity = 0;
  Bucket bucket = Bucket::hold;
  friend bool operator==(const GoodsReceived&, const GoodsReceived&) = default;
};
/// Goods taken in at a deferral whose line was refused in the end, given back to the customer.
struct GoodsHandedBack {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string sku;
  std::int64_t quantity = 0;
  Bucket bucket = Bucket::hold;  // that they leave
  friend bool operator==(const GoodsHandedBack&, const GoodsHandedBack&) = default;
};
struct Leg {
  LegId leg_id;  // the idempotency key; outlives every failure
  PlannedLeg planned;
  friend bool operator==(const Leg&, const Leg&) = default;
};
/// Part of what was claimed that pays for other goods instead of going back: a tender of the sale `carried_to`.
struct CarriedPart {
  TenderKind tender = TenderKind::cash;
  OrderId order_id;  // whose money it is, and which tender of it had paid
  std::uint32_t tender_no = 0;
  std::string reference;  // of the original payment
  Minor minor = 0;
  friend bool operator==(const CarriedPart&, const CarriedPart&) = default;
};
struct RefundPlanned {
  ReturnCaseId case_id;
  std::uint32_t plan_no = 0;  // from 1; a settled line gives the case a further plan
  Currency currency;
  Minor total_minor = 0;       // of the legs: what was claimed, less `kept` and `carried`, plus `rounding_minor`
  std::vector<KeptBack> kept;  // named fees
  Minor rounding_minor = 0;    // cash rounding, its own line: up or down to what coins can pay
  Minor correction_minor = 0;  // named: what a source's sub-minor prices lost when the line totals were rounded
  std::vector<Leg> legs;
  std::vector<CarriedPart> carried;  // pays for the sale `carried_to`, of the same transaction
  OrderId carried_to;                // zero: nothing is carried
  std::uint64_t credit_note_no = 0;  // of this node, from 1 without gap; 0: none was written
  friend bool operator==(const RefundPlanned&, const RefundPlanned&) = default;
};
/// Written before terminal, drawer or provider is asked.
struct RefundLegStarted {
  ReturnCaseId case_id;
  LegId leg_id;
  friend bool operator==(const RefundLegStarted&, const RefundLegStarted&) = default;
};
enum class LegOutcome : std::uint8_t { settled = 1, failed = 2, unknown = 3, queued = 4 };
std::string_view to_string(LegOutcome);
/// Why a leg failed. Each has a way on: another tender, another person, another day.
enum class LegProblem : std::uint8_t {
  none = 0,
  declined = 1,  // the provider says no and not why
  card_expired = 2,
  card_closed = 3,
  other_card = 4,       // not the card that had paid
  over_limit = 5,       // of the wallet or the instalment plan
  needs_network = 6,    // cannot be queued
  not_enough_cash = 7,  // in the drawer
  identity_needed = 8,  // so much cash only to somebody who shows who she is
  other_currency = 9,   // the device does not pay in it
  export_stamped = 10,  // the tax was given back at the border: it is claimed there first
};
inline constexpr LegProblem leg_problem_last = LegProblem::export_stamped;
std::string_view to_string(LegProblem);
struct RefundLegEnded {
  ReturnCaseId case_id;
  LegId leg_id;
  LegOutcome outcome = LegOutcome::unknown;
  std::string device_reference;
  std::string confirmed_by;               // staff code, when a person said what became of it
  LegProblem problem = LegProblem::none;  // why it failed
  friend bool operator==(const RefundLegEnded&, const RefundLegEnded&) = default;
};
struct CaseClosed {
  ReturnCaseId case_id;
  friend bool operator==(const CaseClosed&, const CaseClosed&) = default;
};
/// The visit is called off before any money moved: rights go back to this node, goods to the customer.
struct CaseVoided {
  ReturnCaseId case_id;
  std::string by;  // staff code
  std::string reason;
  std::vector<OrderUnits> items;  // all units the case had claimed
  Currency currency;
  Minor total_minor = 0;  // of the plans that are called off
  friend bool operator==(const CaseVoided&, const CaseVoided&) = default;
};
/// After money moved: the customer gave it back and takes the goods. Rights go back to this node.
struct RefundReversed {
  ReturnCaseId case_id;
  std::string by;
  std::string reason;
  std::vector<OrderUnits> items;  // all units the case had claimed
  Currency currency;
  Minor total_minor = 0;  // that came back, of all legs
  friend bool operator==(const RefundReversed&, const RefundReversed&) = default;
};
/// The pack by which this node decides from here on: decisions are given again from the journal alone.
struct PolicyAdopted {
  std::string policy_id;
  std::uint32_t policy_version = 0;
  Hash256 pack_hash;  // SHA-256 of `pack`
  std::string pack;   // the JSON text
  friend bool operator==(const PolicyAdopted&, const PolicyAdopted&) = default;
};

/// A leg that failed, or was never asked, goes another way: by other tenders that the policy permits.
struct LegRerouted {
  ReturnCaseId case_id;
  LegId leg_id;           // is never asked again
  std::vector<Leg> legs;  // instead of it
  Currency currency;
  Minor rounding_minor = 0;  // what coins pay more or less than it
  std::string by;            // staff code
  LegProblem reason = LegProblem::none;
  friend bool operator==(const LegRerouted&, const LegRerouted&) = default;
};
/// Value that the customer was given on paper: a store credit, gift card or voucher of ours. It is an order whose
/// units are minor units (docs/money.md, "Value accounts"); its rights are born here.
struct CreditIssued {
  ReturnCaseId case_id;
  LegId leg_id;  // that paid it
  OrderId order_id;
  Bytes order;  // packed evidence
  friend bool operator==(const CreditIssued&, const CreditIssued&) = default;
};
/// What is taken off the accounts of some units, alike for each of them.
struct LoweredUnits {
  OrderUnits units;
  PaidAmounts each;
  Hash256 evidence_hash;
  friend bool operator==(const LoweredUnits&, const LoweredUnits&) = default;
};
/// Money for goods that the customer keeps, taken off their accounts by the holder of their rights, who keeps these.
struct UnitsLowered {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  Assurance assurance = Assurance::held;
  std::vector<LoweredUnits> lowered;
  friend bool operator==(const UnitsLowered&, const UnitsLowered&) = default;
};
/// The customer does not wait for the answer any longer; goods that were taken in are handed back.
struct LineWithdrawn {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string by;  // staff code
  friend bool operator==(const LineWithdrawn&, const LineWithdrawn&) = default;
};
enum class FiscalState : std::uint8_t { signed_ = 1, unsigned_yet = 2, failed = 3 };
std::string_view to_string(FiscalState);  // "signed", "unsigned_yet", "failed"
/// What the fiscal signer said about the credit note of a plan. A later one replaces `unsigned_yet`.
struct FiscalSigned {
  ReturnCaseId case_id;
  std::uint32_t plan_no = 0;
  FiscalState state = FiscalState::unsigned_yet;
  std::string signer;     // serial number of the device
  std::string signature;  // as the receipt must show it
  std::int64_t signed_at_ms = 0;
  std::string problem;  // in words; empty when signed
  friend bool operator==(const FiscalSigned&, const FiscalSigned&) = default;
};
/// Faulty goods went to be repaired; the customer keeps her purchase.
struct RepairStarted {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::vector<OrderUnits> units;
  std::string serial;  // may be empty
  CivilDate promised_on;
  friend bool operator==(const RepairStarted&, const RepairStarted&) = default;
};
enum class RepairOutcome : std::uint8_t { repaired = 1, not_repairable = 2 };
std::string_view to_string(RepairOutcome);
struct RepairEnded {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  RepairOutcome outcome = RepairOutcome::repaired;
  friend bool operator==(const RepairEnded&, const RepairEnded&) = default;
};
/// An old article taken in at a credit against a new purchase.
struct TradeInTaken {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string sku;
  std::string serial;  // may be empty
  std::int64_t quantity = 1;
  Grade grade = Grade::ungraded;
  std::string rule;  // "trade_in/phones"
  Currency currency;
  Minor credit_minor = 0;  // of all units
  OrderId carried_to;      // the sale it pays for
  friend bool operator==(const TradeInTaken&, const TradeInTaken&) = default;
};

// ---- goods, sales, rights at a node ----------------------------------------------------------------------------
struct StockMoved {
  std::string sku;
  Bucket bucket = Bucket::sellable;
  std::int64_t quantity = 0;  // signed: the one number in an event that carries its direction
  std::string cause;          // "sale", "write_off"
  friend bool operator==(const StockMoved&, const StockMoved&) = default;
};
/// A sale rung at a till of this store; its rights are born here.
struct SaleRecorded {
  Bytes order;  // packed evidence
  OrderId order_id;
  std::string till;
  std::optional<ReturnCaseId> paid_by;  // an exchange: the case whose claims pay a part of it
  friend bool operator==(const SaleRecorded&, const SaleRecorded&) = default;
};
struct RightsReceived {
  TransferId transfer_id;
  std::vector<OrderUnits> items;
  std::vector<LoweredUnits> lowered;  // what was taken off the accounts of `items` before
  friend bool operator==(const RightsReceived&, const RightsReceived&) = default;
};
/// The answer to a recall, empty when nothing of it was left: everything before it in this journal is settled.
struct RightsReleased {
  TransferId transfer_id;
  TransferId recall_id;
  std::vector<OrderUnits> items;
  friend bool operator==(const RightsReleased&, const RightsReleased&) = default;
};
/// What the hub decided about a referred line, as received.
struct ReferralAnswered {
  ReferralId referral_id;
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  Decision decision;
  TransferId transfer_id;  // that brings the rights; zero unless approved
  friend bool operator==(const ReferralAnswered&, const ReferralAnswered&) = default;
};

// ---- the hub's own ---------------------------------------------------------------------------------------------
struct NodeEnrolled {
  NodeId node;
  std::string name;
  std::uint16_t catchment = 0;
  friend bool operator==(const NodeEnrolled&, const NodeEnrolled&) = default;
};
struct RightsGranted {
  TransferId transfer_id;
  NodeId node;
  std::vector<OrderUnits> items;
  std::vector<LoweredUnits> lowered;  // what was taken off the accounts of `items` before
  friend bool operator==(const RightsGranted&, const RightsGranted&) = default;
};
struct RecallIssued {
  TransferId recall_id;
  NodeId node;
  std::vector<OrderUnits> items;  // empty: only "answer when everything before is journalled"
  friend bool operator==(const RecallIssued&, const RecallIssued&) = default;
};
struct ReferralDecided {
  NodeId node;
  ReferralAnswered answer;
  std::uint64_t settled_no = 0;  // the hub's count of decisions: the settling order
  friend bool operator==(const ReferralDecided&, const ReferralDecided&) = default;
};

/// An exposure budget is minted for a node: an order whose units are minor units. The right to it is granted like
/// any.
struct BudgetCreated {
  NodeId node;
  OrderId order_id;
  Bytes order;  // packed evidence
  std::string by;
  friend bool operator==(const BudgetCreated&, const BudgetCreated&) = default;
};
/// A customer announced a return before she came: what she brings, and what the rules said to it.
struct ReturnStarted {
  ReturnCaseId started_id;
  std::string code;  // that she shows
  OrderId order_id;
  std::vector<ReturnAsk> asks;
  std::vector<Decision> decisions;  // one an ask
  std::int64_t started_at_ms = 0;
  std::int64_t decide_by_ms = 0;  // what was promised; 0: nothing
  friend bool operator==(const ReturnStarted&, const ReturnStarted&) = default;
};
/// A person decided a started return that the rules left open, or it was used up or called off.
struct ReturnStartedEnded {
  ReturnCaseId started_id;
  Verdict verdict = Verdict::refused;
  std::string by;  // staff code; empty: the customer
  std::string reason;
  friend bool operator==(const ReturnStartedEnded&, const ReturnStartedEnded&) = default;
};

/// Goods of a case that lie here go to another place: a late yes frees what waited on hold.
struct GoodsMoved {
  ReturnCaseId case_id;
  std::uint32_t line_no = 0;
  std::string sku;
  std::int64_t quantity = 0;
  Bucket from = Bucket::hold;
  Bucket to = Bucket::sellable;
  friend bool operator==(const GoodsMoved&, const GoodsMoved&) = default;
};

using EventBody =
    std::variant<CaseOpened, OrderAttached, LineAnswered, LineReferred, LineDeferred, LineSettled, UnitsClaimed,
                 GoodsReceived, RefundPlanned, RefundLegStarted, RefundLegEnded, CaseClosed, StockMoved, SaleRecorded,
                 RightsReceived, RightsReleased, ReferralAnswered, NodeEnrolled, RightsGranted, RecallIssued,
                 ReferralDecided, GoodsHandedBack, ItemInspected, OverrideGiven, CaseVoided, RefundReversed,
                 PolicyAdopted, LegRerouted, CreditIssued, UnitsLowered, LineWithdrawn, FiscalSigned, RepairStarted,
                 RepairEnded, TradeInTaken, BudgetCreated, ReturnStarted, ReturnStartedEnded, GoodsMoved>;

/// "units_claimed" and the like; stable, stored, on screen.
std::string_view kind_of(const EventBody& body);

/// The case an event belongs to; empty for events of the node itself.
std::optional<ReturnCaseId> case_of(const EventBody& body);

/// An event as stored and sent: identity is (node_id, epoch, seq), seq from 1 without gaps.
struct EventEnvelope {
  NodeId node_id;
  std::uint64_t epoch = 0;  // below 2^63: SQLite's integers are signed
  std::uint64_t seq = 0;
  HlcTime hlc;
  std::optional<ReturnCaseId> case_id;
  CommandId command_id;  // unique within a journal with command_part: the same command again is already_recorded
  std::uint32_t command_part = 0;  // place of the event among those of its command, from 0
  std::string kind;
  std::uint32_t kind_version = 1;
  Bytes body;         // stored bytes; hashes cover these, never re-encoded ones
  Hash256 prev_hash;  // zero for seq 1
  Hash256 hash;
  friend bool operator==(const EventEnvelope&, const EventEnvelope&) = default;
};

}  // namespace retour
