#include "plugin/core/unit_account/lowering.hpp"

#include <algorithm>

#include "plugin/core/money/int128.hpp"

namespace retour {

namespace {

/// What goes out and comes back as money; discount and points are not.
PaidAmounts money_of(PaidAmounts paid) {
  paid.discount_minor = 0;
  paid.points = {};
  return paid;
}

PaidAmounts of_unit(const OrderAccounts& accounts, std::uint32_t line_no, std::int64_t unit) {
  return money_of(accounts.paid_for({line_no, unit, 1}));
}

/// @pre the units have the same net and taxes. Tenders lie end to end: when the first and the last unit share them
/// alike, no tender ends between the two.
void add_alike(const OrderAccounts& accounts, const UnitRange& units, std::vector<UnitRangeAmounts>& out) {
  PaidAmounts first = of_unit(accounts, units.line_no, units.first);
  if (units.count == 1 || first == of_unit(accounts, units.line_no, units.end() - 1)) {
    const bool goes_on = !out.empty() && out.back().units.end() == units.first && out.back().each == first;
    if (goes_on) {
      out.back().units.count += units.count;
    } else {
      out.push_back({units, std::move(first)});
    }
    return;
  }
  const std::int64_t half = units.count / 2;
  add_alike(accounts, {units.line_no, units.first, half}, out);
  add_alike(accounts, {units.line_no, units.first + half, units.count - half}, out);
}

/// What each of the units cost when the order entered.
std::vector<UnitRangeAmounts> amounts_paid(const OrderAccounts& accounts, const UnitRange& units) {
  std::vector<UnitRangeAmounts> paid;
  const LineAccounts* line = accounts.find_line(units.line_no);
  if (line == nullptr) return add_alike(accounts, units, paid), paid;  // a shipment: one unit
  for (const AccountRange& range : line->ranges) {
    const std::int64_t first = std::max(range.first, units.first);
    const std::int64_t end = std::min(range.first + range.count, units.end());
    if (first < end) add_alike(accounts, {units.line_no, first, end - first}, paid);
  }
  return paid;
}

/// The ranges cut where `cut` begins and ends, with its amounts taken off those within. Empty: they have less.
std::optional<std::vector<UnitRangeAmounts>> without(const std::vector<UnitRangeAmounts>& ranges,
                                                     const UnitRangeAmounts& cut) {
  std::vector<UnitRangeAmounts> out;
  bool fits = true;
  for (const UnitRangeAmounts& range : ranges) {
    const std::int64_t from = std::clamp(cut.units.first, range.units.first, range.units.end());
    const std::int64_t to = std::clamp(cut.units.end(), from, range.units.end());
    const auto add = [&](std::int64_t first, std::int64_t end, bool lowered) {
      if (first >= end) return;
      UnitRangeAmounts part{{range.units.line_no, first, end - first}, range.each};
      fits &= !lowered || take_off(part.each, cut.each, 1);
      out.push_back(std::move(part));
    };
    const bool same_line = cut.units.line_no == range.units.line_no;
    add(range.units.first, same_line ? from : range.units.end(), false);
    if (!same_line) continue;
    add(from, to, true);
    add(to, range.units.end(), false);
  }
  return fits ? std::optional(std::move(out)) : std::nullopt;
}

/// The unit's part of the amount over its net and taxes, and over its tenders from the last backwards.
PaidAmounts part_of_unit(const PaidAmounts& left, Minor amount) {
  std::vector<Minor> weights{left.net_minor};
  for (const TaxAmount& tax : left.taxes) weights.push_back(tax.minor);
  const std::vector<Minor> parts = allocate(amount, weights);
  PaidAmounts part{.net_minor = parts.front()};
  for (std::size_t i = 0; i < left.taxes.size(); ++i)
    part.taxes.push_back({left.taxes[i].rate_percent, parts[i + 1]});
  Minor open = amount;
  for (auto share = left.tenders.rbegin(); share != left.tenders.rend() && open > 0; ++share) {
    const Minor taken = std::min(open, share->minor);
    if (taken == 0) continue;
    part.tenders.insert(part.tenders.begin(), {share->tender_no, taken});
    open -= taken;
  }
  require(open == 0, "lower: the tenders of a unit paid less than its account holds");
  return part;
}

/// Adds `count` units from `first` on of which each gives `amount`.
void add_part(const UnitRangeAmounts& left, std::int64_t first, std::int64_t count, Minor amount,
              std::vector<UnitRangeAmounts>& out) {
  if (count == 0) return;
  out.push_back({{left.units.line_no, first, count}, part_of_unit(left.each, amount)});
}

/// Puts `times * part` off `value`; false when it would fall below zero.
bool lowered_by(Minor& value, Minor part, std::int64_t times) {
  const Int128 rest = Int128{value} - Int128{part} * times;
  if (rest < 0 || rest > value) return false;
  value = static_cast<Minor>(rest);
  return true;
}

}  // namespace

bool take_off(PaidAmounts& sum, const PaidAmounts& part, std::int64_t times) {
  PaidAmounts rest = sum;
  if (!lowered_by(rest.net_minor, part.net_minor, times)) return false;
  for (const TaxAmount& tax : part.taxes) {
    const auto same = std::find_if(rest.taxes.begin(), rest.taxes.end(),
                                   [&](const TaxAmount& one) { return one.rate_percent == tax.rate_percent; });
    if (same == rest.taxes.end() ? tax.minor != 0 : !lowered_by(same->minor, tax.minor, times)) return false;
  }
  for (const TenderShare& share : part.tenders) {
    const auto same = std::find_if(rest.tenders.begin(), rest.tenders.end(),
                                   [&](const TenderShare& one) { return one.tender_no == share.tender_no; });
    if (same == rest.tenders.end() ? share.minor != 0 : !lowered_by(same->minor, share.minor, times)) return false;
  }
  std::erase_if(rest.tenders, [](const TenderShare& share) { return share.minor == 0; });
  sum = std::move(rest);
  return true;
}

std::optional<std::vector<UnitRangeAmounts>> amounts_left(const OrderAccounts& accounts, const UnitRange& units,
                                                          std::span<const UnitRangeAmounts> before) {
  std::optional<std::vector<UnitRangeAmounts>> left = amounts_paid(accounts, units);
  for (const UnitRangeAmounts& cut : before) {
    if (left) left = without(*left, cut);
  }
  return left;
}

std::vector<UnitRangeAmounts> lower(std::span<const UnitRangeAmounts> left, Minor amount) {
  std::vector<Minor> weights;
  for (const UnitRangeAmounts& range : left) weights.push_back(range.each.total_minor() * range.units.count);
  std::vector<UnitRangeAmounts> lowered;
  const std::vector<Minor> parts = allocate(amount, weights);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const UnitRange& units = left[i].units;
    require(parts[i] <= weights[i], "lower: more is taken off than is left");
    // Every unit the same, the spare minor units to the last units: these are not the first to come back.
    const std::int64_t dearer = parts[i] % units.count;
    add_part(left[i], units.first, units.count - dearer, parts[i] / units.count, lowered);
    add_part(left[i], units.end() - dearer, dearer, parts[i] / units.count + 1, lowered);
  }
  return lowered;
}

}  // namespace retour
