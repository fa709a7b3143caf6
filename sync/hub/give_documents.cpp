// What is published for every store, one document a call; and which of them a store did not take over.
#include <algorithm>

#include "sync/hub/hub.hpp"

namespace retour::hub {

namespace {

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

}  // namespace retour::hub
