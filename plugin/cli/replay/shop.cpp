#include "plugin/cli/replay/shop.hpp"

#include <algorithm>
#include <deque>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/orders/replica_builder.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/collect_slip.hpp"
#include "plugin/app/confirm_leg.hpp"
#include "plugin/app/move_legs.hpp"
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
  MortalConnection(std::unique_ptr<transport::HubConnection> inner, KillSwitch& kill)
      : m_inner(std::move(inner)), m_kill(kill) {}
  transport::Reply call(const std::string& method, const std::string& path, const Bytes& body,
                        int timeout_ms) override {
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

/// Connections, engine and devices as one process has them.
struct Shop::Process {
  journal::Journal journal;
  orders::OrderReplica orders;
  std::unique_ptr<transport::HubConnection> hub;
  codec::SigningKey key;
  codec::VerifyKey hub_key;
  MortalTerminal terminal;
  MortalDrawer drawer;
  app::LegsInMotion legs;
  simulated::SeededIds ids;
  app::StoreContext context;
  daemon::SyncNode sync;
  engine::State state;

  Process(const ShopSetup& setup, simulated::Shop& devices, KillSwitch& kill, simulated::ManualClock& clock,
          const Connect& connect, std::uint64_t life)
      : journal(journal::Journal::create(setup.directory / "journal.db", {setup.node, setup.epoch},
                                         {.projections = projections::store_projections()})),
        orders(orders::OrderReplica::open(setup.directory / "orders.db", orders::ReplicaMode::read_write)),
        hub(std::make_unique<MortalConnection>(connect(), kill)),
        key(codec::SigningKey::from_pem(setup.key_pem)),
        hub_key(codec::VerifyKey::from_pem(setup.hub_key_pem)),
        terminal(devices.terminal, kill),
        drawer(devices.drawer, kill),
        ids((setup.seed * 1009 + setup.index) * 100'003 + life),
        context{.journal = journal,
                .orders = orders,
                .clock = clock,
                .ids = ids,
                .terminal = terminal,
                .drawer = drawer,
                .printer = devices.printer,
                .legs_in_motion = legs,
                .policy = setup.policy,
                .lookup_secret = setup.lookup_secret,
                .store_name = setup.name,
                .authority = setup.node.to_string(),
                .pause = [](std::int64_t) {}},
        sync({.journal = journal,
              .orders = orders,
              .hub = *hub,
              .key = key,
              .hub_key = hub_key,
              .clock = clock,
              .catchment = setup.catchment,
              .orders_path = setup.directory / "orders.db"}),
        state(sync.initial_state()) {
    state.has_replica = true;  // an empty one: everything comes as delta, as the rows of the file do
  }
};

Shop::Shop(ShopSetup setup, simulated::ManualClock& clock, Connect connect)
    : m_setup(std::move(setup)), m_clock(clock), m_connect(std::move(connect)) {
  std::filesystem::create_directories(m_setup.directory);
  orders::create_empty_replica(m_setup.directory / "orders.db");
}

Shop::~Shop() = default;

void Shop::start() {
  m_process = std::make_unique<Process>(m_setup, m_devices, m_kill, m_clock, m_connect, m_lives++);
  app::resume(m_process->context);
}

void Shop::die() {
  m_process.reset();
}

app::StoreContext& Shop::context() {
  return m_process->context;
}

std::uint64_t Shop::events() {
  return m_process->journal.head().seq;
}

bool Shop::sync() {
  Process& process = *m_process;
  std::deque<engine::Action> todo;
  const auto feed = [&](const engine::Input& input) {
    engine::Step next = engine::step(std::move(process.state), input, m_clock.now_ms());
    process.state = std::move(next.state);
    todo.insert(todo.end(), next.actions.begin(), next.actions.end());
  };
  process.state.push_after_ms = process.state.pull_after_ms = 0;  // the replay knows when the wire is whole again
  feed(engine::JournalGrew{process.journal.head().seq});
  bool news = false;
  bool nothing_new = false;  // since the last pull: the next one would only wait
  while (!todo.empty()) {
    engine::Action action = todo.front();
    todo.pop_front();
    auto* pull = std::get_if<engine::Pull>(&action);
    if (pull && nothing_new) {
      process.state.pulling = false;
      continue;
    }
    if (pull) pull->wait_ms = 0;
    const daemon::Carried carried = process.sync.carry_out(action);
    const auto* pulled = std::get_if<engine::PullAnswered>(&carried.result);
    const bool failed = std::holds_alternative<engine::CallFailed>(carried.result);
    nothing_new = failed || (pulled && !pulled->more && !carried.news());
    news |= !nothing_new;
    feed(carried.result);
    feed(engine::JournalGrew{process.journal.head().seq});
  }
  journal::checkpoint_when_grown(process.journal.database());  // as retour-sync does when the journal has grown
  return news;
}

void Shop::clear_drawer(const ReturnCaseId& case_id) {
  for (;;) {
    const auto outcome = app::read_outcome(context(), case_id);
    const CaseLeg* leg = leg_to_clear(outcome->state);
    if (!leg || leg->state != LegState::unknown) return;
    const auto payouts = m_devices.drawer.payouts();
    const bool left =
        std::ranges::any_of(payouts, [&](const auto& payout) { return payout.leg_id == leg->leg.leg_id; });
    const auto confirmed = app::confirm_leg(context(), {.command_id = context().ids.make<CommandId>(),
                                                        .case_id = case_id,
                                                        .leg_id = leg->leg.leg_id,
                                                        .outcome = left ? LegOutcome::settled : LegOutcome::failed,
                                                        .staff_code = "manager"});
    require(confirmed.ok(), "an unknown drawer leg can be confirmed");
    if (!left) require(app::pay_leg(context(), case_id, leg->leg.leg_id).ok(), "a leg that did not move can be paid");
    require(app::collect_slip(context(), case_id).ok(), "what waits behind the leg can be paid");
  }
}

}  // namespace retour::replay
