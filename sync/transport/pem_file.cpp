// Keys on disk: whole or as before, and for their owner only.

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <unistd.h>

#include "sync/transport/pki.hpp"

namespace retour::transport::pki {
namespace {

[[noreturn]] void fail(const char* operation, const std::filesystem::path& file, const std::string& consequence) {
  throw PkiError({operation, file.string(), std::strerror(errno), consequence});
}

struct FileDescriptor {
  int number = -1;
  ~FileDescriptor() {
    if (number >= 0) ::close(number);
  }
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor opened{::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.number < 0 || ::fsync(opened.number) != 0) {
    fail("make durable", folder, "after a power failure the old file may be back");
  }
}

}  // namespace

void save_pem(const std::filesystem::path& file, std::string_view pem) {
  const std::string consequence = "the file is as it was before";
  std::filesystem::path beside = file;
  beside += ".new";
  ::unlink(beside.c_str());  // left by a crash, maybe with other permissions
  {
    const FileDescriptor out{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (out.number < 0) fail("create", beside, consequence);
    if (!write_all(out.number, pem) || ::fsync(out.number) != 0) fail("write", beside, consequence);
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) fail("replace", file, consequence);
  sync_folder(file.parent_path());
}

std::string load_pem(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail("open", file, "without it this machine cannot prove who it is; enrol the store again if it is lost");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) fail("read", file, "");
  return text;
}

}  // namespace retour::transport::pki
