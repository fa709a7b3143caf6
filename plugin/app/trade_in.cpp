#include "plugin/app/trade_in.hpp"

#include <algorithm>

#include "plugin/app/add_line.hpp"
#include "plugin/app/line_facts.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/core/policy/trade_in.hpp"

namespace retour::app {

namespace {

Grade grade_of(const TradedIn& article) {
  return article.inspection ? article.inspection->grade : Grade::ungraded;
}

/// Everything a rule may look at; of the rest nothing is known, for nobody says where the article was bought.
Circumstance circumstance_of(const LineFacts& facts, const std::string& sku, Grade grade) {
  Circumstance what;
  what.sku = sku;
  what.category = facts.category;
  what.brand = facts.brand;
  what.store = facts.store;
  what.region = facts.region;
  what.grade = grade;
  return what;
}

Result<TradedIn, CommandRefusal> judge(StoreContext& store, const Visit& visit, std::uint32_t line_no,
                                       const TradeInAsk& article, const Currency& currency) {
  LineFacts facts;
  facts.store = store.store_name;
  facts.region = store.region;
  add_article(store, article.sku, facts);
  ReturnAsk line{.line_no = line_no};
  line.sku = article.sku;
  const auto seen = look_at(store.policy, visit, line, facts.category);
  if (!seen.ok()) return failure(seen.error());
  TradedIn traded{.ask = article,
                  .line_no = line_no,
                  .checklist = seen->checklist,
                  .inspection = seen->inspection,
                  .rule = {},
                  .currency = currency};
  if (traded.checklist != nullptr && !traded.inspection) return traded;  // a quote asks; nothing is worth yet
  const auto worth = trade_in_worth(store.policy, circumstance_of(facts, article.sku, grade_of(traded)), currency);
  if (!worth) {
    return failure(CommandRefusal{"trade_in_not_taken", "Article " + article.sku + ", " +
                                                            std::string(to_string(grade_of(traded))) +
                                                            ", is not taken in against new goods."});
  }
  if (article.quantity > minor_max / worth->each_minor) {
    return failure(CommandRefusal{"trade_in_too_much", "So many of article " + article.sku + " are no amount."});
  }
  traded.rule = worth->rule;
  traded.credit_minor = worth->each_minor * article.quantity;
  return traded;
}

}  // namespace

Result<std::vector<TradedIn>, CommandRefusal> judge_trade_ins(StoreContext& store, const Visit& visit,
                                                              const std::vector<TradeInAsk>& articles,
                                                              const Currency& currency) {
  std::uint32_t line_no = 0;
  for (const ReturnAsk& line : visit.lines) line_no = std::max(line_no, line.line_no);
  std::vector<TradedIn> traded;
  Minor sum = 0;
  for (const TradeInAsk& article : articles) {
    auto one = judge(store, visit, ++line_no, article, currency);
    if (!one.ok()) return failure(one.error());
    if (one->credit_minor > minor_max - sum)
      return failure(CommandRefusal{"trade_in_too_much", "So many old articles are no amount."});
    sum += one->credit_minor;
    traded.push_back(std::move(one).value());
  }
  return traded;
}

std::optional<CommandRefusal> first_trade_in_not_looked_at(const std::vector<TradedIn>& articles) {
  for (const TradedIn& article : articles) {
    if (article.checklist == nullptr || article.inspection) continue;
    return CommandRefusal{"check_not_answered", "Traded-in article " + article.ask.sku + ": checklist " +
                                                    article.checklist->id + " is not answered."};
  }
  return std::nullopt;
}

void add_trade_in(CaseDraft& draft, const ReturnCaseId& case_id, const TradedIn& article, const Order& sale) {
  add_inspection(draft, case_id, article.line_no, {article.checklist, article.inspection}, article.ask.check);
  draft.add(TradeInTaken{.case_id = case_id,
                         .line_no = article.line_no,
                         .sku = article.ask.sku,
                         .serial = article.ask.serial,
                         .quantity = article.ask.quantity,
                         .grade = grade_of(article),
                         .rule = article.rule,
                         .currency = article.currency,
                         .credit_minor = article.credit_minor,
                         .carried_to = sale.id});
}

StockMoved stock_of(const TradedIn& article) {
  const Disposition where = article.inspection ? article.inspection->disposition : Disposition::undecided;
  return {article.ask.sku, bucket_of(where), article.ask.quantity, "trade_in"};
}

}  // namespace retour::app
