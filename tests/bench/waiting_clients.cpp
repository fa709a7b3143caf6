// The process of the 10,000 stores: plain OpenSSL and one epoll loop, so that it takes as little as possible of the
// hub's machine.

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/transport_bench.hpp"

namespace retour::bench {
namespace {

constexpr std::string_view request = "POST /wait HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\n\r\n";
constexpr int give_up_after_ms = 30'000;

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct Client {
  int socket = -1;
  std::unique_ptr<SSL, FreeSsl> ssl;
};

SSL_CTX* make_context(const std::string& identity_file) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  const bool read = SSL_CTX_use_certificate_file(context, identity_file.c_str(), SSL_FILETYPE_PEM) == 1 &&
                    SSL_CTX_use_PrivateKey_file(context, identity_file.c_str(), SSL_FILETYPE_PEM) == 1;
  return read ? context : nullptr;
}

bool connect_one(SSL_CTX* context, std::uint16_t port, Client& client) {
  client.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::connect(client.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  client.ssl.reset(SSL_new(context));
  SSL_set_fd(client.ssl.get(), client.socket);
  std::size_t done = 0;
  return SSL_connect(client.ssl.get()) == 1 &&
         SSL_write_ex(client.ssl.get(), request.data(), request.size(), &done) == 1 &&
         ::fcntl(client.socket, F_SETFL, O_NONBLOCK) == 0;
}

/// True when a reply came; one record holds it whole.
bool has_reply(Client& client) {
  std::array<char, 4096> buffer;
  std::size_t count = 0;
  return SSL_read_ex(client.ssl.get(), buffer.data(), buffer.size(), &count) == 1 &&
         std::string_view(buffer.data(), count).starts_with("HTTP/1.1 200 ");
}

std::size_t wait_for_replies(std::vector<Client>& clients) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < clients.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].socket, &event);
  }
  std::size_t answered = 0;
  std::array<epoll_event, 256> events;
  while (answered < clients.size()) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), give_up_after_ms);
    if (count <= 0) break;
    for (int i = 0; i < count; ++i) {
      Client& client = clients[events[static_cast<std::size_t>(i)].data.u64];
      if (!has_reply(client)) continue;
      ++answered;
      ::epoll_ctl(epoll, EPOLL_CTL_DEL, client.socket, nullptr);
    }
  }
  ::close(epoll);
  return answered;
}

int run(std::uint16_t port, std::size_t count, const std::string& identity_file) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const std::unique_ptr<SSL_CTX, FreeSsl> context(make_context(identity_file));
  if (!context) return 2;
  std::vector<Client> clients(count);
  for (Client& client : clients) {
    if (!connect_one(context.get(), port, client)) return 3;
  }
  const std::size_t answered = wait_for_replies(clients);
  const auto now = std::chrono::steady_clock::now().time_since_epoch();  // one clock for all processes of a machine
  std::printf("%zu %lld\n", answered, static_cast<long long>(std::chrono::nanoseconds(now).count()));
  std::fflush(stdout);
  return 0;
}

}  // namespace

std::optional<int> run_as_waiting_clients(int argc, char** argv) {
  if (argc != 5 || std::string_view(argv[1]) != "--waiting-clients") return std::nullopt;
  const int port = std::atoi(argv[2]);
  const int count = std::atoi(argv[3]);
  if (port <= 0 || port > 65'535 || count <= 0) return 1;
  return run(static_cast<std::uint16_t>(port), static_cast<std::size_t>(count), argv[4]);
}

}  // namespace retour::bench
