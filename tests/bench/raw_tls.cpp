#include "tests/bench/raw_tls.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace retour::bench {
namespace {

[[noreturn]] void fail(const char* operation) {
  throw Error({operation, "the yardstick's socket", std::strerror(errno), ""});
}

struct Socket {
  int number = -1;
  explicit Socket(int n) : number(n) {
    if (number < 0) fail("open");
  }
  Socket(Socket&& other) noexcept : number(std::exchange(other.number, -1)) {}
  ~Socket() {
    if (number >= 0) ::close(number);
  }
};

class BareEnd : public WirePair::End {
 public:
  explicit BareEnd(Socket socket) : m_socket(std::move(socket)) {}
  void write(const std::byte* bytes, std::size_t count) override {
    while (count > 0) {
      const ssize_t done = ::send(m_socket.number, bytes, count, MSG_NOSIGNAL);
      if (done <= 0) fail("write to");
      bytes += done;
      count -= static_cast<std::size_t>(done);
    }
  }
  void read(std::byte* bytes, std::size_t count) override {
    while (count > 0) {
      const ssize_t done = ::recv(m_socket.number, bytes, count, 0);
      if (done <= 0) fail("read from");
      bytes += done;
      count -= static_cast<std::size_t>(done);
    }
  }

 private:
  Socket m_socket;
};

struct Pem {
  BIO* in;
  explicit Pem(const std::string& text) : in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))) {}
  ~Pem() { BIO_free(in); }
};

class TlsEnd : public WirePair::End {
 public:
  TlsEnd(Socket socket, bool server, const transport::pki::Identity& ca, const transport::pki::Identity& own)
      : m_socket(std::move(socket)), m_context(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method())) {
    X509* ca_certificate = PEM_read_bio_X509(Pem(ca.certificate_pem).in, nullptr, nullptr, nullptr);
    X509* certificate = PEM_read_bio_X509(Pem(own.certificate_pem).in, nullptr, nullptr, nullptr);
    EVP_PKEY* key = PEM_read_bio_PrivateKey(Pem(own.key_pem).in, nullptr, nullptr, nullptr);
    SSL_CTX_set_min_proto_version(m_context, TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(m_context, 0);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(m_context), ca_certificate);
    SSL_CTX_use_certificate(m_context, certificate);
    SSL_CTX_use_PrivateKey(m_context, key);
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_free(ca_certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    m_ssl = SSL_new(m_context);
    SSL_set_fd(m_ssl, m_socket.number);
    server ? SSL_set_accept_state(m_ssl) : SSL_set_connect_state(m_ssl);
  }
  ~TlsEnd() override {
    SSL_free(m_ssl);
    SSL_CTX_free(m_context);
  }
  void shake_hands() {
    if (SSL_do_handshake(m_ssl) != 1) fail("shake hands over");
  }
  void write(const std::byte* bytes, std::size_t count) override {
    std::size_t done = 0;
    if (SSL_write_ex(m_ssl, bytes, count, &done) != 1) fail("write to");
  }
  void read(std::byte* bytes, std::size_t count) override {
    while (count > 0) {
      std::size_t done = 0;
      if (SSL_read_ex(m_ssl, bytes, count, &done) != 1) fail("read from");
      bytes += done;
      count -= done;
    }
  }

 private:
  Socket m_socket;
  SSL_CTX* m_context;
  SSL* m_ssl = nullptr;
};

struct Sockets {
  Socket hub;
  Socket node;
};

Sockets connect_over_loopback() {
  Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.number, generic, size) != 0 || ::listen(listener.number, 1) != 0) fail("listen on");
  if (::getsockname(listener.number, generic, &size) != 0) fail("name");
  Socket node(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(node.number, generic, size) != 0) fail("connect");
  Socket hub(::accept(listener.number, nullptr, nullptr));
  const int yes = 1;
  for (const int socket : {hub.number, node.number}) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return {std::move(hub), std::move(node)};
}

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

WirePair WirePair::bare() {
  Sockets sockets = connect_over_loopback();
  WirePair pair;
  pair.m_hub = std::make_unique<BareEnd>(std::move(sockets.hub));
  pair.m_node = std::make_unique<BareEnd>(std::move(sockets.node));
  return pair;
}

WirePair WirePair::tls(const transport::pki::Identity& ca, const transport::pki::Identity& hub,
                       const transport::pki::Identity& node) {
  Sockets sockets = connect_over_loopback();
  auto hub_end = std::make_unique<TlsEnd>(std::move(sockets.hub), true, ca, hub);
  auto node_end = std::make_unique<TlsEnd>(std::move(sockets.node), false, ca, node);
  std::thread other([&] { hub_end->shake_hands(); });
  node_end->shake_hands();
  other.join();
  WirePair pair;
  pair.m_hub = std::move(hub_end);
  pair.m_node = std::move(node_end);
  return pair;
}

std::vector<double> ping_pong_us(WirePair& wire, const PingPong& options) {
  std::thread node([&] {
    std::vector<std::byte> down(options.down_bytes), up(options.up_bytes);
    for (std::size_t i = 0; i < options.rounds; ++i) {
      wire.node().read(down.data(), down.size());
      if (options.node_work) options.node_work();
      wire.node().write(up.data(), up.size());
    }
  });
  std::vector<std::byte> down(options.down_bytes), up(options.up_bytes);
  std::vector<double> us;
  for (std::size_t i = 0; i < options.rounds; ++i) {
    const auto start = Clock::now();
    if (options.hub_work) options.hub_work();
    wire.hub().write(down.data(), down.size());
    wire.hub().read(up.data(), up.size());
    us.push_back(since(start) * 1e6);
  }
  node.join();
  std::ranges::sort(us);
  return us;
}

double transfer_seconds(WirePair& wire, std::size_t total_bytes, std::size_t piece_bytes) {
  const auto start = Clock::now();
  std::thread node([&] {
    std::vector<std::byte> buffer(64 * 1024);
    for (std::size_t left = total_bytes; left > 0;) {
      const std::size_t count = std::min(left, buffer.size());
      wire.node().read(buffer.data(), count);
      left -= count;
    }
  });
  const std::vector<std::byte> piece(piece_bytes);
  for (std::size_t left = total_bytes; left > 0;) {
    const std::size_t count = std::min(left, piece.size());
    wire.hub().write(piece.data(), count);
    left -= count;
  }
  node.join();
  return since(start);
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted.at(std::min(sorted.size() - 1, static_cast<std::size_t>(static_cast<double>(sorted.size()) * share)));
}

}  // namespace retour::bench
