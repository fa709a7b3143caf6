#include "pos-adapters/system/system.hpp"

#include <chrono>
#include <csignal>
#include <random>

namespace retour::system {

std::int64_t SystemClock::now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// libstdc++ reads the processor's or the kernel's generator here, the same that OpenSSL seeds itself from; it throws
// when neither can be read.
void SystemIds::fill(std::uint8_t* bytes, std::size_t count) {
  thread_local std::random_device device;
  for (std::size_t i = 0; i < count; i += sizeof(unsigned)) {
    const unsigned drawn = device();
    for (std::size_t k = 0; k < sizeof drawn && i + k < count; ++k)
      bytes[i + k] = static_cast<std::uint8_t>(drawn >> (8 * k));
  }
}

void keep_termination_signals() {
#ifndef _WIN32
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGQUIT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
#endif
}

}  // namespace retour::system
