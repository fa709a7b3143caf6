#include "sync/documents/check_document.hpp"

#include "db/policy_pack/pack_file.hpp"
#include "plugin/core/base/error.hpp"
#include "pos-adapters/catalogue_file/catalogue_file.hpp"
#include "pos-adapters/recall_file/recall_file.hpp"
#include "pos-adapters/staff_file/staff_file.hpp"
#include "sync/protocol/documents.hpp"

namespace retour::documents {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, std::string cause) {
  throw Error({.operation = "take over",
               .object = file.string(),
               .cause = std::move(cause),
               .consequence = "what was there before stays"});
}

std::string check_policy(const std::filesystem::path& file) {
  const PolicyPack pack = policy_pack::read_policy(file);
  return pack.id + "-" + std::to_string(pack.version);
}

std::string check_catalogue(const std::filesystem::path& file) {
  catalogue_file::CatalogueFile(file).refresh();
  return {};
}

std::string check_recalls(const std::filesystem::path& file) {
  recall_file::RecallFile(file).refresh();
  return {};
}

/// Hashes of PINs are made with the pepper of one device and mean nothing anywhere else.
std::string check_staff(const std::filesystem::path& file) {
  for (const staff_file::Member& member : staff_file::read_staff(file)) {
    if (member.pin.empty()) continue;
    refuse(file, "\"" + member.code + "\" has a PIN there: PINs are set in the store, with `retour staff`");
  }
  return {};
}

}  // namespace

std::string check_document(std::string_view kind, const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  if (error) refuse(file, "it cannot be read: " + error.message());
  if (bytes > protocol::document_bytes_max) {
    refuse(file, "it has " + std::to_string(bytes) + " bytes; " + std::to_string(protocol::document_bytes_max) +
                     " are the limit");
  }
  if (kind == kind_policy) return check_policy(file);
  if (kind == kind_catalogue) return check_catalogue(file);
  if (kind == kind_staff) return check_staff(file);
  if (kind == kind_recalls) return check_recalls(file);
  refuse(file, "this program knows no documents of kind \"" + std::string(kind) + "\"");
}

}  // namespace retour::documents
