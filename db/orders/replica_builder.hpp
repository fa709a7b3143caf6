#pragma once
// Builds a replica from chunks: load, then index, then sync, then swap in. Until the swap the old replica stays in
// use. What was fetched is kept beside the replica, so that an interrupted bootstrap fetches only what is missing.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "db/codec/catalogue.hpp"
#include "db/codec/feed_chunk.hpp"
#include "db/orders/order_replica.hpp"

namespace retour::orders {

class ReplicaBuilder {
 public:
  /// Begins a new generation beside the replica at `path` (which need not exist). Chunks of an earlier attempt stay.
  /// `shared` is the catalogue that chunks refer to; null when they carry their items. One builder a path at a time.
  explicit ReplicaBuilder(std::filesystem::path path, const codec::Catalogue* shared = nullptr);
  /// Without finish(): leaves fetched chunks for the next attempt and removes the unfinished file.
  ~ReplicaBuilder();
  ReplicaBuilder(const ReplicaBuilder&) = delete;
  ReplicaBuilder& operator=(const ReplicaBuilder&) = delete;

  /// Loads those of the manifest's chunks that an earlier attempt has fetched, deletes what the manifest does not
  /// name, and returns the rest in the manifest's order: what to fetch.
  std::vector<Hash256> begin(std::span<const Hash256> chunks);

  /// Keeps and loads a chunk. Bytes with another hash are Error and change nothing. After any other exception (the
  /// disk is full, evidence does not fit its id) this builder is of no more use; the replica in use is not touched.
  /// Loading a chunk twice is harmless.
  void add(const Hash256& hash, std::span<const std::uint8_t> chunk);

  /// Indexes, syncs and swaps in; an unreadable old replica is left behind. Takes over sales of this store that only
  /// the old replica has. The builder is done.
  /// @pre every chunk of the manifest was added.
  void finish(std::span<const codec::FeedCursor> cursors);

  std::uint64_t orders() const;

 private:
  struct Build;
  std::optional<OrderReplica> open_old() const;

  std::filesystem::path m_path;
  std::filesystem::path m_chunks;
  const codec::Catalogue* m_shared;
  std::unique_ptr<Build> m_build;
};

/// Makes sure that a replica can be opened at `path`: makes an empty one when there is none, and sets one that is
/// damaged or of an older layout aside (`<path>.damaged-<now_ms>`, with its log) before. What was lost is fetched
/// again. Throws sqlite::DatabaseNewer and DatabaseForeign, the file left as it was. Returns the new name of what was
/// set aside.
std::optional<std::filesystem::path> ensure_replica(const std::filesystem::path& path, std::int64_t now_ms);

/// An empty replica, for a node that has not been filled yet; does nothing when there is one.
void create_empty_replica(const std::filesystem::path& path);

}  // namespace retour::orders
