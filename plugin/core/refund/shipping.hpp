#pragma once
// Whether what a delivery cost goes back with the goods: section `shipping` of a pack, judged by who holds the right
// of the shipment, once the claims on the order's units are known. Rules: docs/policy.md, "Shipping".

#include <optional>
#include <string>
#include <vector>

#include "plugin/core/policy/policy.hpp"

namespace retour {

/// One shipment and what came back of its order.
struct ShippingFacts {
  SaleChannel channel = SaleChannel::online;
  Currency currency;
  Minor paid_minor = 0;               // what the shipment cost
  bool whole_order = false;           // every unit of the order is claimed
  std::vector<ReturnReason> reasons;  // of the claimed units; empty: nothing came back
};

struct ShippingRuling {
  std::string rule;  // "shipping/withdrawal"
  UnitTerms terms;   // keeps back what lies above standard delivery
  friend bool operator==(const ShippingRuling&, const ShippingRuling&) = default;
};

/// The first rule that fits; empty: the shipment stays paid.
std::optional<ShippingRuling> rule_on_shipment(const ShippingFacts& facts, const PolicyPack& policy);

}  // namespace retour
