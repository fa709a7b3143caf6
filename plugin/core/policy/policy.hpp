#pragma once
// Policy: what the retailer permits, as data, and plain functions that apply it in a fixed order.
// The first rule that says no is the answer; every answer carries its trace. Rules: docs/policy.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/matching/matching.hpp"
#include "plugin/core/order/order.hpp"

namespace retour {

enum class Verdict : std::uint8_t { approved = 1, needs_manager = 2, deferred = 3, refused = 4 };
enum class Assurance : std::uint8_t { none = 0, held = 1, confirmed = 2, token = 3, provisional = 4 };

/// Why policy says no, from the most to the least basic. Stable codes, the same in SQL, JSON and on screen.
enum class Refusal : std::uint8_t {
  none = 0,
  quantity_invalid = 1,
  no_customer = 2,      // item named without order, and no customer given: nothing to match against
  not_merchandise = 3,  // fee, postage, voucher: never comes back over the counter
  no_purchase_found = 4,
  already_returned = 5,
  quantity_exceeds_returnable = 6,
  window_closed = 7,
};

enum class ReturnReason : std::uint8_t {
  unspecified = 0,
  size = 1,
  quality = 2,
  not_as_described = 3,
  damaged_in_transit = 4,
  wrong_item = 5,
  late = 6,
  changed_mind = 7,
  gift = 8,
  recall = 9,
  other = 10
};

std::string_view to_string(Verdict);    // "approved", "needs_manager", ...
std::string_view to_string(Assurance);  // "held", ...; "none" for none
std::string_view to_string(Refusal);
std::string_view to_string(ReturnReason);
std::optional<ReturnReason> parse_return_reason(std::string_view);

struct PolicyPack {
  std::string id = "default";
  std::uint32_t version = 1;
  /// Days after delivery (or sale) in which goods may come back; empty: no window.
  std::optional<std::int32_t> window_days;
  /// An SKU is merchandise when it starts with this many digits; 0: every SKU is.
  std::uint8_t merchandise_sku_leading_digits = 0;
  friend bool operator==(const PolicyPack&, const PolicyPack&) = default;
};

/// One line of goods that a customer brings back.
struct ReturnAsk {
  std::uint32_t line_no = 0;        // in the return case, from 1
  std::optional<OrderId> order_id;  // the cashier chose the order line; else it is matched by customer and SKU
  std::uint32_t order_line_no = 0;
  std::string sku;
  std::int64_t quantity = 0;
  std::optional<Decimal> asked_price;  // what the customer's document says one unit cost
  ReturnReason reason = ReturnReason::unspecified;
  std::string source_ref;  // the line of the document that the goods came with; may be empty
  friend bool operator==(const ReturnAsk&, const ReturnAsk&) = default;
};

/// The facts a decision rests on, kept so that it replays to the same answer years later.
struct DecisionTrace {
  std::string policy_id;
  std::uint32_t policy_version = 0;
  std::string rule;                 // "quantity", "customer", "not_merchandise", "window", "matching"
  std::uint64_t feed_position = 0;  // orders received when the answer was given: how old the facts were
  std::vector<Lot> lots;     // what the answer was chosen from, newest first; `bought` and `free` as known then
  std::string would_change;  // a message code: what would change the answer; empty when approved
  friend bool operator==(const DecisionTrace&, const DecisionTrace&) = default;
};

struct Decision {
  Verdict verdict = Verdict::refused;
  Refusal refusal = Refusal::none;
  Assurance assurance = Assurance::none;
  std::vector<OrderUnits> taken;  // the units to claim; empty unless approved
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
  std::optional<CivilDate> delivered_on;  // of the order, when it was named
};

/// Decides one line; the first of these rules that applies is the answer (docs/policy.md): quantity, customer,
/// merchandise, window of a named order, matching. `assurance` is left `none`: the caller knows whose rights it used.
/// An order named by `ask` counts alone, whatever else stands in `facts.lots`. A node (not `final_word`) never says
/// that something was not bought, is used up or exceeds: it answers `deferred` with the same trace, and the question
/// goes to the hub.
Decision decide_line(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

}  // namespace retour
