#pragma once
// Orders in bulk, for stores that begin or begin again. A chunk is a full stretch of one catchment's feed: it never
// changes, is named by its hash, and can be kept by any proxy. What lies behind the last full stretch comes as delta.

#include <filesystem>
#include <map>

#include "sync/hub/hub_service.hpp"

namespace retour::hub {

class ChunkShelf {
 public:
  /// `directory`: where chunks are kept; can be emptied at any time, they are made again. The hub is used under the
  /// service's lock.
  ChunkShelf(Hub& hub, ports::Clock& clock, const codec::SigningKey& key, std::filesystem::path directory,
             std::size_t chunk_orders = codec::chunk_orders);

  /// Answers /sync/v1/manifest and /sync/v1/chunk/HASH; anything else is 404.
  transport::Reply answer(const NodeRow& node, const std::string& path);

 private:
  struct Chunk {
    protocol::ChunkRef ref;
    CivilDate newest;  // day of the youngest order in it
  };
  transport::Reply manifest(const NodeRow& node);
  transport::Reply chunk(const std::string& name);
  const Chunk& chunk_of(std::uint16_t catchment, std::uint64_t number);

  Hub& m_hub;
  ports::Clock& m_clock;
  const codec::SigningKey& m_key;
  std::filesystem::path m_directory;
  std::size_t m_chunk_orders;
  std::map<std::pair<std::uint16_t, std::uint64_t>, Chunk> m_chunks;
};

}  // namespace retour::hub
