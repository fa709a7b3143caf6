#pragma once
// A node's connection to the hub: HTTP/1.1 over mutual TLS 1.3, kept open between calls, opened anew when the hub
// closed it. Trusts one CA and nothing of the machine's own store of certificates; the hub's certificate must name
// the host that was dialled.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sync/transport/pki.hpp"
#include "sync/transport/transport.hpp"

namespace retour::transport {

struct ClientOptions {
  std::string host;
  std::uint16_t port = 0;
  std::string ca_pem;                     // the CA this store was enrolled with
  std::optional<Hash256> ca_fingerprint;  // instead of ca_pem, for the enrolment: from the one-time token
  std::optional<pki::Identity> identity;  // the node's key and certificate; empty for the enrolment
  std::int64_t connect_ms_max = 10'000;   // name, connection and handshake together, within the call's own timeout
};

/// Bytes on the wire since this was made, TLS included.
struct WireBytes {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t connections = 0;
};

class HttpsClient : public HubConnection {
 public:
  /// Opens no connection yet. Throws PkiError when key, certificate or CA cannot be read or do not belong together.
  explicit HttpsClient(ClientOptions options);
  ~HttpsClient() override;

  /// `timeout_ms` is for the whole call, connecting included. Throws HubUnreachable, or HubNotTrusted for
  /// certificates. A request on a connection that had been idle is sent once more on a new one when that breaks
  /// before the first byte of the reply. The hub may then see it twice, which is why every call of the protocol is
  /// idempotent.
  Reply call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms) override;

  /// From any thread. For good: a client that was interrupted is not used again.
  void interrupt() override;

  WireBytes wire_bytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace retour::transport
