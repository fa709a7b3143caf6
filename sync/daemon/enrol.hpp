#pragma once
// A store joins the chain: a key made here, a certificate from the hub, and everything both programs need, on disk.

#include <filesystem>
#include <string>

#include "db/node_files/node_files.hpp"
#include "plugin/ports/ids.hpp"

namespace retour::daemon {

/// Enrols the directory by a one-time token. The key never leaves the machine. The hub is trusted only if its CA has
/// the fingerprint that the token names. `store.json` is written last: until then the directory counts as not
/// enrolled, and the same token can be tried again as long as the hub has not answered it. Throws Error: token
/// unreadable, directory already enrolled, hub unreachable, hub not trusted, token refused.
node_files::NodeConfig enrol(const std::filesystem::path& directory, const std::string& token_text, ports::Ids& ids);

}  // namespace retour::daemon
