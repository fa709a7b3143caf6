#pragma once
// Photos of inspections at the hub: one folder a store, each photo a file named by its hash. Content-addressed: which
// return a photo belongs to stands in the journal of its store. Beside the hub: outside its lock and its database.

#include <map>
#include <memory>
#include <mutex>

#include "db/photos/photo_folder.hpp"
#include "sync/hub/hub_store.hpp"
#include "sync/transport/transport.hpp"

namespace retour::hub {

inline constexpr std::string_view photo_path = "/sync/v1/photo/";
// Of one store: 8,000 photos of 2 MB. 4 GiB of the disk are left to hub.db, which must not be stopped by photos.
inline constexpr photos::FolderLimits photo_limits{.bytes_max = 16ull << 30, .disk_free_min = 4ull << 30};

class PhotoShelf {
 public:
  explicit PhotoShelf(std::filesystem::path folder, photos::FolderLimits limits = photo_limits)
      : m_folder(std::move(folder)), m_limits(limits) {}

  /// GET: 200 without a body when this store's photo is here, else 404. PUT: 200 once it is on disk, as often as it
  /// comes. A store may put what it likes below its own name, within the limits. Throws Error when the disk fails.
  transport::Reply answer(const NodeRow& node, const transport::Request& request);

 private:
  photos::PhotoFolder& folder_of(const NodeId& node);
  transport::Reply put(const NodeRow& node, const Hash256& hash, const Bytes& content);

  const std::filesystem::path m_folder;
  const photos::FolderLimits m_limits;
  std::mutex m_mutex;
  std::map<NodeId, std::unique_ptr<photos::PhotoFolder>> m_folders;  // one a store of the chain
};

}  // namespace retour::hub
