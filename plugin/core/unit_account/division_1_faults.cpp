// What makes an order impossible to divide, judged before any money is touched.

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>

#include "plugin/core/unit_account/division_1.hpp"

namespace retour::division_1 {
namespace {

/// Sums amounts and remembers whether one of them, or the sum, left [0, minor_max].
class RangeCheckedSum {
 public:
  void add(Minor amount) {
    if (amount < 0 || amount > minor_max - m_sum) m_in_range = false;
    if (m_in_range) m_sum += amount;
  }
  void add(Minor net, const std::vector<TaxAmount>& taxes) {
    add(net);
    for (const TaxAmount& tax : taxes) add(tax.minor);
  }
  bool in_range() const { return m_in_range; }

 private:
  Minor m_sum = 0;
  bool m_in_range = true;
};

template <class Numbered, class NumberOf>
bool ascending_from_1(const std::vector<Numbered>& things, NumberOf number_of) {
  std::uint32_t last = 0;
  for (const Numbered& thing : things) {
    if (number_of(thing) <= last || is_shipment_line(number_of(thing))) return false;
    last = number_of(thing);
  }
  return true;
}

/// With everything that raises together within range, no sum made while dividing can leave it.
bool amounts_in_range(const Order& order) {
  RangeCheckedSum raised, lowered, paid;
  for (const OrderLine& line : order.lines) {
    raised.add(line.net_minor, line.taxes);
    lowered.add(line.discount_minor);
  }
  for (const Shipment& shipment : order.shipments) raised.add(shipment.net_minor, shipment.taxes);
  for (const OrderAdjustment& adjustment : order.adjustments) {
    (adjustment.lowers ? lowered : raised).add(adjustment.net_minor, adjustment.taxes);
  }
  for (const Tender& tender : order.tenders) paid.add(tender.paid_minor);
  return raised.in_range() && lowered.in_range() && paid.in_range();
}

template <class Visit>
void for_each_tax_list(const Order& order, Visit visit) {
  for (const OrderLine& line : order.lines) visit(line.taxes);
  for (const Shipment& shipment : order.shipments) visit(shipment.taxes);
  for (const OrderAdjustment& adjustment : order.adjustments) visit(adjustment.taxes);
}

bool rates_distinct(const std::vector<TaxAmount>& taxes) {
  for (std::size_t i = 1; i < taxes.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (taxes[k].rate_percent == taxes[i].rate_percent) return false;
    }
  }
  return true;
}

std::optional<DivisionError> fault_of_rates(const Order& order) {
  std::optional<DivisionError> fault;
  for_each_tax_list(order, [&](const std::vector<TaxAmount>& taxes) {
    if (fault) return;
    if (taxes.size() > tax_rates_max) {
      fault = DivisionError::too_many_tax_rates;
    } else if (!rates_distinct(taxes)) {
      fault = DivisionError::tax_rates_not_distinct;
    }
  });
  return fault;
}

Minor paid_total(const Order& order) {
  Minor total = 0;
  for (const Tender& tender : order.tenders) total += tender.paid_minor;
  return total;
}

bool names_lines_of(const OrderAdjustment& adjustment, const Order& order) {
  const auto& named = adjustment.line_nos;
  return std::is_sorted(named.begin(), named.end(), std::less_equal<>{}) &&
         std::all_of(named.begin(), named.end(),
                     [&](std::uint32_t line_no) { return find_line(order, line_no) != nullptr; });
}

bool serials_fit(const OrderLine& line) {
  if (line.serials.empty()) return true;
  std::vector<std::string_view> sorted(line.serials.begin(), line.serials.end());
  std::sort(sorted.begin(), sorted.end());
  return line.serials.size() == static_cast<std::uint64_t>(line.quantity) && line.serials.size() <= serials_max &&
         !sorted.front().empty() && std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

bool parcel_is_known(const OrderLine& line, const Order& order) {
  return line.shipment_no == 0 ||
         std::any_of(order.shipments.begin(), order.shipments.end(),
                     [&](const Shipment& shipment) { return shipment.shipment_no == line.shipment_no; });
}

std::optional<DivisionError> fault_of_details(const Order& order) {
  for (const OrderLine& line : order.lines) {
    if (!serials_fit(line)) return DivisionError::serials_do_not_fit;
    if (!parcel_is_known(line, order)) return DivisionError::shipment_unknown;
  }
  for (const OrderAdjustment& adjustment : order.adjustments) {
    if (!names_lines_of(adjustment, order)) return DivisionError::adjustment_line_unknown;
  }
  const auto [earned, spent] = order.loyalty;
  const bool points_fit = earned >= 0 && earned <= points_max && spent >= 0 && spent <= points_max;
  return points_fit ? std::nullopt : std::optional(DivisionError::points_out_of_range);
}

}  // namespace

std::optional<DivisionError> fault_of(const Order& order) {
  if (order.lines.empty()) return DivisionError::no_lines;
  if (!ascending_from_1(order.lines, [](const OrderLine& line) { return line.line_no; })) {
    return DivisionError::line_numbers_not_ascending;
  }
  if (!ascending_from_1(order.shipments, [](const Shipment& shipment) { return shipment.shipment_no; })) {
    return DivisionError::shipment_numbers_not_ascending;
  }
  if (!ascending_from_1(order.tenders, [](const Tender& tender) { return tender.tender_no; })) {
    return DivisionError::tender_numbers_not_ascending;
  }
  for (const OrderLine& line : order.lines) {
    if (line.quantity < 1 || line.quantity > quantity_max) return DivisionError::quantity_out_of_range;
  }
  if (!amounts_in_range(order)) return DivisionError::amount_out_of_range;
  if (const auto fault = fault_of_rates(order)) return fault;
  if (const auto fault = fault_of_details(order)) return fault;
  for (const OrderAdjustment& adjustment : order.adjustments) {
    if (adjustment.kind == AdjustmentKind::discount && !adjustment.lowers) return DivisionError::discount_raises;
  }
  if (order_total(order) < 0) return DivisionError::amount_out_of_range;
  if (order_total(order) != paid_total(order)) return DivisionError::tenders_do_not_sum;
  return std::nullopt;
}

}  // namespace retour::division_1
