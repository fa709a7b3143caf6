#include "plugin/store/sync_status.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace retour::store {

SyncStatus read_sync_status(const std::filesystem::path& file) {
  SyncStatus status;
  std::ifstream in(file);
  if (!in) return status;
  const nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
  if (!json.is_object()) return status;
  try {
    status.online = json.value("online", false);
    status.last_contact_ms = json.value("last_contact_ms", std::int64_t{0});
    status.trouble = json.value("trouble", std::string{});
    status.detail = json.value("detail", std::string{});
    status.photos_detail = json.value("photos_detail", std::string{});
    status.known = true;
  } catch (const nlohmann::json::exception&) {
    return {};  // a field of another type: a program of another version wrote it
  }
  return status;
}

}  // namespace retour::store
