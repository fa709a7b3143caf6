// What a node gets: rights placed at it, recalls, decisions, orders; most urgent first.
#include <algorithm>
#include <set>
#include <span>

#include "sync/hub/hub.hpp"

namespace retour::hub {

namespace {

void add_outgoing(const Outgoing& message, protocol::PullReply& reply) {
  if (const auto* grant = std::get_if<RightsGranted>(&message.body)) reply.grants.push_back(*grant);
  if (const auto* recall = std::get_if<RecallIssued>(&message.body)) reply.recalls.push_back(*recall);
  if (const auto* decision = std::get_if<ReferralAnswered>(&message.body)) reply.decisions.push_back(*decision);
}

}  // namespace

protocol::PullReply Hub::pull(const protocol::PullRequest& request) {
  HubStore& store = m_parts.store;
  const std::int64_t now_ms = m_parts.clock.now_ms();
  Work work(store, now_ms);
  protocol::PullReply reply{.hub_epoch = store.hub_epoch(), .cursors = request.cursors};
  std::optional<NodeRow> node = store.node(request.node);
  if (!node || node->revoked) return reply;  // a call that waits while its store is revoked gets nothing any more
  const bool settled = settle_open();
  const std::uint64_t granted_before = node->granted_seq;
  reply.more = place_rights(*node);
  // Who called when is worth a commit now and then, not with every call of ten thousand stores.
  const bool worth_keeping =
      settled || node->granted_seq != granted_before || now_ms - node->last_contact_ms >= contact_kept_every_ms;
  node->last_contact_ms = now_ms;
  node->clock_skew_ms = skew_of(request.clock_ms, now_ms);
  node->node_seq = std::max(node->node_seq, request.journal_seq);

  const std::set<TransferId> journalled(request.journalled.begin(), request.journalled.end());
  for (const Outgoing& message : store.outgoing(node->node)) {
    if (!journalled.contains(TransferId{message.id.bytes})) add_outgoing(message, reply);
  }
  if (const auto pending = m_pending.find(node->node); pending != m_pending.end()) {
    reply.pending = std::move(pending->second);
    m_pending.erase(pending);
  }
  add_wanted(request, *node, reply);
  add_orders(request, *node, reply);
  add_guests(request, *node, reply);
  if (worth_keeping) {
    store.put_node(*node);
    store.drop_token(node->node);
    work.commit();
  }
  return reply;
}

// A placement is an intent until the node itself asks: from here on the units are in transfer.
bool Hub::place_rights(NodeRow& node) {
  const auto placed = m_parts.store.feed_ids(node.catchment, node.granted_seq, grant_orders_max);
  std::vector<OrderUnits> items;
  for (const auto& [feed_seq, order_id] : placed) {
    node.granted_seq = feed_seq;
    const std::optional<OrderRights> rights = m_parts.store.rights(order_id);
    if (!rights) continue;
    // Nothing is free of a sale born at a till, or when all was claimed meanwhile.
    // The right of a shipment stays here: only who knows all claims on the order can judge it.
    for (const UnitRange& units : rights->held_by(Holder::hub())) {
      if (!is_shipment_line(units.line_no)) items.push_back({order_id, units});
    }
    if (items.size() >= grant_items_max) break;
  }
  const bool more = placed.size() == grant_orders_max || items.size() >= grant_items_max;
  if (!items.empty()) grant(node.node, std::move(items));
  return more;
}

// The evidence of a decision may be older than what the store keeps of other catchments: then it comes as a guest,
// beside the feed and without moving a cursor.
void Hub::add_guests(const protocol::PullRequest& request, const NodeRow& node, protocol::PullReply& reply) {
  const CivilDate oldest{std::max(request.today.days, INT32_MIN + protocol::others_orders_days) -
                         protocol::others_orders_days};
  std::set<OrderId> guests;
  for (const ReferralAnswered& answer : reply.decisions) {
    for (const OrderUnits& part : answer.decision.taken) guests.insert(part.order_id);
  }
  for (const OrderId& id : guests) {
    std::optional<OrderRow> order = m_parts.store.order(id);
    if (!order || order->catchment == node.catchment || order->day >= oldest) continue;
    reply.orders.push_back({.feed_seq = order->feed_seq,
                            .catchment = order->catchment,
                            .order_id = order->order_id,
                            .evidence = std::move(order->evidence),
                            .customer = order->customer,
                            .card = order->card});
  }
}

// A guest goes with the replica when that is lost before the line is settled: then the node asks for it by name.
// Whoever holds a right of an order may see it, be it ever so old and at home elsewhere.
void Hub::add_wanted(const protocol::PullRequest& request, const NodeRow& node, protocol::PullReply& reply) {
  const auto is_theirs = [&](const HeldRange& range) {
    return range.holder == Holder::node(node.node) || range.holder.kind == HolderKind::in_transfer;
  };
  const std::size_t count = std::min(request.wanted.size(), protocol::pull_wanted_max);
  for (const OrderId& id : std::span(request.wanted).first(count)) {
    const std::optional<OrderRights> rights = m_parts.store.rights(id);
    if (!rights || !std::any_of(rights->ranges().begin(), rights->ranges().end(), is_theirs)) continue;
    const OrderRow row = *m_parts.store.order(id);
    reply.orders.push_back({row.feed_seq, row.catchment, row.order_id, row.evidence, row.customer, row.card});
  }
}

void Hub::add_orders(const protocol::PullRequest& request, const NodeRow& node, protocol::PullReply& reply) {
  std::map<std::uint16_t, std::uint64_t> cursors;
  for (const protocol::FeedCursor& cursor : request.cursors) cursors[cursor.catchment] = cursor.feed_seq;
  const CivilDate oldest{std::max(request.today.days, INT32_MIN + protocol::others_orders_days) -
                         protocol::others_orders_days};
  std::size_t bytes_left = protocol::pull_bytes_max;
  for (const auto& [catchment, head] : m_parts.store.feed_heads()) {
    std::uint64_t& cursor = cursors[catchment];
    if (cursor >= head) continue;
    const std::size_t room = protocol::pull_orders_max - std::min(protocol::pull_orders_max, reply.orders.size());
    if (room == 0 || bytes_left == 0) {
      reply.more = true;
      break;
    }
    const CivilDate from_day = catchment == node.catchment ? CivilDate{INT32_MIN} : oldest;
    FeedSlice slice = m_parts.store.feed(catchment, cursor, from_day, room, bytes_left);
    cursor = slice.next_seq;
    reply.more |= slice.more;
    for (codec::FeedItem& item : slice.items) {
      bytes_left -= std::min(bytes_left, item.evidence.size());
      reply.orders.push_back(std::move(item));
    }
  }
  reply.cursors.clear();
  for (const auto& [catchment, feed_seq] : cursors) reply.cursors.push_back({catchment, feed_seq});
}

}  // namespace retour::hub
