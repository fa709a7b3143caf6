#include "sync/hub/photo_shelf.hpp"

#include "sync/hub/reply.hpp"

namespace retour::hub {

namespace {

std::optional<transport::Reply> refusal_of(photos::PhotoFault fault) {
  switch (fault) {
    case photos::PhotoFault::none:
      return std::nullopt;
    case photos::PhotoFault::too_large:
      return refusal(413, {"photo_too_large", "a photo has at most " + std::to_string(photos::photo_bytes_max) +
                                                  " bytes; it was not kept"});
    case photos::PhotoFault::not_a_photo:
      return refusal(415, {"photo_type_unsupported", "the bytes are no JPEG, PNG or WebP; they were not kept"});
    case photos::PhotoFault::hash_differs:
      return refusal(422, {"photo_hash_differs", "the bytes have another hash: they were changed on the way"});
  }
  return std::nullopt;
}

}  // namespace

transport::Reply PhotoShelf::answer(const NodeRow& node, const transport::Request& request) {
  const auto hash = photos::photo_hash(std::string_view(request.path).substr(photo_path.size()));
  if (!hash) return refusal(422, {"photo_hash_invalid", "a photo is named by 64 lower-case hex digits"});
  if (request.method == "PUT") return put(node, *hash, request.body);
  if (request.method != "GET") return refusal(405, {"method_not_allowed", "a photo is asked for or put"});
  if (folder_of(node.node).has(*hash)) return {200, {}};
  return refusal(404, {"photo_unknown", "this store has put no photo of this hash"});
}

transport::Reply PhotoShelf::put(const NodeRow& node, const Hash256& hash, const Bytes& content) {
  if (auto no = refusal_of(photos::fault_of(hash, content))) return std::move(*no);
  if (folder_of(node.node).put(hash, content) != photos::Put::full) return {200, {}};
  return refusal(507,
                 {"photos_full", "the hub has no room for photos of this store; it keeps its own until there is"});
}

photos::PhotoFolder& PhotoShelf::folder_of(const NodeId& node) {
  const std::lock_guard lock(m_mutex);
  auto& folder = m_folders[node];
  if (!folder) folder = std::make_unique<photos::PhotoFolder>(m_folder / node.to_string(), m_limits);
  return *folder;
}

}  // namespace retour::hub
