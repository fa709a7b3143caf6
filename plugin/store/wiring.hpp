#pragma once
// The one place that knows all parts of retour-store.

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "plugin/store/http/http_server.hpp"
#include "plugin/store/store_service.hpp"
#include "pos-adapters/catalogue_file/catalogue_file.hpp"
#include "pos-adapters/file_drop/file_drop.hpp"
#include "pos-adapters/recall_file/recall_file.hpp"
#include "pos-adapters/simulated/shop.hpp"
#include "pos-adapters/staff_file/staff_file.hpp"
#include "pos-adapters/system/system.hpp"

namespace retour::store {

inline constexpr int tick_ms = 1'000;  // how long an answer of the hub waits when no customer does

struct ProgramSetup {
  std::filesystem::path directory = {};
  std::uint16_t port = 0;
  std::filesystem::path drop_folder = {};        // empty: no file drop
  std::optional<std::uint64_t> fault_seed = {};  // empty: the simulated devices never fail
  std::string fiscal_signer = {};                // "simulated"; empty: none, no signature is asked for
};

class StoreProgramParts {
 public:
  /// Opens everything, settles what a crash left open, and serves. Throws Error with the sentence for the person.
  explicit StoreProgramParts(const ProgramSetup& setup);
  ~StoreProgramParts();

  void stop();
  std::uint16_t port() const { return m_server.port(); }
  const std::string& store_name() const { return m_service.config().name; }

 private:
  void tick_until_stopped();
  void tick();
  void take_up_policy();
  void take_dropped_sales();

  system::SystemClock m_clock;
  system::SystemIds m_ids;
  simulated::Shop m_shop;
  catalogue_file::CatalogueFile m_catalogue;
  staff_file::StaffFile m_staff;
  recall_file::RecallFile m_recalls;
  StoreService m_service;
  std::optional<file_drop::FileDrop> m_drop;
  HttpServer m_server;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_stopping = false;
  std::string m_last_trouble;    // told once, not once a second
  std::string m_policy_trouble;  // the same
  std::thread m_ticker;
};

}  // namespace retour::store
