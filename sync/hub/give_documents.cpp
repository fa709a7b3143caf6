// What is published for every store, one document a call; and which of them a store did not take over.
#include <algorithm>

#include "sync/hub/hub.hpp"

namespace retour::hub {

namespace {

/// One store that fetches the whole lane cannot fill more than this.
constexpr std::int64_t documents_told_ahead_ms_max = 60'000;

/// Within the bounds, whatever a store says.
std::vector<protocol::RefusedDocument> bounded(std::vector<protocol::RefusedDocument> refused) {
  if (refused.size() > protocol::documents_refused_max) refused.resize(protocol::documents_refused_max);
  for (protocol::RefusedDocument& one : refused) {
    if (one.reason.size() > protocol::document_reason_bytes_max)
      one.reason.resize(protocol::document_reason_bytes_max);
  }
  std::sort(refused.begin(), refused.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
  const auto same = [](const auto& a, const auto& b) { return a.seq == b.seq; };
  refused.erase(std::unique(refused.begin(), refused.end(), same), refused.end());
  return refused;
}

}  // namespace

/// The number of the last document, or the cursor unchanged: what is not told now is told with a later pull.
std::uint64_t Hub::documents_to_tell(std::uint64_t cursor) {
  const std::uint64_t head = m_parts.store.document_head();
  if (cursor == head) return head;
  const std::int64_t now_ms = m_parts.clock.now_ms();
  const bool clock_went_back = m_documents_told_ms - now_ms > documents_told_ahead_ms_max;
  if (m_documents_told_ms > now_ms + document_burst_ms && !clock_went_back) return cursor;
  const std::uint64_t bytes = m_parts.store.document_bytes_after(cursor < head ? cursor : 0);
  m_documents_told_ms = std::max(clock_went_back ? now_ms : m_documents_told_ms, now_ms) +
                        static_cast<std::int64_t>(bytes * 1'000 / document_bytes_a_second);
  return head;
}

protocol::DocumentsReply Hub::documents(const protocol::DocumentsRequest& request) {
  HubStore& store = m_parts.store;
  Work work(store, m_parts.clock.now_ms());
  const std::vector<protocol::RefusedDocument> refused = bounded(request.refused);
  const bool is_news = store.refused_documents(request.node) != refused;
  if (is_news) store.put_refused_documents(request.node, refused);
  protocol::DocumentsReply reply{
      .hub_epoch = store.hub_epoch(), .head = store.document_head(), .document = store.document_after(request.after)};
  if (is_news) work.commit();
  return reply;
}

protocol::StartedReply Hub::started_returns(const protocol::StartedRequest& request) {
  HubStore& store = m_parts.store;
  const View view(store);
  return {.hub_epoch = store.hub_epoch(),
          .head = store.started_head(request.node),
          .items = store.started_after(request.node, request.after, protocol::started_a_reply_max,
                                       protocol::started_bytes_max)};
}

protocol::CountedReply Hub::counted_returns(const protocol::CountedRequest& request) {
  HubStore& store = m_parts.store;
  const View view(store);
  return {.hub_epoch = store.hub_epoch(),
          .head = store.counted_head(request.node),
          .items = store.counted_after(request.node, request.after, protocol::counted_a_reply_max)};
}

}  // namespace retour::hub
