#pragma once
// An exchange: the goods (and value on paper) that come back pay for other goods, in one visit and one commit. Quote
// and return call the same functions. Rule: docs/money.md, "Exchange".

#include "plugin/app/answer_lines.hpp"
#include "plugin/app/case_draft.hpp"
#include "plugin/app/trade_in.hpp"
#include "plugin/core/refund/carry.hpp"

namespace retour::app {

struct CreditToSpend {
  std::string number;  // as printed or typed, or the text of the paper's QR
  Minor minor = 0;     // of it; what is not spent stays on it
};
inline constexpr std::size_t credits_max = 20;  // in one visit
inline constexpr std::size_t trade_ins_max = 20;

struct ExchangeAsk {
  Order goods;  // as a sale, at today's prices and taxes; its tenders are what the customer adds
  std::string card_ref;
  std::vector<CreditToSpend> credits;
  std::vector<TradeInAsk> trade_ins = {};
};

/// The visit as it is meant: its lines are those of the gift receipt, if there is one, and an exchange puts a line
/// for each credit behind them, and behind these what was seen on each traded-in article. Refused by name: as
/// `with_gift`, and `slip_changed`, `slip_unreadable`, `credit_unknown`, `credit_twice`.
Result<Visit, CommandRefusal> visit_meant(StoreContext& store, Visit visit,
                                          const std::optional<ExchangeAsk>& exchange);

/// Why these answers pay for nothing: only value that is certain now can be carried. `value_elsewhere` (the right is
/// not here, head office may have it brought), `credit_spent` (nobody else has any of it), `value_not_available`
/// (refused, or a person has to agree).
std::optional<CommandRefusal> not_to_carry(StoreContext& store, Evidence& evidence,
                                           const std::vector<AnsweredLine>& lines);

struct PlannedExchange {
  ExchangePlan plan;
  std::vector<TradedIn> trade_ins;
  Minor trade_in_minor = 0;  // of all of them
  Order sale;                // its tenders: the carried parts, then one a traded-in article, then what was added
  Minor goods_minor = 0;
  Minor to_add_minor = 0;  // what the customer pays besides
};

/// Refused by name: `order_invalid`, `sale_number_reused`, `currencies_differ`, `nothing_to_carry`,
/// `credit_exceeds_goods` (more of a credit than is needed), and as `judge_trade_ins`. Whether enough was added is
/// not judged: a quote asks it.
Result<PlannedExchange, CommandRefusal> plan_exchange_of(StoreContext& store, Evidence& evidence, const Visit& visit,
                                                         const std::vector<AnsweredLine>& lines,
                                                         const ExchangeAsk& ask);

/// `exchange_not_paid` or `exchange_overpaid` when the tenders given are not what is to be added; `order_invalid`.
std::optional<CommandRefusal> not_paid(const PlannedExchange& exchange, const ExchangeAsk& ask);

/// `refund_planned` and `trade_in_taken` into the draft; returns the sale's event and those of the traded-in goods'
/// stock, which follow in the same commit.
std::vector<EventBody> add_exchange(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id,
                                    const PlannedExchange& exchange);

/// Whether the recorded articles are those that the command trades in.
bool same_trade_ins(const ExchangeAsk& ask, const std::vector<TradeInTaken>& recorded);

/// Whether the recorded sale is the one that the command asks for; times the till left open were filled in.
bool same_goods(const ExchangeAsk& ask, const Order& recorded);

}  // namespace retour::app
