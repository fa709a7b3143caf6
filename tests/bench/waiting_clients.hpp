#pragma once
// Thousands of stores that wait, in a process of their own: each a TLS connection with its own certificate and one
// call that the hub holds.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "plugin/core/event/event.hpp"

namespace retour::bench {

struct WaitingClient {
  std::string certificate_pem;
  Bytes pull;  // body of its call
};

class WaitingClients {
 public:
  /// Starts this program again (run_as_waiting_clients), which connects one after the other. `key_pem` is that of all
  /// certificates; the folder gets a file that says all this. Throws Error.
  WaitingClients(std::uint16_t port, const std::string& key_pem, const std::vector<WaitingClient>& clients,
                 const std::filesystem::path& folder);
  ~WaitingClients();
  WaitingClients(const WaitingClients&) = delete;
  WaitingClients& operator=(const WaitingClients&) = delete;

  bool is_running();
  /// Waits until all have a reply, and says when the last one had it. Throws Error when some never did.
  std::chrono::steady_clock::time_point answered();

 private:
  std::size_t m_count;
  int m_output = -1;
  pid_t m_process = 0;
  bool m_ended = false;
};

/// Raises RLIMIT_NOFILE to what is allowed; throws Error when that is too low for so many connections.
void allow_connections(std::size_t count);

/// To be called first in main(): when the arguments say that this process is the clients', runs them and returns the
/// exit code.
std::optional<int> run_as_waiting_clients(int argc, char** argv);

}  // namespace retour::bench
