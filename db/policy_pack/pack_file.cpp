#include "db/policy_pack/pack_file.hpp"

#include <algorithm>

#include "db/node_files/node_files.hpp"
#include "db/policy_pack/limits.hpp"
#include "plugin/core/base/error.hpp"

namespace retour::policy_pack {

namespace {

bool hold_together(const PolicyPack& a, const PolicyPack& b) {
  const bool a_ends_before = a.valid_until && b.valid_from && *a.valid_until < *b.valid_from;
  const bool b_ends_before = b.valid_until && a.valid_from && *b.valid_until < *a.valid_from;
  return !a_ends_before && !b_ends_before;
}

std::string all_of(const Faults& faults) {
  std::string text;
  for (std::size_t i = 0; i < std::min(faults.size(), faults_told_max); ++i) {
    text += (i == 0 ? "" : "; ") + to_string(faults[i]);
  }
  if (faults.size() > faults_told_max) text += "; and " + std::to_string(faults.size() - faults_told_max) + " more";
  return text;
}

}  // namespace

std::vector<std::string> contradictions(const std::vector<NamedPack>& packs) {
  std::vector<std::string> found;
  for (std::size_t later = 1; later < packs.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const PolicyPack &a = packs[earlier].pack, &b = packs[later].pack;
      if (a.id != b.id) continue;
      const std::string both = packs[later].name + " and " + packs[earlier].name + ": pack \"" + a.id + "\" ";
      if (a.version == b.version) {
        found.push_back(both + "has version " + std::to_string(a.version) + " twice: a trace could mean both");
      }
      if (hold_together(a, b))
        found.push_back(both + "holds on the same days in both: valid_from and valid_until overlap");
    }
  }
  return found;
}

PolicyPack policy_from_json(std::string_view json, const std::string& source) {
  ReadPack read = read_pack(json);
  if (read.file) return std::move(read.file->pack);
  throw Error({.operation = "read policy",
               .object = source,
               .cause = all_of(read.faults),
               .consequence = "no return is decided by rules that cannot be meant"});
}

PolicyPack read_policy(const std::filesystem::path& path) {
  return policy_from_json(node_files::read_text(path), path.string());
}

}  // namespace retour::policy_pack
