// The process of the 10,000 stores: plain OpenSSL and one epoll loop, so that it takes as little as possible of the
// hub's machine.

#include "tests/bench/waiting_clients.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/core/base/error.hpp"

extern char** environ;

namespace retour::bench {
namespace {

constexpr int give_up_after_ms = 60'000;

// ---- the file that says who waits ------------------------------------------------------------------------------
void write_text(std::ofstream& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.write(reinterpret_cast<const char*>(&size), sizeof size);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

bool read_text(std::ifstream& in, std::string& text) {
  std::uint32_t size = 0;
  if (!in.read(reinterpret_cast<char*>(&size), sizeof size)) return false;
  text.resize(size);
  return static_cast<bool>(in.read(text.data(), size));
}

std::string request_of(const Bytes& pull) {
  return "POST /sync/v1/pull HTTP/1.1\r\nHost: hub\r\nContent-Length: " + std::to_string(pull.size()) + "\r\n\r\n" +
         std::string(pull.begin(), pull.end());
}

// ---- one client ------------------------------------------------------------------------------------------------
struct Free {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Free>;

Owned<BIO> reading(const std::string& pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}
Owned<EVP_PKEY> key_of(const std::string& pem) {
  return Owned<EVP_PKEY>(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr));
}
Owned<X509> certificate_of(const std::string& pem) {
  return Owned<X509>(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
}

struct Client {
  int socket = -1;
  Owned<SSL> ssl;
};

Owned<SSL_CTX> make_context() {
  Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

bool connect_socket(std::uint16_t port, Client& client) {
  client.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return ::connect(client.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool shake_hands_and_call(SSL_CTX* context, EVP_PKEY* key, const std::string& certificate, const std::string& request,
                          Client& client) {
  client.ssl.reset(SSL_new(context));
  SSL_set_fd(client.ssl.get(), client.socket);
  std::size_t done = 0;
  return SSL_use_certificate(client.ssl.get(), certificate_of(certificate).get()) == 1 &&
         SSL_use_PrivateKey(client.ssl.get(), key) == 1 && SSL_connect(client.ssl.get()) == 1 &&
         SSL_write_ex(client.ssl.get(), request.data(), request.size(), &done) == 1 &&
         ::fcntl(client.socket, F_SETFL, O_NONBLOCK) == 0;
}

/// True when a reply came; one record holds it whole.
bool has_reply(Client& client) {
  std::array<char, 16'384> buffer;
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

int run(std::uint16_t port, const std::string& file) {
  allow_connections(0);
  std::ifstream in(file, std::ios::binary);
  std::string text;
  if (!read_text(in, text)) return 2;
  const Owned<EVP_PKEY> key = key_of(text);
  const Owned<SSL_CTX> context = make_context();
  std::vector<Client> clients;
  for (std::string request; read_text(in, text) && read_text(in, request);) {
    Client& client = clients.emplace_back();
    if (!connect_socket(port, client)) return 3;
    if (!shake_hands_and_call(context.get(), key.get(), text, request, client)) return 4;
  }
  const std::size_t answered = wait_for_replies(clients);
  const auto now = std::chrono::steady_clock::now().time_since_epoch();  // one clock for all processes of a machine
  std::printf("%zu %lld\n", answered, static_cast<long long>(std::chrono::nanoseconds(now).count()));
  std::fflush(stdout);
  return 0;
}

[[noreturn]] void fail(const std::string& operation, const std::string& cause) {
  throw Error({operation, "the benchmark", cause, "no figure"});
}

}  // namespace

void allow_connections(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < count + 100) {
    fail("open " + std::to_string(count) + " connections for",
         "only " + std::to_string(limit.rlim_cur) + " files are allowed");
  }
}

WaitingClients::WaitingClients(std::uint16_t port, const std::string& key_pem,
                               const std::vector<WaitingClient>& clients, const std::filesystem::path& folder)
    : m_count(clients.size()) {
  const std::string file = (folder / "waiting-clients").string();
  {
    std::ofstream out(file, std::ios::binary);
    write_text(out, key_pem);
    for (const WaitingClient& client : clients) {
      write_text(out, client.certificate_pem);
      write_text(out, request_of(client.pull));
    }
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe for", std::strerror(errno));
  m_output = ends[0];
  std::array<std::string, 4> words = {"retour-bench", "--waiting-clients", std::to_string(port), file};
  std::array<char*, 5> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int error = ::posix_spawn(&m_process, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (error != 0) fail("start the clients of", std::strerror(error));
}

WaitingClients::~WaitingClients() {
  ::close(m_output);
  if (!m_ended) ::waitpid(m_process, nullptr, 0);
}

bool WaitingClients::is_running() {
  if (!m_ended) m_ended = ::waitpid(m_process, nullptr, WNOHANG) == m_process;
  return !m_ended;
}

std::chrono::steady_clock::time_point WaitingClients::answered() {
  std::string text;
  std::array<char, 256> buffer;
  ssize_t count = 0;
  while ((count = ::read(m_output, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(count));
  std::size_t replies = 0;
  long long last_ns = 0;
  if (std::sscanf(text.c_str(), "%zu %lld", &replies, &last_ns) != 2 || replies != m_count) {
    fail("wake the clients of", std::to_string(replies) + " of " + std::to_string(m_count) + " were answered");
  }
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(last_ns));
}

std::optional<int> run_as_waiting_clients(int argc, char** argv) {
  if (argc != 4 || std::string_view(argv[1]) != "--waiting-clients") return std::nullopt;
  const int port = std::atoi(argv[2]);
  if (port <= 0 || port > 65'535) return 1;
  return run(static_cast<std::uint16_t>(port), argv[3]);
}

}  // namespace retour::bench
