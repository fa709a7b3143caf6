#pragma once
// The one place that knows all parts of retour-hub.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "db/node_files/program_lock.hpp"
#include "sync/hub/chunks.hpp"
#include "sync/hub/hub_service.hpp"
#include "sync/hub/photo_shelf.hpp"
#include "sync/hub_program/bulk_lane.hpp"
#include "sync/hub_program/make_hub.hpp"
#include "sync/hub_program/open_hub.hpp"
#include "sync/hub_program/page/page_server.hpp"
#include "sync/hub_program/page/started_api.hpp"
#include "sync/hub_program/page/status.hpp"
#include "sync/transport/https_server.hpp"

namespace retour::hub_program {

inline constexpr int timer_ms = 100;                    // how soon an import by another process is told to the stores
inline constexpr std::int64_t rights_every_ms = 2'000;  // at most; the count takes about 10 µs an order
inline constexpr std::int64_t policy_every_ms = 1'000;  // how soon a published pack and a new day are looked at
inline constexpr int look_cache_kib = 16 * 1024;  // of the page's, the timer's and the bulk lane's own connections
inline constexpr int rights_share = 20;           // of the time: a count of a million orders may not run all day

struct ServeOptions {
  std::filesystem::path directory;
  std::string address = "0.0.0.0";         // of the stores' end
  std::optional<std::uint16_t> port = {};  // empty: the one of hub.json
  std::uint16_t status_port = 0;
};

class RunningHub {
 public:
  /// Serves when the constructor returns. Throws Error with the sentence for the person.
  explicit RunningHub(const ServeOptions& options);
  ~RunningHub();
  RunningHub(const RunningHub&) = delete;
  RunningHub& operator=(const RunningHub&) = delete;

  /// Within a second or two, waiting stores included. A second call does nothing.
  void stop();

  std::uint16_t port() const { return m_server->port(); }
  std::uint16_t status_port() const { return m_pages->port(); }
  const HubConfig& config() const { return m_opened.config(); }
  const std::optional<std::string>& certificate_renewed_because() const { return m_certificate.renewed_because; }

 private:
  PageServer::Pages pages();
  PageCommands commands();
  HubStatus look();
  void time_passes();
  void tick();
  void count_rights_when_due();
  void take_up_policy_when_due();
  std::string policy_state();

  HubFiles m_files;
  node_files::ProgramLock m_lock;
  OpenHub m_opened;
  HubCertificate m_certificate;
  std::int64_t m_started_ms;
  std::int64_t m_certificate_ends_ms;
  std::unique_ptr<hub::SqliteHubStore> m_chunk_store;  // the bulk lane's own
  hub::ChunkShelf m_chunks;
  hub::PhotoShelf m_photos;
  BulkLane m_bulk;
  BulkLane m_photo_lane;
  hub::HubService m_service;
  StartedApi m_started;

  std::mutex m_look_mutex;  // pages
  std::unique_ptr<hub::SqliteHubStore> m_look_store;
  std::unique_ptr<hub::SqliteHubStore> m_timer_store;  // the timer's own: counts, checkpoints

  std::mutex m_mutex;  // below
  std::condition_variable m_wake;
  bool m_stopping = false;
  RightsStatus m_rights;
  std::string m_trouble;  // the timer's last one; told once, shown as long as it lasts
  PolicyStatus m_policy;

  std::int64_t m_rights_due_ms = 0;    // timer only
  std::int64_t m_rights_version = -1;  // timer only
  std::int64_t m_policy_due_ms = 0;    // timer only
  std::string m_policy_state;          // timer only: what the choice of the policy rests on

  std::unique_ptr<transport::HttpsServer> m_server;
  std::unique_ptr<PageServer> m_pages;
  std::thread m_timer;
};

}  // namespace retour::hub_program
