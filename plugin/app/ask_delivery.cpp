#include "plugin/app/ask_delivery.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "plugin/core/refund/shipping.hpp"

namespace retour::app {

namespace {

/// What came back of one order, and what of its goods is still here.
struct OrderBack {
  const EvidenceOrder* order = nullptr;
  std::vector<ReturnReason> reasons;
  HeldRanges left;
};

/// The rights before this command, less what it claims.
OrderBack& back_of(StoreContext& store, Evidence& evidence, std::vector<OrderBack>& orders, const OrderId& id) {
  const auto known = std::ranges::find_if(orders, [&](const OrderBack& one) { return one.order->order.id == id; });
  if (known != orders.end()) return *known;
  const EvidenceOrder* order = evidence.find(id);
  require(order != nullptr, "a claim without its evidence");
  return orders.emplace_back(OrderBack{order, {}, projections::held_ranges(store.journal.database(), id)});
}

std::vector<OrderBack> orders_back(StoreContext& store, Evidence& evidence, std::span<const BroughtBack> lines) {
  std::vector<OrderBack> orders;
  for (const BroughtBack& line : lines) {
    for (const Claim& claim : line.claims) {
      if (is_shipment_line(claim.units.line_no)) continue;
      OrderBack& back = back_of(store, evidence, orders, claim.order_id);
      back.reasons.push_back(line.reason);
      for (const UnitRange& part : back.left.parts_of(claim.units)) back.left.remove(part);
    }
  }
  return orders;
}

bool has_goods(const HeldRanges& left) {
  return std::ranges::any_of(left.ranges(), [](const UnitRange& units) { return !is_shipment_line(units.line_no); });
}

/// The reason for which the first rule fits that fits any of them: the hub is asked with this one.
std::optional<ReturnReason> reason_that_fits(ShippingFacts facts, const PolicyPack& policy) {
  const auto ruling = rule_on_shipment(facts, policy);
  if (!ruling) return std::nullopt;
  const std::vector<ReturnReason> reasons = facts.reasons;
  const auto fits = std::ranges::find_if(reasons, [&](ReturnReason reason) {
    facts.reasons = {reason};
    return rule_on_shipment(facts, policy) == ruling;
  });
  require(fits != reasons.end(), "a shipping rule fits because of one reason");
  return *fits;
}

DeliveryQuestion question_of(StoreContext& store, const OrderBack& back, const Shipment& shipment,
                             ReturnReason reason) {
  const Order& order = back.order->order;
  DeliveryQuestion question{.ask = {.order_id = order.id,
                                    .order_line_no = line_of_shipment(shipment.shipment_no),
                                    .sku = std::string(delivery_sku),
                                    .quantity = 1,
                                    .reason = reason},
                            .local = {}};
  DecisionFacts facts{.lots = {lot_of_shipment(order, shipment)}, .feed_position = store.orders.feed_position()};
  facts.line.store = store.store_name;
  facts.line.region = store.region;
  facts.line.delivery = DeliveryFacts{order.currency, true, !has_goods(back.left)};
  question.local = decide_delivery(question.ask, facts, store.policy);
  return question;
}

void add_questions(StoreContext& store, const OrderBack& back, std::vector<DeliveryQuestion>& questions) {
  const Order& order = back.order->order;
  for (const Shipment& shipment : order.shipments) {
    const UnitRange unit{line_of_shipment(shipment.shipment_no), 0, 1};
    const ShippingFacts facts{.channel = order.channel,
                              .currency = order.currency,
                              .paid_minor = back.order->accounts.paid_for(unit).total_minor(),
                              .whole_order = !has_goods(back.left),
                              .reasons = back.reasons};
    if (facts.paid_minor == 0 || projections::is_claimed(store.journal.database(), order.id, unit.line_no)) continue;
    if (const auto reason = reason_that_fits(facts, store.policy)) {
      questions.push_back(question_of(store, back, shipment, *reason));
    }
  }
}

bool waits(const CaseLine& line) {
  return line.state == LineState::referred || line.state == LineState::deferred;
}

bool goods_wait(const ReturnCase& state) {
  return std::ranges::any_of(state.lines,
                             [](const CaseLine& line) { return waits(line) && !asks_for_delivery(line.ask); });
}

/// Whether this step of the case claims goods of the order.
bool claims_now(const CaseDraft& draft, const OrderId& order) {
  return std::ranges::any_of(draft.events(), [&](const EventBody& event) {
    const auto* claimed = std::get_if<UnitsClaimed>(&event);
    return claimed != nullptr && std::ranges::any_of(claimed->claims, [&](const Claim& claim) {
             return claim.order_id == order && !is_shipment_line(claim.units.line_no);
           });
  });
}

bool was_asked(const CaseDraft& draft, const ReturnAsk& ask) {
  const auto& lines = draft.state().lines;
  const auto last = std::find_if(lines.rbegin(), lines.rend(), [&](const CaseLine& line) {
    return line.ask.order_id == ask.order_id && line.ask.order_line_no == ask.order_line_no;
  });
  if (last == lines.rend()) return false;
  return last->state != LineState::refused || !claims_now(draft, *ask.order_id);
}

/// Tills number lines as they like.
std::uint32_t free_line_no(const ReturnCase& state) {
  auto line_no = static_cast<std::uint32_t>(state.lines.size() + 1);
  while (find_line(state, line_no) != nullptr) ++line_no;
  return line_no;
}

}  // namespace

std::vector<DeliveryQuestion> deliveries_in_question(StoreContext& store, Evidence& evidence,
                                                     std::span<const BroughtBack> lines) {
  std::vector<DeliveryQuestion> questions;
  if (store.policy.shipping.empty()) return questions;
  for (const OrderBack& back : orders_back(store, evidence, lines)) add_questions(store, back, questions);
  return questions;
}

void ask_about_deliveries(StoreContext& store, CaseDraft& draft, Evidence& evidence) {
  if (store.policy.shipping.empty() || goods_wait(draft.state())) return;
  const CaseOpened opened = *draft.state().opened;
  std::vector<DeliveryQuestion> questions;
  {
    std::vector<BroughtBack> lines;
    for (const CaseLine& line : draft.state().lines) lines.push_back({line.ask.reason, line.claims});
    questions = deliveries_in_question(store, evidence, lines);
  }
  for (DeliveryQuestion& question : questions) {
    if (was_asked(draft, question.ask)) continue;
    question.ask.line_no = free_line_no(draft.state());
    draft.add(LineReferred{opened.case_id, store.ids.make<ReferralId>(), question.ask, opened.subject,
                           opened.opened_at_ms, question.local, opened.business_date});
  }
}

std::string delivery_name(const std::string& order_number) {
  return words("line.delivery") + " " + order_number;
}

}  // namespace retour::app
