#pragma once
// TLS over one non-blocking socket, step by step: the caller waits for the socket, this never does.
// OpenSSL reads and writes the socket itself (no copies in between), so a waiting connection costs the SSL object and
// no buffer. Included by the .cpp files of this folder only. Not for two threads at once.

#include <cstdint>
#include <span>
#include <string>

#include "sync/transport/openssl.hpp"

namespace retour::transport {

enum class TlsStep : std::uint8_t {
  done,        // went through; read and write say how many bytes
  want_read,   // again when the socket is readable
  want_write,  // again when the socket is writable
  closed,      // the other side ended the connection
  failed,      // failure() says why; nothing more can be done with this connection
};

struct TlsFailure {
  std::string text;
  int reason = 0;          // ERR_GET_REASON of OpenSSL's code, 0 when the socket itself failed
  long verify_result = 0;  // X509_V_OK or what is wrong with the other side's certificate
};

class TlsChannel {
 public:
  enum class Side : std::uint8_t { server, client };

  /// `socket` stays the caller's: it must be non-blocking and open as long as this is used.
  TlsChannel(SSL_CTX* context, int socket, Side side);
  TlsChannel(const TlsChannel&) = delete;
  TlsChannel& operator=(const TlsChannel&) = delete;

  TlsStep handshake();
  TlsStep read(std::span<std::uint8_t> into, std::size_t& count);
  TlsStep write(std::span<const std::uint8_t> from, std::size_t& count);
  /// Tells the other side that no more comes; does not wait for its word.
  void close_notify();

  const TlsFailure& failure() const { return m_failure; }
  SSL* ssl() const { return m_ssl.get(); }

  // Bytes on the wire, TLS included.
  std::uint64_t bytes_sent() const { return m_wire.sent; }
  std::uint64_t bytes_received() const { return m_wire.received; }

  struct Wire {
    int socket = -1;
    bool at_end = false;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
  };

 private:
  TlsStep step_of(int result);

  Wire m_wire;
  SslPtr m_ssl;
  TlsFailure m_failure;
};

}  // namespace retour::transport
