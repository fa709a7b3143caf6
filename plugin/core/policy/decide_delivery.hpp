#pragma once
// What the delivery of an order cost is asked about by a line of its own, and decided by who holds the right of the
// shipment, once the goods of the visit are claimed. Rule: docs/policy.md, "Shipping".

#include "plugin/core/policy/policy.hpp"

namespace retour {

inline constexpr std::string_view delivery_sku = "delivery";  // of such a line: it is no article

/// Whether the line asks for what a delivery cost: it names the line of a shipment (`line_of_shipment`).
bool asks_for_delivery(const ReturnAsk& ask);

/// The shipment as the one unit that can be asked for, with nothing free yet.
Lot lot_of_shipment(const Order& order, const Shipment& shipment);

/// Takes the shipment, less what lies above standard delivery, when a rule of the pack fits the facts and
/// `ask.reason`. Without the final word always `deferred`: what came back elsewhere only the hub knows. With it
/// `delivery_stays_paid` (no rule fits), `already_returned` (its right is used up) or `no_purchase_found` (there is
/// no such shipment). Nobody is asked about authority: the goods were approved. @pre asks_for_delivery(ask); the lots
/// are the shipment's.
Decision decide_delivery(const ReturnAsk& ask, const DecisionFacts& facts, const PolicyPack& policy);

/// Whether the decision was made here.
inline bool is_of_delivery(const Decision& decision) {
  return decision.trace.facts.delivery.has_value();
}

}  // namespace retour
