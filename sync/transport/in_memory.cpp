#include "sync/transport/in_memory.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "sync/transport/error_reply.hpp"

namespace retour::transport {

struct InMemoryConnection::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t number = 0;  // of the call that waits; a late answer to an earlier one is dropped
  std::optional<Reply> reply;
  bool reachable = true;
  bool interrupted = false;
  bool reply_gets_lost = false;
  bool connected = false;
  std::uint64_t bytes_up = 0;
  std::uint64_t bytes_down = 0;
  std::uint64_t calls = 0;

  bool is_broken() const { return !reachable || interrupted; }
  void answer(std::uint64_t to, Reply&& given) {
    const std::lock_guard lock(mutex);
    if (to != number || reply) return;
    reply = std::move(given);
    changed.notify_all();
  }
};

namespace {

[[noreturn]] void unreachable(const std::string& operation, const std::string& cause) {
  throw HubUnreachable({operation, "the hub in this process", cause, "nothing is lost: it is sent again later"});
}

}  // namespace

InMemoryConnection::InMemoryConnection(Service& service, InMemoryOptions options)
    : m_service(service), m_options(std::move(options)), m_shared(std::make_shared<Shared>()) {}

InMemoryConnection::~InMemoryConnection() {
  break_connection();
}

Reply InMemoryConnection::call(const std::string& method, const std::string& path, const Bytes& body,
                               int timeout_ms) {
  const std::string operation = "call " + method + " " + path + " of";
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(m_shared->mutex);
    if (m_shared->is_broken()) unreachable(operation, "the network is down");
    m_shared->connected = true;
    m_shared->bytes_up += path.size() + body.size();
    m_shared->reply.reset();
    ++m_shared->calls;
    number = ++m_shared->number;
  }
  if (body.size() > message_bytes_max)
    return error_reply(413, "message_too_large", "the body is larger than a message may be");
  Request request{
      .method = method, .path = path, .body = body, .peer = m_options.peer, .peer_serial = m_options.peer_serial};
  m_service.handle(std::move(request),
                   [shared = m_shared, number](Reply&& reply) { shared->answer(number, std::move(reply)); });
  return wait_for_answer(number, operation, timeout_ms);
}

Reply InMemoryConnection::wait_for_answer(std::uint64_t number, const std::string& operation, int timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  std::unique_lock lock(m_shared->mutex);
  const auto over = [&] { return m_shared->reply.has_value() || m_shared->is_broken(); };
  while (!over() && m_options.pump) {
    lock.unlock();
    const bool goes_on = m_options.pump();
    lock.lock();
    if (!goes_on) break;
  }
  if (!m_options.pump) m_shared->changed.wait_until(lock, deadline, over);
  const bool lost = std::exchange(m_shared->reply_gets_lost, false);
  if (m_shared->reply && !m_shared->is_broken() && !lost) {
    m_shared->bytes_down += m_shared->reply->body.size();
    return *std::exchange(m_shared->reply, std::nullopt);
  }
  const char* cause = m_shared->is_broken() ? "the network went down"
                      : lost                ? "the reply was lost"
                                            : "no reply in time";
  if (m_shared->number == number) ++m_shared->number;  // an answer that still comes is nobody's
  lock.unlock();
  break_connection();
  unreachable(operation, cause);
}

void InMemoryConnection::break_connection() {
  {
    const std::lock_guard lock(m_shared->mutex);
    ++m_shared->number;
    if (!std::exchange(m_shared->connected, false)) return;
  }
  if (m_options.peer) m_service.peer_gone(*m_options.peer);
}

void InMemoryConnection::set_reachable(bool reachable) {
  {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->reachable = reachable;
    m_shared->changed.notify_all();
  }
  if (!reachable) break_connection();
}

void InMemoryConnection::lose_next_reply() {
  const std::lock_guard lock(m_shared->mutex);
  m_shared->reply_gets_lost = true;
}

void InMemoryConnection::interrupt() {
  const std::lock_guard lock(m_shared->mutex);
  m_shared->interrupted = true;
  m_shared->changed.notify_all();
}

std::uint64_t InMemoryConnection::bytes_up() const {
  const std::lock_guard lock(m_shared->mutex);
  return m_shared->bytes_up;
}

std::uint64_t InMemoryConnection::bytes_down() const {
  const std::lock_guard lock(m_shared->mutex);
  return m_shared->bytes_down;
}

std::uint64_t InMemoryConnection::calls() const {
  const std::lock_guard lock(m_shared->mutex);
  return m_shared->calls;
}

}  // namespace retour::transport
