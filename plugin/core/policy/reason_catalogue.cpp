#include "plugin/core/policy/reason_catalogue.hpp"

#include <algorithm>
#include <array>

#include "plugin/core/base/require.hpp"

namespace retour {

namespace {
const std::array catalogue{
    ReasonEntry{ReturnReason::size, "merchandising", false},
    ReasonEntry{ReturnReason::quality, "quality", true},
    ReasonEntry{ReturnReason::not_as_described, "merchandising", true},
    ReasonEntry{ReturnReason::damaged_in_transit, "logistics", true},
    ReasonEntry{ReturnReason::wrong_item, "warehouse", true},
    ReasonEntry{ReturnReason::late, "logistics", true},
    ReasonEntry{ReturnReason::changed_mind, "sales", false},
    ReasonEntry{ReturnReason::gift, "sales", false},
    ReasonEntry{ReturnReason::recall, "quality", true},
    ReasonEntry{ReturnReason::other, "customer_service", false},
};
}  // namespace

std::span<const ReasonEntry> reason_catalogue() {
  return catalogue;
}

std::vector<ReasonEntry> reasons_of(const PolicyPack& policy) {
  std::vector<ReasonEntry> reasons(catalogue.begin(), catalogue.end());
  for (const ReasonRule& rule : policy.reasons) {
    const auto entry = std::ranges::find(reasons, rule.reason, &ReasonEntry::reason);
    require(entry != reasons.end(), "reasons_of: the reason is not in the catalogue");
    entry->department = rule.department;
    entry->merchant_at_fault = rule.merchant_at_fault.value_or(entry->merchant_at_fault);
  }
  return reasons;
}

const ReasonEntry& entry_of(ReturnReason reason) {
  for (const ReasonEntry& entry : catalogue) {
    if (entry.reason == reason) return entry;
  }
  require(false, "entry_of: the reason is not in the catalogue");
  return catalogue.back();
}

}  // namespace retour
