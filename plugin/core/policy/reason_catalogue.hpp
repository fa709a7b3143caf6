#pragma once
// Reasons for a return: who in the retailer's house has to do something about it, and whose fault it is.
// Table for people: docs/policy.md, "Reasons".

#include <span>
#include <string_view>

#include "plugin/core/policy/verdict.hpp"

namespace retour {

struct ReasonEntry {
  ReturnReason reason = ReturnReason::unspecified;
  std::string_view department;     // that owns it: "logistics"
  bool merchant_at_fault = false;  // then the law lets the customer pay for nothing, shipping included
};

/// Every reason that a customer may give, in the order in which they are offered; `unspecified` is none of them.
std::span<const ReasonEntry> reason_catalogue();

/// @pre `reason` is not `unspecified`.
const ReasonEntry& entry_of(ReturnReason reason);

}  // namespace retour
