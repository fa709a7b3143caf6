#include "db/photos/photo_folder.hpp"

#include <algorithm>
#include <chrono>

#ifndef _WIN32
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include "db/node_files/node_files.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::photos {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t day_ms = 86'400'000;

void make_private(const fs::path& folder) {
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
}

/// A new name is durable once its folder is: a return may name the photo from then on.
void sync_folder([[maybe_unused]] const fs::path& folder) {
#ifndef _WIN32
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = opened >= 0 && ::fsync(opened) == 0;
  if (opened >= 0) ::close(opened);
  if (!synced) {
    throw Error({.operation = "write to",
                 .object = folder.string(),
                 .cause = "the folder cannot be brought to disk",
                 .consequence = "the photo may be lost at a power cut; send it again"});
  }
#endif
}

/// The time at which the hub confirmed a photo is kept as its file's time.
void set_time_ms(const fs::path& file, std::int64_t ms) {
#ifdef _WIN32
  fs::last_write_time(file, fs::file_time_type::clock::now());
#else
  const timespec at{.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
  const timespec both[] = {at, at};
  ::utimensat(AT_FDCWD, file.c_str(), both, 0);
#endif
}

/// Nothing when the file is gone meanwhile.
std::optional<std::int64_t> time_ms(const fs::path& file) {
#ifdef _WIN32
  return std::nullopt;
#else
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000;
#endif
}

/// A folder that does not exist is an empty one; a file that goes while it is listed is none.
template <class Visit>
void each_file(const fs::path& folder, Visit visit) {
  std::error_code gone;
  for (fs::directory_iterator at(folder, gone), end; !gone && at != end; at.increment(gone)) {
    std::error_code unknown;
    if (at->is_regular_file(unknown)) visit(*at);
  }
}

std::optional<Bytes> read_if_there(const fs::path& file) {
  std::error_code unknown;
  if (!fs::is_regular_file(file, unknown)) return std::nullopt;
  try {
    return node_files::read_bytes(file);
  } catch (const Error&) {
    if (!fs::exists(file, unknown)) return std::nullopt;  // it was moved meanwhile
    throw;
  }
}

}  // namespace

Put PhotoFolder::put(const Hash256& hash, const Bytes& content) {
  const std::lock_guard lock(m_mutex);
  if (has(hash)) return Put::already_kept;
  make_private(m_folder);
  if (!has_room(content.size())) return Put::full;
  node_files::write_bytes(waiting_file(hash), content, true);
  sync_folder(m_folder);
  *m_bytes += content.size();
  return Put::kept;
}

/// What others removed is only seen when it looks full: then it is counted again.
bool PhotoFolder::has_room(std::uint64_t bytes) {
  std::error_code unknown;
  const fs::space_info disk = fs::space(m_folder, unknown);
  if (!unknown && disk.available < m_limits.disk_free_min + bytes) return false;
  const auto fits = [&] { return m_bytes && *m_bytes + bytes <= m_limits.bytes_max; };
  if (!fits()) m_bytes = bytes_kept();
  return fits();
}

std::uint64_t PhotoFolder::bytes_kept() const {
  std::uint64_t bytes = 0;
  for (const fs::path& folder : {m_folder, sent_folder()}) {
    each_file(folder, [&](const fs::directory_entry& file) {
      std::error_code gone;
      const std::uint64_t size = file.file_size(gone);
      if (!gone) bytes += size;
    });
  }
  return bytes;
}

/// A photo only moves from waiting to sent, so looking in this order never misses it.
bool PhotoFolder::has(const Hash256& hash) const {
  std::error_code unknown;
  return fs::is_regular_file(waiting_file(hash), unknown) || fs::is_regular_file(sent_file(hash), unknown);
}

std::optional<Bytes> PhotoFolder::read(const Hash256& hash) const {
  if (auto content = read_if_there(waiting_file(hash))) return content;
  return read_if_there(sent_file(hash));
}

std::vector<Hash256> PhotoFolder::waiting(std::size_t count_max) const {
  std::vector<Hash256> hashes;
  each_file(m_folder, [&](const fs::directory_entry& file) {
    if (hashes.size() >= waiting_shown_max) return;
    if (const auto hash = photo_hash(file.path().filename().string())) hashes.push_back(*hash);
  });
  std::sort(hashes.begin(), hashes.end());
  if (hashes.size() > count_max) hashes.resize(count_max);
  return hashes;
}

void PhotoFolder::note_sent(const Hash256& hash, std::int64_t now_ms) {
  std::error_code unknown;
  if (!fs::exists(waiting_file(hash), unknown)) return;
  make_private(sent_folder());
  // The time first: between the two steps a crash leaves a photo that is offered to the hub again, no more.
  set_time_ms(waiting_file(hash), now_ms);
  fs::rename(waiting_file(hash), sent_file(hash));
}

void PhotoFolder::set_aside(const Hash256& hash) {
  fs::rename(waiting_file(hash), m_folder / (hash.to_string() + ".damaged"));
}

std::size_t PhotoFolder::remove_old(std::int64_t now_ms) {
  const std::int64_t before_ms = now_ms - photo_kept_days * day_ms;
  const auto is_old = [&](const fs::path& file) {
    const auto at_ms = time_ms(file);
    return at_ms && *at_ms < before_ms;
  };
  std::size_t removed = 0;
  each_file(sent_folder(), [&](const fs::directory_entry& file) {
    std::error_code kept;  // what cannot be removed is tried again the next time
    if (is_old(file.path()) && fs::remove(file.path(), kept)) ++removed;
  });
  each_file(m_folder, [&](const fs::directory_entry& file) {
    std::error_code kept;
    if (file.path().extension() == ".new" && is_old(file.path())) fs::remove(file.path(), kept);
  });
  return removed;
}

}  // namespace retour::photos
