#pragma once
// What a golden case says about the money of an order beside prices and tenders:
//   2 shirt at 59.50 with 19.00 tax of 19 percent
//   59.75 off, 10.00 off lines 1 and 2, sent for 4.95, rounded up by 0.02, 100 points earned, 50 points spent, in EUR

#include <string>
#include <vector>

#include "plugin/core/order/order.hpp"

namespace retour::testing {

bool is_money_part(const std::string& part);

/// "line 2 with 19.00 tax of 19 percent": what stood behind the price of a line.
std::string tax_part(std::size_t line_no, const std::string& text);

/// Carries the parts out, in their order. A single tender pays what comes out then, unless the case names tenders.
void add_money(Order& order, const std::vector<std::string>& parts, bool tenders_named);

}  // namespace retour::testing
