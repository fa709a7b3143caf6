#pragma once
// Old articles that are taken in against new goods, in the command that sells these: looked at, worth what the pack
// says for their grade, never paid out. Rule: docs/policy.md, "Trade-in"; the money: docs/money.md, "Trade-in".

#include <string>
#include <vector>

#include "plugin/app/answer_lines.hpp"
#include "plugin/app/case_draft.hpp"
#include "plugin/core/refund/tender_policy.hpp"

namespace retour::app {

struct TradeInAsk {
  std::string sku;
  std::string serial;         // of the one unit; may be empty
  std::int64_t quantity = 1;  // alike: what was seen holds for each
  LineCheck check = {};
};

struct TradedIn {
  TradeInAsk ask;
  std::uint32_t line_no = 0;             // of the visit, behind its lines and credits
  const Checklist* checklist = nullptr;  // that speaks of the article; null: none does
  std::optional<Inspection> inspection = {};
  std::string rule;  // "trade_in/phones"
  Currency currency;
  Minor credit_minor = 0;  // of all units; 0 while the checklist is not answered
};

/// The credit is a tender of its own of the new sale, with the reference `trade_in`.
inline constexpr TenderKind trade_in_tender = TenderKind::voucher;

/// What each article is worth in the currency of the new goods. Answers to checklists stand in `visit.checks`, behind
/// the numbers of its lines. Refused by name: `trade_in_not_taken` (no rule of the pack fits), `trade_in_too_much`
/// (the credits leave the range of money), and as `look_at`.
Result<std::vector<TradedIn>, CommandRefusal> judge_trade_ins(StoreContext& store, const Visit& visit,
                                                              const std::vector<TradeInAsk>& articles,
                                                              const Currency& currency);

/// A checklist that nobody has answered: `check_not_answered`. A quote asks it, a purchase does not go on without.
std::optional<CommandRefusal> first_trade_in_not_looked_at(const std::vector<TradedIn>& articles);

/// `item_inspected`, if somebody looked, and `trade_in_taken`.
void add_trade_in(CaseDraft& draft, const ReturnCaseId& case_id, const TradedIn& article, const Order& sale);

/// Where the article goes: as its inspection proposes, on hold when nobody looked.
StockMoved stock_of(const TradedIn& article);

}  // namespace retour::app
