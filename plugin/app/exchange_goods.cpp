#include "plugin/app/exchange_goods.hpp"

#include <algorithm>
#include <set>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "plugin/app/credit_slip.hpp"
#include "plugin/app/find_credit.hpp"
#include "plugin/app/gift_receipt.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/plan_refund.hpp"
#include "plugin/core/order/value_account.hpp"
#include "plugin/core/policy/decide_value.hpp"

namespace retour::app {

namespace {

std::string line_name(const ReturnAsk& ask) {
  return "Line " + std::to_string(ask.line_no) + ": ";
}

/// What the till leaves open is filled in as for any sale.
Order completed(StoreContext& store, Order goods) {
  goods.authority = store.authority;
  goods.id = codec::derive_order_id(goods.authority, goods.number);
  if (goods.sold_at_ms == 0) goods.sold_at_ms = store.clock.now_ms();
  return goods;
}

/// The number that was typed, or that stands on the scanned paper.
Result<std::string, CommandRefusal> number_of(StoreContext& store, const std::string& text) {
  if (!looks_like_slip(text)) return text;
  SlipFault fault = SlipFault::none;
  const auto slip = read_slip(store, text, fault);
  if (slip) return slip->number;
  if (fault == SlipFault::changed) {
    return failure(
        CommandRefusal{"slip_changed", "The paper of the credit was changed: its seal is of other words."});
  }
  return failure(CommandRefusal{"slip_unreadable", "The paper of the credit cannot be read; type its number."});
}

/// Value on paper is used before goods' own tenders, so that all that is taken of it is carried.
std::vector<LineClaims> claims_in_order(const std::vector<AnsweredLine>& lines) {
  std::vector<LineClaims> claims;
  for (const bool of_value : {true, false}) {
    for (const AnsweredLine& line : lines) {
      if (is_of_value(line.decision) == of_value && !line.claims.empty()) claims.push_back(claims_on_terms(line));
    }
  }
  return claims;
}

bool pays_out_credit(const ExchangePlan& plan, Evidence& evidence) {
  return std::any_of(plan.refund.legs.begin(), plan.refund.legs.end(), [&](const PlannedLeg& leg) {
    const EvidenceOrder* order = leg.order_id.is_zero() ? nullptr : evidence.find(leg.order_id);
    return order != nullptr && is_value_account(order->order);
  });
}

void put_tenders(PlannedExchange& exchange) {
  Order& sale = exchange.sale;
  std::vector<Tender> tenders;
  const auto next_no = [&] { return static_cast<std::uint32_t>(tenders.size() + 1); };
  for (const CarriedPart& part : exchange.plan.carried)
    tenders.push_back({next_no(), part.tender, part.reference, part.minor});
  for (const TradedIn& article : exchange.trade_ins)
    tenders.push_back({next_no(), trade_in_tender, std::string(trade_in_reference), article.credit_minor});
  for (Tender& added : sale.tenders) {
    added.tender_no = next_no();
    tenders.push_back(std::move(added));
  }
  sale.tenders = std::move(tenders);
}

Minor added_minor(const ExchangeAsk& ask) {
  Minor sum = 0;
  for (const Tender& added : ask.goods.tenders) {
    if (added.paid_minor < 0 || added.paid_minor > minor_max - sum) return minor_max + 1;
    sum += added.paid_minor;
  }
  return sum;
}

Result<Visit, CommandRefusal> with_credits(StoreContext& store, Visit visit, const ExchangeAsk& ask) {
  visit.pays_for_goods = true;
  std::uint32_t line_no = 0;
  for (const ReturnAsk& line : visit.lines) line_no = std::max(line_no, line.line_no);
  std::set<OrderId> seen;
  for (const CreditToSpend& spent : ask.credits) {
    const auto number = number_of(store, spent.number);
    if (!number.ok()) return failure(number.error());
    const auto credit = find_credit(store, *number);
    if (!credit) {
      return failure(CommandRefusal{"credit_unknown", "This store knows no credit with the number " + *number +
                                                          "; one given elsewhere is known after both have synced."});
    }
    if (!seen.insert(credit->order.id).second) {
      return failure(CommandRefusal{"credit_twice", "Credit " + credit->order.number + " is given twice."});
    }
    ReturnAsk line{.line_no = ++line_no, .order_id = credit->order.id, .order_line_no = value_line_no};
    line.sku = credit->order.lines.front().sku;
    line.quantity = spent.minor;
    visit.lines.push_back(std::move(line));
  }
  for (const TradeInAsk& article : ask.trade_ins) visit.checks[++line_no] = article.check;
  return visit;
}

}  // namespace

Result<Visit, CommandRefusal> visit_meant(StoreContext& store, Visit visit,
                                          const std::optional<ExchangeAsk>& exchange) {
  auto gift = with_gift(store, std::move(visit));
  if (!gift.ok() || !exchange) return gift;
  return with_credits(store, std::move(gift).value(), *exchange);
}

namespace {
/// Where this store has every right that is left of a credit, it knows without asking that there is no more.
std::optional<CommandRefusal> spent_up(StoreContext& store, Evidence& evidence, const AnsweredLine& line) {
  const EvidenceOrder* order = is_of_value(line.decision) ? evidence.find(*line.ask.order_id) : nullptr;
  const auto credit = order == nullptr ? std::nullopt : find_credit(store, order->order.number);
  if (!credit || credit->elsewhere_minor > 0) return std::nullopt;
  return CommandRefusal{"credit_spent", "Of credit " + credit->order.number + " " +
                                            to_string(credit->left_here_minor, credit->order.currency) +
                                            " are left; the rest was spent."};
}
}  // namespace

std::optional<CommandRefusal> not_to_carry(StoreContext& store, Evidence& evidence,
                                           const std::vector<AnsweredLine>& lines) {
  for (const AnsweredLine& line : lines) {
    switch (line.decision.verdict) {
      case Verdict::approved:
        continue;
      case Verdict::deferred:
        if (auto spent = spent_up(store, evidence, line)) return spent;
        return CommandRefusal{"value_elsewhere", line_name(line.ask) +
                                                     "the right to it is not in this store, and only head office can "
                                                     "bring it here; until then it pays for nothing."};
      case Verdict::needs_manager:
        return CommandRefusal{"value_not_available",
                              line_name(line.ask) +
                                  "a person has to agree first: take it back on its own, then sell "
                                  "the other goods."};
      case Verdict::refused:
        return CommandRefusal{"value_not_available", line_name(line.ask) + words_of(line.decision.refusal)};
    }
  }
  return std::nullopt;
}

namespace {

/// What claims pay, behind the traded-in articles: these are never paid out, so they pay first.
std::optional<CommandRefusal> carry_claims(StoreContext& store, Evidence& evidence,
                                           const std::vector<AnsweredLine>& lines, PlannedExchange& exchange) {
  const std::vector<LineClaims> claims = claims_in_order(lines);
  const auto basis = basis_of(evidence, claims);
  if (!basis && exchange.trade_ins.empty())
    return CommandRefusal{"nothing_to_carry", "Nothing comes back that could pay for goods."};
  if (!basis) return std::nullopt;
  if (basis->currency != exchange.sale.currency) {
    return CommandRefusal{"currencies_differ",
                          "The new goods are priced in another currency than what comes back was paid in."};
  }
  exchange.plan = plan_exchange(claims, basis->tenders, basis->currency, payout_now(store),
                                exchange.goods_minor - exchange.trade_in_minor);
  if (exchange.plan.carried_minor == 0 && exchange.trade_ins.empty()) {
    return CommandRefusal{"nothing_to_carry",
                          "What comes back is worth nothing, or the new goods cost nothing: record a return and a "
                          "sale."};
  }
  if (!pays_out_credit(exchange.plan, evidence)) return std::nullopt;
  return CommandRefusal{"credit_exceeds_goods",
                        "More is taken of a credit than the goods cost; take less, the rest stays on it."};
}

}  // namespace

Result<PlannedExchange, CommandRefusal> plan_exchange_of(StoreContext& store, Evidence& evidence, const Visit& visit,
                                                         const std::vector<AnsweredLine>& lines,
                                                         const ExchangeAsk& ask) {
  PlannedExchange exchange{.plan = {}, .trade_ins = {}, .sale = completed(store, ask.goods)};
  const std::string sale_name = "Sale " + exchange.sale.number;
  if (evidence.find(exchange.sale.id) != nullptr) {
    return failure(CommandRefusal{"sale_number_reused", sale_name + " was recorded before."});
  }
  exchange.goods_minor = order_total(exchange.sale);
  if (exchange.goods_minor < 0 || exchange.goods_minor > minor_max) {
    return failure(CommandRefusal{"order_invalid", sale_name + " has a total that is no amount."});
  }
  auto traded = judge_trade_ins(store, visit, ask.trade_ins, exchange.sale.currency);
  if (!traded.ok()) return failure(traded.error());
  exchange.trade_ins = std::move(traded).value();
  for (const TradedIn& article : exchange.trade_ins) exchange.trade_in_minor += article.credit_minor;
  if (exchange.trade_in_minor > exchange.goods_minor) {
    return failure(CommandRefusal{
        "trade_in_exceeds_goods",
        "The old articles are worth " + to_string(exchange.trade_in_minor, exchange.sale.currency) +
            ", more than the new goods cost; nothing of it is paid out. Trade in fewer, or sell more."});
  }
  if (const auto refused = carry_claims(store, evidence, lines, exchange)) return failure(*refused);
  exchange.to_add_minor = exchange.goods_minor - exchange.trade_in_minor - exchange.plan.carried_minor;
  put_tenders(exchange);
  return exchange;
}

std::optional<CommandRefusal> not_paid(const PlannedExchange& exchange, const ExchangeAsk& ask) {
  const Minor added = added_minor(ask);
  const auto amount = [&](Minor minor) { return to_string(minor, exchange.sale.currency); };
  if (added != exchange.to_add_minor) {
    const std::string told =
        "The new goods cost " + amount(exchange.goods_minor) + "; " + amount(exchange.plan.carried_minor) +
        " are carried over, " + (exchange.trade_ins.empty() ? "" : amount(exchange.trade_in_minor) + " traded in, ") +
        "so " + amount(exchange.to_add_minor) + " are to be paid besides, not " + amount(added) + ".";
    return CommandRefusal{added < exchange.to_add_minor ? "exchange_not_paid" : "exchange_overpaid", told};
  }
  const auto divided = OrderAccounts::divide(exchange.sale);
  if (divided.ok()) return std::nullopt;
  return CommandRefusal{"order_invalid",
                        "The money of sale " + exchange.sale.number +
                            " does not divide over its units: " + std::string(to_string(divided.error())) + "."};
}

std::vector<EventBody> add_exchange(StoreContext& store, CaseDraft& draft, const ReturnCaseId& case_id,
                                    const PlannedExchange& exchange) {
  Order sale = exchange.sale;
  sale.subject = draft.state().opened->subject;
  if (!draft.state().lines.empty()) {  // a traded-in article alone is no refund
    RefundPlanned planned = planned_event(store, draft, case_id, exchange.plan.refund);
    planned.carried = exchange.plan.carried;
    if (!planned.carried.empty()) planned.carried_to = sale.id;
    add_plan(store, draft, std::move(planned));
  }
  std::vector<EventBody> events;
  events.push_back(SaleRecorded{codec::pack_order(sale), sale.id, draft.state().opened->till, case_id});
  for (const TradedIn& article : exchange.trade_ins) {
    add_trade_in(draft, case_id, article, sale);
    events.push_back(stock_of(article));
  }
  return events;
}

bool same_trade_ins(const ExchangeAsk& ask, const std::vector<TradeInTaken>& recorded) {
  return std::equal(ask.trade_ins.begin(), ask.trade_ins.end(), recorded.begin(), recorded.end(),
                    [](const TradeInAsk& asked, const TradeInTaken& taken) {
                      return asked.sku == taken.sku && asked.serial == taken.serial &&
                             asked.quantity == taken.quantity;
                    });
}

bool same_goods(const ExchangeAsk& ask, const Order& recorded) {
  Order goods = ask.goods;
  goods.authority = recorded.authority;
  goods.id = recorded.id;
  goods.subject = recorded.subject;
  if (goods.sold_at_ms == 0) goods.sold_at_ms = recorded.sold_at_ms;
  if (goods.tenders.size() > recorded.tenders.size()) return false;
  const std::size_t carried = recorded.tenders.size() - goods.tenders.size();
  std::vector<Tender> tenders(recorded.tenders.begin(),
                              recorded.tenders.begin() + static_cast<std::ptrdiff_t>(carried));
  for (Tender& added : goods.tenders) {
    added.tender_no = static_cast<std::uint32_t>(tenders.size() + 1);
    tenders.push_back(added);
  }
  goods.tenders = std::move(tenders);
  return goods.number == recorded.number && codec::pack_order(goods) == codec::pack_order(recorded);
}

}  // namespace retour::app
