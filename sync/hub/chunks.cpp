#include "sync/hub/chunks.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "db/codec/digest.hpp"
#include "db/codec/order_codec.hpp"
#include "sync/hub/reply.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view manifest_path = "/sync/v1/manifest";
constexpr std::string_view chunk_path = "/sync/v1/chunk/";

transport::Reply not_found(const std::string& what) {
  return refusal(404, {"not_found", "there is no " + what + "; ask for the manifest again"});
}

}  // namespace

transport::Reply ChunkShelf::answer(const NodeRow& node, const std::string& path) {
  if (path == manifest_path) return manifest(node);
  if (path.starts_with(chunk_path)) return chunk(path.substr(chunk_path.size()));
  return not_found("call of this name");
}

transport::Reply ChunkShelf::manifest(const NodeRow& node) {
  protocol::Manifest manifest;
  std::vector<std::pair<std::uint16_t, std::uint64_t>> heads;
  {
    const View view(m_store);
    manifest.hub_epoch = m_store.hub_epoch();
    heads = m_store.feed_heads();
  }
  const CivilDate oldest{CivilDate::of_ms(m_clock.now_ms()).days - protocol::others_orders_days};
  for (const auto& [catchment, head] : heads) {
    const std::uint64_t full = head / m_chunk_orders;
    for (std::uint64_t number = 0; number < full; ++number) {
      const Chunk& chunk = chunk_at({catchment, number});
      if (catchment == node.catchment || chunk.newest >= oldest) manifest.chunks.push_back(chunk.ref);
    }
    manifest.cursors.push_back({catchment, full * m_chunk_orders});
  }
  manifest.signature = m_key.sign(protocol::signed_part(manifest));
  return {200, protocol::encode(manifest)};
}

const ChunkShelf::Chunk& ChunkShelf::chunk_at(const Place& place) {
  if (const auto known = m_chunks.find(place); known != m_chunks.end()) return known->second;
  if (m_interrupted) {
    throw Error({.operation = "pack",
                 .object = "orders for a store that begins",
                 .cause = "the hub is ending",
                 .consequence = "the store asks again"});
  }
  const std::vector<codec::FeedItem> items = items_of(place);
  Chunk chunk{.newest = CivilDate{INT32_MIN}};
  for (const codec::FeedItem& item : items)
    chunk.newest = std::max(chunk.newest, codec::unpack_order(item.evidence).sold_on);
  const Bytes bytes = codec::pack_chunk(items);
  chunk.ref = {codec::sha256(bytes), bytes.size(), static_cast<std::uint32_t>(items.size())};
  keep(chunk.ref.hash, bytes);
  return m_chunks.emplace(place, std::move(chunk)).first->second;
}

/// A view for each stretch: a long one would keep the log from being emptied.
std::vector<codec::FeedItem> ChunkShelf::items_of(const Place& place) {
  const View view(m_store);
  return m_store.feed(place.first, place.second * m_chunk_orders, CivilDate{INT32_MIN}, m_chunk_orders, SIZE_MAX)
      .items;
}

transport::Reply ChunkShelf::chunk(const std::string& name) {
  Hash256 hash;
  if (!from_hex(name, hash.bytes.data(), hash.bytes.size())) return not_found("chunk of this name");
  if (auto bytes = kept(hash)) return {200, *std::move(bytes)};
  const auto lost = std::ranges::find_if(m_chunks, [&](const auto& entry) { return entry.second.ref.hash == hash; });
  if (lost == m_chunks.end()) return not_found("chunk " + name);
  Bytes bytes = codec::pack_chunk(items_of(lost->first));
  if (codec::sha256(bytes) != hash) return not_found("chunk " + name);
  keep(hash, bytes);
  return {200, std::move(bytes)};
}

/// Only what still is what its name says.
std::optional<Bytes> ChunkShelf::kept(const Hash256& hash) const {
  std::ifstream file(m_directory / hash.to_string(), std::ios::binary);
  Bytes bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || codec::sha256(bytes) != hash) return std::nullopt;
  return bytes;
}

/// Whole or not at all: what is half written has another name.
void ChunkShelf::keep(const Hash256& hash, const Bytes& bytes) const {
  const std::filesystem::path file = m_directory / hash.to_string();
  const std::filesystem::path beside = file.string() + ".new";
  std::error_code refused;
  std::filesystem::create_directories(m_directory, refused);
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) std::filesystem::rename(beside, file, refused);
  if (out && !refused) return;
  throw Error({.operation = "write",
               .object = file.string(),
               .cause = refused ? refused.message() : "the file system refused",
               .consequence = "the store that begins tries again later"});
}

}  // namespace retour::hub
