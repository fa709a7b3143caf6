#include "sync/transport/server_connection.hpp"

#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include "sync/transport/error_reply.hpp"
#include "sync/transport/tls_context.hpp"

namespace retour::transport {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t read_bytes = 16 * 1024;  // a TLS record

// One for each thread instead of one for each connection: what is read is consumed before the thread does anything
// else.
std::span<std::uint8_t> scratch() {
  thread_local std::array<std::uint8_t, read_bytes> buffer;
  return buffer;
}

bool has_body(int status) {
  return status != 204 && status != 304;
}

std::string head_of(const Reply& reply, bool close) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " " + std::string(reason) + "\r\n";
  if (has_body(reply.status)) head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  if (close) head += "Connection: close\r\n";
  return head + "\r\n";
}

/// Carries the answer to its connection once; when the service drops it without a word, it says so itself.
class PendingAnswer {
 public:
  PendingAnswer(std::weak_ptr<ServerConnection> connection, std::uint64_t number)
      : m_connection(std::move(connection)), m_number(number) {}
  PendingAnswer(const PendingAnswer&) = delete;
  PendingAnswer& operator=(const PendingAnswer&) = delete;
  ~PendingAnswer() {
    if (!m_told.load()) tell(error_reply(500, "no_answer", "the hub dropped the request without an answer"));
  }

  void tell(Reply&& reply) {
    if (m_told.exchange(true)) return;
    if (const auto connection = m_connection.lock()) connection->answer(m_number, std::move(reply));
  }

 private:
  std::weak_ptr<ServerConnection> m_connection;
  std::uint64_t m_number;
  std::atomic<bool> m_told = false;
};

}  // namespace

ServerConnection::ServerConnection(std::shared_ptr<ServerCore> core, asio::ip::tcp::socket&& socket,
                                   std::string peer_address)
    : m_core(std::move(core)),
      m_socket(std::move(socket)),
      m_tls(m_core->tls(), m_socket.native_handle(), TlsChannel::Side::server),
      m_timer(m_socket.get_executor()),
      m_peer_address(std::move(peer_address)) {}

void ServerConnection::start() {
  asio::dispatch(m_socket.get_executor(), [self = shared_from_this()] {
    if (self->m_phase == Phase::closed) return;
    self->expect_within(self->m_core->limits().handshake_ms_max);
    self->drive();
  });
}

void ServerConnection::close() {
  asio::dispatch(m_socket.get_executor(), [self = shared_from_this()] { self->close_now(); });
}

// The handler holds the connection weakly: one that is left in a stopped io_context must not keep that io_context
// alive.
void ServerConnection::answer(std::uint64_t number, Reply&& reply) {
  asio::post(m_socket.get_executor(), [weak = weak_from_this(), number, reply = std::move(reply)]() mutable {
    const auto self = weak.lock();
    if (!self || self->m_phase != Phase::waiting || self->m_request_number != number) return;
    self->begin_reply(std::move(reply));
    self->drive();
  });
}

void ServerConnection::drive() {
  switch (m_phase) {
    case Phase::handshake:
      return step_handshake();
    case Phase::reading:
      return step_reading();
    case Phase::waiting:
      return step_waiting();
    case Phase::writing:
      return step_writing();
    case Phase::lingering:
      return step_lingering();
    case Phase::closed:
      return;
  }
}

void ServerConnection::step_handshake() {
  const TlsStep step = m_tls.handshake();
  if (step == TlsStep::done) {
    if (!identify_peer()) return;
    m_phase = Phase::reading;
    expect_within(m_core->limits().idle_ms_max);
    return step_reading();
  }
  if (step == TlsStep::closed) return close_now();  // a port scan or a health check, not worth a word
  if (step != TlsStep::failed) return arm(step);
  m_core->handshake_failed(describe("the TLS handshake failed: " + handshake_failure_at_server(m_tls.failure())));
  begin_lingering();  // the alert is on its way: a reset must not overtake it
}

/// False: the certificate is ours but names no node, and the connection is being ended.
bool ServerConnection::identify_peer() {
  const CertificatePtr certificate = peer_certificate(m_tls.ssl());
  if (!certificate) return true;
  const auto node = NodeId::parse(common_name(certificate.get()));
  if (!node) {
    m_core->handshake_failed(describe("its certificate names no node: \"" + common_name(certificate.get()) + "\""));
    begin_lingering();
    return false;
  }
  m_peer_serial = serial_hex(certificate.get());
  m_peer = *node;
  m_core->peer_arrived(*m_peer);
  return true;
}

void ServerConnection::step_reading() {
  while (m_phase == Phase::reading) {
    std::size_t count = 0;
    const TlsStep step = m_tls.read(scratch(), count);
    if (step == TlsStep::done) {
      consume(scratch().first(count));
    } else if (step == TlsStep::want_read || step == TlsStep::want_write) {
      return arm(step);
    } else {
      return close_now();
    }
  }
}

std::size_t ServerConnection::body_bytes_max() const {
  return m_peer ? message_bytes_max : m_core->limits().stranger_body_bytes_max;
}

void ServerConnection::consume(std::span<const std::uint8_t> bytes) {
  if (!m_parser) {
    m_parser.emplace();
    m_parser->eager(true);
    m_parser->header_limit(m_core->limits().header_bytes_max);
    m_parser->body_limit(body_bytes_max());
    expect_within(m_core->limits().request_ms_max);
  }
  m_in.insert(m_in.end(), bytes.begin(), bytes.end());
  error_code error;
  const std::size_t used = m_parser->put(asio::buffer(m_in), error);
  m_in.erase(m_in.begin(), m_in.begin() + static_cast<std::ptrdiff_t>(used));
  if (error == http::error::need_more) error = {};
  if (error == http::error::body_limit) {
    return refuse(413, "message_too_large",
                  "the hub takes messages up to " + std::to_string(body_bytes_max()) + " bytes");
  }
  if (error == http::error::header_limit)
    return refuse(431, "header_too_large", "the head of the request is too long");
  if (error) return refuse(400, "malformed_request", "the request is not HTTP/1.1: " + error.message());
  if (m_parser->is_header_done() && m_parser->chunked()) {
    return refuse(411, "length_required", "a request states the length of its body");
  }
  if (m_parser->is_done()) dispatch();
}

void ServerConnection::dispatch() {
  if (!m_in.empty()) return refuse(400, "malformed_request", "bytes follow the request: requests are not pipelined");
  auto message = m_parser->release();
  m_parser.reset();
  m_in = Bytes{};
  m_close_after_reply = !message.keep_alive();
  m_phase = Phase::waiting;
  expect_within(m_core->limits().answer_ms_max);
  Request request{.method = std::string(message.method_string()),
                  .path = std::string(message.target()),
                  .body = std::move(message.body()),
                  .peer = m_peer,
                  .peer_serial = m_peer_serial};
  auto pending = std::make_shared<PendingAnswer>(weak_from_this(), ++m_request_number);
  try {
    m_core->handle(std::move(request), [pending](Reply&& reply) { pending->tell(std::move(reply)); });
  } catch (const std::exception& problem) {
    m_core->warn(describe("a request failed in the hub: " + std::string(problem.what())));
    pending->tell(error_reply(500, "hub_failed", "the hub could not handle the request; nothing of it is recorded"));
  }
  step_waiting();
}

/// Nothing is due from the peer; reading shows whether it is still there.
void ServerConnection::step_waiting() {
  std::size_t count = 0;
  const TlsStep step = m_tls.read(scratch(), count);
  if (step == TlsStep::want_read || step == TlsStep::want_write) return arm(step);
  if (step == TlsStep::done) m_core->warn(describe("it sent bytes while its request was being answered; closed"));
  close_now();
}

void ServerConnection::refuse(int status, const std::string& code, const std::string& detail) {
  m_core->warn(describe("answered " + std::to_string(status) + " " + code + ": " + detail));
  m_parser.reset();
  m_in = Bytes{};
  m_close_after_reply = true;
  begin_reply(error_reply(status, code, detail));
  step_writing();
}

void ServerConnection::begin_reply(Reply&& reply) {
  if (reply.status < 200 || reply.status > 599)
    reply = error_reply(500, "hub_failed", "the hub gave an impossible status");
  const std::string head = head_of(reply, m_close_after_reply);
  m_out_head.assign(head.begin(), head.end());
  m_out_body = has_body(reply.status) ? std::move(reply.body) : Bytes{};
  m_out_done = 0;
  if (m_out_head.size() + m_out_body.size() <= read_bytes) {  // one record, one packet
    m_out_head.insert(m_out_head.end(), m_out_body.begin(), m_out_body.end());
    m_out_body.clear();
  }
  m_phase = Phase::writing;
  expect_within(m_core->limits().write_ms_max);
}

void ServerConnection::step_writing() {
  const std::size_t head = m_out_head.size();
  while (m_out_done < head + m_out_body.size()) {
    const auto rest = m_out_done < head ? std::span<const std::uint8_t>(m_out_head).subspan(m_out_done)
                                        : std::span<const std::uint8_t>(m_out_body).subspan(m_out_done - head);
    std::size_t count = 0;
    const TlsStep step = m_tls.write(rest, count);
    if (step == TlsStep::want_read || step == TlsStep::want_write) return arm(step);
    if (step != TlsStep::done) return close_now();
    m_out_done += count;
  }
  m_out_head = Bytes{};
  m_out_body = Bytes{};
  if (m_close_after_reply) return begin_lingering();
  m_phase = Phase::reading;
  expect_within(m_core->limits().idle_ms_max);
  step_reading();
}

/// Closing a socket with unread bytes resets it, and the peer loses the reply it was about to read. So: say that no
/// more comes, then throw away what the peer still sends until it closes or the time is over.
void ServerConnection::begin_lingering() {
  m_phase = Phase::lingering;
  expect_within(m_core->limits().linger_ms_max);
  m_tls.close_notify();
  error_code ignored;
  m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  step_lingering();
}

void ServerConnection::step_lingering() {
  error_code error;
  const auto bytes = scratch();
  while (!error) m_socket.read_some(asio::buffer(bytes.data(), bytes.size()), error);
  if (error == asio::error::would_block || error == asio::error::try_again) return arm_read();
  close_now();
}

void ServerConnection::close_now() {
  if (m_phase == Phase::closed) return;
  m_phase = Phase::closed;
  const auto self = shared_from_this();  // the server may hold the last other reference
  m_parser.reset();
  m_timer.cancel();
  error_code ignored;
  m_socket.close(ignored);
  if (m_peer) m_core->peer_left(*m_peer);
  m_core->closed(self);
}

void ServerConnection::arm(TlsStep step) {
  step == TlsStep::want_write ? arm_write() : arm_read();
}

void ServerConnection::arm_read() {
  if (std::exchange(m_read_armed, true)) return;
  m_socket.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
    self->m_read_armed = false;
    if (!error) self->drive();
  });
}

void ServerConnection::arm_write() {
  if (std::exchange(m_write_armed, true)) return;
  m_socket.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](error_code error) {
    self->m_write_armed = false;
    if (!error) self->drive();
  });
}

/// The timer is set anew only when the new deadline comes earlier; a later one is found when the timer fires.
void ServerConnection::expect_within(std::int64_t ms) {
  m_deadline = Clock::now() + std::chrono::milliseconds(ms);
  if (!m_timer_armed || m_deadline < m_timer.expiry()) arm_timer();
}

void ServerConnection::arm_timer() {
  m_timer_armed = true;
  m_timer.expires_at(m_deadline);  // cancels the wait before
  m_timer.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->deadline_over();
  });
}

void ServerConnection::deadline_over() {
  m_timer_armed = false;
  if (m_phase == Phase::closed) return;
  if (Clock::now() < m_deadline) return arm_timer();
  if (m_phase == Phase::waiting) {
    m_close_after_reply = true;
    begin_reply(error_reply(504, "no_answer", "the hub did not answer in time; send it again"));
    return drive();
  }
  if (m_phase == Phase::reading && m_parser) return refuse(408, "request_too_slow", "the request took too long");
  close_now();
}

std::string ServerConnection::describe(const std::string& what) const {
  return "peer " + m_peer_address + (m_peer ? " (node " + m_peer->to_string() + ")" : "") + ": " + what;
}

}  // namespace retour::transport
