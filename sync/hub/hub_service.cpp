#include "sync/hub/hub_service.hpp"

#include <algorithm>
#include <iterator>

#include "sync/hub/reply.hpp"

namespace retour::hub {

namespace {

bool has_news(const protocol::PullReply& reply) {
  return !reply.grants.empty() || !reply.recalls.empty() || !reply.decisions.empty() || !reply.pending.empty() ||
         !reply.orders.empty() || reply.more;
}

bool moved_on(const protocol::PullReply& reply, const protocol::PullRequest& request) {
  return reply.cursors != request.cursors;
}

/// Only what the caller sent can be malformed; a stored row that cannot be read is trouble of the hub.
template <class Message>
Result<Message, transport::Reply> read(const transport::Request& request) {
  try {
    return protocol::decode<Message>(request.body);
  } catch (const codec::MalformedBody& error) {
    return failure(refusal(400, {"message_malformed", error.what()}));
  }
}

}  // namespace

void HubService::handle(transport::Request&& request, Answer answer) {
  if (request.method == "POST" && request.path == "/sync/v1/push") return push(std::move(request), std::move(answer));
  if ((request.method == "GET" || request.method == "PUT") && m_bulk) return bulk(std::move(request), answer);
  std::optional<transport::Reply> reply;
  {
    const std::lock_guard lock(m_mutex);
    reply = replied([&] { return route(request, answer); });
    wake();
  }
  if (reply) answer(std::move(*reply));
}

std::optional<transport::Reply> HubService::refused(const transport::Request& request) {
  if (request.method == "POST" && request.path == "/sync/v1/enrol") return std::nullopt;
  if (!request.peer) return refusal(401, {"certificate_missing", "only an enrolled store may call this"});
  if (auto no = shut_out(*request.peer, request.peer_serial)) return no;
  m_hub.contact(*request.peer);
  return std::nullopt;
}

/// Nothing when the call waits: then the answer is kept with it.
std::optional<transport::Reply> HubService::route(const transport::Request& request, Answer& answer) {
  if (auto no = refused(request)) return no;
  if (request.method == "POST" && request.path == "/sync/v1/enrol") return enrol(request);
  if (request.method == "POST" && request.path == "/sync/v1/pull") return pull(request, answer);
  if (request.method == "POST" && request.path == "/sync/v1/documents") return documents(request);
  if (request.method == "POST" && request.path == "/sync/v1/started-returns") return started_returns(request);
  if (request.method == "POST" && request.path == "/sync/v1/counted-returns") return counted_returns(request);
  return refusal(404, {"not_found", "there is nothing at " + request.path});
}

transport::Reply HubService::documents(const transport::Request& request) {
  const auto message = read<protocol::DocumentsRequest>(request);
  if (!message.ok()) return message.error();
  if (message->node != *request.peer)
    return refusal(403, {"certificate_of_another", "this certificate speaks for another store"});
  return {200, protocol::encode(m_hub.documents(*message))};
}

transport::Reply HubService::started_returns(const transport::Request& request) {
  const auto message = read<protocol::StartedRequest>(request);
  if (!message.ok()) return message.error();
  if (message->node != *request.peer)
    return refusal(403, {"certificate_of_another", "this certificate speaks for another store"});
  return {200, protocol::encode(m_hub.started_returns(*message))};
}

transport::Reply HubService::counted_returns(const transport::Request& request) {
  const auto message = read<protocol::CountedRequest>(request);
  if (!message.ok()) return message.error();
  if (message->node != *request.peer)
    return refusal(403, {"certificate_of_another", "this certificate speaks for another store"});
  return {200, protocol::encode(m_hub.counted_returns(*message))};
}

/// Outside the lock: what takes long keeps no store waiting.
void HubService::bulk(transport::Request&& request, const Answer& answer) {
  auto no = replied([&]() -> std::optional<transport::Reply> {
    NodeRow node;
    {
      const std::lock_guard lock(m_mutex);
      if (auto refused_reply = refused(request)) return refused_reply;
      const View view(m_hub.store());
      node = m_hub.store().node(*request.peer).value();
    }
    m_bulk(node, std::move(request), answer);
    return std::nullopt;
  });
  if (no) answer(std::move(*no));
}

transport::Reply HubService::enrol(const transport::Request& request) {
  const auto message = read<protocol::EnrolRequest>(request);
  if (!message.ok()) return message.error();
  const auto reply = m_hub.enrol(*message);
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
    take_pushes(group);
  }
}

void HubService::take_pushes(const std::vector<Push>& pushes) {
  std::vector<transport::Reply> replies(pushes.size());
  const auto failed = replied([&]() -> std::optional<transport::Reply> {
    const std::lock_guard lock(m_mutex);
    replies = replies_to(pushes);
    wake();
    return std::nullopt;
  });
  if (failed) std::ranges::fill(replies, *failed);
  for (std::size_t i = 0; i < pushes.size(); ++i) tell(pushes[i].answer, std::move(replies[i]));
}

/// Each batch is judged by itself; only the commit is shared.
std::vector<transport::Reply> HubService::replies_to(const std::vector<Push>& pushes) {
  std::vector<transport::Reply> replies(pushes.size());
  std::vector<protocol::PushRequest> messages;
  std::vector<std::size_t> places;  // of the messages among the pushes
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    const auto no = replied([&]() -> std::optional<transport::Reply> {
      auto message = read_push(pushes[i].request);
      if (!message.ok()) return message.error();
      messages.push_back(std::move(message).value());
      places.push_back(i);
      return std::nullopt;
    });
    if (no) replies[i] = *no;
  }
  std::vector<transport::Reply> taken = take(messages);
  for (std::size_t i = 0; i < taken.size(); ++i) replies[places[i]] = std::move(taken[i]);
  return replies;
}

Result<protocol::PushRequest, transport::Reply> HubService::read_push(const transport::Request& request) {
  if (auto no = refused(request)) return failure(std::move(*no));
  auto message = read<protocol::PushRequest>(request);
  if (!message.ok() || message->node == *request.peer) return message;
  return failure(refusal(403, {"certificate_of_another", "this certificate speaks for another store"}));
}

/// Batches that fail together are tried one by one: the trouble of one store is not that of the others.
std::vector<transport::Reply> HubService::take(std::span<protocol::PushRequest> messages) {
  std::vector<transport::Reply> replies;
  const auto failed = replied([&]() -> std::optional<transport::Reply> {
    if (messages.empty()) return std::nullopt;
    for (const protocol::PushReply& reply : m_hub.push(messages)) replies.push_back({200, protocol::encode(reply)});
    return std::nullopt;
  });
  if (!failed) return replies;
  if (messages.size() == 1) return {*failed};
  replies.clear();
  for (std::size_t i = 0; i < messages.size(); ++i) replies.push_back(take(messages.subspan(i, 1)).front());
  return replies;
}

std::optional<transport::Reply> HubService::pull(const transport::Request& request, Answer& answer) {
  auto message = read<protocol::PullRequest>(request);
  if (!message.ok()) return message.error();
  if (message->node != *request.peer)
    return refusal(403, {"certificate_of_another", "this certificate speaks for another store"});
  const protocol::PullReply reply = m_hub.pull(*message);
  if (has_news(reply) || moved_on(reply, *message) || message->wait_ms <= 0)
    return transport::Reply{200, protocol::encode(reply)};
  const std::int64_t now_ms = m_clock.now_ms();
  Waiting waiting{.serial = request.peer_serial,
                  .asked_at_ms = now_ms,
                  .until_ms = now_ms + std::min(message->wait_ms, protocol::pull_wait_ms_max)};
  Waiting& call = m_waiting[message->node];
  waiting.request = std::move(message).value();
  std::swap(waiting.answer, answer);  // from here on nothing fails
  std::swap(call, waiting);
  // Given up by its store, or two copies of the store run: a friendly answer would make them call in turns for ever.
  if (waiting.answer)
    tell(waiting.answer, refusal(409, {"called_again", "this store has called again since, on another connection"}));
  return std::nullopt;
}

void HubService::peer_gone(const NodeId& node) {
  const std::lock_guard lock(m_mutex);
  m_waiting.erase(node);
  m_hub.gone(node);
}

/// Under the lock. Ends the calls for which `reply_for` has a reply; one that fails is told so, and the others go on.
template <class ReplyFor>
void HubService::end_waits(ReplyFor reply_for) {
  for (auto call = m_waiting.begin(); call != m_waiting.end();) {
    auto reply = replied([&] { return reply_for(call->first, call->second); });
    if (!reply) {
      ++call;
      continue;
    }
    const Answer answer = std::move(call->second.answer);
    call = m_waiting.erase(call);
    tell(answer, std::move(*reply));
  }
}

void HubService::tick() {
  const std::lock_guard lock(m_mutex);
  std::exception_ptr trouble;  // of one step: the others are taken all the same
  const auto step = [&](auto&& work) {
    try {
      work();
    } catch (const std::exception&) {
      trouble = std::current_exception();
    }
  };
  step([this] { m_hub.settle(); });  // what is still due then comes with the next calls and ticks
  step([this] { m_hub.keep_contacts(); });
  step([this] {
    if (!m_hub.outside_change()) return;
    m_hub.note_orders();
    end_waits([this](const NodeId& node, const Waiting& call) { return shut_out(node, call.serial); });
  });
  wake();
  step([this] { end_overdue(m_clock.now_ms()); });
  if (trouble) std::rethrow_exception(trouble);
}

void HubService::end_overdue(std::int64_t now_ms) {
  end_waits([&](const NodeId& node, const Waiting& call) -> std::optional<transport::Reply> {
    if (call.until_ms > now_ms) return std::nullopt;
    if (auto no = shut_out(node, call.serial)) return no;
    return transport::Reply{200, protocol::encode(m_hub.pull(call.request, call.asked_at_ms))};
  });
}

// Under the lock. A woken node gets its answer from a fresh pull; one for whom there is nothing goes on waiting.
void HubService::wake() {
  const Hub::News news = m_hub.take_news();
  if (news.nodes.empty() && !news.orders) return;
  end_waits([&](const NodeId& node, const Waiting& call) -> std::optional<transport::Reply> {
    if (!news.orders && !news.nodes.contains(node)) return std::nullopt;
    if (auto no = shut_out(node, call.serial)) return no;
    const protocol::PullReply reply = m_hub.pull(call.request, call.asked_at_ms);
    if (!has_news(reply) && !moved_on(reply, call.request)) return std::nullopt;
    return transport::Reply{200, protocol::encode(reply)};
  });
}

/// A store that waits was let in before it was revoked, or enrolled anew: it gets nothing more.
std::optional<transport::Reply> HubService::shut_out(const NodeId& node, const std::string& serial) {
  const auto admitted = m_hub.admit(node, serial);
  if (admitted.ok()) return std::nullopt;
  // A certificate that was replaced says nothing of the machine that has the new one.
  if (admitted.error().code == "certificate_revoked") m_hub.gone(node);
  return refusal(403, admitted.error());
}

std::size_t HubService::waiting() {
  const std::lock_guard lock(m_mutex);
  return m_waiting.size();
}

}  // namespace retour::hub
