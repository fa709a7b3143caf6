#pragma once
// Fees: what is kept back from the money of some units. Rule: docs/money.md, "Fees". Internal to plugin/core/refund.

#include <cstdint>
#include <vector>

#include "plugin/core/policy/pack.hpp"
#include "plugin/core/refund/refund.hpp"

namespace retour {

/// Units of one line of a return that come back on the same terms: what they cost and how many they are.
struct FeeBase {
  std::uint32_t line_no = 0;  // of the return case
  Minor paid_minor = 0;
  std::int64_t count = 0;
};

/// The fees in their order, each at most what the ones before it left; none of zero.
std::vector<KeptBack> kept_fees(const FeeBase& base, const std::vector<FeeTerms>& fees);

}  // namespace retour
