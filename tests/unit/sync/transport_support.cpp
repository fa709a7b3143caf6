#include "tests/unit/sync/transport_support.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace retour::transport::test {
namespace {

constexpr auto broken_after = std::chrono::seconds(10);
constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void limit_reads(int socket) {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

template <class Read>
auto from_pem(const std::string& pem, Read read) {
  BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  auto* object = read(in, nullptr, nullptr, nullptr);
  BIO_free(in);
  return object;
}

}  // namespace

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}
Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}
std::string text_of(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

NodeId node_numbered(int number) {
  NodeId node;
  node.bytes[0] = static_cast<std::uint8_t>(number >> 8);
  node.bytes[1] = static_cast<std::uint8_t>(number);
  node.bytes[15] = 1;
  return node;
}

pki::Identity Chain::node_made_at(int number, std::int64_t made_ms) const {
  const std::string key = pki::make_key_pem();
  return {key, pki::sign_csr(ca, pki::make_csr(key), {.node = node_numbered(number), .now_ms = made_ms})};
}
pki::Identity Chain::node(int number) const {
  return node_made_at(number, now_ms());
}

const Chain& our_chain() {
  static const Chain chain;
  return chain;
}
const Chain& other_chain() {
  static const Chain chain;
  return chain;
}

void ScriptedService::handle(Request&& request, Answer answer) {
  {
    const std::lock_guard lock(m_mutex);
    ++m_handled;
    if (request.path == "/wait") m_waiting.push_back(std::move(answer));
    m_changed.notify_all();
  }
  if (request.path == "/wait" || request.path == "/forget") return;
  if (request.path == "/fail") throw std::runtime_error("disk full");
  if (request.path == "/nothing") return answer({.status = 204, .body = {}});
  if (request.path == "/large") return answer({.status = 200, .body = Bytes(4'000'000, 'x')});
  const std::string peer = request.peer ? request.peer->to_string() : "nobody";
  answer({.status = 200,
          .body = bytes_of(request.method + " " + peer + " " + request.peer_serial + " " + text_of(request.body))});
}

void ScriptedService::peer_gone(const NodeId& node) {
  const std::lock_guard lock(m_mutex);
  m_gone.push_back(node);
  m_changed.notify_all();
}

bool ScriptedService::has_waiting(std::size_t count) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, broken_after, [&] { return m_waiting.size() >= count; });
}

bool ScriptedService::is_gone(const NodeId& node) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, broken_after, [&] { return std::ranges::find(m_gone, node) != m_gone.end(); });
}

std::vector<Service::Answer> ScriptedService::take_waiting() {
  const std::lock_guard lock(m_mutex);
  return std::exchange(m_waiting, {});
}

void ScriptedService::release(const std::string& text) {
  for (Answer& answer : take_waiting()) answer({.status = 200, .body = bytes_of(text)});
}

std::size_t ScriptedService::handled() {
  const std::lock_guard lock(m_mutex);
  return m_handled;
}

Hub::Hub(ServerLimits limits, const Chain& chain) {
  ServerOptions options;
  options.address = "0.0.0.0";
  options.ca_pem = chain.ca.certificate_pem;
  options.hub = chain.hub;
  options.limits = limits;
  options.warn = [this](const std::string& sentence) {
    const std::lock_guard lock(m_mutex);
    m_warnings.push_back(sentence);
    m_changed.notify_all();
  };
  server = std::make_unique<HttpsServer>(std::move(options), service);
}

bool Hub::warned(const std::string& words) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, broken_after, [&] {
    return std::ranges::any_of(m_warnings, [&](const auto& text) { return text.find(words) != std::string::npos; });
  });
}

bool Hub::has_connections(std::size_t count) {
  const auto limit = std::chrono::steady_clock::now() + broken_after;
  while (server->counts().connections != count) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

ClientOptions Hub::client_options() const {
  ClientOptions options;
  options.host = "127.0.0.1";
  options.port = server->port();
  options.ca_pem = our_chain().ca.certificate_pem;
  return options;
}

ClientOptions Hub::client_options(int node_number) const {
  ClientOptions options = client_options();
  options.identity = our_chain().node(node_number);
  return options;
}

RawTls::RawTls(std::uint16_t port, Options options) : m_socket(connect_to(port)) {
  prepare(false, options);
  m_open = SSL_connect(m_ssl) == 1;
}

RawTls::RawTls(int accepted_socket, const pki::Identity& hub_identity) : m_socket(accepted_socket) {
  prepare(true, {.identity = &hub_identity});
  m_open = SSL_accept(m_ssl) == 1;
}

void RawTls::prepare(bool server, const Options& options) {
  limit_reads(m_socket);
  m_context = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
  if (options.only_tls_1_2) SSL_CTX_set_max_proto_version(m_context, TLS1_2_VERSION);
  SSL_CTX_set_options(m_context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (options.identity) {
    X509* certificate = from_pem(options.identity->certificate_pem, PEM_read_bio_X509);
    EVP_PKEY* key = from_pem(options.identity->key_pem, PEM_read_bio_PrivateKey);
    SSL_CTX_use_certificate(m_context, certificate);
    SSL_CTX_use_PrivateKey(m_context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  m_ssl = SSL_new(m_context);
  SSL_set_fd(m_ssl, m_socket);
}

RawTls::~RawTls() {
  SSL_free(m_ssl);
  SSL_CTX_free(m_context);
  ::close(m_socket);
}

bool RawTls::write(const std::string& text) {
  std::size_t done = 0;
  return SSL_write_ex(m_ssl, text.data(), text.size(), &done) == 1;
}

std::string RawTls::read_until(const std::string& end) {
  std::string text;
  char buffer[16 * 1024];
  std::size_t count = 0;
  while (SSL_read_ex(m_ssl, buffer, sizeof buffer, &count) == 1) {
    text.append(buffer, count);
    if (!end.empty() && text.find(end) != std::string::npos) break;
  }
  return text;
}

Listener::Listener() : socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  BOOST_REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(socket, 8) == 0);
  BOOST_REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = ntohs(address.sin_port);
  limit_reads(socket);
}
Listener::~Listener() {
  ::close(socket);
}
int Listener::accept_one() const {
  return ::accept(socket, nullptr, nullptr);
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  connect_socket(socket, port);
  return socket;
}

void connect_socket(int socket, std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  BOOST_REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  limit_reads(socket);
}

bool is_closed_by_peer(int socket) {
  char byte = 0;
  return ::recv(socket, &byte, 1, 0) == 0;
}

std::string outcome(HubConnection& connection, const std::string& path, const std::string& body, int timeout_ms) {
  try {
    const Reply reply = connection.call("POST", path, bytes_of(body), timeout_ms);
    return reply.status == 200 ? "ok" : std::to_string(reply.status) + " " + text_of(reply.body);
  } catch (const HubNotTrusted& problem) {
    return std::string("not trusted: ") + problem.what();
  } catch (const HubUnreachable& problem) {
    return problem.what();
  }
}

}  // namespace retour::transport::test
