#pragma once
// What the delivery of an order cost is asked about once its goods have come back, by a line of its own: the hub
// holds the right of the shipment and knows what came back elsewhere. Rule: docs/policy.md, "Shipping".

#include <span>

#include "plugin/app/case_draft.hpp"
#include "plugin/app/evidence.hpp"

namespace retour::app {

/// What one approved line brought back.
struct BroughtBack {
  ReturnReason reason = ReturnReason::unspecified;
  std::span<const Claim> claims;
};

struct DeliveryQuestion {
  ReturnAsk ask;   // line_no 0: the caller numbers it
  Decision local;  // `deferred`
};

/// The deliveries that a rule of this store's pack may give back, as far as this store knows: each cost something,
/// was not paid back here, and where the rule wants the whole order, no unit of it is left here.
std::vector<DeliveryQuestion> deliveries_in_question(StoreContext& store, Evidence& evidence,
                                                     std::span<const BroughtBack> lines);

/// Refers them to the hub, once a case unless more of the order came back since the hub said no. Nothing while goods
/// of the case wait for the hub: their answer may be what makes the order whole.
void ask_about_deliveries(StoreContext& store, CaseDraft& draft, Evidence& evidence);

/// "Delivery of order W-1"
std::string delivery_name(const std::string& order_number);

}  // namespace retour::app
