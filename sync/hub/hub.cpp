#include "sync/hub/hub.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "db/codec/order_codec.hpp"
#include "plugin/core/event/lowered_units.hpp"

namespace retour::hub {

Hub::Hub(HubParts parts) : m_parts(std::move(parts)), m_outside(m_parts.store.outside_changes()) {}

Hub::News Hub::take_news() {
  return std::exchange(m_news, {});
}

bool Hub::outside_change() {
  const std::int64_t now = m_parts.store.outside_changes();
  return std::exchange(m_outside, now) != now;
}

void Hub::decide_by(PolicyPack policy, std::string policy_json) {
  m_parts.policy = std::move(policy);
  m_parts.policy_json = std::move(policy_json);
}

TransferId Hub::grant(const NodeId& node, std::vector<OrderUnits> items) {
  HubStore& store = m_parts.store;
  const auto transfer = m_parts.ids.make<TransferId>();
  std::map<OrderId, OrderRights> touched;
  for (const OrderUnits& part : items) {
    auto rights = touched.find(part.order_id);
    if (rights == touched.end()) rights = touched.emplace(part.order_id, *store.rights(part.order_id)).first;
    require(rights->second.move(part.units, Holder::hub(), Holder::in_transfer(transfer)).ok(),
            "only what the hub holds is granted");
  }
  std::vector<LoweredUnits> lowered;
  for (const auto& [order_id, rights] : touched) {
    store.put_rights(order_id, rights);
    const std::vector<LoweredUnits> before = store.lowered(order_id);
    if (before.empty()) continue;
    for (const OrderUnits& part : items) std::ranges::copy(lowered_within(before, part), std::back_inserter(lowered));
  }
  RightsGranted granted{transfer, node, std::move(items), std::move(lowered)};
  store.record(CommandId{transfer.bytes}, granted);
  store.put_outgoing(node, {Lane::grant, MessageId{transfer.bytes}, std::move(granted)});
  m_news.nodes.insert(node);
  return transfer;
}

std::optional<std::string> Hub::broken_conservation() {
  std::optional<std::string> broken;
  Work work(m_parts.store, m_parts.clock.now_ms());
  m_parts.store.each_right([&](const OrderId& id, const OrderRights& rights) {
    if (broken) return;
    const auto row = m_parts.store.order(id);
    if (!row) {
      broken = "rights of order " + id.to_string() + ", which is not here";
      return;
    }
    std::map<std::uint32_t, std::int64_t> units;
    for (const HeldRange& range : rights.ranges()) units[range.units.line_no] += range.units.count;
    const Order order = codec::unpack_order(row->evidence);
    for (const OrderLine& line : order.lines) {
      if (units[line.line_no] != line.quantity) {
        broken = "order " + order.number + " line " + std::to_string(line.line_no) + ": " +
                 std::to_string(line.quantity) + " units sold, " + std::to_string(units[line.line_no]) +
                 " have a holder";
        return;
      }
    }
    for (const Shipment& shipment : order.shipments) {
      if (units[line_of_shipment(shipment.shipment_no)] == 1) continue;
      broken = "order " + order.number + ": its shipment " + std::to_string(shipment.shipment_no) + " has no holder";
      return;
    }
  });
  return broken;
}

}  // namespace retour::hub
