#pragma once
// Details of a return in a golden case that speak of other goods and of value on paper:
//   exchange S-1, 1 coat at 50.00, paid card 10.00
//   credit C1, 20.00

#include <optional>
#include <string>
#include <vector>

#include "plugin/app/exchange_goods.hpp"

namespace retour::testing {

/// Credits as they were issued in the case: C1 is the first.
using CreditNumbers = std::vector<std::string>;

bool is_exchange_detail(const std::string& detail);

/// What the details ask for; empty when none of them speaks of an exchange. Throws for what is not understood.
std::optional<app::ExchangeAsk> exchange_in(const std::vector<std::string>& details, const CreditNumbers& credits,
                                            CivilDate today);

}  // namespace retour::testing
