#pragma once
// The hub of a replay: the real hub over its own file, reached in memory or over real sockets.

#include <filesystem>
#include <memory>

#include "plugin/cli/replay/shop.hpp"
#include "plugin/cli/replay/source_data.hpp"
#include "sync/hub/hub_service.hpp"
#include "sync/transport/https_server.hpp"
#include "sync/transport/in_memory.hpp"
#include "sync/transport/pki.hpp"

namespace retour::replay {

struct HubSetup {
  std::filesystem::path directory;
  std::size_t stores = 0;
  std::uint64_t seed = 0;
  bool over_tls = false;
};

class HubSide {
 public:
  /// Makes hub.db and a place for each store, and starts.
  HubSide(HubSetup setup, simulated::ManualClock& clock);
  ~HubSide();

  void start();
  void die();
  bool up() const { return m_process != nullptr; }

  ShopSetup shop_setup(std::size_t store, const std::filesystem::path& directory) const;
  std::unique_ptr<transport::HubConnection> connect(std::size_t store);
  /// The wire of this store is cut, or whole again.
  void set_reachable(std::size_t store, bool reachable);

  /// Taken in with the next flush, in one transaction; while the hub is down they wait at the source.
  void import(ports::SourceItem item);
  void flush_imports();
  /// True when something was decided or asked.
  bool settle();

  std::pair<std::uint64_t, std::uint64_t> bytes() const { return {m_bytes_up, m_bytes_down}; }
  LedgerSums ledger(const SourceData& data);
  /// What hub and stores both know, compared: stock, journals, rights, money. Empty text: agrees.
  /// `paid`: by store, what the answers came to.
  std::map<std::string, std::string> agreement(const std::vector<std::unique_ptr<Shop>>& shops,
                                               const std::vector<Minor>& paid);

 private:
  struct Process;
  struct Place {
    ShopSetup shop;
    std::string serial;
    transport::pki::Identity identity;
    bool reachable = true;
  };
  friend class WireToHub;
  void enrol(std::size_t store);
  transport::Reply call(std::size_t store, const std::string& method, const std::string& path, const Bytes& body,
                        int timeout_ms);

  HubSetup m_setup;
  simulated::ManualClock& m_clock;
  simulated::SeededIds m_ids;
  Bytes m_lookup_secret;
  codec::SigningKey m_key;
  transport::pki::Identity m_ca;
  std::vector<Place> m_places;
  std::vector<ports::SourceItem> m_imports;
  std::uint64_t m_bytes_up = 0;
  std::uint64_t m_bytes_down = 0;
  std::uint16_t m_port = 0;  // kept over a restart
  std::unique_ptr<Process> m_process;
};

}  // namespace retour::replay
