#pragma once
// Who works here and what they may do, by staff code; no name stands anywhere. Safe from any thread.

#include <optional>
#include <string>
#include <vector>

#include "plugin/core/base/id.hpp"
#include "plugin/core/policy/verdict.hpp"

namespace retour::ports {

class StaffRegistry {
 public:
  virtual ~StaffRegistry() = default;
  /// Empty: nobody has this code.
  virtual std::optional<Role> role_of(const std::string& staff) = 0;
  /// Slow on purpose (some 50 ms): never inside a transaction. False also when the person has no PIN.
  virtual bool pin_is(const std::string& staff, const std::string& pin) = 0;
  /// The id under which a one-time code of this person is spent in the journal: the same code, the same id. Empty: it
  /// is none of this person's codes for this store. The id does not betray the code.
  virtual std::optional<CommandId> one_time_code(const std::string& staff, const std::string& code) = 0;
  /// Look-up keys of this person and her family as customers: what they bought goes to a manager. Empty: not known.
  virtual std::vector<LookupKey> household_of(const std::string& staff) {
    static_cast<void>(staff);
    return {};
  }
};

}  // namespace retour::ports
