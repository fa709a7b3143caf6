// What a node gets: rights placed at it, recalls, decisions, orders; most urgent first.
#include <algorithm>
#include <set>
#include <span>

#include "db/codec/event_codec.hpp"
#include "sync/hub/settling.hpp"

namespace retour::hub {

/// The evidence that one reply brings, within its bounds.
struct Hub::Evidence {
  protocol::PullReply& reply;
  std::size_t bytes_left = protocol::pull_bytes_max;

  std::size_t room() const {
    return protocol::pull_orders_max - std::min(protocol::pull_orders_max, reply.orders.size());
  }
  bool is_full() const { return room() == 0 || bytes_left == 0; }
  void add(codec::FeedItem&& item) {
    bytes_left -= std::min(bytes_left, item.evidence.size());
    reply.orders.push_back(std::move(item));
  }
  void add(OrderRow&& row) {
    add({row.feed_seq, row.catchment, row.order_id, std::move(row.evidence), row.customer, row.card});
  }
};

namespace {

void add_outgoing(const Outgoing& message, protocol::PullReply& reply) {
  if (const auto* grant = std::get_if<RightsGranted>(&message.body)) reply.grants.push_back(*grant);
  if (const auto* recall = std::get_if<RecallIssued>(&message.body)) reply.recalls.push_back(*recall);
  if (const auto* decision = std::get_if<ReferralAnswered>(&message.body)) reply.decisions.push_back(*decision);
}

/// What the node has not journalled, most urgent first; what finds no room comes when these are journalled.
void add_lanes(std::span<const Outgoing> messages, std::span<const TransferId> journalled,
               protocol::PullReply& reply) {
  const std::set<TransferId> known(journalled.begin(), journalled.end());
  std::size_t bytes = 0, count = 0;
  for (const Outgoing& message : messages) {
    if (known.contains(TransferId{message.id.bytes})) continue;
    if (bytes >= protocol::pull_lanes_bytes_max || count++ == protocol::pull_messages_max) {
      reply.more = true;
      return;
    }
    bytes += codec::encode(message.body).bytes.size();
    add_outgoing(message, reply);
  }
}

CivilDate oldest_of_others(const protocol::PullRequest& request) {
  constexpr std::int32_t kept = protocol::others_orders_days;
  return CivilDate{std::max(request.today.days, INT32_MIN + kept) - kept};
}

}  // namespace

protocol::PullReply Hub::pull(const protocol::PullRequest& request) {
  return pull(request, m_parts.clock.now_ms());
}

protocol::PullReply Hub::pull(const protocol::PullRequest& request, std::int64_t asked_at_ms) {
  HubStore& store = m_parts.store;
  Settling settling(*this);
  protocol::PullReply reply{.hub_epoch = store.hub_epoch(), .cursors = request.cursors};
  std::optional<NodeRow> node = store.node(request.node);
  if (!node || node->revoked) {  // a call that waits while its store is revoked gets nothing any more
    settling.end(false);
    return reply;
  }
  const bool settled = settle_open();
  const std::uint64_t granted_before = node->granted_seq;
  const std::vector<Outgoing> messages = messages_for(*node, reply);
  const bool first_contact = node->last_contact_ms == 0;
  const bool worth_a_commit = settled || node->granted_seq != granted_before || first_contact;
  const Contact contact{asked_at_ms, skew_of(request.clock_ms, asked_at_ms), request.journal_seq};

  add_lanes(messages, request.journalled, reply);
  add_pending(node->node, reply);
  Evidence evidence{reply};
  add_wanted(request, *node, evidence);
  add_guests(request, *node, evidence);
  add_orders(request, *node, evidence);
  if (worth_a_commit) {
    contact.note_in(*node);
    store.put_progress(*node);
    store.drop_token(node->node);
  } else {
    m_contacts[request.node] = contact;
  }
  settling.end(worth_a_commit);
  return reply;
}

/// What waits for the node. A node that acknowledges nothing is given nothing more to keep.
std::vector<Outgoing> Hub::messages_for(NodeRow& node, protocol::PullReply& reply) {
  std::vector<Outgoing> messages = m_parts.store.outgoing(node.node, outgoing_read_max);
  const auto is_grant = [](const Outgoing& message) { return message.lane == Lane::grant; };
  const auto in_transfer = static_cast<std::size_t>(std::ranges::count_if(messages, is_grant));
  if (in_transfer >= grants_in_transfer_max) return messages;
  const std::uint64_t granted_before = node.granted_seq;
  reply.more = place_rights(node);
  if (node.granted_seq != granted_before) messages = m_parts.store.outgoing(node.node, outgoing_read_max);
  return messages;
}

void Hub::Contact::note_in(NodeRow& node) const {
  node.node_seq = std::max(node.node_seq, node_seq);
  if (at_ms < node.last_contact_ms) return;
  node.last_contact_ms = at_ms;
  node.clock_skew_ms = clock_skew_ms;
}

// Ten thousand stores that wait and ask again call two hundred times a second: one commit for all of them.
void Hub::keep_contacts() {
  const std::int64_t now_ms = m_parts.clock.now_ms();
  if (m_contacts.empty() || now_ms - m_contacts_kept_ms < contact_kept_every_ms) return;
  Work work(m_parts.store, now_ms);
  for (const auto& [id, contact] : m_contacts) {
    std::optional<NodeRow> node = m_parts.store.node(id);
    if (!node) continue;
    contact.note_in(*node);
    m_parts.store.put_progress(*node);
  }
  work.commit();
  m_contacts.clear();
  m_contacts_kept_ms = now_ms;
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

void Hub::add_pending(const NodeId& node, protocol::PullReply& reply) {
  const auto pending = m_pending.find(node);
  if (pending == m_pending.end()) return;
  std::vector<ReferralId>& all = pending->second;
  const auto told = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), protocol::pull_pending_max));
  reply.pending.assign(all.begin(), told);
  all.erase(all.begin(), told);
  if (all.empty()) m_pending.erase(pending);
}

// A guest goes with the replica when that is lost before the line is settled: then the node asks for it by name.
// Whoever holds a right of an order may see it, be it ever so old and at home elsewhere.
void Hub::add_wanted(const protocol::PullRequest& request, const NodeRow& node, Evidence& evidence) {
  const auto is_theirs = [&](const HeldRange& range) {
    return range.holder == Holder::node(node.node) || range.holder.kind == HolderKind::in_transfer;
  };
  const std::size_t count = std::min(request.wanted.size(), protocol::pull_wanted_max);
  for (const OrderId& id : std::span(request.wanted).first(count)) {
    if (evidence.is_full()) return;  // it asks for the rest again
    const std::optional<OrderRights> rights = m_parts.store.rights(id);
    if (!rights || !std::any_of(rights->ranges().begin(), rights->ranges().end(), is_theirs)) continue;
    if (auto order = m_parts.store.order(id)) evidence.add(*std::move(order));
  }
}

// The evidence of a decision may be older than what the store keeps of other catchments: then it comes as a guest,
// beside the feed and without moving a cursor. One that finds no room is asked for by name.
void Hub::add_guests(const protocol::PullRequest& request, const NodeRow& node, Evidence& evidence) {
  std::set<OrderId> guests;
  for (const ReferralAnswered& answer : evidence.reply.decisions) {
    for (const OrderUnits& part : answer.decision.taken) guests.insert(part.order_id);
  }
  for (const OrderId& id : guests) {
    if (evidence.is_full()) return;
    std::optional<OrderRow> order = m_parts.store.order(id);
    if (!order || order->catchment == node.catchment || order->day >= oldest_of_others(request)) continue;
    evidence.add(*std::move(order));
  }
}

void Hub::add_orders(const protocol::PullRequest& request, const NodeRow& node, Evidence& evidence) {
  protocol::PullReply& reply = evidence.reply;
  std::map<std::uint16_t, std::uint64_t> cursors;
  for (const protocol::FeedCursor& cursor : request.cursors) cursors[cursor.catchment] = cursor.feed_seq;
  // A program that knows of documents names its cursor; moving it says that there are new ones to fetch.
  if (const auto lane = cursors.find(protocol::documents_lane); lane != cursors.end())
    lane->second = documents_to_tell(lane->second);
  if (const auto lane = cursors.find(protocol::started_lane); lane != cursors.end())
    lane->second = m_parts.store.started_head(node.node);
  if (const auto lane = cursors.find(protocol::counted_lane); lane != cursors.end())
    lane->second = m_parts.store.counted_head(node.node);
  for (const auto& [catchment, head] : m_parts.store.feed_heads()) {
    std::uint64_t& cursor = cursors[catchment];
    if (cursor >= head) continue;
    if (evidence.is_full()) {
      reply.more = true;
      break;
    }
    const CivilDate from_day = catchment == node.catchment ? CivilDate{INT32_MIN} : oldest_of_others(request);
    FeedSlice slice = m_parts.store.feed(catchment, cursor, from_day, evidence.room(), evidence.bytes_left);
    cursor = slice.next_seq;
    reply.more |= slice.more;
    for (codec::FeedItem& item : slice.items) evidence.add(std::move(item));
  }
  reply.cursors.clear();
  for (const auto& [catchment, feed_seq] : cursors) reply.cursors.push_back({catchment, feed_seq});
}

}  // namespace retour::hub
