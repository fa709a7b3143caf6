#pragma once
// Says for as long as it lives that this thread is moving a leg.

#include <optional>
#include <utility>

#include "plugin/app/store_context.hpp"

namespace retour::app {

class LegHold {
 public:
  /// Empty when another thread has the leg.
  static std::optional<LegHold> take(LegsInMotion& legs, const LegId& leg) {
    if (!legs.take(leg)) return std::nullopt;
    return LegHold(legs, leg);
  }
  LegHold(LegHold&& other) noexcept : m_legs(std::exchange(other.m_legs, nullptr)), m_leg(other.m_leg) {}
  LegHold& operator=(LegHold&& other) noexcept {
    std::swap(m_legs, other.m_legs);
    std::swap(m_leg, other.m_leg);
    return *this;
  }
  ~LegHold() {
    if (m_legs != nullptr) m_legs->put_back(m_leg);
  }
  const LegId& leg() const { return m_leg; }

 private:
  LegHold(LegsInMotion& legs, const LegId& leg) : m_legs(&legs), m_leg(leg) {}

  LegsInMotion* m_legs;
  LegId m_leg;
};

}  // namespace retour::app
