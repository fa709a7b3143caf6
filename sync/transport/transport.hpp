#pragma once
// The two ends of the wire between nodes and hub, as the engine's programs see them. Implementations:
// transport/https_server (Boost.Beast, the hub's store-facing end), transport/https_client (a node),
// transport/in_memory (replay, tests).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "plugin/core/base/error.hpp"
#include "plugin/core/event/event.hpp"

namespace retour::transport {

inline constexpr std::size_t message_bytes_max = 8u * 1024 * 1024;  // a larger body is answered 413 and never read

struct Request {
  std::string method;  // "POST", "GET"
  std::string path;    // "/sync/v1/push"; no query
  Bytes body;
  std::optional<NodeId> peer;  // from the client certificate, verified against the hub's CA; empty: none was shown
  std::string peer_serial;     // serial of that certificate in hex; the hub's allow-list knows it
};

struct Reply {
  int status = 200;
  Bytes body;
};

/// The hub's side. `handle` is called from any of the transport's threads and must not block them for long.
/// `answer` may be called later and from any thread, exactly once: that is a long poll; a second call does nothing.
/// When the peer goes away first, `answer` does nothing. An answer that is dropped without a call is told as 500.
class Service {
 public:
  using Answer = std::function<void(Reply&&)>;
  virtual ~Service() = default;
  virtual void handle(Request&& request, Answer answer) = 0;
  /// The last open connection of a peer closed: its waiting calls are dead. Calls for one peer come in order with
  /// `handle`: a connection that the peer opened meanwhile keeps this from being called. Must not block.
  virtual void peer_gone(const NodeId&) {}
};

/// A node's side: one call at a time, blocking up to `timeout_ms`. A call may reach the hub twice when a connection
/// breaks: every call of the protocol is idempotent, and a new one has to be.
class HubConnection {
 public:
  virtual ~HubConnection() = default;
  /// Throws HubUnreachable when no reply came; a reply of any status is returned.
  virtual Reply call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms) = 0;
  /// Makes a call that waits on another thread return soon with HubUnreachable; further calls too.
  virtual void interrupt() = 0;
};

class HubUnreachable : public Error {
 public:
  using Error::Error;
};

/// The other end is not the hub this store was enrolled with, or the hub refused this store's certificate: trying
/// again does not help, a person has to look.
class HubNotTrusted : public HubUnreachable {
 public:
  using HubUnreachable::HubUnreachable;
};

}  // namespace retour::transport
