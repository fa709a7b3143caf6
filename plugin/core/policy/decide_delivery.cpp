#include "plugin/core/policy/decide_delivery.hpp"

#include "plugin/core/refund/shipping.hpp"

namespace retour {

namespace {

void refuse(Decision& decision, Refusal refusal, std::string_view would_change) {
  decision.refusal = refusal;
  decision.trace.would_change = would_change;
}

void approve(Decision& decision, const Lot& lot, ShippingRuling ruling) {
  decision.verdict = Verdict::approved;
  decision.taken.push_back({lot.order_id, lot.free.front()});
  decision.trace.applied.push_back(std::move(ruling.rule));
  if (ruling.terms != UnitTerms{}) decision.terms.push_back(std::move(ruling.terms));
}

void answer(Decision& decision, const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  if (ask.quantity != 1) return refuse(decision, Refusal::quantity_invalid, "valid_quantity");
  if (facts.lots.empty()) return refuse(decision, Refusal::no_purchase_found, "nothing");
  if (!facts.final_word) {
    decision.verdict = Verdict::deferred;
    decision.trace.would_change = "hub_answers";
    return;
  }
  const Lot& lot = facts.lots.front();
  const DeliveryFacts& known = *facts.line.delivery;
  ShippingFacts shipping{.channel = lot.channel,
                         .currency = known.currency,
                         .paid_minor = lot.paid_minor,
                         .whole_order = known.whole_order,
                         .reasons = {}};
  if (known.goods_claimed) shipping.reasons.push_back(ask.reason);
  auto ruling = rule_on_shipment(shipping, policy);
  if (!ruling) {
    shipping.whole_order = true;
    return refuse(decision, Refusal::delivery_stays_paid,
                  rule_on_shipment(shipping, policy) ? "whole_order" : "nothing");
  }
  if (lot.free.empty()) return refuse(decision, Refusal::already_returned, "nothing");
  approve(decision, lot, std::move(*ruling));
}

}  // namespace

bool asks_for_delivery(const ReturnAsk& ask) {
  return ask.order_id && is_shipment_line(ask.order_line_no);
}

Lot lot_of_shipment(const Order& order, const Shipment& shipment) {
  Minor paid_minor = shipment.net_minor;
  for (const TaxAmount& tax : shipment.taxes) paid_minor += tax.minor;
  return {.order_id = order.id,
          .line_no = line_of_shipment(shipment.shipment_no),
          .sold_at_ms = order.sold_at_ms,
          .bought = 1,
          .free = {},
          .channel = order.channel,
          .sold_on = order.sold_on,
          .delivered_on = shipment.delivered_on,
          .paid_minor = paid_minor};
}

Decision decide_delivery(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy) {
  require(asks_for_delivery(ask) && facts.line.delivery, "decide_delivery: no delivery is asked about");
  Decision decision;
  decision.trace.policy_id = policy.id;
  decision.trace.policy_version = policy.version;
  decision.trace.rule = "shipping";
  decision.trace.feed_position = facts.feed_position;
  decision.trace.final_word = facts.final_word;
  decision.trace.facts = facts.line;
  decision.trace.lots = facts.lots;
  answer(decision, ask, facts, policy);
  return decision;
}

}  // namespace retour
