#include "sync/hub_program/bulk_lane.hpp"

#include "sync/hub/reply.hpp"

namespace retour::hub_program {

BulkLane::BulkLane(Work work, std::size_t calls_max)
    : m_work(std::move(work)), m_calls_max(calls_max), m_thread([this] { run(); }) {}

BulkLane::~BulkLane() {
  stop();
}

void BulkLane::take(const hub::NodeRow& node, transport::Request&& request,
                    const transport::Service::Answer& answer) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_calls.size() < m_calls_max) {
      m_calls.push_back({node, std::move(request), answer});
      return m_wake.notify_one();
    }
  }
  answer(hub::refusal(503, {"hub_busy", "too many stores wait for an answer of this kind; ask again in a minute"}));
}

void BulkLane::stop() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_wake.notify_one();
  if (m_thread.joinable()) m_thread.join();
}

void BulkLane::run() {
  for (;;) {
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_stopping || !m_calls.empty(); });
    if (m_stopping) return;
    const Call call = std::move(m_calls.front());
    m_calls.pop_front();
    lock.unlock();
    auto reply = hub::replied([&]() -> std::optional<transport::Reply> { return m_work(call.node, call.request); });
    hub::tell(call.answer, std::move(*reply));
  }
}

}  // namespace retour::hub_program
