// The local HTTP API beside a bare epoll server that looks up the same orders in the same files and writes the same
// reply. Each server is a process of its own; what it used of the processor is told by the kernel when it ends.

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <functional>

#include "db/codec/digest.hpp"
#include "db/node_files/node_files.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "plugin/app/find_order.hpp"
#include "plugin/core/base/require.hpp"
#include "plugin/store/http/api.hpp"
#include "plugin/store/http/http_server.hpp"
#include "plugin/store/http/order_text.hpp"
#include "plugin/store/http/views_json.hpp"
#include "plugin/store/store_service.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/simulated/shop.hpp"
#include "tests/bench/callgrind.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t orders = 100'000;
constexpr std::size_t requests = 20'000;
constexpr std::size_t requests_before = 2'000;  // measured too and taken off: start, first pages, first connections

/// An enrolled directory with a replica; gives back order numbers to ask for.
std::vector<std::string> fill(const std::filesystem::path& folder, std::uint64_t seed, std::size_t count) {
  const node_files::NodeFiles files{folder};
  node_files::write_config(
      files,
      {.node = NodeId{{1}}, .epoch = 7, .name = "bench", .catchment = 1, .hub_host = "localhost", .hub_port = 1});
  node_files::write_text(files.policy(), R"({"id": "bench", "version": 1})", false);
  node_files::write_bytes(files.lookup_secret(), Bytes(32, 1), true);
  orders::ReplicaBuilder builder(files.orders());
  builder.begin({});
  Workload workload(seed);
  std::vector<std::string> numbers;
  for (std::size_t done = 0; done < count; done += codec::chunk_orders) {
    const auto batch = workload.next(codec::chunk_orders);
    for (std::size_t i = 0; i < batch.size(); i += 7) numbers.push_back(batch[i].order.number);
    const Bytes chunk = codec::pack_chunk(feed_items(batch, done + 1));
    builder.add(codec::sha256(chunk), chunk);
  }
  builder.finish(std::vector<codec::FeedCursor>{{1, count}});
  return numbers;
}

/// What both servers open.
struct StoreParts {
  explicit StoreParts(const std::filesystem::path& folder)
      : service({folder}, {clock, ids, shop.terminal, shop.drawer, shop.printer}) {}
  simulated::ManualClock clock{1'795'348'800'000};
  simulated::SeededIds ids{1};
  simulated::Shop shop;
  store::StoreService service;
};

void tell_port(int pipe, std::uint16_t port) {
  require(::write(pipe, &port, sizeof port) == sizeof port, "the port is told");
}

[[noreturn]] void serve_with_poco(const std::filesystem::path& folder, int pipe) {
  StoreParts parts(folder);
  store::HttpServer server({}, store::Api(parts.service), [](const std::string&) {});
  server.start();
  tell_port(pipe, server.port());
  while (true) ::pause();
}

int listen_on_any_port(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener, generic, size) == 0 && ::listen(listener, 16) == 0, "the yardstick listens");
  require(::getsockname(listener, generic, &size) == 0, "the yardstick knows its port");
  port = ntohs(address.sin_port);
  return listener;
}

/// The least that answers "GET /api/v1/orders?number=N HTTP/1.1": whole requests, one connection at a time a client.
std::string bare_reply(app::StoreContext& context, std::string_view request) {
  const std::string_view mark = "number=";
  const std::size_t from = request.find(mark) + mark.size();
  const std::string number(request.substr(from, request.find(' ', from) - from));
  const std::string body = store::orders_text(app::find_orders(context, {.number = number}));
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

[[noreturn]] void serve_bare(const std::filesystem::path& folder, int pipe) {
  StoreParts parts(folder);
  const auto lease = parts.service.lease();
  std::uint16_t port = 0;
  const int listener = listen_on_any_port(port);
  const int poll = ::epoll_create1(0);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener}};
  ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  tell_port(pipe, port);
  std::vector<char> buffer(65'536);
  while (::epoll_wait(poll, &event, 1, -1) == 1) {
    if (event.data.fd == listener) {
      epoll_event added{.events = EPOLLIN, .data = {.fd = ::accept(listener, nullptr, nullptr)}};
      ::epoll_ctl(poll, EPOLL_CTL_ADD, added.data.fd, &added);
      continue;
    }
    const ssize_t count = ::read(event.data.fd, buffer.data(), buffer.size());
    if (count <= 0) {
      ::close(event.data.fd);
      continue;
    }
    const std::string reply = bare_reply(*lease, {buffer.data(), static_cast<std::size_t>(count)});
    require(::write(event.data.fd, reply.data(), reply.size()) == static_cast<ssize_t>(reply.size()),
            "the reply goes out");
  }
  std::_Exit(1);
}

/// One keep-alive connection, one request after the other.
class Client {
 public:
  explicit Client(std::uint16_t port) : m_socket(::socket(AF_INET, SOCK_STREAM, 0)), m_port(port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "the server is there");
  }
  ~Client() { ::close(m_socket); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the server closed the connection before it answered: ask again on a new one.
  bool ask(const std::string& number) {
    const std::string request =
        "GET /api/v1/orders?number=" + number + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(m_port) + "\r\n\r\n";
    if (::send(m_socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) return false;
    std::string reply;
    while (true) {
      char buffer[65'536];
      const ssize_t count = ::read(m_socket, buffer, sizeof buffer);
      if (count <= 0) return false;
      reply.append(buffer, static_cast<std::size_t>(count));
      const std::size_t head = reply.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t at = reply.find("Content-Length: ");
      if (reply.size() >= head + 4 + std::stoul(reply.substr(at + 16))) break;
    }
    require(reply.find(number, reply.find("\r\n\r\n")) != std::string::npos,
            "the reply holds the order that was asked for");
    return true;
  }

 private:
  int m_socket;
  std::uint16_t m_port;
};

using Serve = void (*)(const std::filesystem::path& folder, int pipe);

/// What a server used for its requests, its start included.
struct Used {
  double seconds = 0;              // of processor
  std::uint64_t instructions = 0;  // under valgrind
};

Used used_by(Serve serve, const std::filesystem::path& folder, const std::vector<std::string>& numbers,
             std::size_t count) {
  int ends[2];
  require(::pipe(ends) == 0, "a pipe");
  const pid_t server = ::fork();
  if (server == 0) {
    count_instructions_from_here();
    serve(folder, ends[1]);
  }
  std::uint16_t port = 0;
  require(::read(ends[0], &port, sizeof port) == sizeof port, "the server starts");
  auto client = std::make_unique<Client>(port);
  for (std::size_t i = 0; i < count; ++i) {
    while (!client->ask(numbers[i % numbers.size()])) client = std::make_unique<Client>(port);
  }
  client.reset();
  ::kill(server, SIGTERM);
  rusage used{};
  int status = 0;
  ::wait4(server, &status, 0, &used);
  ::close(ends[0]);
  ::close(ends[1]);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return {seconds(used.ru_utime) + seconds(used.ru_stime),
          runs_under_callgrind() ? instructions_of_ended(server) : 0};
}

double micros_a_request(Serve serve, const std::filesystem::path& folder, const std::vector<std::string>& numbers) {
  const double start = used_by(serve, folder, numbers, requests_before).seconds;
  const double all = used_by(serve, folder, numbers, requests_before + requests).seconds;
  return (all - start) * 1e6 / static_cast<double>(requests);
}

void store_http(const Options& options) {
  const auto numbers = fill(options.folder, options.seed, orders);
  const auto paired = take_turns(
      3, [&] { return micros_a_request(serve_with_poco, options.folder, numbers); },
      [&] { return micros_a_request(serve_bare, options.folder, numbers); });
  report({.bench = "store_http",
          .figure = "processor time of a look-up by order number through the local API",
          .value = paired.ours,
          .unit = "us",
          .yardstick = paired.yardstick,
          .must_be_ratio = true,
          .must = 2.0,
          .note = "keep-alive, 100,000 orders; the yardstick reads the same files and writes the same JSON"});
}

double instructions_a_request(Serve serve, const std::filesystem::path& folder,
                              const std::vector<std::string>& numbers) {
  constexpr std::size_t counted = 1'000;
  const std::uint64_t start = used_by(serve, folder, numbers, counted).instructions;
  const std::uint64_t all = used_by(serve, folder, numbers, 2 * counted).instructions;
  return static_cast<double>(all - start) / counted;
}

void count_store_http(const Options& options) {
  const auto numbers = fill(options.folder, options.seed, codec::chunk_orders);
  report({.bench = "store_http",
          .figure = "a look-up by order number through the local API",
          .value = instructions_a_request(serve_with_poco, options.folder, numbers),
          .unit = "instructions",
          .yardstick = instructions_a_request(serve_bare, options.folder, numbers)});
}

const Registration http_bench("store_http", store_http, {12, 12});
const CountRegistration http_count("store_http", count_store_http, 60);

}  // namespace
}  // namespace retour::bench
