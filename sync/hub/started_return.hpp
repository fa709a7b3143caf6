#pragma once
// Returns that customers start before they come. The rules of the pack answer at once, without claiming anything:
// what has not left the warehouse, and what is inside its window and declared resalable, is approved; the rest waits
// for a person, within the time that the pack promises. Rules: docs/policy.md, "Started returns".

#include <optional>
#include <string>
#include <vector>

#include "plugin/core/base/result.hpp"
#include "sync/hub/hub.hpp"

namespace retour::hub {

inline constexpr std::size_t started_lines_max = 100;      // the longest real return document has 101
inline constexpr std::size_t started_open_max = 5;         // under one order at the same time
inline constexpr std::size_t started_listed_max = 500;     // of the queue, and of missed promises: the most urgent
inline constexpr std::string_view first_in_queue = "vip";  // the tier that a person looks at first
inline constexpr std::string_view reason_taken_back = "taken_back";
inline constexpr std::string_view reason_called_off = "called_off";

/// One line of what the customer wants to bring, as the shop's own server says it.
struct StartLine {
  std::uint32_t order_line_no = 0;
  std::int64_t quantity = 0;
  ReturnReason reason = ReturnReason::unspecified;
  Grade declared = Grade::ungraded;  // what she says of the goods; ungraded: nothing
  std::string serial;                // of the one unit; may be empty
  std::string category;              // of the article, as the shop knows it; may be empty
  std::string brand;
  friend bool operator==(const StartLine&, const StartLine&) = default;
};

struct StartReturn {
  ReturnCaseId id;     // made by the caller before the first try: the same again is the same return
  std::string code;    // that she shows; of the id
  std::string number;  // of the order
  LookupKey customer;  // who says so: only the order's own customer may
  std::string tier;
  std::string store;    // name of the one where she will come; empty: she has not said
  bool shipped = true;  // false: the goods are still in the warehouse
  BusinessDate today;
  std::vector<StartLine> lines;
};

/// Why nothing was started or decided. Codes are stable.
struct StartRefusal {
  std::string code;
  std::string reason;  // one sentence for people
  friend bool operator==(const StartRefusal&, const StartRefusal&) = default;
};

struct StartAnswer {
  StartedRow row;        // not recorded when `refused`
  bool refused = false;  // a rule says no to some line: the decisions say which and why
  bool already = false;  // the same was started before
};

/// One transaction. Wakes the stores that it may come to: the customer's, and the one she named.
Result<StartAnswer, StartRefusal> start_return(Hub& hub, const StartReturn& wanted, std::int64_t now_ms);

/// A person's word on one that waits.
struct DecideStarted {
  ReturnCaseId id;
  bool approved = false;
  std::string by;      // staff code
  std::string reason;  // every decision carries one
};
Result<StartedRow, StartRefusal> decide_started(Hub& hub, const DecideStarted& word, std::int64_t now_ms);

/// The customer does not want to return it any more.
Result<StartedRow, StartRefusal> call_off_started(Hub& hub, const ReturnCaseId& id, std::int64_t now_ms);

/// Goods of the order line were taken back: what was started about them is over, whole. Within the caller's
/// transaction.
void use_up_started(Hub& hub, const OrderId& order, std::uint32_t line_no, std::int64_t now_ms);

/// A decision that came later than promised, or has not come yet.
struct MissedPromise {
  StartedRow row;
  std::string number;  // of the order
  Currency currency;
  Minor due_minor = 0;  // store credit that the pack promises for it; 0: nothing in this currency
};
/// As of `now_ms`, oldest first. Reads only; within a Work or View.
std::vector<MissedPromise> missed_promises(HubStore& store, const Promises& promises, std::int64_t now_ms);

}  // namespace retour::hub
