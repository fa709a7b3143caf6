#include "plugin/cli/replay/shop.hpp"

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/resume.hpp"
#include "sync/daemon/sync_node.hpp"

namespace retour::replay {

namespace {

/// A terminal whose till can die before and after the money moves.
class MortalTerminal final : public ports::CardTerminal {
 public:
  MortalTerminal(ports::CardTerminal& inner, KillSwitch& kill) : m_inner(inner), m_kill(kill) {}
  ports::DeviceAnswer refund(const ports::RefundRequest& request) override {
    m_kill.pass();
    const ports::DeviceAnswer answer = m_inner.refund(request);
    m_kill.pass();
    return answer;
  }
  ports::DeviceAnswer status_of(const LegId& leg) override { return m_inner.status_of(leg); }

 private:
  ports::CardTerminal& m_inner;
  KillSwitch& m_kill;
};

class MortalDrawer final : public ports::CashDrawer {
 public:
  MortalDrawer(ports::CashDrawer& inner, KillSwitch& kill) : m_inner(inner), m_kill(kill) {}
  ports::DeviceAnswer pay_out(const ports::RefundRequest& request) override {
    m_kill.pass();
    const ports::DeviceAnswer answer = m_inner.pay_out(request);
    m_kill.pass();
    return answer;
  }

 private:
  ports::CashDrawer& m_inner;
  KillSwitch& m_kill;
};

/// A wire on which the process can die with a message sent and its reply unread.
class MortalConnection final : public transport::HubConnection {
 public:
  MortalConnection(std::unique_ptr<transport::HubConnection> inner, KillSwitch& kill) : m_inner(std::move(inner)), m_kill(kill) {}
  transport::Reply call(const std::string& method, const std::string& path, const Bytes& body, int timeout_ms) override {
    m_kill.pass();
    transport::Reply reply = m_inner->call(method, path, body, timeout_ms);
    m_kill.pass();
    return reply;
  }
  void interrupt() override { m_inner->interrupt(); }

 private:
  std::unique_ptr<transport::HubConnection> m_inner;
  KillSwitch& m_kill;
};

}  // namespace
