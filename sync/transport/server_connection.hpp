#pragma once
// One store's connection at the hub. Included by https_server.cpp and server_connection.cpp only.

#include <utility>  // before asio: Boost 1.74 forgets it in C++20

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>
#include <boost/optional.hpp>
#include <optional>
#include <string>

#include "sync/transport/https_server.hpp"
#include "sync/transport/tls_channel.hpp"

namespace retour::transport {

namespace asio = boost::asio;

class ServerConnection;

/// What a connection needs of the server around it.
class ServerCore {
 public:
  virtual ~ServerCore() = default;
  virtual const ServerLimits& limits() const = 0;
  virtual SSL_CTX* tls() = 0;
  virtual void peer_arrived(const NodeId& node) = 0;
  virtual void peer_left(const NodeId& node) = 0;
  virtual void handle(Request&& request, Service::Answer answer) = 0;
  virtual void handshake_failed(const std::string& sentence) = 0;
  virtual void warn(const std::string& sentence) = 0;
  virtual void closed(const std::shared_ptr<ServerConnection>& connection) = 0;
};

/// A state machine driven by "the socket is readable", "it is writable", "the deadline is over" and "here is the
/// answer". All of it runs on the connection's strand; only `answer`, `start` and `close` may be called from
/// elsewhere.
class ServerConnection : public std::enable_shared_from_this<ServerConnection> {
 public:
  ServerConnection(std::shared_ptr<ServerCore> core, asio::ip::tcp::socket&& socket, std::string peer_address);

  void start();
  void close();
  /// The service's answer to request `number`; one for an earlier request or a closed connection does nothing.
  void answer(std::uint64_t number, Reply&& reply);

 private:
  enum class Phase : std::uint8_t { handshake, reading, waiting, writing, lingering, closed };
  using Parser = boost::beast::http::request_parser<boost::beast::http::vector_body<std::uint8_t>>;
  using Clock = std::chrono::steady_clock;

  void drive();
  void step_handshake();
  void step_reading();
  void step_waiting();
  void step_writing();
  void step_lingering();

  bool identify_peer();
  std::size_t body_bytes_max() const;
  void consume(std::span<const std::uint8_t> bytes);
  void dispatch();
  void refuse(int status, const std::string& code, const std::string& detail);
  void begin_reply(Reply&& reply);
  void begin_lingering();
  void close_now();

  void arm(TlsStep step);
  void arm_read();
  void arm_write();
  void expect_within(std::int64_t ms);
  void arm_timer();
  void deadline_over();
  std::string describe(const std::string& what) const;

  std::shared_ptr<ServerCore> m_core;  // first: the socket's io_context lives in it
  asio::ip::tcp::socket m_socket;
  TlsChannel m_tls;
  asio::steady_timer m_timer;
  Clock::time_point m_deadline{};
  Phase m_phase = Phase::handshake;
  bool m_read_armed = false;
  bool m_write_armed = false;
  bool m_timer_armed = false;
  bool m_close_after_reply = false;
  std::optional<NodeId> m_peer;
  std::string m_peer_serial;
  std::string m_peer_address;
  std::uint64_t m_request_number = 0;
  boost::optional<Parser> m_parser;  // while a request is being read
  Bytes m_in;                        // what the parser could not use yet
  Bytes m_out_head;                  // the reply's head, and its body when that is small
  Bytes m_out_body;
  std::size_t m_out_done = 0;  // bytes written of head and body together
};

}  // namespace retour::transport
