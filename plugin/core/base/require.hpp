#pragma once
// Stops the process when our own code is wrong. Never judges input: input is parsed and refused.

#include <source_location>

namespace retour {

/// Prints the place and the reason to standard error and aborts. On in release: the journal is whole, systemd
/// restarts.
[[noreturn]] void require_failed(const char* reason, const std::source_location& where);

inline void require(bool condition, const char* reason,
                    const std::source_location& where = std::source_location::current()) {
  if (!condition) [[unlikely]] {
    require_failed(reason, where);
  }
}

}  // namespace retour
