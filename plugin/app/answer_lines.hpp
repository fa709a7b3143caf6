#pragma once
// Decides the lines of a visit: which purchases the goods may come from, what the rules say, and exactly which units
// would be claimed. Quote and return call this same function, so what was quoted is what is executed. Writes nothing.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugin/app/evidence.hpp"
#include "plugin/app/store_context.hpp"
#include "plugin/core/inspection/inspect.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/core/refund/refund.hpp"

namespace retour::app {

/// What a person saw on the goods of one line.
struct LineCheck {
  std::vector<CheckAnswer> answers;  // to the checklist of the article's category; empty: nobody has looked
  std::vector<Hash256> photos;       // SHA-256 of files that are kept outside the journal
  friend bool operator==(const LineCheck&, const LineCheck&) = default;
};

/// Who brings goods and what. Either `customer_ref` (byte for byte) or `subject`, or neither when lines name their
/// order.
struct Visit {
  std::string customer_ref;
  std::optional<SubjectId> subject;
  BusinessDate business_date;
  std::int64_t asked_at_ms = 0;
  std::string cashier = {};  // staff code of who serves; empty: some cashier
  std::vector<ReturnAsk> lines;
  std::map<std::uint32_t, std::string> scanned;    // by line number: barcode (14 digits) of a line without SKU
  std::map<std::uint32_t, LineCheck> checks = {};  // by line number: what a person saw
  bool pays_for_goods = false;                     // an exchange: value on paper may be among the lines
  bool export_stamped = false;               // the papers bear the stamp of the border: the tax was given back there
  std::string tier = {};                     // of the customer, as the retailer names it: "vip"; empty: none
  std::string reference = {};                // number of the document, or code, that the customer brought
  std::string gift_receipt = {};             // text of the gift receipt that the goods came with (gift_receipt.hpp)
  std::optional<ReturnCaseId> case_id = {};  // that is being decided and does not count yet; empty: a new one
};

struct AnsweredLine {
  ReturnAsk ask;                              // with the SKU filled in when only the order line was named
  Decision decision;                          // `deferred`: only the hub can say
  std::vector<Claim> claims;                  // of the units taken; empty unless approved
  const Checklist* checklist = nullptr;       // that speaks of the article, in the store's pack; null: none does
  std::optional<Inspection> inspection = {};  // empty: there is no checklist, or nobody has looked yet
  std::optional<ports::Recall> recall = {};   // that speaks of the article: what to do
};

/// What each line gets, authority and risk included: docs/policy.md, "The rules, in their order".
/// @pre runs inside a read or write transaction of the journal, so that all lines see the same rights.
/// A line sees the rights that the lines before it left. A line whose goods are already waiting for the hub's answer
/// (same customer, same SKU) waits behind it: answering out of turn could turn "too many" into "all used up".
Result<std::vector<AnsweredLine>, CommandRefusal> answer_lines(StoreContext& store, Evidence& evidence,
                                                               const Visit& visit);

/// The same for facts that the caller has: a line that is answered a second time rests on those of the first.
/// `facts_of` is asked once a line, when its SKU is known; nobody is asked about authority.
using FactsOf = std::function<Result<LineFacts, CommandRefusal>(const ReturnAsk&)>;
Result<std::vector<AnsweredLine>, CommandRefusal> decide_lines(StoreContext& store, Evidence& evidence,
                                                               const Visit& visit, const FactsOf& facts_of);

/// What was scanned is kept as the line's source, unless the till names another: the article alone would not tell
/// whether the same command was sent again.
void note_barcode(const Visit& visit, ReturnAsk& ask);

/// Look-up key of the visit's customer; zero: none is known.
LookupKey customer_key(StoreContext& store, const Visit& visit);

}  // namespace retour::app
