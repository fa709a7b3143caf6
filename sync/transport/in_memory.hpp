#pragma once
// A node's connection that calls the hub's service in the same process: the replay and tests, without sockets and
// threads of its own.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sync/transport/transport.hpp"

namespace retour::transport {

struct InMemoryOptions {
  std::optional<NodeId> peer;  // what the certificate would say; empty: a store that enrols
  std::string peer_serial;
  /// Called while the service keeps its answer; lets the rest of a single-threaded run go on. False: nothing more can
  /// happen now. Empty: the calling thread waits for another thread's answer.
  std::function<bool()> pump = {};
};

class InMemoryConnection : public HubConnection {
 public:
  /// `service` must outlive this.
  InMemoryConnection(Service& service, InMemoryOptions options);
  ~InMemoryConnection() override;

  /// A service that answers within handle() (as it does when the node does not wait) is answered at once. Otherwise
  /// pumps or waits up to `timeout_ms`; when no answer came, the connection counts as closed (peer_gone) and
  /// HubUnreachable is thrown. A body above message_bytes_max is answered 413 as the real server does.
  Reply call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms) override;
  void interrupt() override;

  /// False: calls throw HubUnreachable, a call that waits too, and the service hears peer_gone as from a broken
  /// connection.
  void set_reachable(bool reachable);
  /// The next call reaches the service, its reply does not reach the caller: HubUnreachable, as when the line breaks
  /// in between.
  void lose_next_reply();

  // Bytes of bodies and paths, both ways: what the messages cost without HTTP and TLS.
  std::uint64_t bytes_up() const;
  std::uint64_t bytes_down() const;
  std::uint64_t calls() const;

 private:
  struct Shared;  // outlives the connection when the service answers late
  Reply wait_for_answer(std::uint64_t number, const std::string& operation, int timeout_ms);
  void break_connection();

  Service& m_service;
  const InMemoryOptions m_options;
  std::shared_ptr<Shared> m_shared;
};

}  // namespace retour::transport
