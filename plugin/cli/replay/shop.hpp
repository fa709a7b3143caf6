#pragma once
// A store of the replay: its own files, its own sync engine, its own devices; everything else is what the programs
// run.

#include <filesystem>
#include <memory>
#include <vector>

#include "db/codec/signature.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/store_context.hpp"
#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/simulated/shop.hpp"
#include "sync/engine/engine.hpp"
#include "sync/transport/transport.hpp"

namespace retour::replay {

/// The process of a store dies: thrown by what it was doing, caught by the run, which opens the store again from its
/// files.
struct Killed {};

/// Where a kill strikes next; armed by the run, fired by the first step that passes.
class KillSwitch {
 public:
  void arm(std::uint64_t steps) { m_steps = steps + 1; }
  /// A step at which a process can die: before and after a device moves money, after a reply of the hub is lost.
  void pass() {
    if (m_steps > 0 && --m_steps == 0) throw Killed{};
  }

 private:
  std::uint64_t m_steps = 0;
};

struct ShopSetup {
  std::filesystem::path directory;
  std::size_t index = 0;
  NodeId node;
  std::uint64_t epoch = 0;
  std::uint16_t catchment = 0;
  std::string name;
  Bytes lookup_secret;
  PolicyPack policy;
  std::string key_pem;
  std::string hub_key_pem;
  std::uint64_t seed = 0;
};

class Shop {
 public:
  using Connect = std::function<std::unique_ptr<transport::HubConnection>()>;
  /// `connect` makes a connection to the hub as this node; called at each start.
  Shop(ShopSetup setup, simulated::ManualClock& clock, Connect connect);
  ~Shop();

  /// Opens files and engine anew, as a started process does, and asks the devices what became of open legs.
  void start();
  /// Forgets everything that is not in files.
  void die();

  const ShopSetup& setup() const { return m_setup; }
  app::StoreContext& context();
  KillSwitch& kill_switch() { return m_kill; }

  /// Sends and takes what there is until nothing is left, without waiting. True when something was new.
  bool sync();
  /// A cashier counts the drawer and says what became of legs that a dead process left unknown; pays those that did
  /// not move.
  void clear_drawer(const ReturnCaseId& case_id);

  /// Events in its journal, of all lives.
  std::uint64_t events();

 private:
  struct Process;  // what dies
  ShopSetup m_setup;
  simulated::ManualClock& m_clock;
  Connect m_connect;
  simulated::Shop m_devices;
  KillSwitch m_kill;
  std::uint64_t m_lives = 0;
  std::unique_ptr<Process> m_process;
};

}  // namespace retour::replay
