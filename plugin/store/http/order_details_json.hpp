#pragma once
// What few orders have, read from JSON: sellers, parcels, serial numbers, promotions over some lines, points. The
// same fields in a recorded sale and in a quote's document.

#include "plugin/core/order/order.hpp"
#include "plugin/store/http/json_reader.hpp"

namespace retour::store {

inline constexpr std::size_t shipments_max = 100;  // of an order

/// `seller`, `confirmed_final`, `shipment`, `serials`.
void read_line_details(Fields& fields, OrderLine& line);
/// `lines`: the promotion is divided over these only. Ascending.
void read_named_lines(Fields& fields, OrderAdjustment& adjustment);
/// `loyalty` of the order.
void read_loyalty(Fields& fields, Order& order);
/// `shipments` of the order, numbered from 1 as they come; lines name them.
void read_shipments(Fields& fields, Order& order);
/// `serial` of the one unit that comes back; empty when it is not there.
std::string read_serial(Fields& fields);

}  // namespace retour::store
