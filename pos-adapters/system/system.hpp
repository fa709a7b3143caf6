#pragma once
// The machine itself behind the ports: its clock, its random numbers, and how it asks a program to end.

#include "plugin/ports/clock.hpp"
#include "plugin/ports/ids.hpp"

namespace retour::system {

/// Wall time of the machine. Safe from any thread.
class SystemClock final : public ports::Clock {
 public:
  std::int64_t now_ms() override;
};

/// The operating system's generator for secrets. Safe from any thread; throws when there is none.
class SystemIds final : public ports::Ids {
 public:
  void fill(std::uint8_t* bytes, std::size_t count) override;
};

/// Call first in a program, before any thread: from then on the signals that ask it to end are taken only by
/// Poco's waitForTerminationRequest. Does nothing on Windows, where the service manager asks otherwise.
void keep_termination_signals();

}  // namespace retour::system
