#include "plugin/core/refund/refund_plan.hpp"

#include <algorithm>
#include <map>

#include "plugin/core/refund/coins.hpp"
#include "plugin/core/refund/kept_fees.hpp"

namespace retour {
namespace {

/// Sorts as original tenders are laid out: orders as the claims first name them, tenders by number, cash behind all.
struct TenderKey {
  bool cash = false;
  std::size_t place = 0;  // of the order among those the claims name
  std::uint32_t tender_no = 0;
  friend auto operator<=>(const TenderKey&, const TenderKey&) = default;
};

struct TenderSum {
  OrderId order_id;
  const Tender* tender = nullptr;
  Minor minor = 0;
};

using TenderSums = std::map<TenderKey, TenderSum>;

/// Money that leaves by one leg although several tenders may have brought it.
struct Pot {
  OrderId order_id;
  std::uint32_t tender_no = 0;
  Minor minor = 0;

  void add(const TenderSum& from, Minor part) {
    if (part == 0) return;
    if (minor == 0) {
      order_id = from.order_id;
      tender_no = from.tender->tender_no;
    } else if (order_id != from.order_id || tender_no != from.tender->tender_no) {
      if (order_id != from.order_id) order_id = {};
      tender_no = 0;  // two tenders: no single one is meant
    }
    minor += part;
  }
};

const Tender& tender_of(std::span<const OrderTenders> orders, const OrderId& order_id, std::uint32_t tender_no) {
  const auto order =
      std::find_if(orders.begin(), orders.end(), [&](const OrderTenders& one) { return one.order_id == order_id; });
  require(order != orders.end(), "plan_refund: a claim names an order that was not handed in");
  const auto tender = std::find_if(order->tenders.begin(), order->tenders.end(),
                                   [&](const Tender& one) { return one.tender_no == tender_no; });
  require(tender != order->tenders.end(), "plan_refund: a claim names a tender that its order does not have");
  return *tender;
}

/// Takes from the last tender backwards: what leaves the drawer shrinks first.
void take_off(TenderSums& sums, Minor minor) {
  for (auto sum = sums.rbegin(); sum != sums.rend() && minor > 0; ++sum) {
    const Minor part = std::min(minor, sum->second.minor);
    sum->second.minor -= part;
    minor -= part;
  }
  require(minor == 0, "plan_refund: a fee above what the units cost");
}

class Planner {
 public:
  Planner(std::span<const OrderTenders> orders, const Currency& currency, const PayoutRules& rules)
      : m_orders(orders), m_rules(rules) {
    m_plan.currency = currency;
  }

  void add(const LineClaims& line) {
    require(line.terms.empty() || line.terms.size() == line.claims.size(), "plan_refund: terms without their claim");
    const UnitTerms simple;
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < line.claims.size(); ++i) left.push_back(i);
    const auto terms_of = [&](std::size_t i) -> const UnitTerms& {
      return line.terms.empty() ? simple : line.terms[i];
    };
    while (!left.empty()) {  // units on the same terms are one sum: a fee is rounded once
      const UnitTerms& terms = terms_of(left.front());
      std::vector<const Claim*> alike;
      std::erase_if(left, [&](std::size_t i) {
        if (terms_of(i) != terms) return false;
        alike.push_back(&line.claims[i]);
        return true;
      });
      add_alike(line.line_no, alike, terms);
    }
  }

  RefundPlan take() {
    for (const auto& [key, sum] : m_sums) spread(sum);
    for (auto& [kind, pot] : m_given) {
      if (kind != TenderKind::cash) add_leg(kind, pot.order_id, pot.tender_no, "", pot.minor);
    }
    const Pot& cash = m_given[TenderKind::cash];
    add_leg(TenderKind::cash, cash.order_id, cash.tender_no, "", cash.minor);
    return std::move(m_plan);
  }

 private:
  void add_alike(std::uint32_t line_no, const std::vector<const Claim*>& claims, const UnitTerms& terms) {
    FeeBase base{.line_no = line_no};
    TenderSums sums;
    for (const Claim* claim : claims) {
      add_shares(sums, *claim);
      base.count += claim->units.count;
      const Minor paid = claim->paid.total_minor();
      require(paid >= 0 && paid <= minor_max - m_plan.claimed_minor, "plan_refund: the claims leave [0, minor_max]");
      base.paid_minor += paid;
      m_plan.claimed_minor += paid;
    }
    for (KeptBack& kept : kept_fees(base, terms.fees)) {
      take_off(sums, kept.minor);
      m_plan.kept.push_back(std::move(kept));
    }
    for (const auto& [key, sum] : sums) {
      if (terms.refund_as && *terms.refund_as != sum.tender->kind && may_go_back_by(*sum.tender, *terms.refund_as)) {
        give(*terms.refund_as, sum, sum.minor);
      } else {
        TenderSum& all = m_sums.try_emplace(key, TenderSum{sum.order_id, sum.tender, 0}).first->second;
        all.minor += sum.minor;
      }
    }
  }

  void add_shares(TenderSums& sums, const Claim& claim) {
    const std::size_t place = m_places.try_emplace(claim.order_id, m_places.size()).first->second;
    for (const TenderShare& share : claim.paid.tenders) {
      require(share.minor >= 0 && share.minor <= minor_max, "plan_refund: a tender's share leaves [0, minor_max]");
      const Tender& tender = tender_of(m_orders, claim.order_id, share.tender_no);
      const TenderKey key{tender.kind == TenderKind::cash, place, share.tender_no};
      sums.try_emplace(key, TenderSum{claim.order_id, &tender, 0}).first->second.minor += share.minor;
    }
  }

  /// The ways that the policy names for the tender, each as far as its cap; what is left goes to the tender itself.
  void spread(const TenderSum& sum) {
    Minor left = sum.minor, original = 0;
    if (const TenderRule* rule = find_tender_rule(m_rules, sum.tender->kind)) {
      for (const RefundWay& way : rule->ways) {
        if (!may_go_back_by(*sum.tender, way.tender)) continue;
        const Minor part = std::min(left, room_of(way));
        left -= part;
        if (way.tender == sum.tender->kind) {
          original += part;
          m_paid_by[way.tender] += part;
        } else {
          give(way.tender, sum, part);
        }
      }
    }
    m_paid_by[sum.tender->kind] += left;
    original += left;
    if (sum.tender->kind == TenderKind::cash) {
      m_given[TenderKind::cash].add(sum, original);
    } else {
      add_leg(sum.tender->kind, sum.order_id, sum.tender->tender_no, sum.tender->reference, original);
    }
  }

  /// A cap on cash counts in coins, so that rounding never lifts the leg above it.
  Minor room_of(const RefundWay& way) {
    if (way.up_to.empty()) return minor_max;
    Minor cap = amount_in(way.up_to, m_plan.currency).value_or(0);
    if (way.tender == TenderKind::cash) cap -= cap % coin_step(m_plan.currency, m_rules);
    return std::max<Minor>(0, cap - m_paid_by[way.tender]);
  }

  void give(TenderKind kind, const TenderSum& from, Minor minor) {
    m_given[kind].add(from, minor);
    m_paid_by[kind] += minor;
  }

  void add_leg(TenderKind kind, const OrderId& order_id, std::uint32_t tender_no, std::string reference,
               Minor minor) {
    if (minor == 0) return;
    m_plan.total_minor += minor;
    const auto leg_no = static_cast<std::uint32_t>(m_plan.legs.size() + 1);
    m_plan.legs.push_back({leg_no, kind, order_id, tender_no, std::move(reference), minor});
  }

  std::span<const OrderTenders> m_orders;
  const PayoutRules& m_rules;
  RefundPlan m_plan;
  std::map<OrderId, std::size_t> m_places;
  TenderSums m_sums;                      // goes back by the matrix
  std::map<TenderKind, Pot> m_given;      // all cash, and what is newly given
  std::map<TenderKind, Minor> m_paid_by;  // so far, for the caps
};

}  // namespace

RefundPlan plan_before_coins(std::span<const LineClaims> lines, std::span<const OrderTenders> orders,
                             const Currency& currency, const PayoutRules& rules) {
  Planner planner(orders, currency, rules);
  for (const LineClaims& line : lines) planner.add(line);
  return planner.take();
}

void pay_in_coins(RefundPlan& plan, const PayoutRules& rules) {
  if (plan.legs.empty() || plan.legs.back().tender != TenderKind::cash) return;
  Minor& cash = plan.legs.back().pays_minor;
  const Minor coins = round_to_coins(cash, plan.currency, rules);
  plan.rounding_minor = coins - cash;
  plan.total_minor += plan.rounding_minor;
  cash = coins;
  if (coins == 0) plan.legs.pop_back();
}

RefundPlan plan_refund(std::span<const LineClaims> lines, std::span<const OrderTenders> orders,
                       const Currency& currency, const PayoutRules& rules) {
  RefundPlan plan = plan_before_coins(lines, orders, currency, rules);
  pay_in_coins(plan, rules);
  return plan;
}

}  // namespace retour
