#pragma once
// A folder of photos, each a file named by its hash. Made when the first photo comes; only its owner may look in.
// Several programs may use one folder: files appear whole, and only move from "waiting" to "sent".

#include <filesystem>
#include <mutex>
#include <vector>

#include "db/photos/photo.hpp"

namespace retour::photos {

inline constexpr std::int64_t photo_kept_days =
    14;  // at the store, after the hub has it: a dispute begins within days
inline constexpr std::size_t waiting_shown_max =
    100'000;  // a listing ends there; 100,000 photos are years of a store

struct FolderLimits {
  std::uint64_t bytes_max = 0;      // of all photos in it
  std::uint64_t disk_free_min = 0;  // is left to the journals: a photo may never be why money cannot be recorded
};
// 4,000 photos of 2 MB: a busy store that was offline for a month. 512 MiB are a year of its journal.
inline constexpr FolderLimits store_limits{.bytes_max = 8ull << 30, .disk_free_min = 512ull << 20};

enum class Put : std::uint8_t { kept = 1, already_kept = 2, full = 3 };

class PhotoFolder {
 public:
  PhotoFolder(std::filesystem::path folder, FolderLimits limits) : m_folder(std::move(folder)), m_limits(limits) {}

  /// On disk when it returns. @pre fault_of(hash, content) is none. From any thread. Throws Error when the disk
  /// fails.
  Put put(const Hash256& hash, const Bytes& content);
  bool has(const Hash256& hash) const;
  std::optional<Bytes> read(const Hash256& hash) const;

  /// Photos that the hub has not confirmed, in the order of their hashes, at most `count_max`.
  std::vector<Hash256> waiting(std::size_t count_max = waiting_shown_max) const;
  /// The hub has it: it stays readable here for photo_kept_days. A photo that is gone is no error.
  void note_sent(const Hash256& hash, std::int64_t now_ms);
  /// Puts a damaged file out of the way (`HASH.damaged`), so that the others go on; nothing deletes it.
  void set_aside(const Hash256& hash);
  /// Removes what the hub has had for photo_kept_days, and what a crash left half written. How many photos went.
  std::size_t remove_old(std::int64_t now_ms);

 private:
  std::filesystem::path waiting_file(const Hash256& hash) const { return m_folder / hash.to_string(); }
  std::filesystem::path sent_folder() const { return m_folder / "sent"; }
  std::filesystem::path sent_file(const Hash256& hash) const { return sent_folder() / hash.to_string(); }
  bool has_room(std::uint64_t bytes);
  std::uint64_t bytes_kept() const;

  const std::filesystem::path m_folder;
  const FolderLimits m_limits;
  std::mutex m_mutex;                    // one photo is written at a time
  std::optional<std::uint64_t> m_bytes;  // as last counted, plus what was put since
};

}  // namespace retour::photos
