#pragma once
// What retour-sync last said about the hub, read from its status file. No file: the program has not run here yet.

#include <cstdint>
#include <filesystem>
#include <string>

namespace retour::store {

struct SyncStatus {
  bool known = false;  // retour-sync has run here
  bool online = false;
  std::int64_t last_contact_ms = 0;  // 0: never
  std::string trouble;               // code: "none", "unreachable" ...
  std::string detail;                // for people
  std::string photos_detail;         // why the last photo did not get to the hub; empty: it did
};

/// Never throws: a file that cannot be read means "offline".
SyncStatus read_sync_status(const std::filesystem::path& file);

}  // namespace retour::store
