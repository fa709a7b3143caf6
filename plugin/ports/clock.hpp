#pragma once
#include <cstdint>

namespace retour::ports {

/// Wall time, handed in so that tests and the replay own it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_ms() = 0;  // since 1970-01-01 UTC
};

}  // namespace retour::ports
