#pragma once
// The money of a line and of an order as the format says where it stands. Evidence: nothing is computed from rates.

#include "pos-adapters/csv/open_order.hpp"

namespace retour::csv {

/// Fills net, taxes and discount of the line.
void read_line_money(Cells& cells, const BoundFormat& format, const Currency& currency, OrderLine& line,
                     RoundedAway& rounded);

/// Fills adjustments, shipments and tenders. Tenders that miss the total by at most one minor unit a line get a named
/// `source_rounding`; more is a fault.
void read_order_money(Cells& cells, const BoundFormat& format, std::string_view customer_ref, Order& order);

}  // namespace retour::csv
