#pragma once
// What the transport itself costs: the hub with thousands of waiting stores, and one change on its way to one store.

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace retour::bench {

struct WaitingConnections {
  std::size_t connections = 0;
  double connect_seconds = 0;  // all handshakes, one after the other, client's share included
  double bytes_a_connection =
      0;  // resident memory of the hub's process, less what it had before the first connection
  double hub_resident_bytes = 0;      // whole process, all connections waiting
  double hub_resident_bytes_max = 0;  // its peak, waking included
  double wake_seconds = 0;            // from the change until the last store has its reply
};

/// Starts the clients in a process of their own (this program again, see run_as_waiting_clients). Raises
/// RLIMIT_NOFILE to what is allowed; throws Error when that is too low for `count` connections.
WaitingConnections measure_waiting_connections(std::size_t count);

/// To be called first in main(): when the arguments say that this process is the clients', runs them and returns the
/// exit code.
std::optional<int> run_as_waiting_clients(int argc, char** argv);

struct OneChange {
  std::vector<double> us;     // each change, from before hub_work until the hub has the store's next pull; sorted
  double bytes_a_change = 0;  // reply and next pull on the wire, TLS and HTTP included, without TCP/IP headers
};
struct OneChangeOptions {
  std::size_t rounds = 2'000;
  std::size_t down_bytes = 200;          // body of the reply
  std::size_t up_bytes = 100;            // body of the pull that acknowledges it
  std::function<void()> hub_work = {};   // "commit at the hub", before the waiting pull is answered
  std::function<void()> node_work = {};  // "commit at the store", before the next pull
};
/// HttpsServer and HttpsClient in this process, over loopback.
OneChange measure_one_change(const OneChangeOptions& options);

}  // namespace retour::bench
