#pragma once
// Policy: plain functions that apply a pack in a fixed order. The first rule that says no is the answer; every answer
// carries its trace, from which it can be given again years later. Rules: docs/policy.md.
//
//   quantity -> customer -> merchandise -> [each lot: exclusions -> windows -> conditions] -> matching    decide_line
//   -> authority -> risk                                                                                  authorise

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/matching/matching.hpp"
#include "plugin/core/order/order.hpp"
#include "plugin/core/policy/pack.hpp"

namespace retour {

/// One line of goods that a customer brings back.
struct ReturnAsk {
  std::uint32_t line_no = 0;        // in the return case, from 1
  std::optional<OrderId> order_id;  // the cashier chose the order line; else it is matched by customer and SKU
  std::uint32_t order_line_no = 0;
  std::string sku;
  std::int64_t quantity = 0;
  std::optional<Decimal> asked_price;  // what the customer's document says one unit cost
  ReturnReason reason = ReturnReason::unspecified;
  std::string source_ref;          // the line of the document that the goods came with; may be empty
  std::string serial;              // of the one unit that comes back; may be empty
  bool no_receipt = false;         // there is no proof of purchase, and nobody to ask for one
  Remedy remedy = Remedy::refund;  // of faulty goods, as the customer wants it
  bool gift = false;               // who brings it got it as a gift and bears a gift receipt: docs/policy.md, "Gifts"
  friend bool operator==(const ReturnAsk&, const ReturnAsk&) = default;
};

/// A person with authority said yes to what a rule left to a person.
struct Approval {
  Role role = Role::manager;
  std::string approver;  // staff code, never the requester's
  std::string reason;    // a code or short words; every override carries one
  friend bool operator==(const Approval&, const Approval&) = default;
};

struct RiskCount {
  RiskSignal signal = RiskSignal::returns_30_days;
  std::int64_t count = 0;
  friend bool operator==(const RiskCount&, const RiskCount&) = default;
};

/// What goods without receipt are worth.
struct UnprovenSale {
  Currency currency;
  Minor lowest_minor = 0;  // that a unit cost in the look-back period; 0: it was not sold in it
  friend bool operator==(const UnprovenSale&, const UnprovenSale&) = default;
};

/// Of a line that asks for what a delivery cost: what came back of its order, as far as who answers knows.
struct DeliveryFacts {
  Currency currency;
  bool goods_claimed = false;  // by the case that asks
  bool whole_order = false;    // no unit of goods is left unclaimed
  friend bool operator==(const DeliveryFacts&, const DeliveryFacts&) = default;
};

/// What rules may look at besides the sale itself. Kept in the trace.
struct LineFacts {
  std::string category;  // of the article, from the catalogue
  std::string brand;
  std::string tier;  // of the customer
  std::string store;
  std::string region;
  Grade grade = Grade::ungraded;
  Role role = Role::cashier;                     // of who serves
  std::optional<std::int64_t> data_age_minutes;  // since the node last heard from the hub; empty: never
  std::vector<RiskCount> risk;
  std::optional<Approval> approval;
  std::vector<Alert> alerts;
  std::optional<UnprovenSale> unproven;   // of a line without receipt
  std::int64_t beyond_repair = 0;         // units of these purchases that a repair gave up
  std::optional<DeliveryFacts> delivery;  // of a line that asks for what a delivery cost
  friend bool operator==(const LineFacts&, const LineFacts&) = default;
};

/// The facts a decision rests on, kept so that it replays to the same answer years later.
struct DecisionTrace {
  std::string policy_id;
  std::uint32_t policy_version = 0;
  std::string rule;                  // that answered: "quantity", "matching", or of the pack: "windows/holiday"
  std::vector<std::string> applied;  // rules of the pack that an approval rests on, in the order of evaluation
  std::uint64_t feed_position = 0;   // orders received when the answer was given: how old the facts were
  bool final_word = false;           // the hub answered
  std::vector<Lot> lots;  // what the answer was chosen from, newest first; `bought` and `free` as known then
  LineFacts facts;
  Minor total_minor = 0;      // of all lines of the visit that were approved, when authority was asked
  std::string would_change;   // a message code: what would change the answer; empty when approved
  std::optional<Role> needs;  // with `needs_manager`: the least role that may say yes
  friend bool operator==(const DecisionTrace&, const DecisionTrace&) = default;
};

/// How the money of some taken units goes back, where that is not simply all of it to the original tenders.
struct UnitTerms {
  std::vector<FeeTerms> fees;
  std::optional<TenderKind> refund_as;
  friend bool operator==(const UnitTerms&, const UnitTerms&) = default;
};

struct Decision {
  Verdict verdict = Verdict::refused;
  Refusal refusal = Refusal::none;
  Assurance assurance = Assurance::none;
  std::vector<OrderUnits> taken;  // the units to claim; empty unless approved
  std::vector<UnitTerms> terms;   // one an element of `taken`; empty: no fee and no other tender anywhere
  DecisionTrace trace;
  friend bool operator==(const Decision&, const Decision&) = default;
};

/// What the one who answers knows and may do.
struct DecisionFacts {
  bool has_customer = false;
  std::vector<Lot> lots;    // `free`: units whose right the answerer itself holds
  bool final_word = false;  // the hub with all journals up; a node refers every shortage to the hub instead
  std::uint64_t feed_position = 0;
  std::int64_t asked_at_ms = 0;
  BusinessDate business_date;
  LineFacts line;
};

/// Decides one line; the first rule that applies is the answer (docs/policy.md, "The rules, in their order").
/// `assurance` is left `none`: the caller knows whose rights it used. An order named by `ask` counts alone, whatever
/// else stands in `facts.lots`. A node (not `final_word`) never says that something was not bought, is used up or
/// exceeds: it answers `deferred` with the same trace, and the question goes to the hub.
Decision decide_line(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

/// Whether the one who serves may give `total_minor` on this approved line alone, or with the approval that stands in
/// its facts. Turns the decision into `needs_manager` (nothing taken) otherwise. Other verdicts pass unchanged.
/// `total_minor`: what all approved lines of the visit give back together, so that splitting a visit changes nothing.
Decision authorise(Decision decision, const ReturnAsk& ask, Minor total_minor, const Currency& currency,
                   const PolicyPack& policy);

/// Gives the answer of `recorded` again, from its own trace. Equal to it, `assurance` aside, under the pack that the
/// trace names; under another pack it is what that one would have said.
Decision decide_again(const ReturnAsk& ask, const Decision& recorded, std::int64_t asked_at_ms,
                      BusinessDate business_date, const Currency& currency, const PolicyPack& policy);

}  // namespace retour
