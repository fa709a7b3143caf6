#include "sync/transport/https_client.hpp"

#include <array>
#include <atomic>
#include <utility>  // before asio: Boost 1.74 forgets it in C++20

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>

#include "plugin/core/base/require.hpp"
#include "sync/transport/socket_options.hpp"
#include "sync/transport/tls_context.hpp"

namespace retour::transport {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using ReplyParser = http::response_parser<http::vector_body<std::uint8_t>>;

constexpr std::size_t read_bytes = 16 * 1024;               // a TLS record
constexpr std::uint32_t reply_header_bytes_max = 8 * 1024;  // ours are under 100
constexpr std::size_t one_write_bytes_max = 16 * 1024;      // head and body in one record up to here
constexpr int silence_s = 20;                               // then the hub is asked whether it is still there

/// The connection broke. Whether the call may be sent once more depends on whether a reply had begun.
struct Broken {
  std::string why;
  bool reply_begun = false;
};

/// One TLS connection. The members are ordered: TLS uses the socket.
struct Link {
  explicit Link(asio::io_context& io) : socket(io) {}
  Tcp::socket socket;
  std::optional<TlsChannel> tls;
};

}  // namespace

class HttpsClient::Impl {
 public:
  explicit Impl(ClientOptions options)
      : m_options(std::move(options)),
        m_trust{
            .ca_pem = m_options.ca_pem, .ca_fingerprint = m_options.ca_fingerprint, .identity = m_options.identity},
        m_tls(make_client_context(m_trust)),
        m_hub(m_options.host + ":" + std::to_string(m_options.port)) {}

  Reply call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms);

  void interrupt() {
    m_interrupted = true;
    m_io.stop();
  }

  WireBytes wire_bytes() const { return {.sent = m_sent, .received = m_received, .connections = m_connections}; }

 private:
  Reply exchange(const Bytes& head, const Bytes& body, const std::string& operation);
  void connect(const std::string& operation);
  void shake_hands(const std::string& operation);
  bool is_still_open();
  void send(const Bytes& head, const Bytes& body);
  bool send_some(std::span<const std::uint8_t>& bytes);
  Reply receive();
  void drop_link();
  void count_bytes();

  void wait_for(TlsStep step);
  enum class Cancel : std::uint8_t { at_once, not_possible };
  template <class Start>
  error_code wait(Cancel cancel, Start start);

  [[noreturn]] void unreachable(const std::string& operation, const std::string& cause) const;
  Bytes head_of(const std::string& method, const std::string& path, std::size_t body_bytes) const;

  const ClientOptions m_options;
  const ClientTrust m_trust;
  const SslContextPtr m_tls;
  const std::string m_hub;
  asio::io_context m_io{1};
  std::optional<Link> m_link;
  Clock::time_point m_deadline{};
  std::atomic<bool> m_interrupted = false;
  std::atomic<std::uint64_t> m_sent = 0, m_received = 0, m_connections = 0;
  std::uint64_t m_link_sent = 0, m_link_received = 0;  // of the open link, already counted
};

void HttpsClient::Impl::unreachable(const std::string& operation, const std::string& cause) const {
  throw HubUnreachable({operation, "hub " + m_hub, cause, "nothing is lost: it is sent again later"});
}

/// Starts one asynchronous operation and runs it until it ends, the deadline is over or interrupt() is called. In the
/// last two cases an operation on the socket is cancelled and its handler has run when this returns; looking up a
/// name cannot be cancelled (getaddrinfo), so it goes on in the background and its handler owns all it touches.
template <class Start>
error_code HttpsClient::Impl::wait(Cancel cancel, Start start) {
  const auto result = std::make_shared<std::optional<error_code>>();
  m_io.restart();
  start([result](const error_code& error, const auto&...) { *result = error; });
  while (!*result && !m_interrupted && Clock::now() < m_deadline) m_io.run_one_until(m_deadline);
  if (*result && !m_interrupted) return **result;
  error_code ignored;
  m_link->socket.close(ignored);
  while (cancel == Cancel::at_once && !*result) {
    m_io.restart();  // interrupt() stops it
    m_io.run_one();
  }
  throw Broken{m_interrupted ? "the call was interrupted" : "no reply in time", true};
}

void HttpsClient::Impl::wait_for(TlsStep step) {
  const auto kind = step == TlsStep::want_write ? Tcp::socket::wait_write : Tcp::socket::wait_read;
  const error_code error = wait(Cancel::at_once, [&](auto done) { m_link->socket.async_wait(kind, done); });
  if (error) throw Broken{error.message()};
}

Bytes HttpsClient::Impl::head_of(const std::string& method, const std::string& path, std::size_t body_bytes) const {
  const bool clean = (method + path).find_first_of(" \r\n\t") == std::string::npos && path.starts_with('/');
  require(clean, "method and path of a call to the hub are plain words");
  std::string head = method + " " + path + " HTTP/1.1\r\nHost: " + m_options.host + "\r\n";
  if (body_bytes > 0 || method == "POST") head += "Content-Length: " + std::to_string(body_bytes) + "\r\n";
  head += "\r\n";
  return {head.begin(), head.end()};
}

Reply HttpsClient::Impl::call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms) {
  const std::string operation = "call " + method + " " + path + " of";
  if (m_interrupted) unreachable(operation, "the connection was interrupted");
  const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  const Bytes head = head_of(method, path, body.size());
  for (bool again = false;; again = true) {
    const bool reused = m_link && is_still_open();
    try {
      if (!reused) {
        m_deadline = std::min(deadline, Clock::now() + std::chrono::milliseconds(m_options.connect_ms_max));
        connect(operation);
      }
      m_deadline = deadline;
      return exchange(head, body, operation);
    } catch (const Broken& broken) {
      drop_link();
      if (reused && !again && !broken.reply_begun) continue;
      unreachable(operation, broken.why);
    } catch (...) {
      drop_link();
      throw;
    }
  }
}

void HttpsClient::Impl::connect(const std::string& operation) {
  drop_link();
  m_link.emplace(m_io);
  const auto resolver = std::make_shared<Tcp::resolver>(m_io);
  const auto found = std::make_shared<Tcp::resolver::results_type>();
  const error_code unknown = wait(Cancel::not_possible, [&](auto done) {
    resolver->async_resolve(m_options.host, std::to_string(m_options.port), Tcp::resolver::numeric_service,
                            [resolver, found, done](const error_code& error, Tcp::resolver::results_type results) {
                              *found = std::move(results);
                              done(error);
                            });
  });
  if (unknown) throw Broken{"its address is not known: " + unknown.message()};
  const error_code refused =
      wait(Cancel::at_once, [&](auto done) { asio::async_connect(m_link->socket, *found, done); });
  if (refused) throw Broken{refused.message()};
  m_link->socket.non_blocking(true);
  prepare_socket(m_link->socket.native_handle(), silence_s);
  ++m_connections;
  m_link->tls.emplace(m_tls.get(), m_link->socket.native_handle(), TlsChannel::Side::client);
  expect_host(m_link->tls->ssl(), m_options.host);
  shake_hands(operation);
}

void HttpsClient::Impl::shake_hands(const std::string& operation) {
  for (;;) {
    const TlsStep step = m_link->tls->handshake();
    if (step == TlsStep::done) return;
    if (step == TlsStep::closed) throw Broken{"the connection was closed during the TLS handshake"};
    if (step != TlsStep::failed) {
      wait_for(step);
      continue;
    }
    const TlsFailure& failure = m_link->tls->failure();
    const std::string distrust = distrust_at_client(failure, m_hub, m_options.ca_fingerprint.has_value());
    if (distrust.empty()) throw Broken{"the TLS handshake failed: " + failure.text};
    throw HubNotTrusted(
        {operation, "hub " + m_hub, distrust, "nothing is lost: it is sent when the certificates are right"});
  }
}

/// False when the hub closed the idle connection, or sent what nobody asked for.
bool HttpsClient::Impl::is_still_open() {
  std::array<std::uint8_t, 1> byte;
  std::size_t count = 0;
  return m_link->tls->read(byte, count) == TlsStep::want_read;
}

Reply HttpsClient::Impl::exchange(const Bytes& head, const Bytes& body, const std::string& operation) {
  try {
    send(head, body);
    Reply reply = receive();
    count_bytes();
    return reply;
  } catch (const Broken&) {
    // The hub judges the certificate of this store after the handshake has ended here: its alert comes as the first
    // read.
    const std::string distrust =
        m_link->tls ? distrust_at_client(m_link->tls->failure(), m_hub, m_options.ca_fingerprint.has_value()) : "";
    if (distrust.empty()) throw;
    throw HubNotTrusted(
        {operation, "hub " + m_hub, distrust, "nothing is lost: it is sent when the certificates are right"});
  }
}

void HttpsClient::Impl::send(const Bytes& head, const Bytes& body) {
  if (head.size() + body.size() <= one_write_bytes_max) {
    Bytes both = head;
    both.insert(both.end(), body.begin(), body.end());
    std::span<const std::uint8_t> rest(both);
    while (!rest.empty() && send_some(rest)) {
    }
    return;
  }
  for (const Bytes* part : {&head, &body}) {
    std::span<const std::uint8_t> rest(*part);
    while (!rest.empty()) {
      if (!send_some(rest)) return;
    }
  }
}

/// False when the hub takes no more of this request: it may have answered already ("too large"), so the reply is read
/// next.
bool HttpsClient::Impl::send_some(std::span<const std::uint8_t>& bytes) {
  std::size_t count = 0;
  const TlsStep step = m_link->tls->write(bytes, count);
  if (step == TlsStep::done) {
    bytes = bytes.subspan(count);
    return true;
  }
  if (step == TlsStep::closed || step == TlsStep::failed) return false;
  wait_for(step);
  return true;
}

Reply HttpsClient::Impl::receive() {
  ReplyParser parser;
  parser.eager(true);
  parser.header_limit(reply_header_bytes_max);
  parser.body_limit(message_bytes_max);
  std::array<std::uint8_t, read_bytes> buffer;
  Bytes in;
  bool begun = false;
  while (!parser.is_done()) {
    std::size_t count = 0;
    const TlsStep step = m_link->tls->read(buffer, count);
    if (step == TlsStep::want_read || step == TlsStep::want_write) {
      wait_for(step);
      continue;
    }
    if (step == TlsStep::closed) throw Broken{begun ? "the reply ended early" : "the connection was closed", begun};
    if (step == TlsStep::failed) throw Broken{m_link->tls->failure().text, begun};
    begun = true;
    in.insert(in.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    error_code error;
    const std::size_t used = parser.put(asio::buffer(in), error);
    in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(used));
    if (error && error != http::error::need_more)
      throw Broken{"the reply is not understood: " + error.message(), true};
  }
  auto message = parser.release();
  if (!message.keep_alive()) drop_link();
  return {.status = static_cast<int>(message.result_int()), .body = std::move(message.body())};
}

void HttpsClient::Impl::count_bytes() {
  if (!m_link || !m_link->tls) return;
  m_sent += m_link->tls->bytes_sent() - std::exchange(m_link_sent, m_link->tls->bytes_sent());
  m_received += m_link->tls->bytes_received() - std::exchange(m_link_received, m_link->tls->bytes_received());
}

void HttpsClient::Impl::drop_link() {
  count_bytes();
  m_link.reset();
  m_link_sent = 0;
  m_link_received = 0;
}

HttpsClient::HttpsClient(ClientOptions options) : m_impl(std::make_unique<Impl>(std::move(options))) {}
HttpsClient::~HttpsClient() = default;
Reply HttpsClient::call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms) {
  return m_impl->call(method, path, body, timeout_ms);
}
void HttpsClient::interrupt() {
  m_impl->interrupt();
}
WireBytes HttpsClient::wire_bytes() const {
  return m_impl->wire_bytes();
}

}  // namespace retour::transport
