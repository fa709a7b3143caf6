#include "plugin/core/policy/reason_catalogue.hpp"

#include <array>

#include "plugin/core/base/require.hpp"

namespace retour {

namespace {
constexpr std::array catalogue{
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

const ReasonEntry& entry_of(ReturnReason reason) {
  for (const ReasonEntry& entry : catalogue) {
    if (entry.reason == reason) return entry;
  }
  require(false, "entry_of: the reason is not in the catalogue");
  return catalogue.back();
}

}  // namespace retour
