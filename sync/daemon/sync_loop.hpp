#pragma once
// The life of `retour-sync`: one engine, three lanes that each have a thread, connections and files of their own.
// The engine itself has no thread: its state is stepped under one lock, what it wants done is handed to the lanes.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "db/node_files/node_files.hpp"
#include "db/node_files/program_lock.hpp"
#include "plugin/ports/clock.hpp"
#include "sync/daemon/sync_node.hpp"

namespace retour::daemon {

inline constexpr int journal_look_ms = 20;            // how soon a step of a return is on its way to the hub
inline constexpr std::int64_t status_every_ms = 200;  // writing it costs a sync of the disk that returns commit to
inline constexpr std::int64_t purge_every_ms = 3'600'000;  // other catchments' old orders go within the hour
inline constexpr std::int64_t photos_look_ms = 1'000;      // a photo has time

class SyncLoop {
 public:
  using Log = std::function<void(const std::string&)>;

  /// Reads keys and config of an enrolled directory; opens (or makes) journal and replica. Throws Error, also when
  /// another retour-sync works there. `log` is told in a sentence when the store falls out of step and when it is
  /// back.
  SyncLoop(node_files::NodeFiles files, ports::Clock& clock, Log log = {});
  ~SyncLoop();

  /// Works until stop(). Throws Error when this machine's own files fail: the service manager starts it again.
  void run();
  const node_files::NodeConfig& config() const { return m_config; }
  /// From any thread or signal handler thread; waiting calls end at once.
  void stop();

 private:
  class Lane;
  void dispatch(const engine::Input& input);
  void look_at_journal();
  void write_status();
  void tell(engine::Trouble trouble, const std::string& detail);
  void purge_when_due();
  void look_at_photos();
  std::unique_ptr<Lane> make_lane(documents::DocumentShelf* documents = nullptr);

  const node_files::NodeFiles m_files;
  const node_files::NodeConfig m_config;
  const node_files::ProgramLock m_lock;
  ports::Clock& m_clock;
  const Log m_log;
  documents::DocumentShelf m_documents;  // of the lane down
  photos::PhotoFolder m_photos;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  engine::State m_state;
  std::optional<engine::Action> m_up;  // wanted and not taken by the lane's thread
  std::optional<engine::Action> m_down;
  std::optional<engine::Action> m_photo;
  bool m_stopping = false;
  std::exception_ptr m_failure;  // of a lane: the loop ends with it
  std::unique_ptr<Lane> m_look;  // the main thread's own connections
  std::unique_ptr<Lane> m_up_lane;
  std::unique_ptr<Lane> m_down_lane;
  std::unique_ptr<Lane> m_photo_lane;
  std::int64_t m_photos_looked_ms = 0;
  std::int64_t m_data_version = -1;
  std::int64_t m_purged_ms = 0;
  std::string m_status;                   // as last written
  std::int64_t m_status_ms = 0;           // when
  std::optional<engine::Trouble> m_told;  // what the log heard last
};

}  // namespace retour::daemon
