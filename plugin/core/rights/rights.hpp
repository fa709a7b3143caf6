#pragma once
// Rights: permission to claim given units, with exactly one holder. To refund is to consume a right.
// `OrderRights` is the ledger of one order at its authority: a partition of all its units, so conservation is
// structural. `HeldRanges` is what a node holds of one order. Rule: docs/architecture.md, "Rights".

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "plugin/core/base/id.hpp"
#include "plugin/core/base/result.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

namespace retour {

/// False for ranges that name no unit, or none that a line can have; such a range is refused, never applied.
inline bool is_well_formed(const UnitRange& units) {
  return units.first >= 0 && units.count > 0 && units.first <= quantity_max && units.count <= quantity_max;
}

enum class HolderKind : std::uint8_t {
  hub = 1,
  node = 2,         // id: the node
  in_transfer = 3,  // id: the transfer; left the hub, not yet answered by the node; never withdrawn one-sidedly
  claimed = 4,      // id: the return case that used it
  cancelled = 5,    // taken back by a later version of the order
};

std::string_view to_string(HolderKind kind);

struct Holder {
  HolderKind kind = HolderKind::hub;
  std::array<std::uint8_t, 16> id{};  // zero for hub and cancelled

  static Holder hub() { return {}; }
  static Holder node(const NodeId& id) { return {HolderKind::node, id.bytes}; }
  static Holder in_transfer(const TransferId& id) { return {HolderKind::in_transfer, id.bytes}; }
  static Holder claimed(const ReturnCaseId& id) { return {HolderKind::claimed, id.bytes}; }
  friend auto operator<=>(const Holder&, const Holder&) = default;
};

struct HeldRange {
  UnitRange units;
  Holder holder;
  friend bool operator==(const HeldRange&, const HeldRange&) = default;
};

enum class RightsRefusal : std::uint8_t {
  line_unknown = 1,
  units_outside_line,  // also a range that is empty or begins below 0
  not_held,            // some unit of the range has another holder
};
std::string_view to_string(RightsRefusal refusal);

/// The rights of every unit of one order. Ranges split when part of one moves and merge when neighbours agree.
class OrderRights {
 public:
  struct Line {
    std::uint32_t line_no;
    std::int64_t quantity;
  };
  /// Mints the rights of all lines for `first`, once per order.
  /// @pre line numbers ascend strictly and quantities lie in 1 .. quantity_max: the order's division has checked
  /// that.
  static OrderRights mint(std::span<const Line> lines, const Holder& first);
  /// From storage. @pre `ranges` are what `ranges()` gave; anything else is our bug and stops the process.
  static OrderRights from_ranges(std::vector<HeldRange> ranges);

  /// All units, ordered by line and first unit, neighbours with one holder merged.
  const std::vector<HeldRange>& ranges() const { return m_ranges; }

  /// Moves the range as a whole or not at all: every unit must be held by `from`. Costs a binary search and, when
  /// ranges split or merge, a shift of those behind.
  Result<bool, RightsRefusal> move(const UnitRange& units, const Holder& from, const Holder& to);

  /// The parts of `units` that `holder` holds, in order.
  std::vector<UnitRange> held_by(const Holder& holder, const UnitRange& units) const;
  std::vector<UnitRange> held_by(const Holder& holder) const;

  friend bool operator==(const OrderRights&, const OrderRights&) = default;

 private:
  std::size_t index_of(std::uint32_t line_no, std::int64_t unit) const;

  std::vector<HeldRange> m_ranges;
};

/// A set of units of one order, as ordered, disjoint, merged ranges.
class HeldRanges {
 public:
  HeldRanges() = default;
  explicit HeldRanges(std::vector<UnitRange> ranges);  // any order; overlapping input is our bug

  /// False (and unchanged) when a unit of `units` is already in the set, or `units` is empty or begins below 0.
  bool add(const UnitRange& units);
  /// False (and unchanged) when a unit of `units` is missing, or `units` is empty or begins below 0.
  bool remove(const UnitRange& units);
  bool contains(const UnitRange& units) const;
  /// What of `units` is in the set, in order: the answer to a recall.
  std::vector<UnitRange> parts_of(const UnitRange& units) const;
  std::vector<UnitRange> of_line(std::uint32_t line_no) const;
  const std::vector<UnitRange>& ranges() const { return m_ranges; }
  bool empty() const { return m_ranges.empty(); }
  friend bool operator==(const HeldRanges&, const HeldRanges&) = default;

 private:
  /// The first range that ends behind `unit` of the line: the only one that can hold it.
  std::size_t index_of(std::uint32_t line_no, std::int64_t unit) const;

  std::vector<UnitRange> m_ranges;
};

}  // namespace retour
