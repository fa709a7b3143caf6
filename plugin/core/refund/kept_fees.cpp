#include "plugin/core/refund/kept_fees.hpp"

#include <algorithm>

#include "plugin/core/money/int128.hpp"

namespace retour {

namespace {

/// Not yet held against what is left.
Minor whole_fee(const FeeTerms& fee, const FeeBase& base) {
  const Int128 each = Int128{fee.each_minor} * base.count;
  const Int128 whole = each + percent_of(base.paid_minor, fee.share, fee.rounding);
  return static_cast<Minor>(std::min(whole, Int128{base.paid_minor}));
}

}  // namespace

std::vector<KeptBack> kept_fees(const FeeBase& base, const std::vector<FeeTerms>& fees) {
  std::vector<KeptBack> kept;
  Minor left = base.paid_minor;
  for (const FeeTerms& fee : fees) {
    const Minor minor = std::min(whole_fee(fee, base), left);
    if (minor == 0) continue;
    kept.push_back({base.line_no, fee.kind, fee.rule, minor});
    left -= minor;
  }
  return kept;
}

}  // namespace retour
