#pragma once
// What a store could live through, drawn from a seed: rights that come and go, sales, visits with and without the
// hub. Every event may follow from those before it; the units held and the stock are counted beside, one by one.

#include <map>
#include <set>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "plugin/core/event/event.hpp"
#include "tests/support/property_run.hpp"

namespace retour::testing {

using Unit = std::tuple<OrderId, std::uint32_t, std::int64_t>;

class RandomVisits {
 public:
  explicit RandomVisits(std::uint64_t seed) : m_draw(seed) {}

  /// The events of one command.
  std::vector<EventBody> next() {
    m_events.clear();
    switch (m_draw.between(0, 7)) {
      case 0:
        receive_rights();
        break;
      case 1:
        sell();
        break;
      case 2:
        release_rights();
        break;
      case 3:
        move_stock();
        break;
      case 4:
        refer();
        break;
      case 5:
        settle();
        break;
      default:
        take_goods_back();
        break;
    }
    if (m_events.empty()) receive_rights();
    return m_events;
  }

  const std::set<Unit>& held() const { return m_held; }
  const std::map<std::pair<std::string, Bucket>, std::int64_t>& stock() const { return m_stock; }
  std::size_t referrals_waiting() const { return m_waiting.size(); }

 private:
  template <class AnyId>
  AnyId fresh() {
    AnyId id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(m_draw.bits());
    return id;
  }
  std::string sku() { return "sku-" + std::to_string(m_draw.between(1, 6)); }

  void hold(const OrderUnits& part) {
    for (std::int64_t unit = part.units.first; unit < part.units.end(); ++unit)
      m_held.insert({part.order_id, part.units.line_no, unit});
  }
  /// A run of held units, as long as drawn and as there are; they are held no more.
  std::optional<OrderUnits> take_held() {
    if (m_held.empty()) return std::nullopt;
    auto at = m_held.begin();
    std::advance(at, m_draw.between(0, static_cast<std::int64_t>(m_held.size()) - 1));
    const auto [order_id, line_no, first] = *at;
    OrderUnits part{order_id, {line_no, first, 0}};
    const std::int64_t most = m_draw.between(1, 4);
    while (part.units.count < most && m_held.erase({order_id, line_no, part.units.end()}) == 1) ++part.units.count;
    return part;
  }

  void receive_rights() {
    RightsReceived received{.transfer_id = fresh<TransferId>()};
    const auto order_id = fresh<OrderId>();
    for (std::int64_t line = 1, lines = m_draw.between(1, 5); line <= lines; ++line) {
      received.items.push_back(
          {order_id, {static_cast<std::uint32_t>(line), m_draw.between(0, 3), m_draw.between(1, 9)}});
      hold(received.items.back());
    }
    m_events.push_back(received);
  }
  void release_rights() {
    RightsReleased released{.transfer_id = fresh<TransferId>(), .recall_id = fresh<TransferId>()};
    for (std::int64_t parts = m_draw.between(0, 3); parts > 0; --parts) {
      if (const auto part = take_held()) released.items.push_back(*part);
    }
    m_events.push_back(released);
  }
  void move_stock() {
    const StockMoved moved{sku(), static_cast<Bucket>(m_draw.between(1, 7)), m_draw.between(-5, 5), "count"};
    m_stock[{moved.sku, moved.bucket}] += moved.quantity;
    m_events.push_back(moved);
  }
  void sell() {
    Order order{
        .authority = "store", .number = "S" + std::to_string(m_draw.bits()), .currency = *Currency::parse("GBP")};
    order.id = codec::derive_order_id(order.authority, order.number);
    for (std::int64_t line = 1, lines = m_draw.between(1, 3); line <= lines; ++line) {
      OrderLine sold{.line_no = static_cast<std::uint32_t>(line), .sku = sku(), .quantity = m_draw.between(1, 4)};
      m_stock[{sold.sku, Bucket::sellable}] -= sold.quantity;
      hold({order.id, {sold.line_no, 0, sold.quantity}});
      order.lines.push_back(std::move(sold));
    }
    m_events.push_back(SaleRecorded{codec::pack_order(order), order.id, "anna"});
  }
  ReturnCaseId open_case() {
    const auto id = fresh<ReturnCaseId>();
    m_events.push_back(CaseOpened{
        .case_id = id, .till = "anna", .business_date = {static_cast<std::int32_t>(m_draw.between(20'000, 20'003))}});
    return id;
  }
  void take_in(const ReturnCaseId& id, std::int64_t quantity) {
    const GoodsReceived goods{id, 1, sku(), quantity, Bucket::hold};
    m_stock[{goods.sku, goods.bucket}] += quantity;
    m_events.push_back(goods);
  }
  void claim(const ReturnCaseId& id, const OrderUnits& part) {
    m_events.push_back(UnitsClaimed{id, 1, Assurance::held, {{.order_id = part.order_id, .units = part.units}}});
  }
  void take_goods_back() {
    const auto part = take_held();
    if (!part) return;
    const auto id = open_case();
    m_events.push_back(LineAnswered{
        id, {.line_no = 1, .sku = "sku-1", .quantity = part->units.count}, {.verdict = Verdict::approved}});
    claim(id, *part);
    take_in(id, part->units.count);
    const Leg leg{fresh<LegId>(), {.leg_no = 1, .pays_minor = m_draw.between(1, 9'999)}};
    m_events.push_back(RefundPlanned{.case_id = id,
                                     .plan_no = 1,
                                     .currency = *Currency::parse("GBP"),
                                     .total_minor = leg.planned.pays_minor,
                                     .legs = {leg}});
    if (m_draw.between(0, 9) == 0) return;  // the power fails
    m_events.push_back(RefundLegStarted{id, leg.leg_id});
    const auto outcome = static_cast<LegOutcome>(m_draw.between(1, 4));
    m_events.push_back(RefundLegEnded{id, leg.leg_id, outcome, "T-1", ""});
    if (outcome == LegOutcome::settled) m_events.push_back(CaseClosed{id});
  }
  void refer() {
    const auto id = open_case();
    const auto referral = fresh<ReferralId>();
    m_events.push_back(
        LineReferred{.case_id = id, .referral_id = referral, .ask = {.line_no = 1, .sku = sku(), .quantity = 1}});
    if (m_draw.between(0, 1) == 0) m_events.push_back(LineDeferred{id, 1, referral, "R-1"});
    m_waiting.push_back({id, referral});
  }
  void settle() {
    if (m_waiting.empty()) return;
    const auto [id, referral] = m_waiting.front();
    m_waiting.erase(m_waiting.begin());
    m_events.push_back(ReferralAnswered{referral, id, 1, {}, {}});
    m_events.push_back(LineSettled{id, 1, referral, {}});
    m_events.push_back(CaseClosed{id});
  }

  Draw m_draw;
  std::vector<EventBody> m_events;
  std::set<Unit> m_held;
  std::map<std::pair<std::string, Bucket>, std::int64_t> m_stock;
  std::vector<std::pair<ReturnCaseId, ReferralId>> m_waiting;
};

}  // namespace retour::testing
