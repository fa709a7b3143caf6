#include "tests/bench/transport_bench.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "sync/transport/https_client.hpp"
#include "sync/transport/https_server.hpp"
#include "tests/bench/bench_keys.hpp"

namespace retour::bench {
namespace {

using namespace transport;
using Clock = std::chrono::steady_clock;

using Keys = BenchKeys;

/// Keeps every request until release_all().
class Waiting : public Service {
 public:
  void handle(Request&&, Answer answer) override {
    const std::lock_guard lock(m_mutex);
    m_answers.push_back(std::move(answer));
    m_changed.notify_all();
  }
  void wait_until_called() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return !m_answers.empty(); });
  }
  void release_all(const Reply& reply) {
    std::unique_lock lock(m_mutex);
    const std::vector<Answer> answers = std::exchange(m_answers, {});
    lock.unlock();
    for (const Answer& answer : answers) answer(Reply(reply));
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Answer> m_answers;
};

double seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

OneChange measure_one_change(const OneChangeOptions& options) {
  const Keys keys;
  Waiting service;
  HttpsServer server({.address = "127.0.0.1", .port = 0, .ca_pem = keys.ca.certificate_pem, .hub = keys.hub},
                     service);
  HttpsClient store({.host = "127.0.0.1",
                     .port = server.port(),
                     .ca_pem = keys.ca.certificate_pem,
                     .ca_fingerprint = {},
                     .identity = keys.node});
  WireBytes first, last;
  std::thread node([&] {
    const Bytes pull(options.up_bytes, 'p');
    for (std::size_t i = 0; i <= options.rounds; ++i) {
      store.call("POST", "/sync/v1/pull", pull, 60'000);
      if (options.node_work) options.node_work();
      if (i == 0) first = store.wire_bytes();
    }
    last = store.wire_bytes();
  });
  const Reply change{.status = 200, .body = Bytes(options.down_bytes, 'c')};
  OneChange result;
  service.wait_until_called();
  for (std::size_t i = 0; i < options.rounds; ++i) {
    const auto start = Clock::now();
    if (options.hub_work) options.hub_work();
    service.release_all(change);
    service.wait_until_called();
    result.us.push_back(seconds(Clock::now() - start) * 1e6);
  }
  service.release_all(change);
  node.join();
  std::ranges::sort(result.us);
  const std::uint64_t bytes = last.sent - first.sent + last.received - first.received;
  result.bytes_a_change = static_cast<double>(bytes) / static_cast<double>(options.rounds);
  return result;
}

}  // namespace retour::bench
