#pragma once
// A clock that only moves when told, ids from a seed, and the generator below both: the same seed gives the same run.

#include <atomic>
#include <mutex>

#include "plugin/ports/clock.hpp"
#include "plugin/ports/ids.hpp"

namespace retour::simulated {

/// SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, good enough to draw faults and ids, never for secrets.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : m_state(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound). @pre bound > 0. The bias of the remainder is below 2^-40 for the bounds used here.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t m_state;
};

class ManualClock final : public ports::Clock {
 public:
  explicit ManualClock(std::int64_t now_ms) : m_now_ms(now_ms) {}
  std::int64_t now_ms() override { return m_now_ms.load(); }
  void set(std::int64_t now_ms) { m_now_ms.store(now_ms); }
  void advance(std::int64_t by_ms) { m_now_ms += by_ms; }

 private:
  std::atomic<std::int64_t> m_now_ms;
};

/// Ids that repeat with the seed; safe to share between threads, whose order then decides who gets which.
class SeededIds final : public ports::Ids {
 public:
  explicit SeededIds(std::uint64_t seed) : m_draws(seed) {}
  void fill(std::uint8_t* bytes, std::size_t count) override;

 private:
  std::mutex m_mutex;
  Draws m_draws;
};

}  // namespace retour::simulated
