// Journals come in: each event once, in order, checked against the chain, then folded, all in one transaction.
#include <algorithm>

#include "db/journal/chain.hpp"
#include "sync/hub/settling.hpp"

namespace retour::hub {

namespace {

journal::Head head_of(const NodeRow& node, std::uint64_t epoch) {
  if (node.epoch != epoch) return {.identity = {node.node, epoch}};  // a journal that begins
  return {
      .identity = {node.node, epoch}, .seq = node.journal_seq, .hash = node.journal_hash, .hlc = node.journal_hlc};
}

/// Of a batch only the two ends of its chain travel: the hashes in between are computed here, so that they cannot
/// lie. True when the chain ends where the sender says. The ends stay as they came, so that a batch may be judged
/// again.
bool rehash(std::span<EventEnvelope> events) {
  journal::EventHasher hash;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) events[i + 1].prev_hash = events[i].hash = hash(events[i]);
  return hash(events.back()) == events.back().hash;
}

constexpr std::uint64_t stored_number_max = INT64_MAX;  // a store of the hub keeps signed 64 bits

bool can_be_kept(const EventEnvelope& event) {
  return event.kind_version > 0 && event.hlc.packed <= stored_number_max;
}

bool times_rise(std::span<const EventEnvelope> events, HlcTime before) {
  for (const EventEnvelope& event : events) {
    if (event.hlc <= before) return false;
    before = event.hlc;
  }
  return true;
}

}  // namespace

protocol::PushReply Hub::reply_of(const NodeRow& node, protocol::PushCode code, std::string detail) {
  protocol::PushReply reply{.hub_epoch = m_parts.store.hub_epoch(),
                            .code = code,
                            .head_seq = node.journal_seq,
                            .head_hash = node.journal_hash,
                            .detail = std::move(detail)};
  if (node.journal_seq > 0) reply.countersignature = m_parts.key.sign(node.journal_hash.bytes);
  return reply;
}

const codec::VerifyKey& Hub::key_of(const NodeRow& node) {
  const auto known = m_keys.find(node.serial);
  if (known != m_keys.end()) return known->second;
  return m_keys.emplace(node.serial, codec::VerifyKey::from_pem(node.certificate_pem)).first->second;
}

protocol::PushReply Hub::push(protocol::PushRequest request) {
  return push(std::span(&request, 1)).front();
}

std::vector<protocol::PushReply> Hub::push(std::span<protocol::PushRequest> requests) {
  const std::int64_t now_ms = m_parts.clock.now_ms();
  Settling settling(*this);
  std::vector<protocol::PushReply> replies;
  replies.reserve(requests.size());
  bool taken = false;
  for (protocol::PushRequest& request : requests) {
    replies.push_back(take_batch(request, now_ms));
    taken |= replies.back().code == protocol::PushCode::accepted && !request.events.empty();
  }
  if (taken) settle_open();
  settling.end(taken);
  return replies;
}

/// What the hub thinks of a batch before it takes anything of it.
struct Hub::Judgement {
  protocol::PushCode code = protocol::PushCode::accepted;
  std::string detail = {};
  std::size_t known = 0;  // so many of its events, from the first, the hub has already
};

/// A batch that is refused has changed nothing.
protocol::PushReply Hub::take_batch(protocol::PushRequest& request, std::int64_t now_ms) {
  HubStore& store = m_parts.store;
  std::optional<NodeRow> node = store.node(request.node);
  if (!node)
    return {.hub_epoch = store.hub_epoch(),
            .code = protocol::PushCode::unknown_node,
            .detail = "this hub does not know the store"};
  if (request.events.empty()) return reply_of(*node, protocol::PushCode::accepted);
  Judgement judged = judge(*node, request);
  if (judged.code != protocol::PushCode::accepted) return reply_of(*node, judged.code, std::move(judged.detail));
  take_events(*node, request, judged.known);
  node->last_contact_ms = now_ms;
  node->clock_skew_ms = skew_of(request.clock_ms, now_ms);
  store.put_progress(*node);
  store.drop_token(node->node);
  return reply_of(*node, protocol::PushCode::accepted);
}

/// The most basic reason against the batch, if there is any. Completes the hashes of its events.
Hub::Judgement Hub::judge(const NodeRow& node, protocol::PushRequest& request) {
  using protocol::PushCode;
  if (node.epoch != 0 && node.epoch != request.epoch) {
    return {PushCode::forked,
            "the hub knows this store by another journal: this one is a copy, or the store was set up anew "
            "without enrolling"};
  }
  if (request.epoch == 0 || request.epoch > stored_number_max)
    return {PushCode::chain_broken, "no journal has this epoch"};
  const journal::Head head = head_of(node, request.epoch);
  if (request.events.front().seq > head.seq + 1)
    return {PushCode::gap, "the hub has events up to " + std::to_string(head.seq)};
  if (!rehash(request.events))
    return {PushCode::chain_broken, "the last hash of the batch is not the hash of what it says"};
  if (!key_of(node).verify(request.events.back().hash.bytes, request.signature))
    return {PushCode::signature_wrong, "the batch is not signed by the key this store enrolled with"};
  return judge_chain(head, request.events);
}

/// Where the hub's events and these part, if they do. A hash covers all before it: when the last event of both is the
/// same, all are.
std::optional<std::uint64_t> Hub::parting(const journal::Head& head, std::span<const EventEnvelope> known) {
  const auto differs = [&](const EventEnvelope& event) {
    const auto ours = event.seq == head.seq
                          ? head.hash
                          : m_parts.store.event_hash(head.identity.node, head.identity.epoch, event.seq);
    return ours != event.hash;
  };
  if (known.empty() || !differs(known.back())) return std::nullopt;
  return std::ranges::find_if(known, differs)->seq;
}

/// Events whose hashes and signature hold: do they go on from what the hub has?
Hub::Judgement Hub::judge_chain(const journal::Head& head, std::span<const EventEnvelope> events) {
  using protocol::PushCode;
  const auto known =
      static_cast<std::size_t>(std::min<std::uint64_t>(events.size(), head.seq + 1 - events.front().seq));
  if (const auto seq = parting(head, events.first(known)))
    return {PushCode::forked, "the hub has another event at " + std::to_string(*seq)};
  const std::span<const EventEnvelope> fresh = events.subspan(known);
  if (!fresh.empty() && (fresh.front().prev_hash != head.hash || !times_rise(fresh, head.hlc))) {
    return {PushCode::chain_broken,
            "event " + std::to_string(fresh.front().seq) + " does not follow from the one before"};
  }
  if (const auto bad = std::ranges::find_if_not(fresh, can_be_kept); bad != fresh.end()) {
    return {PushCode::chain_broken,
            "event " + std::to_string(bad->seq) + " has a time or a version that no journal writes"};
  }
  return {.known = known};
}

/// Keeps and folds the events that are new, and moves the node's head.
void Hub::take_events(NodeRow& node, const protocol::PushRequest& request, std::size_t known) {
  const std::span<const EventEnvelope> fresh = std::span(request.events).subspan(known);
  if (fresh.empty()) return;
  HubStore& store = m_parts.store;
  for (const protocol::SubjectEntry& subject : request.subjects)
    store.put_subject(subject.subject, subject.customer_key);
  store.insert_events(fresh);
  m_feed_heads.clear();
  for (const EventEnvelope& event : fresh) fold(event, request);
  m_feed_heads.clear();
  node.epoch = request.epoch;
  node.journal_seq = fresh.back().seq;
  node.journal_hash = fresh.back().hash;
  node.journal_hlc = fresh.back().hlc;
  node.node_seq = std::max(node.node_seq, fresh.back().seq);
}

}  // namespace retour::hub
