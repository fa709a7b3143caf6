// Ten thousand stores wait at the hub over TLS, in two processes; one order wakes them all.

#include <malloc.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "plugin/core/base/require.hpp"
#include "sync/protocol/message_codec.hpp"
#include "tests/bench/callgrind.hpp"
#include "tests/bench/chain.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/waiting_clients.hpp"

namespace retour::bench {
namespace {

constexpr std::size_t stores_waiting = 10'000;
constexpr double told_every_s = 10;

/// "VmRSS" or "VmHWM" of this process, in bytes.
double memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && status >> kilobytes) return kilobytes * 1024;
  }
  throw Error({"read " + name + " for", "the benchmark", "it is not in /proc/self/status", "no figure"});
}

/// From here on the peak is that of this bench, whatever ran in this process before: what was freed is given back,
/// and the kernel forgets the old peak (proc(5), clear_refs).
void forget_old_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;
}

/// An order of today that names no customer: it is at home nowhere, and every store wants it.
ports::SourceItem order_for_everybody(Workload& workload, std::int64_t now_ms) {
  ports::SourceOrder source = source_order(workload.next(), true);
  source.customer_ref.clear();
  source.order.sold_at_ms = now_ms;
  source.order.sold_on = CivilDate::of_ms(now_ms);
  return source;
}

/// Body of a call that waits as long as it may.
Bytes waiting_pull(const NodeId& node, std::int64_t now_ms) {
  return protocol::encode(protocol::PullRequest{
      .node = node, .today = CivilDate::of_ms(now_ms), .wait_ms = protocol::pull_wait_ms_max, .clock_ms = now_ms});
}

void wait_until_all_wait(BenchHub& hub, WaitingClients& clients) {
  const Stopwatch watch;
  double told = 0;
  while (hub.service().waiting() < hub.stores()) {
    require(clients.is_running(), "the clients connect");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (watch.seconds() < told + told_every_s) continue;
    told = watch.seconds();
    std::fprintf(stderr, "  %zu of %zu wait\n", hub.service().waiting(), hub.stores());
  }
}

void waiting_connections(const Options& options) {
  forget_old_peak();
  allow_connections(stores_waiting);
  BenchHub hub(options.folder / "hub", 0);
  hub.admit_at_once(stores_waiting);
  const std::int64_t now_ms = system::SystemClock().now_ms();
  std::vector<WaitingClient> stores;
  for (std::size_t i = 0; i < hub.stores(); ++i)
    stores.push_back({hub.node(i).identity.certificate_pem, waiting_pull(hub.node(i).id, now_ms)});
  Workload workload(options.seed);
  const ports::SourceItem order = order_for_everybody(workload, now_ms);
  const std::uint16_t port = hub.port();

  const double before = memory("VmRSS");
  WaitingClients clients(port, hub.node(0).identity.key_pem, stores, options.folder);
  wait_until_all_wait(hub, clients);
  const double a_connection = (memory("VmRSS") - before) / static_cast<double>(hub.stores());
  const double processor = process_seconds();
  const auto change = std::chrono::steady_clock::now();
  hub.import({&order, 1});
  const double woken = std::chrono::duration<double>(clients.answered() - change).count();
  const double processor_us = (process_seconds() - processor) * 1e6 / static_cast<double>(hub.stores());

  report({.bench = "waiting_connections",
          .figure = "memory of the hub, 10,000 TLS connections waiting, peak",
          .value = memory("VmHWM") / 1e9,
          .unit = "GB",
          .must = 1.2,
          .note = std::to_string(static_cast<std::uint64_t>(a_connection)) + " bytes a connection"});
  report({.bench = "waiting_connections",
          .figure = "from one order's import until the last of 10,000 stores has it",
          .value = woken,
          .unit = "s",
          .must = 2.0});
  report({.bench = "waiting_connections",
          .figure = "processor time of the hub a store woken: its pull, TLS, the socket",
          .value = processor_us,
          .unit = "us"});
}

/// Instructions of waking alone: no socket, no TLS.
void count_waiting_connections(const Options& options) {
  constexpr std::size_t waiting = 1'000;
  BenchHub hub(options.folder / "hub", 0);
  hub.admit_at_once(waiting);
  const std::int64_t now_ms = system::SystemClock().now_ms();
  std::size_t answered = 0;
  for (std::size_t i = 0; i < waiting; ++i) {
    const BenchHub::Node& node = hub.node(i);
    hub.service().handle({.method = "POST",
                          .path = "/sync/v1/pull",
                          .body = waiting_pull(node.id, now_ms),
                          .peer = node.id,
                          .peer_serial = node.serial},
                         [&](transport::Reply&& reply) { answered += reply.status == 200; });
  }
  require(hub.service().waiting() == waiting && answered == 0, "all of them wait");
  Workload workload(options.seed);
  const ports::SourceItem order = order_for_everybody(workload, now_ms);
  const std::uint64_t instructions = instructions_of([&] { hub.import({&order, 1}); });
  require(answered == waiting, "all of them are woken");
  report({.bench = "waiting_connections",
          .figure = "waking one store: its pull and its reply, without socket and TLS",
          .value = static_cast<double>(instructions) / waiting,
          .unit = "instructions"});
}

const Registration waiting_registration("waiting_connections", waiting_connections, {45, 45});
const CountRegistration waiting_count("waiting_connections", count_waiting_connections, 20);
const ChildRegistration waiting_clients(run_as_waiting_clients);

}  // namespace
}  // namespace retour::bench
