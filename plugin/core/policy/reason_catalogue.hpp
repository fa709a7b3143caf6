#pragma once
// Reasons for a return: who in the retailer's house has to do something about it, and whose fault it is.
// Table for people: docs/policy.md, "Reasons".

#include <span>
#include <string>
#include <vector>

#include "plugin/core/policy/pack.hpp"

namespace retour {

struct ReasonEntry {
  ReturnReason reason = ReturnReason::unspecified;
  std::string department;          // that owns it: "logistics"
  bool merchant_at_fault = false;  // then the law lets the customer pay for nothing, shipping included
};

/// Every reason that a customer may give, in the order in which they are offered; `unspecified` is none of them.
std::span<const ReasonEntry> reason_catalogue();

/// The catalogue as this retailer has it.
std::vector<ReasonEntry> reasons_of(const PolicyPack& policy);

/// @pre `reason` is not `unspecified`.
const ReasonEntry& entry_of(ReturnReason reason);

}  // namespace retour
