#pragma once
// A hub and stores for the benches: the real parts on files in one folder, wired as the programs wire them, with the
// workload's orders as what the shop sold.

#include <memory>
#include <string>
#include <vector>

#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "plugin/app/store_context.hpp"
#include "pos-adapters/simulated/shop.hpp"
#include "pos-adapters/system/system.hpp"
#include "sync/daemon/sync_node.hpp"
#include "sync/hub/chunks.hpp"
#include "sync/hub/hub_service.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "sync/transport/https_client.hpp"
#include "sync/transport/https_server.hpp"
#include "tests/bench/workload.hpp"

namespace retour::bench {

/// As a source would hand it in. `cash`: paid in notes, so that a refund goes through the drawer.
ports::SourceOrder source_order(WorkloadOrder made, bool cash);
std::vector<ports::SourceItem> source_items(Workload& workload, std::size_t count, bool cash);

class BenchHub {
 public:
  struct Node {
    NodeId id;
    std::uint16_t catchment = 0;
    std::string name;
    std::string serial;
    transport::pki::Identity identity;
  };

  /// Makes hub.db in the folder and enrols the stores.
  BenchHub(const std::filesystem::path& folder, std::size_t stores);

  /// So many stores more in one transaction, as if enrolled long ago; their certificates share one key.
  void admit_at_once(std::size_t stores);

  hub::Hub& hub() { return m_hub; }
  hub::HubService& service() { return m_service; }
  /// In transactions as large as the import command makes them.
  void import(std::span<const ports::SourceItem> items);
  /// Empties the log, as the program does off the commit path.
  void checkpoint() { m_store->database().checkpoint_truncate(); }
  /// What the hub's knowledge contradicts in the journals: zero in a bench that measures what it says.
  std::size_t anomalies();
  const Node& node(std::size_t store) const { return m_nodes.at(store); }
  std::size_t stores() const { return m_nodes.size(); }
  const Bytes& lookup_secret() const { return m_lookup_secret; }
  codec::VerifyKey verify_key() const { return m_key.verify_key(); }

  /// Listens on loopback from the first call on.
  std::uint16_t port();
  std::unique_ptr<transport::HttpsClient> connect(std::size_t store);

 private:
  hub::HubParts parts();
  void enrol(const std::string& name);

  std::filesystem::path m_folder;
  system::SystemClock m_clock;
  system::SystemIds m_ids;
  codec::SigningKey m_key;
  transport::pki::Identity m_ca;
  Bytes m_lookup_secret;
  std::unique_ptr<hub::SqliteHubStore> m_store;
  hub::Hub m_hub;
  std::unique_ptr<hub::SqliteHubStore> m_shelf_store;
  hub::ChunkShelf m_shelf;
  hub::HubService m_service;
  std::vector<Node> m_nodes;
  std::optional<transport::HttpsServer> m_server;
};

/// One store's files and devices; `synchronous` for the journal.
class BenchStore {
 public:
  BenchStore(const std::filesystem::path& folder, const BenchHub& hub, std::size_t store,
             sqlite::Synchronous synchronous = sqlite::Synchronous::full);

  journal::Journal journal;
  orders::OrderReplica orders;
  system::SystemClock clock;
  system::SystemIds ids;
  simulated::Shop devices;
  app::LegsInMotion legs;
  app::StoreContext context;
  codec::SigningKey key;
  codec::VerifyKey hub_key;
  std::filesystem::path orders_path;

  daemon::SyncNode sync_over(transport::HubConnection& hub, std::uint16_t catchment);
};

}  // namespace retour::bench
