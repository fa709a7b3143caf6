#include "sync/daemon/sync_node.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/orders/replica_builder.hpp"
#include "db/projections/counted_returns.hpp"
#include "db/projections/readers.hpp"
#include "db/projections/started_returns.hpp"
#include "plugin/app/counted_returns.hpp"
#include "plugin/app/started_return.hpp"
#include "plugin/app/take_lanes.hpp"
#include "plugin/core/base/require.hpp"
#include "sync/protocol/counted_returns.hpp"
#include "sync/protocol/message_codec.hpp"
#include "sync/protocol/started_returns.hpp"

namespace retour::daemon {

namespace {

/// What the hub says when it says no, or that it has trouble of its own.
engine::CallFailed failed(engine::Lane lane, const transport::Reply& reply) {
  const protocol::ErrorReply error = protocol::decode_error(reply.body);
  return {.lane = lane,
          .refused = reply.status >= 400 && reply.status < 500,
          .detail = error.detail.empty() ? error.code : error.detail};
}

engine::CallFailed failed(engine::Lane lane, const std::exception& error) {
  return {.lane = lane, .refused = false, .detail = error.what()};
}

/// Takes the cursor of a lane of its own out of what the hub said of orders. Empty: it said nothing of that lane.
std::optional<std::uint64_t> take_cursor(std::vector<codec::FeedCursor>& cursors, std::uint16_t of_lane) {
  const auto is_lane = [&](const codec::FeedCursor& cursor) { return cursor.catchment == of_lane; };
  const auto lane = std::find_if(cursors.begin(), cursors.end(), is_lane);
  if (lane == cursors.end()) return std::nullopt;
  const std::uint64_t seq = lane->feed_seq;
  cursors.erase(lane);
  return seq;
}

/// The subject an event names, if it names one.
struct SubjectOf {
  std::optional<SubjectId> operator()(const CaseOpened& event) const { return event.subject; }
  std::optional<SubjectId> operator()(const LineReferred& event) const { return event.subject; }
  template <class Other>
  std::optional<SubjectId> operator()(const Other&) const {
    return std::nullopt;
  }
};

/// What travels beside the events because it may not stand in them: people and keys of own sales.
void add_side_data(sqlite::Database& database, protocol::PushRequest& request) {
  for (const EventEnvelope& event : request.events) {
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (!body) continue;
    if (const auto subject = std::visit(SubjectOf{}, *body)) {
      if (const auto key = projections::customer_of_subject(database, *subject))
        request.subjects.push_back({*subject, *key});
    }
    if (const auto* sale = std::get_if<SaleRecorded>(&*body)) {
      if (const auto keys = projections::sale_key_of(database, sale->order_id)) {
        request.sale_keys.push_back({sale->order_id, keys->customer, keys->card});
      }
    }
  }
}

/// What is known of a started return by an item; a body of a later version than this program knows is not kept.
app::StartedNews news_of(const protocol::StartedItem& item) {
  const auto body = codec::decode("return_started", item.version, item.body);
  if (!body) return {};
  const auto& started = std::get<ReturnStarted>(*body);
  if (!item.open) return {started.started_id, std::nullopt};
  return {started.started_id, projections::KnownStarted{started, item.approved, item.approved_by}};
}

}  // namespace

engine::State SyncNode::initial_state() {
  engine::State state;
  state.node = m_parts.journal.identity().node;
  state.journal_seq = m_parts.journal.head().seq;
  if (const auto acknowledged = m_parts.journal.acknowledged()) {
    state.acked_seq = acknowledged->seq;
    state.hub_epoch = acknowledged->hub_epoch;
  }
  state.has_replica = m_parts.orders.feed_position() > 0;
  return state;
}

Carried SyncNode::carry_out(const engine::Action& action) {
  if (const auto* push_action = std::get_if<engine::Push>(&action)) return push(*push_action);
  if (const auto* pull_action = std::get_if<engine::Pull>(&action)) return pull(*pull_action);
  if (std::holds_alternative<engine::SendPhoto>(action)) return send_photo();
  return bootstrap();
}

Carried SyncNode::push(const engine::Push& action) {
  protocol::PushRequest request{.node = m_parts.journal.identity().node, .epoch = m_parts.journal.identity().epoch};
  request.events =
      m_parts.journal.read(action.from_seq, protocol::push_batch_events_max, protocol::push_batch_bytes_max);
  if (request.events.empty()) {
    // The hub knows more of this journal than the file holds: the file is an older copy of itself.
    return {.result = engine::CallFailed{.lane = engine::Lane::up,
                                         .refused = true,
                                         .detail = "the journal ends before what the hub has acknowledged"}};
  }
  add_side_data(m_parts.journal.database(), request);
  request.signature = m_parts.key.sign(request.events.back().hash.bytes);
  request.clock_ms = m_parts.clock.now_ms();
  try {
    const transport::Reply reply =
        m_parts.hub.call("POST", "/sync/v1/push", protocol::encode(request), push_timeout_ms);
    if (reply.status != 200) return {.result = failed(engine::Lane::up, reply)};
    const auto answer = protocol::decode<protocol::PushReply>(reply.body);
    const bool signed_by_hub =
        answer.head_seq == 0 || m_parts.hub_key.verify(answer.head_hash.bytes, answer.countersignature);
    if (!signed_by_hub) {
      return {.result = engine::CallFailed{
                  .lane = engine::Lane::up,
                  .refused = true,
                  .detail = "the hub's countersignature is not of the key this store was enrolled with"}};
    }
    const bool taken = answer.code == protocol::PushCode::accepted || answer.code == protocol::PushCode::gap;
    const auto before = m_parts.journal.acknowledged();
    if (taken && answer.hub_epoch >= (before ? before->hub_epoch : 0)) {
      m_parts.journal.acknowledge({.seq = answer.head_seq,
                                   .hash = answer.head_hash,
                                   .hub_epoch = answer.hub_epoch,
                                   .countersignature = answer.countersignature});
    }
    return {.result = engine::PushAnswered{.hub_epoch = answer.hub_epoch,
                                           .code = answer.code,
                                           .head_seq = answer.head_seq,
                                           .detail = answer.detail}};
  } catch (const transport::HubUnreachable& error) {
    return {.result = failed(engine::Lane::up, error)};
  } catch (const codec::MalformedBody& error) {
    return {.result = failed(engine::Lane::up, error)};
  }
}

Carried SyncNode::pull(const engine::Pull& action) {
  const std::int64_t now_ms = m_parts.clock.now_ms();
  const auto acknowledged = m_parts.journal.acknowledged();
  protocol::PullRequest request{.node = m_parts.journal.identity().node,
                                .hub_epoch = acknowledged ? acknowledged->hub_epoch : 0,
                                .cursors = m_parts.orders.cursors(),
                                .today = CivilDate::of_ms(now_ms),
                                .journalled = app::taken_since(m_parts.journal, acknowledged ? acknowledged->seq : 0),
                                .wait_ms = action.wait_ms,
                                .journal_seq = m_parts.journal.head().seq,
                                .clock_ms = now_ms,
                                .wanted = app::orders_wanted(m_parts.journal, m_parts.orders)};
  const std::uint64_t started = projections::started_cursor(m_parts.journal.database());
  request.cursors.push_back({protocol::started_lane, started});
  const std::uint64_t counted = projections::counted_cursor(m_parts.journal.database());
  request.cursors.push_back({protocol::counted_lane, counted});
  if (m_parts.documents) request.cursors.push_back({protocol::documents_lane, m_parts.documents->after()});
  if (request.wanted.size() > protocol::pull_wanted_max) request.wanted.resize(protocol::pull_wanted_max);
  try {
    const transport::Reply reply = m_parts.hub.call("POST", "/sync/v1/pull", protocol::encode(request),
                                                    static_cast<int>(action.wait_ms) + pull_grace_ms);
    if (reply.status != 200) return {.result = failed(engine::Lane::down, reply)};
    auto answer = protocol::decode<protocol::PullReply>(reply.body);
    Carried carried{.result = engine::PullAnswered{.hub_epoch = answer.hub_epoch, .more = answer.more}};
    if (answer.hub_epoch < request.hub_epoch) return carried;  // an older hub: the engine says so, nothing is taken
    const auto documents = take_cursor(answer.cursors, protocol::documents_lane);
    const auto started_head = take_cursor(answer.cursors, protocol::started_lane);
    const auto counted_head = take_cursor(answer.cursors, protocol::counted_lane);
    // Counts before decisions: whoever pays looks at them once more. What fails here keeps no right and no order
    // waiting.
    std::optional<engine::CallFailed> counting;
    if (counted_head && *counted_head != counted) counting = fetch_counted();
    // Evidence first within one reply: a decision then finds the order it speaks of.
    const auto applied = m_parts.orders.apply(answer.orders, answer.cursors);
    carried.orders = applied.added + applied.replaced;
    carried.messages =
        app::take_lanes(m_parts.journal, {answer.grants, answer.recalls, answer.decisions, answer.pending}, now_ms);
    if (counting) carried.result = *std::move(counting);
    if (started_head && *started_head != started) {
      if (auto failed_call = fetch_started()) carried.result = *std::move(failed_call);
    }
    if (m_parts.documents && documents && *documents != m_parts.documents->after()) {
      if (auto failed_call = fetch_documents()) carried.result = *std::move(failed_call);
    }
    return carried;
  } catch (const transport::HubUnreachable& error) {
    return {.result = failed(engine::Lane::down, error)};
  } catch (const codec::MalformedBody& error) {
    return {.result = failed(engine::Lane::down, error)};
  }
}

/// One document a call, until the hub has no more. What a store refuses is told with the next call, so the last one,
/// which brings nothing, has told everything.
std::optional<engine::CallFailed> SyncNode::fetch_documents() {
  documents::DocumentShelf& shelf = *m_parts.documents;
  for (int i = 0; i < documents_a_pull_max; ++i) {
    const protocol::DocumentsRequest request{
        .node = m_parts.journal.identity().node, .after = shelf.after(), .refused = shelf.refused()};
    const transport::Reply reply =
        m_parts.hub.call("POST", "/sync/v1/documents", protocol::encode(request), document_timeout_ms);
    if (reply.status != 200) return failed(engine::Lane::down, reply);
    const auto answer = protocol::decode<protocol::DocumentsReply>(reply.body);
    if (answer.head < shelf.after()) {
      shelf.start_over(answer.head);
      continue;
    }
    if (!answer.document) return std::nullopt;
    if (answer.document->seq <= shelf.after()) {
      return engine::CallFailed{.lane = engine::Lane::down,
                                .detail = "the hub sent a document that was not asked for"};
    }
    shelf.take(*answer.document);
  }
  return std::nullopt;
}

std::optional<engine::CallFailed> SyncNode::fetch_counted() {
  const BusinessDate oldest{CivilDate::of_ms(m_parts.clock.now_ms()).days - protocol::counted_days};
  for (int i = 0; i < counted_calls_max; ++i) {
    const std::uint64_t after = projections::counted_cursor(m_parts.journal.database());
    const protocol::CountedRequest request{.node = m_parts.journal.identity().node, .after = after};
    const transport::Reply reply =
        m_parts.hub.call("POST", "/sync/v1/counted-returns", protocol::encode(request), push_timeout_ms);
    if (reply.status != 200) return failed(engine::Lane::down, reply);
    const auto answer = protocol::decode<protocol::CountedReply>(reply.body);
    if (answer.head < after) {
      app::forget_counted(m_parts.journal);
      continue;
    }
    // What stood behind the cursor may be over a year old by now and gone: then the head is where this store is.
    if (answer.items.empty()) {
      if (answer.head > after) app::take_counted(m_parts.journal, {}, answer.head, oldest);
      return std::nullopt;
    }
    std::vector<projections::ReturnElsewhere> news;
    for (const protocol::CountedItem& item : answer.items)
      news.push_back({item.case_id, item.node, item.customer, item.day, item.given_back, item.no_receipt});
    if (answer.items.back().seq <= after) {
      return engine::CallFailed{.lane = engine::Lane::down,
                                .detail = "the hub sent counted returns that were not asked for"};
    }
    app::take_counted(m_parts.journal, news, answer.items.back().seq, oldest);
  }
  return std::nullopt;
}

std::optional<engine::CallFailed> SyncNode::fetch_started() {
  for (int i = 0; i < started_calls_max; ++i) {
    const std::uint64_t after = projections::started_cursor(m_parts.journal.database());
    const protocol::StartedRequest request{.node = m_parts.journal.identity().node, .after = after};
    const transport::Reply reply =
        m_parts.hub.call("POST", "/sync/v1/started-returns", protocol::encode(request), push_timeout_ms);
    if (reply.status != 200) return failed(engine::Lane::down, reply);
    const auto answer = protocol::decode<protocol::StartedReply>(reply.body);
    if (answer.head < after) {
      app::forget_started(m_parts.journal);
      continue;
    }
    if (answer.items.empty()) return std::nullopt;
    std::vector<app::StartedNews> news;
    for (const protocol::StartedItem& item : answer.items) news.push_back(news_of(item));
    if (answer.items.back().seq <= after) {
      return engine::CallFailed{.lane = engine::Lane::down,
                                .detail = "the hub sent started returns that were not asked for"};
    }
    app::take_started(m_parts.journal, news, answer.items.back().seq);
  }
  return std::nullopt;
}

Carried SyncNode::bootstrap() {
  try {
    const transport::Reply reply = m_parts.hub.call("GET", "/sync/v1/manifest", {}, push_timeout_ms);
    if (reply.status != 200) return {.result = failed(engine::Lane::down, reply)};
    const auto manifest = protocol::decode<protocol::Manifest>(reply.body);
    if (!m_parts.hub_key.verify(protocol::signed_part(manifest), manifest.signature)) {
      return {.result = engine::CallFailed{
                  .lane = engine::Lane::down,
                  .refused = true,
                  .detail = "the manifest of the orders is not signed by the hub this store was enrolled with"}};
    }
    fetch_chunks(manifest);
    return {.result = engine::BootstrapEnded{.hub_epoch = manifest.hub_epoch},
            .orders = m_parts.orders.order_count()};
  } catch (const transport::HubUnreachable& error) {
    return {.result = failed(engine::Lane::down, error)};
  } catch (const codec::MalformedBody& error) {
    return {.result = failed(engine::Lane::down, error)};
  }
}

Carried SyncNode::send_photo() {
  require(m_parts.photos != nullptr, "photos wait only where there is a folder of them");
  const std::vector<Hash256> waiting = m_parts.photos->waiting();
  if (waiting.empty()) return {.result = engine::PhotoSent{}};
  try {  // whatever goes wrong with a photo, its file included, is told and tried again: events go on
    if (auto no = bring_to_hub(waiting.front())) return {.result = std::move(*no)};
    return {.result = engine::PhotoSent{.left = waiting.size() - 1}};
  } catch (const std::exception& error) {
    return {.result = failed(engine::Lane::photos, error)};
  }
}

/// Asked first: after a lost answer the hub has it already, and a photo costs more than a question.
std::optional<engine::CallFailed> SyncNode::bring_to_hub(const Hash256& hash) {
  const std::string path = "/sync/v1/photo/" + hash.to_string();
  const transport::Reply known = m_parts.hub.call("GET", path, {}, push_timeout_ms);
  if (known.status != 200 && known.status != 404) return failed(engine::Lane::photos, known);
  if (known.status == 404) {
    const auto content = m_parts.photos->read(hash);
    if (!content) return std::nullopt;
    if (photos::fault_of(hash, *content) != photos::PhotoFault::none) {
      m_parts.photos->set_aside(hash);
      return std::nullopt;
    }
    const transport::Reply reply = m_parts.hub.call("PUT", path, *content, photo_timeout_ms);
    if (reply.status != 200) return failed(engine::Lane::photos, reply);
  }
  m_parts.photos->note_sent(hash, m_parts.clock.now_ms());
  return std::nullopt;
}

void SyncNode::fetch_chunks(const protocol::Manifest& manifest) {
  orders::ReplicaBuilder builder(m_parts.orders_path);
  std::vector<Hash256> wanted;
  for (const protocol::ChunkRef& chunk : manifest.chunks) wanted.push_back(chunk.hash);
  for (const Hash256& hash : builder.begin(wanted)) {
    const transport::Reply reply =
        m_parts.hub.call("GET", "/sync/v1/chunk/" + hash.to_string(), {}, chunk_timeout_ms);
    if (reply.status != 200) {
      throw transport::HubUnreachable({.operation = "fetch",
                                       .object = "chunk " + hash.to_string(),
                                       .cause = protocol::decode_error(reply.body).detail,
                                       .consequence = "what was fetched is kept; the next try goes on from there"});
    }
    if (codec::sha256(reply.body) != hash) {
      throw transport::HubUnreachable(
          {.operation = "fetch",
           .object = "chunk " + hash.to_string(),
           .cause = "its bytes have another hash: they were changed at the hub or on the way",
           .consequence = "it is thrown away; the next try asks for it again"});
    }
    builder.add(hash, reply.body);
  }
  builder.finish(manifest.cursors);
}

}  // namespace retour::daemon
