#pragma once
// What few files know of a line and an order: seller, final sale, parcel, serial numbers, lines of a promotion,
// points.

#include <map>

#include "pos-adapters/csv/bound_format.hpp"

namespace retour::csv {

/// Fills seller, confirmed_final, shipment_no and serials of the line.
void read_line_details(Cells& cells, const BoundFormat& format, OrderLine& line);

/// "1|3": numbers of the lines that a promotion is on; empty: all.
std::vector<std::uint32_t> read_named_lines(Cells& cells, const Column& column);

Loyalty read_points(Cells& cells, const BoundFormat& format);

/// The parcels that the rows of one order name.
class Parcels {
 public:
  /// The row's parcel, with the day it arrived where the row says it. @pre `parcel_no` is 0 or was read from this
  /// row.
  void note(Cells& cells, const BoundFormat& format, std::uint32_t parcel_no);
  /// Adds the parcels that the file names no cost of, and what is known of their arrival.
  void add_to(Order& order) const;

 private:
  std::map<std::uint32_t, std::optional<CivilDate>> m_delivered_on;  // by number
};

}  // namespace retour::csv
