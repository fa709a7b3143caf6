#include "db/node_files/program_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#ifdef _WIN32
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#else
#include <sys/file.h>
#include <unistd.h>
#endif

#include "plugin/core/base/error.hpp"

namespace retour::node_files {

namespace {

#ifdef _WIN32
/// A file opened without sharing is the lock.
int lock(const std::filesystem::path& file, bool& taken) {
  int opened = -1;
  const int error =
      ::_wsopen_s(&opened, file.c_str(), _O_RDWR | _O_CREAT | _O_NOINHERIT, _SH_DENYRW, _S_IREAD | _S_IWRITE);
  taken = error == EACCES;
  errno = error;
  return error == 0 ? opened : -1;
}
void unlock(int file) {
  ::_close(file);
}
#else
int lock(const std::filesystem::path& file, bool& taken) {
  const int opened = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (opened < 0 || ::flock(opened, LOCK_EX | LOCK_NB) == 0) return opened;
  const int error = errno;
  ::close(opened);
  errno = error;
  taken = error == EWOULDBLOCK;
  return -1;
}
void unlock(int file) {
  ::close(file);
}
#endif

}  // namespace

ProgramLock::ProgramLock(const std::filesystem::path& file, const std::string& program) {
  bool taken = false;
  m_file = lock(file, taken);
  if (m_file >= 0) return;
  const std::string cause = taken ? "another " + program + " works in this directory" : std::strerror(errno);
  throw Error({.operation = "lock",
               .object = file.string(),
               .cause = cause,
               .consequence = "this one does not start; nothing was changed"});
}

ProgramLock::~ProgramLock() {
  unlock(m_file);
}

}  // namespace retour::node_files
