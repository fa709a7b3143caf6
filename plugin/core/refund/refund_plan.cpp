#include <algorithm>
#include <map>
#include <utility>

#include "plugin/core/refund/refund.hpp"

namespace retour {
namespace {

/// (place of the order among those the claims name, number of the tender): sorts as the legs do.
using LegKey = std::pair<std::size_t, std::uint32_t>;

struct TenderSum {
  OrderId order_id;
  const Tender* tender = nullptr;
  Minor minor = 0;
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

std::map<LegKey, TenderSum> sums_by_tender(std::span<const Claim> claims, std::span<const OrderTenders> orders) {
  std::map<OrderId, std::size_t> places;
  std::map<LegKey, TenderSum> sums;
  for (const Claim& claim : claims) {
    const std::size_t place = places.try_emplace(claim.order_id, places.size()).first->second;
    for (const TenderShare& share : claim.paid.tenders) {
      TenderSum& sum = sums[{place, share.tender_no}];
      if (sum.tender == nullptr) {
        sum = {claim.order_id, &tender_of(orders, claim.order_id, share.tender_no), 0};
      }
      require(share.minor >= 0 && share.minor <= minor_max - sum.minor, "plan_refund: a leg leaves [0, minor_max]");
      sum.minor += share.minor;
    }
  }
  return sums;
}

void add_to_cash(PlannedLeg& cash, const TenderSum& sum) {
  if (cash.pays_minor == 0) {
    cash.order_id = sum.order_id;
    cash.tender_no = sum.tender->tender_no;
  } else {
    if (cash.order_id != sum.order_id) cash.order_id = {};
    cash.tender_no = 0;  // two cash tenders: no single one is meant
  }
  cash.pays_minor += sum.minor;
}

}  // namespace

RefundPlan plan_refund(std::span<const Claim> claims, std::span<const OrderTenders> orders,
                       const Currency& currency) {
  RefundPlan plan;
  plan.currency = currency;
  PlannedLeg cash;
  for (const auto& [key, sum] : sums_by_tender(claims, orders)) {
    if (sum.minor == 0) continue;
    require(sum.minor <= minor_max - plan.total_minor, "plan_refund: the total leaves [0, minor_max]");
    plan.total_minor += sum.minor;
    if (sum.tender->kind == TenderKind::cash) {
      add_to_cash(cash, sum);
    } else {
      plan.legs.push_back(
          {0, sum.tender->kind, sum.order_id, sum.tender->tender_no, sum.tender->reference, sum.minor});
    }
  }
  if (cash.pays_minor > 0) plan.legs.push_back(cash);
  for (std::size_t i = 0; i < plan.legs.size(); ++i) plan.legs[i].leg_no = static_cast<std::uint32_t>(i + 1);
  return plan;
}

}  // namespace retour
