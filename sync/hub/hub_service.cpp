#include "sync/hub/hub_service.hpp"

#include <algorithm>
#include <iterator>

#include "sync/protocol/message_codec.hpp"

namespace retour::hub {

namespace {

transport::Reply refusal(int status, const protocol::ErrorReply& error) {
  return {status, protocol::encode(error)};
}

bool has_news(const protocol::PullReply& reply) {
  return !reply.grants.empty() || !reply.recalls.empty() || !reply.decisions.empty() || !reply.pending.empty() ||
         !reply.orders.empty() || reply.more;
}

bool moved_on(const protocol::PullReply& reply, const protocol::PullRequest& request) {
  return reply.cursors != request.cursors;
}

}  // namespace

void HubService::handle(transport::Request&& request, Answer answer) {
  if (request.method == "POST" && request.path == "/sync/v1/push") return push(std::move(request), std::move(answer));
  std::unique_lock lock(m_mutex);
  try {
    if (auto refusal_reply = refused(request)) {
      lock.unlock();
      return answer(std::move(*refusal_reply));
    }
    if (request.method == "POST" && request.path == "/sync/v1/pull") {
      pull(request, std::move(answer));
      wake();
      return;
    }
    transport::Reply reply = route(request);
    wake();
    lock.unlock();
    answer(std::move(reply));
  } catch (const codec::MalformedBody& error) {
    answer(refusal(400, {"message_malformed", error.what()}));
  } catch (const Error& error) {
    answer(refusal(503, {"hub_in_trouble", error.what()}));
  }
}

std::optional<transport::Reply> HubService::refused(const transport::Request& request) {
  if (request.path == "/sync/v1/enrol") return std::nullopt;
  if (!request.peer) return refusal(401, {"certificate_missing", "only an enrolled store may call this"});
  const auto admitted = m_hub.admit(*request.peer, request.peer_serial);
  if (!admitted.ok()) return refusal(403, admitted.error());
  m_hub.contact(*request.peer);
  return std::nullopt;
}

transport::Reply HubService::route(const transport::Request& request) {
  if (request.method == "POST" && request.path == "/sync/v1/enrol") return enrol(request);
  if (request.method == "GET" && m_bulk && request.path.starts_with("/sync/v1/")) {
    std::optional<NodeRow> node;
    {
      Work work(m_hub.store(), m_clock.now_ms());
      node = m_hub.store().node(*request.peer);
    }
    if (node) return m_bulk(*node, request.path);
  }
  return refusal(404, {"not_found", "there is nothing at " + request.path});
}

transport::Reply HubService::enrol(const transport::Request& request) {
  const auto reply = m_hub.enrol(protocol::decode<protocol::EnrolRequest>(request.body));
  if (!reply.ok()) return refusal(403, reply.error());
  return {200, protocol::encode(*reply)};
}

void HubService::push(transport::Request&& request, Answer&& answer) {
  {
    const std::lock_guard lock(m_pushes_mutex);
    m_pushes.push_back({std::move(request), std::move(answer)});
    if (m_pushes_led) return;
    m_pushes_led = true;
  }
  lead_pushes();
}

void HubService::lead_pushes() {
  for (;;) {
    std::vector<Push> group;
    {
      const std::lock_guard lock(m_pushes_mutex);
      const auto end = m_pushes.begin() + static_cast<std::ptrdiff_t>(std::min(m_pushes.size(), push_group_max));
      group.assign(std::make_move_iterator(m_pushes.begin()), std::make_move_iterator(end));
      m_pushes.erase(m_pushes.begin(), end);
      m_pushes_led = !group.empty();
    }
    if (group.empty()) return;
    try {
      take_pushes(std::move(group));
    } catch (...) {
      const std::lock_guard lock(m_pushes_mutex);
      m_pushes_led = false;  // whoever comes next leads
      throw;
    }
  }
}

/// Each batch is judged by itself; only the commit is shared.
void HubService::take_pushes(std::vector<Push>&& pushes) {
  std::vector<transport::Reply> replies(pushes.size());
  {
    const std::lock_guard lock(m_mutex);
    std::vector<protocol::PushRequest> messages;
    std::vector<std::size_t> places;  // of the messages among the pushes
    for (std::size_t i = 0; i < pushes.size(); ++i) {
      auto message = read_push(pushes[i].request);
      if (message.ok()) {
        messages.push_back(std::move(message).value());
        places.push_back(i);
      } else {
        replies[i] = std::move(message).error();
      }
    }
    std::vector<transport::Reply> taken = replies_to(messages);
    for (std::size_t i = 0; i < taken.size(); ++i) replies[places[i]] = std::move(taken[i]);
  }
  for (std::size_t i = 0; i < pushes.size(); ++i) pushes[i].answer(std::move(replies[i]));
}

Result<protocol::PushRequest, transport::Reply> HubService::read_push(const transport::Request& request) {
  try {
    if (auto no = refused(request)) return failure(std::move(*no));
    auto message = protocol::decode<protocol::PushRequest>(request.body);
    if (message.node == *request.peer) return message;
    return failure(refusal(403, {"certificate_of_another", "this certificate speaks for another store"}));
  } catch (const codec::MalformedBody& error) {
    return failure(refusal(400, {"message_malformed", error.what()}));
  } catch (const Error& error) {
    return failure(refusal(503, {"hub_in_trouble", error.what()}));
  }
}

/// Under the lock. Batches that fail together are tried one by one: the trouble of one store is not that of the
/// others.
std::vector<transport::Reply> HubService::replies_to(std::span<const protocol::PushRequest> messages) {
  std::vector<transport::Reply> replies;
  if (messages.empty()) return replies;
  try {
    for (const protocol::PushReply& reply : m_hub.push(messages)) replies.push_back({200, protocol::encode(reply)});
    wake();
  } catch (const Error& error) {
    if (!replies.empty()) return replies;  // taken; only the waking failed
    if (messages.size() == 1) return {refusal(503, {"hub_in_trouble", error.what()})};
    for (std::size_t i = 0; i < messages.size(); ++i) replies.push_back(replies_to(messages.subspan(i, 1)).front());
  }
  return replies;
}

void HubService::pull(const transport::Request& request, Answer&& answer) {
  auto message = protocol::decode<protocol::PullRequest>(request.body);
  if (message.node != *request.peer)
    return answer(refusal(403, {"certificate_of_another", "this certificate speaks for another store"}));
  const protocol::PullReply reply = m_hub.pull(message);
  if (has_news(reply) || moved_on(reply, message) || message.wait_ms <= 0)
    return answer({200, protocol::encode(reply)});
  const std::int64_t now_ms = m_clock.now_ms();
  const std::int64_t until_ms = now_ms + std::min(message.wait_ms, protocol::pull_wait_ms_max);
  const NodeId node = message.node;
  m_waiting.insert_or_assign(node,
                             Waiting{std::move(message), request.peer_serial, std::move(answer), now_ms, until_ms});
}

void HubService::peer_gone(const NodeId& node) {
  const std::lock_guard lock(m_mutex);
  m_waiting.erase(node);
  m_hub.gone(node);
}

void HubService::tick() {
  const std::lock_guard lock(m_mutex);
  while (m_hub.settle()) {
  }
  m_hub.keep_contacts();
  if (m_hub.outside_change()) {
    shut_out_revoked();
    m_hub.note_orders();
  }
  wake();
  const std::int64_t now_ms = m_clock.now_ms();
  for (auto call = m_waiting.begin(); call != m_waiting.end();) {
    if (call->second.until_ms > now_ms) {
      ++call;
      continue;
    }
    Waiting over = std::move(call->second);
    call = m_waiting.erase(call);
    over.answer({200, protocol::encode(m_hub.pull(over.request, over.asked_at_ms))});
  }
}

/// A store that waits was let in before it was revoked: it gets nothing more.
void HubService::shut_out_revoked() {
  for (auto call = m_waiting.begin(); call != m_waiting.end();) {
    const auto admitted = m_hub.admit(call->first, call->second.serial);
    if (admitted.ok()) {
      ++call;
      continue;
    }
    m_hub.gone(call->first);
    Waiting refused = std::move(call->second);
    call = m_waiting.erase(call);
    refused.answer(refusal(403, admitted.error()));
  }
}

// Under the lock. A woken node gets its answer from a fresh pull; one for whom there is nothing goes on waiting.
void HubService::wake() {
  const Hub::News news = m_hub.take_news();
  if (news.nodes.empty() && !news.orders) return;
  for (auto call = m_waiting.begin(); call != m_waiting.end();) {
    if (!news.orders && !news.nodes.contains(call->first)) {
      ++call;
      continue;
    }
    const protocol::PullReply reply = m_hub.pull(call->second.request, call->second.asked_at_ms);
    if (!has_news(reply) && !moved_on(reply, call->second.request)) {
      ++call;
      continue;
    }
    Waiting woken = std::move(call->second);
    call = m_waiting.erase(call);
    woken.answer({200, protocol::encode(reply)});
  }
}

std::size_t HubService::waiting() {
  const std::lock_guard lock(m_mutex);
  return m_waiting.size();
}

}  // namespace retour::hub
