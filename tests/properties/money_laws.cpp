#include "tests/properties/money_laws.hpp"

#include <algorithm>

#include "plugin/core/refund/refund_plan.hpp"
#include "tests/properties/naive_accounts.hpp"

namespace retour::testing {
namespace {

void law(bool holds, const char* name, const Order& order) {
  if (!holds) throw BrokenLaw(std::string(name) + " does not hold for\n" + in_words(order));
}

void write_amounts(std::string& text, Minor net, const std::vector<TaxAmount>& taxes, const Currency& currency) {
  const auto plain = [&](Minor minor) { return Decimal{minor, currency.decimals}.to_string(); };
  text += " net " + plain(net);
  for (const TaxAmount& tax : taxes) text += " tax " + tax.rate_percent.to_string() + " " + plain(tax.minor);
}

bool matches(const PaidAmounts& paid, const NaiveAccount& expected, const Order& order) {
  if (paid.net_minor != expected.components[0]) return false;
  if (paid.discount_minor != expected.discount) return false;
  if (paid.taxes.size() + 1 != expected.components.size()) return false;
  for (std::size_t i = 0; i < paid.taxes.size(); ++i) {
    if (paid.taxes[i].minor != expected.components[i + 1]) return false;
  }
  std::size_t shares = 0;
  for (std::size_t i = 0; i < expected.tenders.size(); ++i) {
    if (expected.tenders[i] == 0) continue;
    if (shares == paid.tenders.size()) return false;
    if (paid.tenders[shares++] != TenderShare{order.tenders[i].tender_no, expected.tenders[i]}) return false;
  }
  return shares == paid.tenders.size();
}

void check_every_run(const Order& order, const OrderAccounts& accounts, const NaiveAccounts& naive) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const OrderLine& line = order.lines[i];
    for (std::int64_t first = 0; first < line.quantity; ++first) {
      NaiveAccount sum;
      for (std::int64_t end = first + 1; end <= line.quantity; ++end) {
        sum.add(naive.units[i][static_cast<std::size_t>(end - 1)]);
        const PaidAmounts paid = accounts.paid_for({line.line_no, first, end - first});
        law(matches(paid, sum, order), "a run of units costs what its units cost", order);
      }
    }
  }
  for (std::size_t i = 0; i < order.shipments.size(); ++i) {
    law(matches(accounts.shipments()[i].paid, naive.shipments[i], order), "a shipment costs what was paid", order);
  }
}

Minor tax_at(const std::vector<TaxAmount>& taxes, const Decimal& rate) {
  for (const TaxAmount& tax : taxes) {
    if (tax.rate_percent == rate) return tax.minor;
  }
  return 0;
}

/// What the order says was paid, computed from the order alone: the right-hand side of the law of the whole.
void check_whole(const PaidAmounts& whole, const Order& order) {
  Minor net = 0, discount = 0;
  for (const OrderLine& line : order.lines) net += line.net_minor, discount += line.discount_minor;
  for (const Shipment& shipment : order.shipments) net += shipment.net_minor;
  for (const OrderAdjustment& one : order.adjustments) {
    net += one.lowers ? -one.net_minor : one.net_minor;
    if (one.kind != AdjustmentKind::discount) continue;
    discount += one.net_minor;
    for (const TaxAmount& tax : one.taxes) discount += tax.minor;
  }
  law(whole.net_minor == net, "the whole gives back the net", order);
  law(whole.discount_minor == discount, "the whole tells every discount", order);
  law(whole.total_minor() == order_total(order), "the whole gives back the total", order);
  for (const TaxAmount& sum : whole.taxes) {
    Minor tax = 0;
    for (const OrderLine& line : order.lines) tax += tax_at(line.taxes, sum.rate_percent);
    for (const Shipment& shipment : order.shipments) tax += tax_at(shipment.taxes, sum.rate_percent);
    for (const OrderAdjustment& one : order.adjustments) {
      tax += (one.lowers ? -1 : 1) * tax_at(one.taxes, sum.rate_percent);
    }
    law(sum.minor == tax, "the whole gives back each tax", order);
  }
  std::size_t shares = 0;
  for (const Tender& tender : order.tenders) {
    if (tender.paid_minor == 0) continue;
    law(shares < whole.tenders.size() && whole.tenders[shares] == TenderShare{tender.tender_no, tender.paid_minor},
        "the whole gives back each tender", order);
    ++shares;
  }
  law(shares == whole.tenders.size(), "nobody gives back but those who paid", order);
}

/// Cuts [0, quantity) into runs at drawn places, at most a handful.
std::vector<UnitRange> drawn_runs(const OrderLine& line, Draw& draw) {
  std::vector<std::int64_t> cuts{0, line.quantity};
  for (std::int64_t i = draw.between(0, std::min<std::int64_t>(line.quantity - 1, 5)); i > 0; --i) {
    cuts.push_back(draw.between(1, line.quantity - 1));
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::vector<UnitRange> runs;
  for (std::size_t i = 1; i < cuts.size(); ++i) runs.push_back({line.line_no, cuts[i - 1], cuts[i] - cuts[i - 1]});
  return runs;
}

void check_ranges(const LineAccounts& line, const Order& order) {
  const std::size_t components = line.rates.size() + 1;
  law(line.ranges.size() <= components + 2, "a line has at most components + 2 ranges", order);
  std::vector<Minor> sums(components, 0);
  std::int64_t units = 0;
  Minor dearest = 0;
  for (const AccountRange& range : line.ranges) {
    law(range.first == units && range.count > 0, "ranges follow each other without gap", order);
    law(range.total_minor() >= dearest, "cheaper units come first", order);
    dearest = range.total_minor();
    units = range.first + range.count;
    for (std::size_t i = 0; i < components; ++i) sums[i] += range.count * range.component_minor[i];
  }
  law(units == line.quantity, "ranges cover the line", order);
  Minor total = 0;
  for (const Minor sum : sums) total += sum;
  for (const AccountRange& range : line.ranges) {
    for (std::size_t i = 0; i < components; ++i) {
      const Minor above = range.component_minor[i] - sums[i] / line.quantity;
      law(above == 0 || (above == 1 && sums[i] % line.quantity != 0), "each component is an even share", order);
    }
    const Minor above = range.total_minor() - total / line.quantity;
    law(above == 0 || (above == 1 && total % line.quantity != 0), "each unit is an even share", order);
  }
}

Claim claim_of(const Order& order, const PaidAmounts& paid) {
  return {order.id, {}, paid, {}};
}

RefundPlan plan_of(const std::vector<Claim>& claims, const std::vector<OrderTenders>& tenders,
                   const Currency& currency) {
  const LineClaims line{1, claims, {}};
  return plan_refund({&line, 1}, tenders, currency, {});
}

void take_back(const RefundPlan& plan, std::vector<Minor>& left, const Order& order) {
  Minor sum = 0;
  for (std::size_t i = 0; i < plan.legs.size(); ++i) {
    const PlannedLeg& leg = plan.legs[i];
    law(leg.leg_no == i + 1 && leg.pays_minor > 0, "legs are numbered and never zero", order);
    law(leg.tender_no >= 1 && leg.tender_no <= left.size(), "a leg names its tender", order);
    left[leg.tender_no - 1] -= leg.pays_minor;
    law(left[leg.tender_no - 1] >= 0, "no leg exceeds what its tender still has", order);
    sum += leg.pays_minor;
  }
  law(sum == plan.total_minor, "legs sum to the plan", order);
}

std::vector<Minor> paid_by_tender(const Order& order) {
  std::vector<Minor> paid;
  for (const Tender& tender : order.tenders) paid.push_back(tender.paid_minor);
  return paid;
}

bool nothing_left(const std::vector<Minor>& left) {
  return std::all_of(left.begin(), left.end(), [](Minor minor) { return minor == 0; });
}

std::vector<UnitRange> runs_of_visit(const Order& order, const std::vector<std::size_t>& visit_of,
                                     std::size_t visit) {
  std::vector<UnitRange> runs;
  std::size_t at = 0;
  for (const OrderLine& line : order.lines) {
    for (std::int64_t unit = 0; unit < line.quantity; ++unit, ++at) {
      if (visit_of[at] != visit) continue;
      const bool goes_on = !runs.empty() && runs.back().line_no == line.line_no && runs.back().end() == unit;
      if (goes_on) {
        ++runs.back().count;
      } else {
        runs.push_back({line.line_no, unit, 1});
      }
    }
  }
  return runs;
}

}  // namespace

std::string in_words(const Order& order) {
  std::string text = "currency " + std::string(order.currency.name()) + "\n";
  for (const OrderLine& line : order.lines) {
    text += "line " + std::to_string(line.line_no) + " quantity " + std::to_string(line.quantity);
    write_amounts(text, line.net_minor, line.taxes, order.currency);
    text += " discount " + Decimal{line.discount_minor, order.currency.decimals}.to_string() + "\n";
  }
  for (const OrderAdjustment& one : order.adjustments) {
    text += one.kind == AdjustmentKind::discount ? "adjustment discount" : "adjustment source_rounding";
    text += one.lowers ? " lowers" : " raises";
    write_amounts(text, one.net_minor, one.taxes, order.currency);
    text += "\n";
  }
  for (const Shipment& shipment : order.shipments) {
    text += "shipment " + std::to_string(shipment.shipment_no);
    write_amounts(text, shipment.net_minor, shipment.taxes, order.currency);
    text += "\n";
  }
  for (const Tender& tender : order.tenders) {
    text += "tender " + std::to_string(tender.tender_no) + " " +
            Decimal{tender.paid_minor, order.currency.decimals}.to_string() + "\n";
  }
  return text;
}

bool check_against_oracle(const Order& order) {
  const auto accounts = OrderAccounts::divide(order);
  const auto naive = divide_naively(order);
  law(accounts.ok() == naive.has_value(), "division and oracle refuse the same orders", order);
  if (!naive) return false;
  check_every_run(order, *accounts, *naive);
  return true;
}

void check_by_itself(const Order& order, Draw& draw) {
  const auto divided = OrderAccounts::divide(order);
  law(divided.ok(), "the order can be divided", order);
  const OrderAccounts& accounts = *divided;
  PaidAmounts whole;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    check_ranges(accounts.lines()[i], order);
    for (const UnitRange& run : drawn_runs(order.lines[i], draw)) add_to(whole, accounts.paid_for(run));
  }
  for (const ShipmentAccount& shipment : accounts.shipments()) add_to(whole, shipment.paid);
  law(accounts.total_minor() == order_total(order), "the accounts know the total", order);
  check_whole(whole, order);
}

void check_refunds(const Order& order, Draw& draw) {
  const auto accounts = OrderAccounts::divide(order);
  law(accounts.ok(), "the order can be divided", order);
  // Cash of several tenders is one leg that names none; here every leg must name one.
  std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  for (Tender& tender : tenders[0].tenders) tender.kind = TenderKind::card;

  std::vector<std::vector<Claim>> visits(3);
  for (const OrderLine& line : order.lines) {
    for (const UnitRange& run : drawn_runs(line, draw)) {
      visits[static_cast<std::size_t>(draw.between(0, 2))].push_back(claim_of(order, accounts->paid_for(run)));
    }
  }
  for (const ShipmentAccount& shipment : accounts->shipments()) visits[2].push_back(claim_of(order, shipment.paid));

  std::vector<Minor> left = paid_by_tender(order);
  for (const auto& claims : visits) take_back(plan_of(claims, tenders, order.currency), left, order);
  law(nothing_left(left), "every tender has given back what it paid", order);
}

void check_partition(const Order& order, const OrderAccounts& accounts, const std::vector<std::size_t>& visit_of) {
  const std::vector<OrderTenders> tenders{{order.id, order.tenders}};
  std::vector<Minor> left = paid_by_tender(order);
  PaidAmounts whole;
  for (std::size_t visit = 0; visit <= *std::max_element(visit_of.begin(), visit_of.end()); ++visit) {
    std::vector<Claim> claims;
    for (const UnitRange& run : runs_of_visit(order, visit_of, visit)) {
      claims.push_back(claim_of(order, accounts.paid_for(run)));
      add_to(whole, claims.back().paid);
    }
    take_back(plan_of(claims, tenders, order.currency), left, order);
  }
  law(nothing_left(left), "every tender has given back what it paid", order);
  check_whole(whole, order);
}

}  // namespace retour::testing
