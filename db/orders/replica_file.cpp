#include "db/orders/replica_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <vector>

#include "plugin/core/base/error.hpp"

namespace retour::orders {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void file_failed(const char* operation, const fs::path& path, const std::string& cause) {
  throw Error({.operation = operation,
               .object = path.string(),
               .cause = cause,
               .consequence = "the replica of orders stays as it was"});
}

// "orders.db.12" -> 12 for the path "orders.db"; empty for other names, logs included.
std::optional<std::uint64_t> generation_of(const fs::path& path, const std::string& name) {
  const std::string prefix = path.filename().string() + ".";
  if (!name.starts_with(prefix)) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + prefix.size(), end, number);
  return error == std::errc{} && at == end && number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<FileIdentity> identity_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileIdentity{status.st_dev, status.st_ino};
}

std::uint64_t current_generation(const fs::path& path) {
  std::error_code error;
  const fs::path target = fs::read_symlink(path, error);
  return error ? 0 : generation_of(path, target.filename().string()).value_or(0);
}

fs::path generation_file(const fs::path& path, std::uint64_t generation) {
  return path.string() + "." + std::to_string(generation);
}

void remove_generations(const fs::path& path, std::uint64_t kept) {
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::vector<std::uint64_t> found;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const auto generation = generation_of(path, entry.path().filename().string());
    if (generation && *generation != kept) found.push_back(*generation);
  }
  for (const std::uint64_t generation : found) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::error_code ignored;  // a file that will not go is tried again at the next swap
      fs::remove(generation_file(path, generation).string() + suffix, ignored);
    }
  }
}

void sync_to_disk(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) file_failed("open", file, std::strerror(errno));
  const int code = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  if (code != 0) file_failed("sync", file, std::strerror(reason));
}

void swap_in(const fs::path& path, std::uint64_t generation) {
  const fs::path link = path.string() + ".next";
  std::error_code error;
  fs::remove(link, error);
  fs::create_symlink(generation_file(path, generation).filename(), link, error);
  if (error) file_failed("link", link, error.message());
  fs::rename(link, path, error);
  if (error) file_failed("swap in", path, error.message());
  sync_to_disk(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

}  // namespace retour::orders
