#pragma once
// Everything retour-store holds while it runs: the directory's files, the devices, the rules, and connections for the
// threads that ask. What is remembered between requests is in journal.db.

#include <memory>
#include <mutex>
#include <vector>

#include "db/journal/journal.hpp"
#include "db/node_files/node_files.hpp"
#include "db/orders/order_replica.hpp"
#include "db/photos/photo_folder.hpp"
#include "plugin/app/adopt_policy.hpp"
#include "plugin/app/store_context.hpp"
#include "plugin/store/sync_status.hpp"
#include "sync/documents/document_shelf.hpp"

namespace retour::store {

/// The parts that differ between the program, a test and the demo. All outlive the service.
struct ServiceParts {
  ports::Clock& clock;
  ports::Ids& ids;
  ports::CardTerminal& terminal;
  ports::CashDrawer& drawer;
  ports::Printer& printer;
  ports::ArticleLookup* articles = nullptr;  // null: no catalogue
  ports::StaffRegistry* staff = nullptr;     // null: everybody is a cashier
  ports::RecallList* recalls = nullptr;      // null: nothing is recalled
  ports::FiscalSigner* fiscal = nullptr;     // null: no signature is asked for
};

class StoreService {
 public:
  /// Opens (or makes) the journal of an enrolled directory, and an empty replica when there is none yet; a damaged
  /// replica is set aside, because it can be fetched again. policy.json comes into force, if it will do.
  /// Throws Error: not enrolled, a newer or damaged journal, no policy that will do.
  StoreService(node_files::NodeFiles files, ServiceParts parts);
  ~StoreService();

  /// Connections of one thread, for one request or tick; goes back to the pool when it ends.
  class Lease {
   public:
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    app::StoreContext& operator*() const;

   private:
    friend class StoreService;
    struct Session;
    Lease(StoreService& service, std::unique_ptr<Session> session);
    StoreService* m_service;
    std::unique_ptr<Session> m_session;
  };
  Lease lease();

  /// What nobody waits for: answers of the hub, legs whose end is not known, the log of the journal.
  /// Throws Error when the world fails; the next tick tries again.
  void tick();

  /// Looks whether a pack has come, gone or changed, or a day has begun, and takes into force what holds now.
  /// Commands that run finish by the pack they began with. True: another pack than before is in force.
  bool take_up_policy();

  const node_files::NodeConfig& config() const { return m_config; }
  /// What is in force, and why packs were passed over (empty: none was).
  std::shared_ptr<const app::PolicyInForce> policy() const;
  /// Documents of the hub that this store did not take over.
  std::vector<protocol::RefusedDocument> documents_refused() const;
  photos::PhotoFolder& photos() { return m_photos; }
  SyncStatus sync_status() const { return read_sync_status(m_files.sync_state()); }

 private:
  node_files::NodeFiles m_files;
  node_files::NodeConfig m_config;
  ServiceParts m_parts;
  Bytes m_lookup_secret;
  app::LegsInMotion m_legs;
  photos::PhotoFolder m_photos;
  mutable std::mutex m_mutex;  // below
  std::shared_ptr<const app::PolicyInForce> m_policy;
  std::vector<std::unique_ptr<Lease::Session>> m_idle;  // at most one a thread of the server
  std::string m_policy_state;                           // what the choice rested on; by take_up_policy alone
};

}  // namespace retour::store
