#pragma once
// The hub's store-facing service: routes of the protocol, admission by certificate, and the calls that wait for news.
// Behind one lock: handlers may be called from any thread of the transport. Every call gets exactly one answer: what
// goes wrong at it is its answer (503: the world failed, 500: the hub did), and nobody else's.

#include <mutex>

#include "sync/hub/hub.hpp"
#include "sync/transport/transport.hpp"

namespace retour::hub {

inline constexpr std::size_t push_group_max = 64;  // batches in one commit: at most about 16 MB, a few hundred ms

class HubService final : public transport::Service {
 public:
  /// Answers GET /sync/v1/manifest and /sync/v1/chunk/…, and all of /sync/v1/photo/…, now or later and from any
  /// thread; called outside the lock. Throws only when it has not answered and will not. Empty: 404.
  using Bulk = std::function<void(const NodeRow& node, transport::Request&& request, const Answer& answer)>;
  HubService(Hub& hub, ports::Clock& clock, Bulk bulk = {}) : m_hub(hub), m_clock(clock), m_bulk(std::move(bulk)) {}

  void handle(transport::Request&& request, Answer answer) override;
  void peer_gone(const NodeId& node) override;

  /// Now and then (a few times a second): ends waits that are over, settles, writes down who called, and after a
  /// change by another process wakes everybody (an import) and refuses those that wait and may no longer (a
  /// revocation). From any thread.
  void tick();

  /// Runs `work` on the hub under the service's lock, then wakes whom it concerns.
  template <class Work>
  auto with_hub(Work&& work) {
    const std::lock_guard lock(m_mutex);
    if constexpr (std::is_void_v<std::invoke_result_t<Work, Hub&>>) {
      work(m_hub);
      wake();
    } else {
      auto result = work(m_hub);
      wake();
      return result;
    }
  }
  std::size_t waiting();

 private:
  struct Waiting {
    protocol::PullRequest request = {};
    std::string serial;  // of the certificate it came with
    Answer answer = {};
    std::int64_t asked_at_ms = 0;
    std::int64_t until_ms = 0;
  };
  struct Push {
    transport::Request request;
    Answer answer;
  };
  std::optional<transport::Reply> route(const transport::Request& request, Answer& answer);
  void bulk(transport::Request&& request, const Answer& answer);
  transport::Reply documents(const transport::Request& request);
  transport::Reply started_returns(const transport::Request& request);
  transport::Reply counted_returns(const transport::Request& request);
  transport::Reply enrol(const transport::Request& request);
  void push(transport::Request&& request, Answer&& answer);
  void lead_pushes();
  void take_pushes(const std::vector<Push>& pushes);
  std::vector<transport::Reply> replies_to(const std::vector<Push>& pushes);
  Result<protocol::PushRequest, transport::Reply> read_push(const transport::Request& request);
  std::vector<transport::Reply> take(std::span<protocol::PushRequest> messages);
  std::optional<transport::Reply> pull(const transport::Request& request, Answer& answer);
  std::optional<transport::Reply> refused(const transport::Request& request);
  template <class ReplyFor>
  void end_waits(ReplyFor reply_for);
  void end_overdue(std::int64_t now_ms);
  void wake();
  std::optional<transport::Reply> shut_out(const NodeId& node, const std::string& serial);

  // Whoever finds nobody leading takes in what has come, again and again; the others only leave theirs here. So a
  // commit gathers the batches that came during the one before it.
  std::mutex m_pushes_mutex;
  std::vector<Push> m_pushes;
  bool m_pushes_led = false;

  std::mutex m_mutex;
  Hub& m_hub;
  ports::Clock& m_clock;
  Bulk m_bulk;
  std::map<NodeId, Waiting> m_waiting;  // the last call of each node; an older one was given up by its node
};

}  // namespace retour::hub
