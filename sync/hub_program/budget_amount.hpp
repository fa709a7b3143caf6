#pragma once
// An amount as a person types it: "500.00".

#include <optional>
#include <string_view>

#include "plugin/core/money/money.hpp"

namespace retour::hub_program {

/// In minor units; empty: no amount, more decimals than the currency has, zero, or more than a budget may be.
std::optional<Minor> parse_amount(std::string_view text, const Currency& currency);

}  // namespace retour::hub_program
