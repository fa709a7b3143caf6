#pragma once
// 128 bits for products of two amounts and for sums nobody has range-checked yet. Never stored, never shown.

#include "plugin/core/money/money.hpp"

namespace retour {

__extension__ using Int128 = __int128;  // pedantic mode wants to be told

/// @pre dividend >= 0, divisor > 0.
Int128 divide_rounded(Int128 dividend, Int128 divisor, Rounding rounding);

}  // namespace retour
