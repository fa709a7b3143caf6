#pragma once
// Devices with which the program dies: before they are asked, or after they did it and before the answer is noted.

#include "plugin/ports/devices.hpp"

namespace retour::testing {

/// The program dies: thrown by a device or by the pen.
struct Killed {};

/// Lets so many steps pass and then kills the program.
struct Countdown {
  int steps = 1'000'000;
  void pass() {
    if (steps-- == 0) throw Killed{};
  }
};

class MortalTerminal final : public ports::CardTerminal {
 public:
  MortalTerminal(ports::CardTerminal& inner, Countdown& countdown) : m_inner(inner), m_countdown(countdown) {}
  ports::DeviceAnswer refund(const ports::RefundRequest& request) override {
    m_countdown.pass();
    const auto answer = m_inner.refund(request);
    m_countdown.pass();
    return answer;
  }
  ports::DeviceAnswer status_of(const LegId& leg) override {
    m_countdown.pass();
    return m_inner.status_of(leg);
  }

 private:
  ports::CardTerminal& m_inner;
  Countdown& m_countdown;
};

class MortalDrawer final : public ports::CashDrawer {
 public:
  MortalDrawer(ports::CashDrawer& inner, Countdown& countdown) : m_inner(inner), m_countdown(countdown) {}
  ports::DeviceAnswer pay_out(const ports::RefundRequest& request) override {
    m_countdown.pass();
    const auto answer = m_inner.pay_out(request);
    m_countdown.pass();
    return answer;
  }

 private:
  ports::CashDrawer& m_inner;
  Countdown& m_countdown;
};

}  // namespace retour::testing
