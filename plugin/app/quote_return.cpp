#include "plugin/app/quote_return.hpp"

#include "db/journal/journal.hpp"
#include "plugin/app/plan_refund.hpp"

namespace retour::app {

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
  if (!exchange || not_to_carry(store, evidence, quote.lines)) return quote;
  auto planned = plan_exchange_of(store, evidence, visit, quote.lines, *exchange);
  if (!planned.ok()) return failure(planned.error());
  if (quote.plan) quote.plan = planned->plan.refund;
  quote.exchange = std::move(planned).value();
  return quote;
}

}  // namespace retour::app
