#pragma once
// A value account: value that a customer was given on paper (store credit, gift card, voucher of ours) as an order
// whose units are minor units. Rights, transfers, recalls and claims then work for it as for goods.
// Rule: docs/money.md, "Value accounts".

#include "plugin/core/order/order.hpp"

namespace retour {

inline constexpr Minor value_minor_max = quantity_max;  // one line of units of one minor unit each

struct ValueTerms {
  OrderId id;             // derived of authority and number
  std::string authority;  // of the store that gives it
  std::string number;     // as printed
  TenderKind kind = TenderKind::store_credit;
  Currency currency;
  Minor minor = 0;
  std::int64_t given_at_ms = 0;
  CivilDate given_on;
};

/// @pre minor in 1 .. value_minor_max. It has no subject: the paper is the bearer's.
Order value_order(const ValueTerms& terms);

/// Value that was given on paper, in exactly the form that `value_order` makes.
bool is_value_account(const Order& order);

/// What kind of tender it is. @pre is_value_account(order)
TenderKind kind_of_value(const Order& order);

inline constexpr std::uint32_t value_line_no = 1;

}  // namespace retour
