#pragma once
// The hub's store-facing end: HTTP/1.1 over mutual TLS 1.3, thousands of waiting connections on a few threads.
// A peer without client certificate reaches the service with an empty Request::peer; one with a wrong certificate
// does not get in.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sync/transport/pki.hpp"
#include "sync/transport/transport.hpp"

namespace retour::transport {

/// What one peer can take from the hub. Times are of the whole step, not of its last byte: a slow peer gains nothing
/// by dripping.
struct ServerLimits {
  std::size_t connections_max = 12'000;  // a store has one, two while it reconnects; more are closed at once
  std::size_t stranger_body_bytes_max =
      64 * 1024;  // without certificate only the enrolment is spoken: a request and a token
  std::uint32_t header_bytes_max = 8 * 1024;  // ours are under 200
  std::int64_t handshake_ms_max = 10'000;
  std::int64_t idle_ms_max = 120'000;     // between a reply and the first byte of the next request
  std::int64_t request_ms_max = 180'000;  // message_bytes_max at 50 kB/s, a store on 3G
  std::int64_t answer_ms_max = 120'000;   // twice the longest poll; then the service has forgotten the request
  std::int64_t write_ms_max = 180'000;
  std::int64_t linger_ms_max = 2'000;  // after a refusal: time for the peer to read it
  int silence_s = 20;  // then a silent peer is asked three times in 15 s; a store without power is gone in 35 s
};

struct ServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;  // 0: any free one, port() says which
  std::string ca_pem;
  pki::Identity hub;
  unsigned threads = 2;
  ServerLimits limits = {};
  std::function<void(const std::string&)> warn = {};  // one sentence about a peer that was refused; from any thread
};

struct ServerCounts {
  std::size_t connections = 0;   // open now
  std::uint64_t accepted = 0;    // since the start
  std::uint64_t over_limit = 0;  // closed at once, connections_max was reached
  std::uint64_t handshakes_failed = 0;
  std::uint64_t requests = 0;
};

class HttpsServer {
 public:
  /// Listens when the constructor returns. Throws Error (address in use) or PkiError. `service` must outlive this.
  HttpsServer(ServerOptions options, Service& service);
  /// Stops.
  ~HttpsServer();
  HttpsServer(const HttpsServer&) = delete;
  HttpsServer& operator=(const HttpsServer&) = delete;

  std::uint16_t port() const;
  ServerCounts counts() const;

  /// Closes every connection, waiting ones without a reply; when it returns, the service is not called any more and
  /// answers that come later do nothing. Not to be called from within Service::handle. A second call does nothing.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace retour::transport
