#pragma once
#include <filesystem>

namespace retour::hub_program {

/// One running hub a directory: a second one would answer half of the stores without knowing who else is connected.
/// The operating system ends the lock with the process, however it ends.
class HubLock {
 public:
  /// Throws Error when another process holds it.
  explicit HubLock(const std::filesystem::path& file);
  ~HubLock();
  HubLock(const HubLock&) = delete;
  HubLock& operator=(const HubLock&) = delete;

 private:
  int m_file = -1;
};

}  // namespace retour::hub_program
