#pragma once
// By which pack a store, or the hub, decides. A pack comes into force with an event that holds it whole, so that
// every decision is given again from the journal alone; one that will not do never displaces the one in force.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugin/core/event/event.hpp"
#include "plugin/ports/clock.hpp"
#include "plugin/ports/ids.hpp"

namespace retour::journal {
class Journal;
}
namespace retour::sqlite {
class Database;
}

namespace retour::app {

/// Where a pack may come from.
struct PolicySource {
  std::filesystem::path file;            // or what stands for it in a message
  std::optional<std::string> json = {};  // empty: the file is read
};

struct PolicyInForce {
  PolicyPack pack;
  std::string trouble;  // what was passed over and why, for the person who wrote it; empty: nothing was
  std::string json;     // the pack as its source has it
  bool is_new = false;  // another one than the last that came into force here
};

/// The first of `sources` that is right and holds `today`. A source that only holds later, or did earlier, is no
/// trouble as long as another one holds. When none will do, the last that was in force stays. Throws Error when there
/// is no last one. `before`: what came into force in this journal, in order. Reads files, writes nothing.
PolicyInForce choose_policy(const std::vector<PolicyAdopted>& before, std::span<const PolicySource> sources,
                            CivilDate today);

/// The event with which a pack comes into force.
PolicyAdopted adoption_of(const PolicyInForce& policy);

/// Chooses, and journals a pack that is new: it is in force from here on. Once at a start, before the first decision,
/// and whenever a source or the date has changed.
PolicyInForce adopt_policy(journal::Journal& journal, ports::Clock& clock, ports::Ids& ids,
                           std::span<const PolicySource> sources);

/// Decisions name id and version: these two must never mean two sets of rules. Throws Error naming `file` when they
/// did in `before`.
void refuse_other_rules_under_one_version(const std::filesystem::path& file, const PolicyPack& pack,
                                          const std::vector<PolicyAdopted>& before);

/// "pack "uk", version 2", for messages.
std::string name_of(const PolicyPack& pack);

/// What came into force in this journal, in order.
std::vector<PolicyAdopted> adopted_policies(sqlite::Database& journal);

}  // namespace retour::app
