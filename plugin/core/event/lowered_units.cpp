#include "plugin/core/event/lowered_units.hpp"

#include <algorithm>

namespace retour {

namespace {

/// The units of `lowered` from `first` to before `end`, if there are any.
void add_part(const LoweredUnits& lowered, std::int64_t first, std::int64_t end, std::vector<LoweredUnits>& out) {
  if (first >= end) return;
  LoweredUnits part = lowered;
  part.units.units.first = first;
  part.units.units.count = end - first;
  out.push_back(std::move(part));
}

bool of_one_line(const OrderUnits& a, const OrderUnits& b) {
  return a.order_id == b.order_id && a.units.line_no == b.units.line_no;
}

}  // namespace

std::vector<LoweredUnits> lowered_within(std::span<const LoweredUnits> lowered, const OrderUnits& units) {
  std::vector<LoweredUnits> within;
  for (const LoweredUnits& one : lowered) {
    if (!of_one_line(one.units, units)) continue;
    const UnitRange& range = one.units.units;
    add_part(one, std::max(range.first, units.units.first), std::min(range.end(), units.units.end()), within);
  }
  return within;
}

std::vector<LoweredUnits> lowered_outside(std::span<const LoweredUnits> lowered, const OrderUnits& units) {
  std::vector<LoweredUnits> outside;
  for (const LoweredUnits& one : lowered) {
    const UnitRange& range = one.units.units;
    if (!of_one_line(one.units, units)) {
      outside.push_back(one);
      continue;
    }
    add_part(one, range.first, std::min(range.end(), units.units.first), outside);
    add_part(one, std::max(range.first, units.units.end()), range.end(), outside);
  }
  return outside;
}

}  // namespace retour
