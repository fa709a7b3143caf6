#include "sync/hub_program/page/collect_status.hpp"

#include <algorithm>

#include "db/codec/order_codec.hpp"

namespace retour::hub_program {

namespace {

using NodeNames = std::map<NodeId, std::string>;

constexpr const char* hub_name = "(hub)";  // goods sold online; no store can have this name

NodeNames names_of(hub::HubStore& store, const std::vector<hub::NodeRow>& nodes) {
  NodeNames names{{store.hub_node(), hub_name}};
  for (const hub::NodeRow& node : nodes) names[node.node] = node.name;
  return names;
}

std::string name_of(const NodeNames& names, const NodeId& node) {
  const auto found = names.find(node);
  return found == names.end() ? node.to_string() : found->second;
}

NodeStatus node_status(const hub::NodeRow& row, const LiveStatus& live, std::uint64_t messages_waiting) {
  return {.node = row.node,
          .name = row.name,
          .enrolled = !row.certificate_pem.empty(),
          .revoked = row.revoked,
          .online = !row.revoked && live.online.contains(row.node),
          .last_contact_ms = row.last_contact_ms,
          .journal_seq = row.journal_seq,
          .node_journal_seq = row.node_seq,
          .messages_waiting = messages_waiting,
          .clock_skew_ms = row.clock_skew_ms};
}

ReferralStatus referral_status(const hub::OpenReferral& open, const NodeNames& names) {
  ReferralStatus status{.referral_id = open.row.referral_id,
                        .asked_by = name_of(names, open.row.node),
                        .asked_at_ms = open.row.asked_at_ms,
                        .sku = open.row.asked.ask.sku,
                        .quantity = open.row.asked.ask.quantity};
  if (open.waits_for) status.waits_for.push_back(name_of(names, *open.waits_for));
  return status;
}

/// The nodes with what the hub has counted for each of them.
std::vector<NodeStatus> node_statuses(hub::HubStore& store, const std::vector<hub::NodeRow>& rows,
                                      const LiveStatus& live) {
  std::map<NodeId, NodeStatus> nodes;
  for (const hub::NodeRow& row : rows) nodes[row.node] = node_status(row, live, store.outgoing_count(row.node));
  for (const hub::Refunded& refunded : store.refunded())
    nodes[refunded.node].refunded[refunded.currency] = refunded.minor;
  for (const hub::Anomaly& anomaly : store.anomalies()) ++nodes[anomaly.node].anomalies;
  std::vector<NodeStatus> known;
  for (const hub::NodeRow& row : rows) known.push_back(std::move(nodes[row.node]));
  return known;
}

/// Adds one order's units to the sums, by holder, and says what is wrong with them.
class RightsCount {
 public:
  RightsCount(RightsStatus& sums, const NodeNames& names) : m_sums(sums), m_names(names) {}

  void add(const Order& order, const OrderRights& rights) {
    ++m_sums.orders;
    auto range = rights.ranges().begin();
    const auto end = rights.ranges().end();
    for (const OrderLine& line : order.lines) {
      m_sums.purchased += line.quantity;
      std::int64_t next = 0;
      while (range != end && range->units.line_no == line.line_no && range->units.first == next) {
        add(*range);
        next = range->units.end();
        ++range;
      }
      if (next != line.quantity) {
        fault("order " + order.number + " line " + std::to_string(line.line_no) + ": " +
              std::to_string(line.quantity) + " units were sold, the first " + std::to_string(next) +
              " have one holder each");
        while (range != end && range->units.line_no == line.line_no) ++range;
      }
    }
    if (range != end)
      fault("order " + order.number + ": rights for line " + std::to_string(range->units.line_no) +
            ", which it has not");
  }
  void fault(const std::string& text) {
    m_sums.conserved = false;
    if (m_sums.first_fault.empty()) m_sums.first_fault = text;
  }

 private:
  void add(const HeldRange& range) {
    switch (range.holder.kind) {
      case HolderKind::hub:
        m_sums.at_hub += range.units.count;
        break;
      case HolderKind::node:
        m_sums.at_nodes[name_of(m_names, NodeId{range.holder.id})] += range.units.count;
        break;
      case HolderKind::in_transfer:
        m_sums.in_transfer += range.units.count;
        break;
      case HolderKind::claimed:
        m_sums.claimed += range.units.count;
        break;
      case HolderKind::cancelled:
        m_sums.cancelled += range.units.count;
        break;
    }
  }

  RightsStatus& m_sums;
  const NodeNames& m_names;
};

}  // namespace

LiveStatus live_status(hub::Hub& hub) {
  return {.online = hub.reachable(), .referrals = hub.open_referrals(referrals_listed_max)};
}

void collect_status(hub::HubStore& store, const LiveStatus& live, HubStatus& status) {
  const hub::View view(store);
  const std::vector<hub::NodeRow> rows = store.nodes();
  const NodeNames names = names_of(store, rows);
  status.hub_epoch = store.hub_epoch();
  status.orders = store.order_count();
  status.nodes = node_statuses(store, rows, live);
  for (const hub::StockLevel& level : store.stock()) {
    status.stock[name_of(names, level.node)].push_back(
        {level.sku, std::string(to_string(level.bucket)), level.quantity});
  }
  for (const hub::Anomaly& anomaly : store.anomalies()) {
    status.anomalies.push_back({name_of(names, anomaly.node), anomaly.epoch, anomaly.seq, anomaly.detail});
  }
  std::reverse(status.anomalies.begin(), status.anomalies.end());
  status.documents = store.document_head();
  for (const hub::NodeRow& row : rows) {
    for (auto& one : store.refused_documents(row.node))
      status.documents_refused.push_back({row.name, one.seq, one.kind, one.name, std::move(one.reason)});
  }
  status.referrals_open = live.referrals.count;
  for (const hub::OpenReferral& open : live.referrals.oldest)
    status.referrals.push_back(referral_status(open, names));
  by_attention(status.nodes, status.now_ms);
}

RightsStatus count_rights(hub::HubStore& store, std::int64_t now_ms) {
  const hub::View view(store);
  const NodeNames names = names_of(store, store.nodes());
  RightsStatus sums{.conserved = true, .as_of_ms = now_ms};
  RightsCount count(sums, names);
  store.each_right([&](const OrderId& id, const OrderRights& rights) {
    const std::optional<hub::OrderRow> row = store.order(id);
    if (!row) return count.fault("rights of order " + id.to_string() + ", which is not here");
    count.add(codec::unpack_order(row->evidence), rights);
  });
  if (sums.orders != store.order_count()) {
    count.fault(std::to_string(store.order_count()) + " orders are here, " + std::to_string(sums.orders) +
                " have rights");
  }
  return sums;
}

}  // namespace retour::hub_program
