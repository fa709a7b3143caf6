#pragma once
// Whether a document that is published for every store can be meant: the hub asks before it publishes, a store before
// it takes one over. Both read as strictly as the program that will use it.

#include <filesystem>
#include <string>
#include <string_view>

namespace retour::documents {

inline constexpr std::string_view kind_policy = "policy";
inline constexpr std::string_view kind_catalogue = "catalogue";
inline constexpr std::string_view kind_staff = "staff";
inline constexpr std::string_view kind_recalls = "recalls";

/// Throws Error naming the file and what is wrong in it, also for a kind that this program does not know. Returns the
/// document's name: "uk-2" for version 2 of pack uk, and nothing for the others, of which there is one each.
std::string check_document(std::string_view kind, const std::filesystem::path& file);

}  // namespace retour::documents
