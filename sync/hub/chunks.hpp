#pragma once
// Orders in bulk, for stores that begin or begin again. A chunk is a full stretch of one catchment's feed: it never
// changes, is named by its hash, and can be kept by any proxy. What lies behind the last full stretch comes as delta.

#include <atomic>
#include <filesystem>
#include <map>

#include "db/codec/signature.hpp"
#include "plugin/ports/clock.hpp"
#include "sync/hub/hub_store.hpp"
#include "sync/protocol/messages.hpp"
#include "sync/transport/transport.hpp"

namespace retour::hub {

class ChunkShelf {
 public:
  /// `store`: a connection of the shelf's own, so that packing a year of orders keeps nobody waiting. `directory`:
  /// where chunks are kept; may be emptied or damaged at any time, what is asked for is made again.
  ChunkShelf(HubStore& store, ports::Clock& clock, const codec::SigningKey& key, std::filesystem::path directory,
             std::size_t chunk_orders = codec::chunk_orders)
      : m_store(store), m_clock(clock), m_key(key), m_directory(std::move(directory)), m_chunk_orders(chunk_orders) {}

  /// Answers /sync/v1/manifest and /sync/v1/chunk/HASH; anything else is 404. One thread at a time. Throws Error when
  /// the disk refuses, or after interrupt(); what was packed by then is not packed again.
  transport::Reply answer(const NodeRow& node, const std::string& path);

  /// From any thread, for good: a manifest that is being packed ends soon.
  void interrupt() { m_interrupted = true; }

 private:
  using Place = std::pair<std::uint16_t, std::uint64_t>;  // catchment, number of the stretch
  struct Chunk {
    protocol::ChunkRef ref;
    CivilDate newest;  // day of the youngest order in it
  };
  transport::Reply manifest(const NodeRow& node);
  transport::Reply chunk(const std::string& name);
  const Chunk& chunk_at(const Place& place);
  std::vector<codec::FeedItem> items_of(const Place& place);
  std::optional<Bytes> kept(const Hash256& hash) const;
  void keep(const Hash256& hash, const Bytes& bytes) const;

  HubStore& m_store;
  ports::Clock& m_clock;
  const codec::SigningKey& m_key;
  std::filesystem::path m_directory;
  std::size_t m_chunk_orders;
  std::map<Place, Chunk> m_chunks;
  std::atomic<bool> m_interrupted = false;
};

}  // namespace retour::hub
