#pragma once
// Which file is the replica. `orders.db` is a symbolic link to `orders.db.<generation>`; a new generation is built
// beside the old one and swapped in by renaming the link. SQLite names the log after the real file, so that the log
// of one generation never meets another. Internal to db/orders.

#include <cstdint>
#include <filesystem>
#include <optional>

namespace retour::orders {

/// What the path stands for right now; differs after a swap.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// Empty when there is no file (or a link to nothing).
std::optional<FileIdentity> identity_of(const std::filesystem::path& path);

/// The generation the link names; 0 when there is none yet (or a plain file stands there).
std::uint64_t current_generation(const std::filesystem::path& path);
std::filesystem::path generation_file(const std::filesystem::path& path, std::uint64_t generation);

/// Deletes generation files, with their logs, except `kept`. A reader that still holds one goes on with it.
void remove_generations(const std::filesystem::path& path, std::uint64_t kept);

/// Makes `path` stand for that generation, in one step and durably. @pre the file is closed and synced.
void swap_in(const std::filesystem::path& path, std::uint64_t generation);

void sync_to_disk(const std::filesystem::path& file);

}  // namespace retour::orders
