#include "plugin/core/unit_account/unit_account.hpp"

#include <algorithm>

#include "plugin/core/money/int128.hpp"
#include "plugin/core/unit_account/division_1.hpp"
#include "plugin/core/unit_account/tender_strip.hpp"

namespace retour {
namespace {

/// Money of the units [0, count) of a line, per component. Ranges are few, so adding them up is the quick way.
std::vector<Minor> components_of_first(const LineAccounts& line, std::int64_t count) {
  std::vector<Minor> sums(line.rates.size() + 1, 0);
  for (const AccountRange& range : line.ranges) {
    const std::int64_t covered = std::min(range.count, count - range.first);
    if (covered <= 0) break;
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += covered * range.component_minor[i];
  }
  return sums;
}

Minor sum_of(const std::vector<Minor>& amounts) {
  Minor sum = 0;
  for (const Minor amount : amounts) sum += amount;
  return sum;
}

}  // namespace

Minor PaidAmounts::total_minor() const {
  Minor total = net_minor;
  for (const TaxAmount& tax : taxes) total += tax.minor;
  return total;
}

void add_to(PaidAmounts& sum, const PaidAmounts& part) {
  sum.net_minor += part.net_minor;
  sum.discount_minor += part.discount_minor;
  sum.points.points_earned += part.points.points_earned;
  sum.points.points_spent += part.points.points_spent;
  for (const TaxAmount& tax : part.taxes) {
    const auto same = std::find_if(sum.taxes.begin(), sum.taxes.end(),
                                   [&](const TaxAmount& known) { return known.rate_percent == tax.rate_percent; });
    if (same == sum.taxes.end()) {
      sum.taxes.push_back(tax);
    } else {
      same->minor += tax.minor;
    }
  }
  for (const TenderShare& share : part.tenders) {
    const auto place =
        std::lower_bound(sum.tenders.begin(), sum.tenders.end(), share.tender_no,
                         [](const TenderShare& known, std::uint32_t no) { return known.tender_no < no; });
    if (place != sum.tenders.end() && place->tender_no == share.tender_no) {
      place->minor += share.minor;
    } else {
      sum.tenders.insert(place, share);
    }
  }
}

Minor AccountRange::total_minor() const {
  return sum_of(component_minor);
}

Minor LineAccounts::discount_of_first(std::int64_t count) const {
  return count * (discount_minor / quantity) + std::min(count, discount_minor % quantity);
}

std::string_view to_string(DivisionError error) {
  switch (error) {
    case DivisionError::no_lines:
      return "no_lines";
    case DivisionError::line_numbers_not_ascending:
      return "line_numbers_not_ascending";
    case DivisionError::quantity_out_of_range:
      return "quantity_out_of_range";
    case DivisionError::amount_out_of_range:
      return "amount_out_of_range";
    case DivisionError::tax_rates_not_distinct:
      return "tax_rates_not_distinct";
    case DivisionError::tenders_do_not_sum:
      return "tenders_do_not_sum";
    case DivisionError::division_unknown:
      return "division_unknown";
    case DivisionError::shipment_numbers_not_ascending:
      return "shipment_numbers_not_ascending";
    case DivisionError::tender_numbers_not_ascending:
      return "tender_numbers_not_ascending";
    case DivisionError::too_many_tax_rates:
      return "too_many_tax_rates";
    case DivisionError::adjustment_rate_on_no_line:
      return "adjustment_rate_on_no_line";
    case DivisionError::discount_raises:
      return "discount_raises";
    case DivisionError::adjustment_line_unknown:
      return "adjustment_line_unknown";
    case DivisionError::serials_do_not_fit:
      return "serials_do_not_fit";
    case DivisionError::shipment_unknown:
      return "shipment_unknown";
    case DivisionError::points_out_of_range:
      return "points_out_of_range";
  }
  require(false, "a division error that has no name");
  return {};
}

std::vector<TenderShare> tenders_between(std::span<const TenderEnd> tenders, Minor from, Minor to) {
  std::vector<TenderShare> shares;
  auto tender = std::upper_bound(tenders.begin(), tenders.end(), from,
                                 [](Minor place, const TenderEnd& end) { return place < end.end_minor; });
  while (from < to) {
    require(tender != tenders.end(), "the tenders end before the money they paid");
    const Minor until = std::min(to, tender->end_minor);
    if (until > from) shares.push_back({tender->tender_no, until - from});
    from = until;
    ++tender;
  }
  return shares;
}

Result<OrderAccounts, DivisionError> OrderAccounts::divide(const Order& order) {
  // One branch a division, for ever: an order divided years ago must divide the same way today.
  if (order.division != 1) return failure(DivisionError::division_unknown);
  if (const auto fault = division_1::fault_of(order)) return failure(*fault);
  auto divided = division_1::divide(order);
  if (!divided) return failure(divided.error());

  OrderAccounts accounts;
  accounts.m_lines = std::move(divided->lines);
  accounts.m_shipments = std::move(divided->shipments);
  accounts.m_tenders = std::move(divided->tenders);
  accounts.m_total_minor = divided->total_minor;
  accounts.m_points = order.loyalty;
  for (ShipmentAccount& shipment : accounts.m_shipments) {
    const Minor start = divided->shipment_starts[static_cast<std::size_t>(&shipment - accounts.m_shipments.data())];
    shipment.paid.points = accounts.points_between(start, start + shipment.paid.total_minor());
  }
  return accounts;
}

Loyalty OrderAccounts::points_between(Minor from, Minor to) const {
  if (m_points == Loyalty{} || m_total_minor == 0) return {};  // nothing was paid: there is nothing to follow
  const auto until = [&](std::int64_t points, Minor place) {
    return static_cast<std::int64_t>(static_cast<Int128>(points) * place / m_total_minor);
  };
  return {until(m_points.points_earned, to) - until(m_points.points_earned, from),
          until(m_points.points_spent, to) - until(m_points.points_spent, from)};
}

const LineAccounts* OrderAccounts::find_line(std::uint32_t line_no) const {
  const auto found = std::lower_bound(m_lines.begin(), m_lines.end(), line_no,
                                      [](const LineAccounts& line, std::uint32_t no) { return line.line_no < no; });
  return found != m_lines.end() && found->line_no == line_no ? &*found : nullptr;
}

const ShipmentAccount* OrderAccounts::find_shipment(std::uint32_t line_no) const {
  if (!is_shipment_line(line_no)) return nullptr;
  const auto found = std::find_if(m_shipments.begin(), m_shipments.end(), [&](const ShipmentAccount& shipment) {
    return line_of_shipment(shipment.shipment_no) == line_no;
  });
  return found == m_shipments.end() ? nullptr : &*found;
}

std::int64_t OrderAccounts::quantity_of(std::uint32_t line_no) const {
  if (is_shipment_line(line_no)) return find_shipment(line_no) != nullptr ? 1 : 0;
  const LineAccounts* line = find_line(line_no);
  return line == nullptr ? 0 : line->quantity;
}

PaidAmounts OrderAccounts::paid_for(const UnitRange& units) const {
  if (const ShipmentAccount* shipment = find_shipment(units.line_no)) {
    require(units.first == 0 && units.count == 1, "paid_for: a shipment is one unit");
    return shipment->paid;
  }
  const LineAccounts* line = find_line(units.line_no);
  require(line != nullptr, "paid_for: the order has no such line");
  require(units.first >= 0 && units.count >= 0 && units.first <= line->quantity &&
              units.count <= line->quantity - units.first,
          "paid_for: the units lie outside the line");

  const std::vector<Minor> before = components_of_first(*line, units.first);
  const std::vector<Minor> until = components_of_first(*line, units.end());
  PaidAmounts paid;
  paid.net_minor = until[0] - before[0];
  paid.taxes.reserve(line->rates.size());
  for (std::size_t i = 0; i < line->rates.size(); ++i) {
    paid.taxes.push_back({line->rates[i], until[i + 1] - before[i + 1]});
  }
  paid.discount_minor = line->discount_of_first(units.end()) - line->discount_of_first(units.first);
  const Minor from = line->start_minor + sum_of(before), to = line->start_minor + sum_of(until);
  paid.tenders = tenders_between(m_tenders, from, to);
  paid.points = points_between(from, to);
  return paid;
}

}  // namespace retour
