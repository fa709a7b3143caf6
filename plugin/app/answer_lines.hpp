#pragma once
// Decides the lines of a visit: which purchases the goods may come from, what the rules say, and exactly which units
// would be claimed. Quote and return call this same function, so what was quoted is what is executed. Writes nothing.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugin/app/evidence.hpp"
#include "plugin/app/store_context.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/core/refund/refund.hpp"

namespace retour::app {

/// Who brings goods and what. Either `customer_ref` (byte for byte) or `subject`, or neither when lines name their
/// order.
struct Visit {
  std::string customer_ref;
  std::optional<SubjectId> subject;
  BusinessDate business_date;
  std::int64_t asked_at_ms = 0;
  std::vector<ReturnAsk> lines;
  std::map<std::uint32_t, std::string> scanned;  // by line number: barcode (14 digits) of a line without SKU
};

struct AnsweredLine {
  ReturnAsk ask;              // with the SKU filled in when only the order line was named
  Decision decision;          // `deferred`: only the hub can say
  std::vector<Claim> claims;  // of the units taken; empty unless approved
};

/// @pre runs inside a read or write transaction of the journal, so that all lines see the same rights.
/// A line sees the rights that the lines before it left. A line whose goods are already waiting for the hub's answer
/// (same customer, same SKU) waits behind it: answering out of turn could turn "too many" into "all used up".
Result<std::vector<AnsweredLine>, CommandRefusal> answer_lines(StoreContext& store, Evidence& evidence,
                                                               const Visit& visit);

/// What was scanned is kept as the line's source, unless the till names another: the article alone would not tell
/// whether the same command was sent again.
void note_barcode(const Visit& visit, ReturnAsk& ask);

/// Look-up key of the visit's customer; zero: none is known.
LookupKey customer_key(StoreContext& store, const Visit& visit);

}  // namespace retour::app
