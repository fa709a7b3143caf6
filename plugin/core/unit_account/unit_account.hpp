#pragma once
// The unit accounts: every unit sold is a small account that holds exactly what it cost the customer.
// The money of an order is divided once, over its units, when it enters; a refund only ever adds accounts up.
// Rule: docs/money.md, "Division 1". Everything works on ranges of units: 80,995 units cost no more than one.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "plugin/core/base/result.hpp"
#include "plugin/core/order/order.hpp"

namespace retour {

/// Units [first, first + count) of a line; the first unit of a line is 0.
struct UnitRange {
  std::uint32_t line_no = 0;
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::int64_t end() const { return first + count; }
  friend auto operator<=>(const UnitRange&, const UnitRange&) = default;
};

/// A shipment has an account and a right like a unit: as the one unit of a line whose number has this bit set.
inline constexpr std::uint32_t shipment_line_bit = 0x8000'0000;
constexpr std::uint32_t line_of_shipment(std::uint32_t shipment_no) {
  return shipment_line_bit | shipment_no;
}
constexpr bool is_shipment_line(std::uint32_t line_no) {
  return (line_no & shipment_line_bit) != 0;
}

struct TenderShare {
  std::uint32_t tender_no = 0;
  Minor minor = 0;
  friend bool operator==(const TenderShare&, const TenderShare&) = default;
};

/// What some units (or a shipment) cost together. `net + taxes` is the total and equals the sum of the tender shares.
struct PaidAmounts {
  Minor net_minor = 0;
  std::vector<TaxAmount> taxes;      // one entry a rate of the line, zero amounts kept, rates in the line's order
  Minor discount_minor = 0;          // line discount and share of the order's; already taken off, told to people
  std::vector<TenderShare> tenders;  // only tenders that paid a part, in order of tender_no
  Loyalty points;                    // that follow this money
  Minor total_minor() const;
  friend bool operator==(const PaidAmounts&, const PaidAmounts&) = default;
};

/// Adds `part` to `sum`: taxes by rate (a new rate goes to the end), tenders by number.
void add_to(PaidAmounts& sum, const PaidAmounts& part);

/// Units of a line that have the same amounts, tender shares aside.
struct AccountRange {
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::vector<Minor> component_minor;  // per unit: net, then each tax in the line's order
  Minor total_minor() const;           // per unit
  friend bool operator==(const AccountRange&, const AccountRange&) = default;
};

struct LineAccounts {
  std::uint32_t line_no = 0;
  std::int64_t quantity = 0;
  std::vector<Decimal> rates;        // of the taxes, in the line's order
  std::vector<AccountRange> ranges;  // in order, without gap, dearer units last; at most components + 2
  Minor discount_minor = 0;          // of all units together: the line's own and its share of the order's
  Minor start_minor = 0;             // where the line begins on the cumulated total along which the tenders lie
  /// Discount of the units [0, count): the lowest units carry the spare minor units, as they cost less.
  Minor discount_of_first(std::int64_t count) const;
  friend bool operator==(const LineAccounts&, const LineAccounts&) = default;
};

struct ShipmentAccount {
  std::uint32_t shipment_no = 0;
  PaidAmounts paid;
  friend bool operator==(const ShipmentAccount&, const ShipmentAccount&) = default;
};

enum class DivisionError : std::uint8_t {
  no_lines = 1,
  line_numbers_not_ascending,  // from 1, or above 2^31 - 1
  quantity_out_of_range,
  amount_out_of_range,     // negative, above minor_max alone or together, or a discount above what it lowers
  tax_rates_not_distinct,  // on a line, a shipment or an adjustment
  tenders_do_not_sum,      // the source needs a named source_rounding adjustment first
  division_unknown,
  shipment_numbers_not_ascending,  // from 1, or above 2^31 - 1
  tender_numbers_not_ascending,    // from 1
  too_many_tax_rates,              // above tax_rates_max
  adjustment_rate_on_no_line,      // tax of a rate that no line has: nothing to divide it over
  discount_raises,                 // an adjustment of kind discount that does not lower
  adjustment_line_unknown,         // it names a line that the order does not have, or not in ascending order
  serials_do_not_fit,              // not one a unit, one twice, or an empty one
  shipment_unknown,                // a line names a parcel that the order does not have
  points_out_of_range,             // below 0, or above points_max
};
std::string_view to_string(DivisionError error);  // "no_lines", ...; the enumerator's name

/// Where a tender ends on the cumulated total; it begins where the one before it ends.
struct TenderEnd {
  std::uint32_t tender_no = 0;
  Minor end_minor = 0;
  friend bool operator==(const TenderEnd&, const TenderEnd&) = default;
};

class OrderAccounts {
 public:
  /// Divides the order by the rule whose number it carries. Cost grows with lines and tenders, never with quantities.
  static Result<OrderAccounts, DivisionError> divide(const Order& order);

  /// What these units cost: a sum of prefix differences, so any partition gives back the whole. A shipment is paid
  /// for as the unit 0 of its line. @pre the line exists and the range lies within it.
  PaidAmounts paid_for(const UnitRange& units) const;

  /// Null when the order has no such line, or the line is a shipment's.
  const LineAccounts* find_line(std::uint32_t line_no) const;
  /// Units of a line, 1 for a shipment's; 0 when the order has neither.
  std::int64_t quantity_of(std::uint32_t line_no) const;
  const std::vector<LineAccounts>& lines() const { return m_lines; }
  const std::vector<ShipmentAccount>& shipments() const { return m_shipments; }
  Minor total_minor() const { return m_total_minor; }

 private:
  const ShipmentAccount* find_shipment(std::uint32_t line_no) const;

  std::vector<LineAccounts> m_lines;
  std::vector<ShipmentAccount> m_shipments;
  /// Points of the stretch [from, to) of the cumulated total, along which they lie evenly.
  Loyalty points_between(Minor from, Minor to) const;

  std::vector<TenderEnd> m_tenders;  // laid end to end along the cumulated total
  Minor m_total_minor = 0;
  Loyalty m_points;
};

}  // namespace retour
