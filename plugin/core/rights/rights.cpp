#include "plugin/core/rights/rights.hpp"

#include <algorithm>

namespace retour {

namespace {

/// Appends; a neighbour of the same line and holder grows instead.
void append_merged(std::vector<HeldRange>& ranges, const HeldRange& next) {
  if (next.units.count == 0) return;
  if (!ranges.empty()) {
    HeldRange& last = ranges.back();
    if (last.holder == next.holder && last.units.line_no == next.units.line_no &&
        last.units.end() == next.units.first) {
      last.units.count += next.units.count;
      return;
    }
  }
  ranges.push_back(next);
}

/// Puts `parts` in the place of [from, to) with one shift of what lies behind.
template <class Range>
void replace(std::vector<Range>& ranges, std::size_t from, std::size_t to, const std::vector<Range>& parts) {
  const auto at = [&](std::size_t i) { return ranges.begin() + static_cast<std::ptrdiff_t>(i); };
  const std::size_t kept = std::min(to - from, parts.size());
  std::copy_n(parts.begin(), kept, at(from));
  if (parts.size() > kept) {
    ranges.insert(at(to), parts.begin() + static_cast<std::ptrdiff_t>(kept), parts.end());
  } else {
    ranges.erase(at(from + kept), at(to));
  }
}

UnitRange between(std::uint32_t line_no, std::int64_t first, std::int64_t end) {
  return {line_no, first, end - first};
}

/// The first range, in the canonical order, of which some unit lies at or behind `unit` of the line.
template <class Range, class UnitsOf>
std::size_t first_ending_behind(const std::vector<Range>& ranges, std::uint32_t line_no, std::int64_t unit,
                                UnitsOf units_of) {
  const auto found = std::partition_point(ranges.begin(), ranges.end(), [&](const Range& range) {
    const UnitRange& units = units_of(range);
    return units.line_no < line_no || (units.line_no == line_no && units.end() <= unit);
  });
  return static_cast<std::size_t>(found - ranges.begin());
}

/// The units that `ours` and `theirs` share; count 0 when there are none.
UnitRange shared(const UnitRange& ours, const UnitRange& theirs) {
  if (ours.line_no != theirs.line_no) return {};
  const std::int64_t first = std::max(ours.first, theirs.first);
  return {ours.line_no, first, std::max<std::int64_t>(0, std::min(ours.end(), theirs.end()) - first)};
}

}  // namespace

std::string_view to_string(RightsRefusal refusal) {
  switch (refusal) {
    case RightsRefusal::line_unknown:
      return "line_unknown";
    case RightsRefusal::units_outside_line:
      return "units_outside_line";
    case RightsRefusal::not_held:
      return "not_held";
  }
  return "unknown";
}

std::string_view to_string(HolderKind kind) {
  switch (kind) {
    case HolderKind::hub:
      return "hub";
    case HolderKind::node:
      return "node";
    case HolderKind::in_transfer:
      return "in_transfer";
    case HolderKind::claimed:
      return "claimed";
    case HolderKind::cancelled:
      return "cancelled";
  }
  return "unknown";
}

// ---- OrderRights -----------------------------------------------------------------------------------------------

OrderRights OrderRights::mint(std::span<const Line> lines, const Holder& first) {
  OrderRights rights;
  rights.m_ranges.reserve(lines.size());
  for (const Line& line : lines) {
    require(rights.m_ranges.empty() || rights.m_ranges.back().units.line_no < line.line_no,
            "mint: line numbers do not ascend");
    const UnitRange units{line.line_no, 0, line.quantity};
    require(is_well_formed(units), "mint: a line without units");
    rights.m_ranges.push_back({units, first});
  }
  return rights;
}

OrderRights OrderRights::from_ranges(std::vector<HeldRange> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const UnitRange& units = ranges[i].units;
    require(is_well_formed(units), "from_ranges: a range without units");
    const bool starts_line = i == 0 || ranges[i - 1].units.line_no < units.line_no;
    require(units.first == (starts_line ? 0 : ranges[i - 1].units.end()), "from_ranges: units missing or twice");
    require(starts_line || (ranges[i - 1].units.line_no == units.line_no && ranges[i - 1].holder != ranges[i].holder),
            "from_ranges: lines out of order or neighbours not merged");
  }
  OrderRights rights;
  rights.m_ranges = std::move(ranges);
  return rights;
}

std::size_t OrderRights::index_of(std::uint32_t line_no, std::int64_t unit) const {
  return first_ending_behind(m_ranges, line_no, unit, [](const HeldRange& r) -> const UnitRange& { return r.units; });
}

Result<bool, RightsRefusal> OrderRights::move(const UnitRange& units, const Holder& from, const Holder& to) {
  const auto in_line = [&](std::size_t i) {
    return i < m_ranges.size() && m_ranges[i].units.line_no == units.line_no;
  };
  if (!in_line(index_of(units.line_no, 0))) return failure(RightsRefusal::line_unknown);
  if (!is_well_formed(units)) return failure(RightsRefusal::units_outside_line);

  const std::size_t begin = index_of(units.line_no, units.first);
  std::size_t end = begin;  // behind the last range touched
  bool all_held = true;
  for (std::int64_t covered = units.first; covered < units.end(); ++end) {
    if (!in_line(end)) return failure(RightsRefusal::units_outside_line);
    all_held = all_held && m_ranges[end].holder == from;
    covered = m_ranges[end].units.end();
  }
  if (!all_held) return failure(RightsRefusal::not_held);
  if (from == to) return true;

  const UnitRange& head = m_ranges[begin].units;
  const UnitRange& tail = m_ranges[end - 1].units;
  const std::size_t before = in_line(begin - 1) ? begin - 1 : begin;  // begin 0 wraps to an index beyond the end
  const std::size_t behind = in_line(end) ? end + 1 : end;
  std::vector<HeldRange> parts;
  if (before < begin) append_merged(parts, m_ranges[before]);
  append_merged(parts, {between(units.line_no, head.first, units.first), from});
  append_merged(parts, {units, to});
  append_merged(parts, {between(units.line_no, units.end(), tail.end()), from});
  if (end < behind) append_merged(parts, m_ranges[end]);
  replace(m_ranges, before, behind, parts);
  return true;
}

std::vector<UnitRange> OrderRights::held_by(const Holder& holder, const UnitRange& units) const {
  std::vector<UnitRange> held;
  if (!is_well_formed(units)) return held;
  for (std::size_t i = index_of(units.line_no, units.first); i < m_ranges.size(); ++i) {
    const UnitRange part = shared(m_ranges[i].units, units);
    if (part.count == 0) break;
    if (m_ranges[i].holder == holder) held.push_back(part);
  }
  return held;
}

std::vector<UnitRange> OrderRights::held_by(const Holder& holder) const {
  std::vector<UnitRange> held;
  for (const HeldRange& range : m_ranges) {
    if (range.holder == holder) held.push_back(range.units);
  }
  return held;
}

// ---- HeldRanges ------------------------------------------------------------------------------------------------

HeldRanges::HeldRanges(std::vector<UnitRange> ranges) : m_ranges(std::move(ranges)) {
  std::sort(m_ranges.begin(), m_ranges.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < m_ranges.size(); ++i) {
    const UnitRange units = m_ranges[i];
    require(is_well_formed(units), "held ranges: a range without units");
    if (kept > 0 && m_ranges[kept - 1].line_no == units.line_no) {
      require(m_ranges[kept - 1].end() <= units.first, "held ranges: a unit stands twice");
      if (m_ranges[kept - 1].end() == units.first) {
        m_ranges[kept - 1].count += units.count;
        continue;
      }
    }
    m_ranges[kept++] = units;
  }
  m_ranges.resize(kept);
}

std::size_t HeldRanges::index_of(std::uint32_t line_no, std::int64_t unit) const {
  return first_ending_behind(m_ranges, line_no, unit, [](const UnitRange& r) -> const UnitRange& { return r; });
}

bool HeldRanges::add(const UnitRange& units) {
  if (!is_well_formed(units)) return false;
  const std::size_t at = index_of(units.line_no, units.first);
  if (at < m_ranges.size() && shared(m_ranges[at], units).count > 0) return false;
  const bool joins_before =
      at > 0 && m_ranges[at - 1].line_no == units.line_no && m_ranges[at - 1].end() == units.first;
  const bool joins_behind =
      at < m_ranges.size() && m_ranges[at].line_no == units.line_no && m_ranges[at].first == units.end();
  const std::int64_t first = joins_before ? m_ranges[at - 1].first : units.first;
  const std::int64_t end = joins_behind ? m_ranges[at].end() : units.end();
  replace(m_ranges, joins_before ? at - 1 : at, joins_behind ? at + 1 : at, {between(units.line_no, first, end)});
  return true;
}

bool HeldRanges::remove(const UnitRange& units) {
  if (!contains(units)) return false;
  const std::size_t at = index_of(units.line_no, units.first);
  const UnitRange whole = m_ranges[at];
  std::vector<UnitRange> parts;
  if (whole.first < units.first) parts.push_back(between(units.line_no, whole.first, units.first));
  if (units.end() < whole.end()) parts.push_back(between(units.line_no, units.end(), whole.end()));
  replace(m_ranges, at, at + 1, parts);
  return true;
}

bool HeldRanges::contains(const UnitRange& units) const {
  if (!is_well_formed(units)) return false;
  const std::size_t at = index_of(units.line_no, units.first);
  return at < m_ranges.size() && shared(m_ranges[at], units) == units;
}

std::vector<UnitRange> HeldRanges::parts_of(const UnitRange& units) const {
  std::vector<UnitRange> parts;
  if (!is_well_formed(units)) return parts;
  for (std::size_t i = index_of(units.line_no, units.first); i < m_ranges.size(); ++i) {
    const UnitRange part = shared(m_ranges[i], units);
    if (part.count == 0) break;
    parts.push_back(part);
  }
  return parts;
}

std::vector<UnitRange> HeldRanges::of_line(std::uint32_t line_no) const {
  std::vector<UnitRange> of_it;
  for (std::size_t i = index_of(line_no, 0); i < m_ranges.size() && m_ranges[i].line_no == line_no; ++i) {
    of_it.push_back(m_ranges[i]);
  }
  return of_it;
}

}  // namespace retour
