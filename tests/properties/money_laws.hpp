#pragma once
// The laws of the unit accounts, held against one order at a time. Each throws BrokenLaw with the order in words.

#include <stdexcept>
#include <string>
#include <vector>

#include "plugin/core/order/order.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "tests/support/property_run.hpp"

namespace retour::testing {

struct BrokenLaw : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The order in the language of docs/money.md, so that a found case can become an example there.
std::string in_words(const Order& order);

/// Any run of units of a line, and each shipment, is paid what the naive division pays it; the whole gives back what
/// was paid, in total, per tax rate, per tender and per discount. Division and oracle refuse the same orders.
/// Quantities up to a few dozen: the oracle has a row a unit, and every run is tried.
/// Returns whether the order could be divided.
bool check_against_oracle(const Order& order);

/// What needs no oracle and holds for any quantity: even shares, cheaper units first, few ranges without gap, and a
/// drawn partition of the units that gives back the whole.
/// @pre the order can be divided.
void check_by_itself(const Order& order, Draw& draw);

/// Every unit and shipment comes back, in drawn cases of drawn runs: no leg exceeds what its tender still has, and in
/// the end each tender has given back what it paid.
/// @pre the order can be divided.
void check_refunds(const Order& order, Draw& draw);

/// The units of all lines, numbered through, come back in visits: `visit_of` names the visit of each unit, from 0 and
/// without gap. A visit claims runs as long as they go. Together the visits give back exactly what was paid.
void check_partition(const Order& order, const OrderAccounts& accounts, const std::vector<std::size_t>& visit_of);

}  // namespace retour::testing
