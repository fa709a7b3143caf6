#include "tests/bench/transport_bench.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/transport/https_client.hpp"
#include "sync/transport/https_server.hpp"
#include "tests/bench/bench_keys.hpp"

extern char** environ;

namespace retour::bench {
namespace {

using namespace transport;
using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& operation, const std::string& cause) {
  throw Error({operation, "the benchmark", cause, "no figure"});
}

using Keys = BenchKeys;

/// Keeps every request until release_all().
class Waiting : public Service {
 public:
  void handle(Request&&, Answer answer) override {
    const std::lock_guard lock(m_mutex);
    m_answers.push_back(std::move(answer));
    m_changed.notify_all();
  }
  void wait_until(std::size_t count, const std::function<bool()>& still_possible) {
    std::unique_lock lock(m_mutex);
    while (!m_changed.wait_for(lock, std::chrono::milliseconds(200), [&] { return m_answers.size() >= count; })) {
      if (!still_possible()) fail("connect the clients of", "their process ended early");
    }
  }
  void release_all(const Reply& reply) {
    std::unique_lock lock(m_mutex);
    const std::vector<Answer> answers = std::exchange(m_answers, {});
    lock.unlock();
    for (const Answer& answer : answers) answer(Reply(reply));
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Answer> m_answers;
};

/// This program again, as the clients; what it prints comes through a pipe.
class ClientProcess {
 public:
  ClientProcess(std::uint16_t port, std::size_t count, const std::filesystem::path& identity_file) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe for", std::strerror(errno));
    m_output = ends[0];
    std::array<std::string, 5> words = {"retour-bench", "--waiting-clients", std::to_string(port),
                                        std::to_string(count), identity_file.string()};
    std::array<char*, 6> arguments{};
    for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const int error = ::posix_spawn(&m_process, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) fail("start the clients of", std::strerror(error));
  }
  ~ClientProcess() {
    ::close(m_output);
    if (!m_ended) ::waitpid(m_process, nullptr, 0);
  }
  ClientProcess(const ClientProcess&) = delete;
  ClientProcess& operator=(const ClientProcess&) = delete;

  bool is_running() {
    if (!m_ended) m_ended = ::waitpid(m_process, nullptr, WNOHANG) == m_process;
    return !m_ended;
  }
  std::string output() {
    std::string text;
    std::array<char, 256> buffer;
    ssize_t count = 0;
    while ((count = ::read(m_output, buffer.data(), buffer.size())) > 0)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
  }

 private:
  int m_output = -1;
  pid_t m_process = 0;
  bool m_ended = false;
};

/// A file that is gone afterwards.
struct TemporaryFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("retour-bench-" + std::to_string(::getpid()) + ".pem");
  ~TemporaryFile() { std::filesystem::remove(path); }
};

void allow_files(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < count + 100) {
    fail("open " + std::to_string(count) + " connections for",
         "only " + std::to_string(limit.rlim_cur) + " files are allowed");
  }
}

/// "VmRSS" or "VmHWM" of this process, in bytes.
double memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && status >> kilobytes) return kilobytes * 1024;
  }
  fail("read " + name + " for", "it is not in /proc/self/status");
}

double seconds(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

WaitingConnections measure_waiting_connections(std::size_t count) {
  allow_files(count);
  const Keys keys;
  const TemporaryFile identity;
  pki::save_pem(identity.path, keys.node.key_pem + keys.node.certificate_pem);
  Waiting service;
  ServerOptions options{.address = "127.0.0.1", .port = 0, .ca_pem = keys.ca.certificate_pem, .hub = keys.hub};
  options.limits.connections_max = count + 10;
  HttpsServer server(std::move(options), service);

  WaitingConnections result{.connections = count};
  const double before = memory("VmRSS");
  const auto start = Clock::now();
  ClientProcess clients(server.port(), count, identity.path);
  service.wait_until(count, [&] { return clients.is_running(); });
  result.connect_seconds = seconds(Clock::now() - start);
  result.hub_resident_bytes = memory("VmRSS");
  result.bytes_a_connection = (result.hub_resident_bytes - before) / static_cast<double>(count);

  const auto change = Clock::now();
  service.release_all({.status = 200, .body = Bytes(200, 'c')});
  const std::string output = clients.output();
  std::size_t answered = 0;
  long long last_ns = 0;
  if (std::sscanf(output.c_str(), "%zu %lld", &answered, &last_ns) != 2 || answered != count) {
    fail("wake the clients of", std::to_string(answered) + " of " + std::to_string(count) + " were answered");
  }
  result.wake_seconds = seconds(std::chrono::nanoseconds(last_ns) - change.time_since_epoch());
  result.hub_resident_bytes_max = memory("VmHWM");
  return result;
}

OneChange measure_one_change(const OneChangeOptions& options) {
  const Keys keys;
  Waiting service;
  HttpsServer server({.address = "127.0.0.1", .port = 0, .ca_pem = keys.ca.certificate_pem, .hub = keys.hub},
                     service);
  HttpsClient store({.host = "127.0.0.1",
                     .port = server.port(),
                     .ca_pem = keys.ca.certificate_pem,
                     .ca_fingerprint = {},
                     .identity = keys.node});
  WireBytes first, last;
  std::thread node([&] {
    const Bytes pull(options.up_bytes, 'p');
    for (std::size_t i = 0; i <= options.rounds; ++i) {
      store.call("POST", "/sync/v1/pull", pull, 60'000);
      if (options.node_work) options.node_work();
      if (i == 0) first = store.wire_bytes();
    }
    last = store.wire_bytes();
  });
  const auto always = [] { return true; };
  const Reply change{.status = 200, .body = Bytes(options.down_bytes, 'c')};
  OneChange result;
  service.wait_until(1, always);
  for (std::size_t i = 0; i < options.rounds; ++i) {
    const auto start = Clock::now();
    if (options.hub_work) options.hub_work();
    service.release_all(change);
    service.wait_until(1, always);
    result.us.push_back(seconds(Clock::now() - start) * 1e6);
  }
  service.release_all(change);
  node.join();
  std::ranges::sort(result.us);
  const std::uint64_t bytes = last.sent - first.sent + last.received - first.received;
  result.bytes_a_change = static_cast<double>(bytes) / static_cast<double>(options.rounds);
  return result;
}

}  // namespace retour::bench
