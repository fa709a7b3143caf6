#pragma once
// By which pack a store decides. A pack comes into force with an event that holds it whole, so that every decision is
// given again from the journal alone; one that will not do never displaces the one in force.

#include <filesystem>
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

struct PolicyInForce {
  PolicyPack pack;
  std::string trouble;  // why the file is not what is in force, for the person who wrote it; empty: it is
};

/// Once at a start, before the first decision. A new pack in `file` is journalled and in force from here on; a file
/// that cannot be read, is wrong, does not hold today, or has other rules under an id and version that were in force
/// before, leaves the last one in force. Throws Error when there is no last one.
PolicyInForce adopt_policy(journal::Journal& journal, ports::Clock& clock, ports::Ids& ids,
                           const std::filesystem::path& file);

/// What came into force in this journal, in order.
std::vector<PolicyAdopted> adopted_policies(sqlite::Database& journal);

}  // namespace retour::app
