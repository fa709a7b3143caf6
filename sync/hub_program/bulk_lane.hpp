#pragma once
// A thread that answers calls that take long: packing a year of orders takes longer than a store waits for the answer
// to a push, a photo is brought to disk, and the transport has two threads.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "sync/hub/hub_store.hpp"
#include "sync/transport/transport.hpp"

namespace retour::hub_program {

// Calls that wait: a second of work once the chunks are packed. A store that is turned away asks again by itself.
inline constexpr std::size_t bulk_calls_max = 1'000;
inline constexpr std::size_t photo_calls_max = 16;  // that wait with their bodies: at most 128 MB

class BulkLane {
 public:
  using Work = std::function<transport::Reply(const hub::NodeRow& node, const transport::Request& request)>;
  /// `work` is done for one call after another, on this lane's thread; what it throws becomes the answer.
  BulkLane(Work work, std::size_t calls_max);
  ~BulkLane();

  /// From any thread; answers later, or at once 503 when too many wait.
  void take(const hub::NodeRow& node, transport::Request&& request, const transport::Service::Answer& answer);

  /// Ends after the work that is being done; calls that wait are dropped. A second call does nothing.
  void stop();

 private:
  struct Call {
    hub::NodeRow node;
    transport::Request request;
    transport::Service::Answer answer;
  };
  void run();

  const Work m_work;
  const std::size_t m_calls_max;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<Call> m_calls;
  bool m_stopping = false;
  std::thread m_thread;
};

}  // namespace retour::hub_program
