#include "sync/hub/chunks.hpp"

#include <fstream>
#include <iterator>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "sync/protocol/message_codec.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view manifest_path = "/sync/v1/manifest";
constexpr std::string_view chunk_path = "/sync/v1/chunk/";

transport::Reply not_found(const std::string& what) {
  return {404, protocol::encode(
                   protocol::ErrorReply{"not_found", "there is no " + what + "; ask for the manifest again"})};
}

/// Whole or not at all: what is half written has another name.
void keep(const std::filesystem::path& file, const Bytes& bytes) {
  const std::filesystem::path beside = file.string() + ".new";
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    throw Error({.operation = "write",
                 .object = beside.string(),
                 .cause = "the file system refused",
                 .consequence = "the store that begins tries again later"});
  }
  std::filesystem::rename(beside, file);
}

}  // namespace

ChunkShelf::ChunkShelf(Hub& hub, ports::Clock& clock, const codec::SigningKey& key, std::filesystem::path directory,
                       std::size_t chunk_orders)
    : m_hub(hub), m_clock(clock), m_key(key), m_directory(std::move(directory)), m_chunk_orders(chunk_orders) {
  std::filesystem::create_directories(m_directory);
}

transport::Reply ChunkShelf::answer(const NodeRow& node, const std::string& path) {
  if (path == manifest_path) return manifest(node);
  if (path.starts_with(chunk_path)) return chunk(path.substr(chunk_path.size()));
  return not_found("call of this name");
}

transport::Reply ChunkShelf::manifest(const NodeRow& node) {
  Work work(m_hub.store(), m_clock.now_ms());
  protocol::Manifest manifest{.hub_epoch = m_hub.store().hub_epoch()};
  const CivilDate oldest{CivilDate::of_ms(m_clock.now_ms()).days - protocol::others_orders_days};
  for (const auto& [catchment, head] : m_hub.store().feed_heads()) {
    const std::uint64_t full = head / m_chunk_orders;
    for (std::uint64_t number = 0; number < full; ++number) {
      const Chunk& chunk = chunk_of(catchment, number);
      if (catchment == node.catchment || chunk.newest >= oldest) manifest.chunks.push_back(chunk.ref);
    }
    manifest.cursors.push_back({catchment, full * m_chunk_orders});
  }
  manifest.signature = m_key.sign(protocol::signed_part(manifest));
  return {200, protocol::encode(manifest)};
}

const ChunkShelf::Chunk& ChunkShelf::chunk_of(std::uint16_t catchment, std::uint64_t number) {
  const auto key = std::pair(catchment, number);
  if (const auto known = m_chunks.find(key); known != m_chunks.end()) return known->second;
  const FeedSlice slice =
      m_hub.store().feed(catchment, number * m_chunk_orders, CivilDate{INT32_MIN}, m_chunk_orders, SIZE_MAX);
  Chunk chunk{.newest = CivilDate{INT32_MIN}};
  for (const codec::FeedItem& item : slice.items) {
    chunk.newest = std::max(chunk.newest, codec::unpack_order(item.evidence).sold_on);
  }
  const Bytes bytes = codec::pack_chunk(slice.items);
  chunk.ref = {codec::sha256(bytes), bytes.size(), static_cast<std::uint32_t>(slice.items.size())};
  keep(m_directory / chunk.ref.hash.to_string(), bytes);
  return m_chunks.emplace(key, std::move(chunk)).first->second;
}

transport::Reply ChunkShelf::chunk(const std::string& name) {
  Hash256 hash;
  if (!from_hex(name, hash.bytes.data(), hash.bytes.size())) return not_found("chunk of this name");
  std::ifstream file(m_directory / hash.to_string(), std::ios::binary);
  if (!file) return not_found("chunk " + name);
  return {200, Bytes(std::istreambuf_iterator<char>(file), {})};
}

}  // namespace retour::hub
