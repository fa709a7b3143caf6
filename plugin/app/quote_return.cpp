#include "plugin/app/quote_return.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/plan_refund.hpp"

namespace retour::app {

namespace {

/// As `ask_about_deliveries` would do.
void add_deliveries(StoreContext& store, Evidence& evidence, std::vector<AnsweredLine>& lines) {
  std::vector<BroughtBack> brought;
  std::uint32_t line_no = 0;
  for (const AnsweredLine& line : lines) {
    if (line.decision.verdict == Verdict::deferred) return;
    line_no = std::max(line_no, line.ask.line_no);
    brought.push_back({line.ask.reason, line.claims});
  }
  for (DeliveryQuestion& question : deliveries_in_question(store, evidence, brought)) {
    question.ask.line_no = ++line_no;
    lines.push_back({std::move(question.ask), std::move(question.local), {}});
  }
}

}  // namespace

Result<Quote, CommandRefusal> quote_return(StoreContext& store, const Visit& asked,
                                           const std::optional<ExchangeAsk>& exchange) {
  auto meant = visit_meant(store, asked, exchange);
  if (!meant.ok()) return failure(meant.error());
  Visit visit = std::move(meant).value();
  if (visit.asked_at_ms == 0) visit.asked_at_ms = store.clock.now_ms();
  const sqlite::Transaction one_view(store.journal.database(), sqlite::Transaction::Kind::read);
  Evidence evidence(store);
  auto answered = answer_lines(store, evidence, visit);
  if (!answered.ok()) return failure(answered.error());

  Quote quote{std::move(answered).value(), std::nullopt, {}};
  std::vector<LineClaims> claims;
  for (const AnsweredLine& line : quote.lines) {
    claims.push_back(claims_on_terms(line));
    for (const Claim& claim : line.claims) {
      quote.order_numbers.emplace_back(claim.order_id, evidence.find(claim.order_id)->order.number);
    }
  }
  quote.plan = plan_for(store, evidence, claims);
  if (exchange && !not_to_carry(store, evidence, quote.lines)) {
    auto planned = plan_exchange_of(store, evidence, visit, quote.lines, *exchange);
    if (!planned.ok()) return failure(planned.error());
    if (quote.plan) quote.plan = planned->plan.refund;
    quote.exchange = std::move(planned).value();
  }
  add_deliveries(store, evidence, quote.lines);
  return quote;
}

}  // namespace retour::app
