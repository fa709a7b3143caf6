#pragma once
#include <filesystem>
#include <string>

namespace retour::node_files {

/// One running program of a kind a directory: two would send, take and answer past each other. The operating system
/// ends the lock with the process, however it ends; the file stays and means nothing by itself.
class ProgramLock {
 public:
  /// Throws Error when another process holds it; `program` is named in the message.
  ProgramLock(const std::filesystem::path& file, const std::string& program);
  ~ProgramLock();
  ProgramLock(const ProgramLock&) = delete;
  ProgramLock& operator=(const ProgramLock&) = delete;

 private:
  int m_file = -1;
};

}  // namespace retour::node_files
