#include "sync/hub_program/hub_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "plugin/core/base/error.hpp"

namespace retour::hub_program {

HubLock::HubLock(const std::filesystem::path& file)
    : m_file(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (m_file >= 0 && ::flock(m_file, LOCK_EX | LOCK_NB) == 0) return;
  const bool taken = m_file >= 0 && errno == EWOULDBLOCK;
  const std::string cause = taken ? "another retour-hub serves this directory" : std::strerror(errno);
  if (m_file >= 0) ::close(m_file);
  throw Error({.operation = "lock",
               .object = file.string(),
               .cause = cause,
               .consequence = "this one does not start; nothing was changed"});
}

HubLock::~HubLock() {
  ::close(m_file);
}

}  // namespace retour::hub_program
