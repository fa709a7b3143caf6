#pragma once
// One-time codes that a person hands out ahead: "2K7-F3Q9-XMA". Whoever reads one out at the till approves once, in
// this one store, in the name of that person, network or not.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plugin/core/base/id.hpp"

namespace retour::staff_file {

inline constexpr std::uint32_t code_number_max = 1'023;  // 10 of the code's 50 bits; 40 are the proof

/// Whose codes, for which store.
struct CodeOwner {
  NodeId store;
  std::string approver;  // staff code
};

/// Code `number` (0 .. code_number_max) of this person: the same secret, the same code, whenever it is asked for.
std::string approval_code(std::span<const std::uint8_t> secret, const CodeOwner& owner, std::uint32_t number);

/// The command id under which the code is spent; empty when it is no code of this person for this store. Blanks,
/// dashes and case do not matter; O and 0, I, L and 1 are the same.
std::optional<CommandId> spending_id(std::span<const std::uint8_t> secret, const CodeOwner& owner,
                                     std::string_view typed);

}  // namespace retour::staff_file
