#pragma once
// Carries out what the engine decides, for one node: pushes the journal, pulls the lanes, bootstraps the replica.
// One object a thread: it owns its connections to journal.db and orders.db. Blocking; no thread of its own.

#include <filesystem>
#include <functional>
#include <memory>

#include "db/codec/signature.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/photos/photo_folder.hpp"
#include "plugin/ports/clock.hpp"
#include "sync/documents/document_shelf.hpp"
#include "sync/engine/engine.hpp"
#include "sync/transport/transport.hpp"

namespace retour::daemon {

inline constexpr int push_timeout_ms = 30'000;  // a batch of 2 MB on a slow line
inline constexpr int pull_grace_ms = 20'000;    // beyond the time that the hub may hold the call
inline constexpr int chunk_timeout_ms = 120'000;
inline constexpr int document_timeout_ms = 120'000;
inline constexpr int started_calls_max = 100;     // a pull; each brings up to 500 started returns
inline constexpr int counted_calls_max = 100;     // a pull; each brings up to 2,000 returns at other stores
inline constexpr int documents_a_pull_max = 100;  // then orders and rights have their turn again
inline constexpr int photo_timeout_ms = 180'000;  // 6 MB at 35 kB/s; longer the hub does not wait for a body

struct SyncParts {
  journal::Journal& journal;
  orders::OrderReplica& orders;
  transport::HubConnection& hub;
  const codec::SigningKey& key;
  const codec::VerifyKey& hub_key;
  ports::Clock& clock;
  std::uint16_t catchment = 0;                    // the one whose orders are kept without age limit
  std::filesystem::path orders_path;              // where a bootstrap builds and swaps
  documents::DocumentShelf* documents = nullptr;  // null: the lane of documents is not asked for
  photos::PhotoFolder* photos = nullptr;          // null: none are taken here
};

/// What a call brought, for the status file and for those who wait.
struct Carried {
  engine::Input result;      // to hand to the engine
  std::size_t messages = 0;  // new rights, recalls and decisions in the journal
  std::size_t orders = 0;    // applied to the replica
  bool news() const { return messages > 0 || orders > 0; }
};

class SyncNode {
 public:
  explicit SyncNode(SyncParts parts) : m_parts(parts) {}

  /// One action, one round trip (a bootstrap: several). Never throws for the network or the hub: that is a
  /// CallFailed. Throws Error when this machine's own files fail.
  Carried carry_out(const engine::Action& action);

  /// What the engine starts from: heads, the highest hub epoch, whether there is a replica.
  engine::State initial_state();

 private:
  Carried push(const engine::Push& action);
  Carried pull(const engine::Pull& action);
  Carried bootstrap();
  std::optional<engine::CallFailed> fetch_documents();
  std::optional<engine::CallFailed> fetch_started();
  std::optional<engine::CallFailed> fetch_counted();
  Carried send_photo();
  std::optional<engine::CallFailed> bring_to_hub(const Hash256& hash);
  void fetch_chunks(const protocol::Manifest& manifest);

  SyncParts m_parts;
};

}  // namespace retour::daemon
