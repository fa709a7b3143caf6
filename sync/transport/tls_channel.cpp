#include "sync/transport/tls_channel.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

#include "plugin/core/base/error.hpp"
#include "plugin/core/base/require.hpp"

namespace retour::transport {
namespace {

// OpenSSL's own socket BIO uses write(), which raises SIGPIPE when the peer is gone; this one does not, and it
// counts.
TlsChannel::Wire& wire_of(BIO* bio) {
  return *static_cast<TlsChannel::Wire*>(BIO_get_data(bio));
}

bool is_temporary(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int wire_write(BIO* bio, const char* bytes, std::size_t count, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  const ssize_t result = ::send(wire_of(bio).socket, bytes, count, MSG_NOSIGNAL);
  if (result < 0) {
    if (is_temporary(errno)) BIO_set_retry_write(bio);
    return 0;
  }
  *written = static_cast<std::size_t>(result);
  wire_of(bio).sent += *written;
  return 1;
}

int wire_read(BIO* bio, char* bytes, std::size_t count, std::size_t* read) {
  BIO_clear_retry_flags(bio);
  const ssize_t result = ::recv(wire_of(bio).socket, bytes, count, 0);
  if (result < 0 && is_temporary(errno)) BIO_set_retry_read(bio);
  if (result == 0) wire_of(bio).at_end = true;
  if (result <= 0) return 0;
  *read = static_cast<std::size_t>(result);
  wire_of(bio).received += *read;
  return 1;
}

long wire_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return wire_of(bio).at_end ? 1 : 0;
  return 0;
}

const BIO_METHOD* wire_method() {
  static const BIO_METHOD* method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "retour socket");
    require(made != nullptr, "OpenSSL makes a BIO method");
    BIO_meth_set_write_ex(made, wire_write);
    BIO_meth_set_read_ex(made, wire_read);
    BIO_meth_set_ctrl(made, wire_control);
    return made;
  }();
  return method;
}

}  // namespace

TlsChannel::TlsChannel(SSL_CTX* context, int socket, Side side) : m_wire{.socket = socket}, m_ssl(SSL_new(context)) {
  BIO* bio = m_ssl ? BIO_new(wire_method()) : nullptr;
  if (bio == nullptr) throw Error({"prepare TLS for", "a connection", openssl_error("out of memory"), ""});
  BIO_set_data(bio, &m_wire);
  BIO_set_init(bio, 1);
  SSL_set_bio(m_ssl.get(), bio, bio);  // takes the BIO over
  if (side == Side::server) {
    SSL_set_accept_state(m_ssl.get());
  } else {
    SSL_set_connect_state(m_ssl.get());
  }
}

TlsStep TlsChannel::handshake() {
  ERR_clear_error();
  errno = 0;
  return step_of(SSL_do_handshake(m_ssl.get()));
}

TlsStep TlsChannel::read(std::span<std::uint8_t> into, std::size_t& count) {
  ERR_clear_error();
  errno = 0;
  return step_of(SSL_read_ex(m_ssl.get(), into.data(), into.size(), &count));
}

TlsStep TlsChannel::write(std::span<const std::uint8_t> from, std::size_t& count) {
  ERR_clear_error();
  errno = 0;
  return step_of(SSL_write_ex(m_ssl.get(), from.data(), from.size(), &count));
}

void TlsChannel::close_notify() {
  ERR_clear_error();
  SSL_shutdown(m_ssl.get());
  ERR_clear_error();
}

TlsStep TlsChannel::step_of(int result) {
  if (result == 1) return TlsStep::done;
  const int socket_error = errno;
  switch (SSL_get_error(m_ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return TlsStep::want_read;
    case SSL_ERROR_WANT_WRITE:
      return TlsStep::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return TlsStep::closed;
    default:
      break;  // SSL_ERROR_SSL and SSL_ERROR_SYSCALL; the others belong to features that are not used
  }
  m_failure.reason = ERR_GET_REASON(ERR_peek_last_error());
  m_failure.verify_result = SSL_get_verify_result(m_ssl.get());
  m_failure.text = openssl_error(socket_error != 0 ? std::strerror(socket_error) : "the connection broke off");
  return TlsStep::failed;
}

}  // namespace retour::transport
