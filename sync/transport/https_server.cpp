#include "sync/transport/https_server.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sync/transport/server_connection.hpp"
#include "sync/transport/socket_options.hpp"
#include "sync/transport/tls_context.hpp"

// After server_connection.hpp: see there about <utility>.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace retour::transport {
namespace {

using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr int listen_backlog = 4096;  // all stores of a large chain reconnect at once
constexpr auto pause_after_accept_failure =
    std::chrono::milliseconds(100);  // out of file descriptors: spinning does not free one

[[noreturn]] void fail(const std::string& operation, const std::string& object, const error_code& error) {
  throw Error({operation, object, error.message(), "stores cannot reach this hub"});
}

std::string text_of(const Tcp::endpoint& endpoint) {
  return endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
}

}  // namespace

class HttpsServer::Impl {
 public:
  Impl(ServerOptions options, Service& service) : m_core(std::make_shared<Core>(std::move(options), service)) {
    m_core->listen();
  }
  ~Impl() { m_core->stop(); }

  std::uint16_t port() const { return m_core->m_port; }
  void stop() { m_core->stop(); }
  ServerCounts counts() const { return m_core->counts(); }

 private:
  /// Shared with the connections: an answer that comes after the end of the server still finds the io_context.
  class Core : public ServerCore, public std::enable_shared_from_this<Core> {
   public:
    Core(ServerOptions options, Service& service)
        : m_options(std::move(options)),
          m_service(service),
          m_tls(make_server_context(m_options.hub, m_options.ca_pem)) {}

    void listen();
    void stop();
    ServerCounts counts() const;

    const ServerLimits& limits() const override { return m_options.limits; }
    SSL_CTX* tls() override { return m_tls.get(); }
    void peer_arrived(const NodeId& node) override;
    void peer_left(const NodeId& node) override;
    void handle(Request&& request, Service::Answer answer) override;
    void handshake_failed(const std::string& sentence) override;
    void warn(const std::string& sentence) override;
    void closed(const std::shared_ptr<ServerConnection>& connection) override;

    std::uint16_t m_port = 0;

   private:
    void accept_next();
    void accepted(const error_code& error, Tcp::socket&& socket);
    void admit(Tcp::socket&& socket);
    void run();

    const ServerOptions m_options;
    Service& m_service;
    const SslContextPtr m_tls;
    asio::io_context m_io;
    asio::executor_work_guard<asio::io_context::executor_type> m_work{m_io.get_executor()};
    asio::strand<asio::io_context::executor_type> m_accept_strand{m_io.get_executor()};
    Tcp::acceptor m_acceptor{m_accept_strand};
    asio::steady_timer m_accept_pause{m_accept_strand};
    std::vector<std::thread> m_threads;

    mutable std::mutex m_connections_mutex;
    std::unordered_set<std::shared_ptr<ServerConnection>> m_connections;
    bool m_stopping = false;

    std::mutex m_peers_mutex;  // held while the service hears peer_gone, so that it comes in order with peer_arrived
    std::unordered_map<NodeId, std::size_t> m_peers;

    std::atomic<std::uint64_t> m_accepted = 0, m_over_limit = 0, m_handshakes_failed = 0, m_requests = 0;
  };

  std::shared_ptr<Core> m_core;
};

void HttpsServer::Impl::Core::listen() {
  error_code error;
  const std::string object = m_options.address + ":" + std::to_string(m_options.port);
  const auto address = asio::ip::make_address(m_options.address, error);
  if (error) fail("listen on", object, error);
  const Tcp::endpoint endpoint(address, m_options.port);
  m_acceptor.open(endpoint.protocol(), error);
  if (!error) m_acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) m_acceptor.bind(endpoint, error);
  if (!error) m_acceptor.listen(listen_backlog, error);
  if (error) fail("listen on", object, error);
  m_port = m_acceptor.local_endpoint().port();
  asio::post(m_accept_strand, [self = shared_from_this()] { self->accept_next(); });
  for (unsigned i = 0; i < std::max(1u, m_options.threads); ++i) m_threads.emplace_back([this] { run(); });
}

void HttpsServer::Impl::Core::run() {
  for (;;) {
    try {
      m_io.run();
      return;
    } catch (
        const std::exception& problem) {  // out of memory, most likely; the connection's deadline clears up after it
      warn(std::string("a connection failed: ") + problem.what());
    }
  }
}

void HttpsServer::Impl::Core::accept_next() {
  if (!m_acceptor.is_open()) return;
  m_acceptor.async_accept(asio::make_strand(m_io), [self = shared_from_this()](error_code error, auto socket) {
    self->accepted(error, Tcp::socket(std::move(socket)));
  });
}

void HttpsServer::Impl::Core::accepted(const error_code& error, Tcp::socket&& socket) {
  if (error == asio::error::operation_aborted) return;
  if (!error) {
    ++m_accepted;
    admit(std::move(socket));
    return accept_next();
  }
  warn("accepting a connection failed: " + error.message());
  m_accept_pause.expires_after(pause_after_accept_failure);
  m_accept_pause.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->accept_next();
  });
}

void HttpsServer::Impl::Core::admit(Tcp::socket&& socket) {
  error_code error;
  const Tcp::endpoint peer = socket.remote_endpoint(error);
  if (!error) socket.non_blocking(true, error);
  if (error) return;  // gone already
  prepare_socket(socket.native_handle(), m_options.limits.silence_s);
  {
    const std::lock_guard lock(m_connections_mutex);
    if (m_stopping) return;
    if (m_connections.size() >= m_options.limits.connections_max) {
      ++m_over_limit;
      return;
    }
  }
  const auto connection = std::make_shared<ServerConnection>(shared_from_this(), std::move(socket), text_of(peer));
  {
    const std::lock_guard lock(m_connections_mutex);
    if (m_stopping) return;
    m_connections.insert(connection);
  }
  connection->start();
}

void HttpsServer::Impl::Core::stop() {
  std::unordered_set<std::shared_ptr<ServerConnection>> open;
  {
    const std::lock_guard lock(m_connections_mutex);
    if (std::exchange(m_stopping, true)) return;
    open = m_connections;
  }
  asio::post(m_accept_strand, [self = shared_from_this()] {
    error_code ignored;
    self->m_acceptor.close(ignored);
    self->m_accept_pause.cancel();
  });
  for (const auto& connection : open) connection->close();
  open.clear();
  m_work.reset();  // the threads end when the last cancelled operation is through
  for (std::thread& thread : m_threads) thread.join();
}

void HttpsServer::Impl::Core::closed(const std::shared_ptr<ServerConnection>& connection) {
  const std::lock_guard lock(m_connections_mutex);
  m_connections.erase(connection);
}

void HttpsServer::Impl::Core::peer_arrived(const NodeId& node) {
  const std::lock_guard lock(m_peers_mutex);
  ++m_peers[node];
}

void HttpsServer::Impl::Core::peer_left(const NodeId& node) {
  const std::lock_guard lock(m_peers_mutex);
  const auto found = m_peers.find(node);
  if (--found->second > 0) return;
  m_peers.erase(found);
  m_service.peer_gone(node);
}

void HttpsServer::Impl::Core::handle(Request&& request, Service::Answer answer) {
  ++m_requests;
  m_service.handle(std::move(request), std::move(answer));
}

void HttpsServer::Impl::Core::handshake_failed(const std::string& sentence) {
  ++m_handshakes_failed;
  warn(sentence);
}

void HttpsServer::Impl::Core::warn(const std::string& sentence) {
  if (m_options.warn) m_options.warn(sentence);
}

ServerCounts HttpsServer::Impl::Core::counts() const {
  const std::lock_guard lock(m_connections_mutex);
  return {.connections = m_connections.size(),
          .accepted = m_accepted,
          .over_limit = m_over_limit,
          .handshakes_failed = m_handshakes_failed,
          .requests = m_requests};
}

HttpsServer::HttpsServer(ServerOptions options, Service& service)
    : m_impl(std::make_unique<Impl>(std::move(options), service)) {}
HttpsServer::~HttpsServer() = default;
std::uint16_t HttpsServer::port() const {
  return m_impl->port();
}
ServerCounts HttpsServer::counts() const {
  return m_impl->counts();
}
void HttpsServer::stop() {
  m_impl->stop();
}

}  // namespace retour::transport
