#include "plugin/core/unit_account/division_1.hpp"

#include <algorithm>

#include "plugin/core/unit_account/tender_strip.hpp"

namespace retour::division_1 {
namespace {

/// A line while the adjustments are being divided: its components change, its weight never does.
struct LineInWork {
  const OrderLine* line = nullptr;
  Minor weight_minor = 0;              // the line total as the source gave it
  std::vector<Minor> component_minor;  // of all units: net, then each tax in the line's order
  Minor discount_minor = 0;
};

/// The place of one component (net, or the tax of one rate) in one line.
struct Slot {
  std::size_t line = 0;
  std::size_t component = 0;
};

std::vector<LineInWork> start_work(const Order& order) {
  std::vector<LineInWork> work;
  work.reserve(order.lines.size());
  for (const OrderLine& line : order.lines) {
    LineInWork& one = work.emplace_back(LineInWork{&line, line_total(line), {}, line.discount_minor});
    one.component_minor.reserve(line.taxes.size() + 1);
    one.component_minor.push_back(line.net_minor);
    for (const TaxAmount& tax : line.taxes) one.component_minor.push_back(tax.minor);
  }
  return work;
}

bool is_meant(const OrderAdjustment& adjustment, const LineInWork& work) {
  const auto& named = adjustment.line_nos;
  return named.empty() || std::binary_search(named.begin(), named.end(), work.line->line_no);
}

std::vector<Slot> net_slots(const std::vector<LineInWork>& work, const OrderAdjustment& adjustment) {
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < work.size(); ++i) {
    if (is_meant(adjustment, work[i])) slots.push_back({i, 0});
  }
  return slots;
}

std::vector<Slot> tax_slots(const std::vector<LineInWork>& work, const OrderAdjustment& adjustment,
                            const Decimal& rate) {
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < work.size(); ++i) {
    if (!is_meant(adjustment, work[i])) continue;
    const std::vector<TaxAmount>& taxes = work[i].line->taxes;
    for (std::size_t k = 0; k < taxes.size(); ++k) {
      if (taxes[k].rate_percent == rate) slots.push_back({i, k + 1});
    }
  }
  return slots;
}

/// Divides one component of an adjustment over the slots by line total. What it lowers never falls below zero.
/// False when the slots together hold less than is to be taken off.
bool spread(std::vector<LineInWork>& work, const std::vector<Slot>& slots, const OrderAdjustment& adjustment,
            Minor amount) {
  std::vector<Minor> weights, caps;
  for (const Slot& slot : slots) {
    weights.push_back(work[slot.line].weight_minor);
    caps.push_back(work[slot.line].component_minor[slot.component]);
  }
  const auto parts = adjustment.lowers ? allocate_capped(amount, weights, caps) : allocate(amount, weights);
  if (!parts) return false;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    LineInWork& line = work[slots[i].line];
    const Minor part = (*parts)[i];
    line.component_minor[slots[i].component] += adjustment.lowers ? -part : part;
    if (adjustment.kind == AdjustmentKind::discount) line.discount_minor += part;
  }
  return true;
}

std::optional<DivisionError> apply_adjustment(std::vector<LineInWork>& work, const OrderAdjustment& adjustment) {
  if (adjustment.net_minor > 0 && !spread(work, net_slots(work, adjustment), adjustment, adjustment.net_minor)) {
    return DivisionError::amount_out_of_range;
  }
  for (const TaxAmount& tax : adjustment.taxes) {
    if (tax.minor == 0) continue;
    const std::vector<Slot> slots = tax_slots(work, adjustment, tax.rate_percent);
    if (slots.empty()) return DivisionError::adjustment_rate_on_no_line;
    if (!spread(work, slots, adjustment, tax.minor)) return DivisionError::amount_out_of_range;
  }
  return std::nullopt;
}

/// The spare minor units of one component: `count` units from `first` on, going round at the end of the line.
struct SpareArc {
  std::int64_t first = 0;
  std::int64_t count = 0;
  bool covers(std::int64_t unit, std::int64_t quantity) const {
    const std::int64_t distance = unit >= first ? unit - first : unit - first + quantity;
    return distance < count;
  }
};

/// Lays the spares of all components end to end, so that the last of them ends where the line ends: the dearer units
/// are the last ones.
std::vector<SpareArc> lay_spares(const std::vector<Minor>& component_minor, std::int64_t quantity) {
  std::int64_t rest = 0;  // of the line total by the quantity
  for (const Minor component : component_minor) rest = (rest + component % quantity) % quantity;
  std::vector<SpareArc> arcs;
  arcs.reserve(component_minor.size());
  std::int64_t place = (quantity - rest) % quantity;
  for (const Minor component : component_minor) {
    arcs.push_back({place, component % quantity});
    place = (place + component % quantity) % quantity;
  }
  return arcs;
}

/// Units where an arc begins or ends, and 0: between two of them all units are alike.
std::vector<std::int64_t> boundaries(const std::vector<SpareArc>& arcs) {
  std::vector<std::int64_t> units{0};
  for (const SpareArc& arc : arcs) units.push_back(arc.first);
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

std::vector<AccountRange> divide_units(const std::vector<Minor>& component_minor, std::int64_t quantity) {
  if (quantity == 1) return {{0, 1, component_minor}};
  const std::vector<SpareArc> arcs = lay_spares(component_minor, quantity);
  const std::vector<std::int64_t> firsts = boundaries(arcs);
  std::vector<AccountRange> ranges;
  ranges.reserve(firsts.size());
  for (std::size_t r = 0; r < firsts.size(); ++r) {
    const std::int64_t end = r + 1 < firsts.size() ? firsts[r + 1] : quantity;
    AccountRange& range = ranges.emplace_back(AccountRange{firsts[r], end - firsts[r], component_minor});
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      range.component_minor[i] = component_minor[i] / quantity + (arcs[i].covers(firsts[r], quantity) ? 1 : 0);
    }
  }
  return ranges;
}

LineAccounts accounts_of(const LineInWork& work, Minor start_minor) {
  LineAccounts accounts;
  accounts.line_no = work.line->line_no;
  accounts.quantity = work.line->quantity;
  accounts.rates.reserve(work.line->taxes.size());
  for (const TaxAmount& tax : work.line->taxes) accounts.rates.push_back(tax.rate_percent.normalized());
  accounts.ranges = divide_units(work.component_minor, work.line->quantity);
  accounts.discount_minor = work.discount_minor;
  accounts.start_minor = start_minor;
  return accounts;
}

ShipmentAccount account_of(const Shipment& shipment, const std::vector<TenderEnd>& tenders, Minor start_minor) {
  ShipmentAccount account{shipment.shipment_no, {}};
  account.paid.net_minor = shipment.net_minor;
  account.paid.taxes = shipment.taxes;
  for (TaxAmount& tax : account.paid.taxes) tax.rate_percent = tax.rate_percent.normalized();
  account.paid.tenders = tenders_between(tenders, start_minor, start_minor + account.paid.total_minor());
  return account;
}

std::vector<TenderEnd> lay_tenders(const std::vector<Tender>& tenders) {
  std::vector<TenderEnd> ends;
  ends.reserve(tenders.size());
  Minor place = 0;
  for (const Tender& tender : tenders) {
    place += tender.paid_minor;
    ends.push_back({tender.tender_no, place});
  }
  return ends;
}

}  // namespace

Result<Divided, DivisionError> divide(const Order& order) {
  std::vector<LineInWork> work = start_work(order);
  for (const OrderAdjustment& adjustment : order.adjustments) {
    if (const auto refused = apply_adjustment(work, adjustment)) return failure(*refused);
  }

  Divided divided;
  divided.tenders = lay_tenders(order.tenders);
  divided.lines.reserve(work.size());
  for (const LineInWork& line : work) {
    divided.lines.push_back(accounts_of(line, divided.total_minor));
    for (const Minor component : line.component_minor) divided.total_minor += component;
  }
  for (const Shipment& shipment : order.shipments) {
    divided.shipment_starts.push_back(divided.total_minor);
    divided.shipments.push_back(account_of(shipment, divided.tenders, divided.total_minor));
    divided.total_minor += divided.shipments.back().paid.total_minor();
  }
  return divided;
}

}  // namespace retour::division_1
