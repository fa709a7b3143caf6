#pragma once
// Is the second person who she says she is? By her PIN, or by a one-time code of the regional manager, both without
// network. Nothing here keeps, logs or repeats a PIN or a code.

#include "plugin/app/store_context.hpp"

namespace retour::app {

inline constexpr std::size_t secret_bytes_max = 32;           // of a PIN or a code as typed
inline constexpr std::uint32_t tries_free = 3;                // wrong ones that cost no time
inline constexpr std::int64_t lock_ms_first = 30'000;         // after the next one; doubled with each further one
inline constexpr std::int64_t lock_ms_max = 15 * 60 * 1'000;  // a manager who mistyped is back within the visit

struct Credential {
  std::string approver;  // staff code
  ApprovalMethod method = ApprovalMethod::pin;
  std::string secret;  // as typed
};

struct Verified {
  Role role = Role::cashier;
  std::optional<CommandId> spends;  // of a one-time code: the command id that uses it up
};

/// How long a person is locked out after so many tries since her last right one.
std::int64_t lock_ms_after(std::uint32_t tries);

/// Refused by name: `approver_is_requester`, `approver_locked`, `approver_not_verified` (which does not say whether
/// the person or the secret is wrong). A try is counted durably before it is judged, so that neither a crash nor
/// many tries at once get round the lock. Slow on purpose. @pre outside a transaction.
Result<Verified, CommandRefusal> verify_approver(StoreContext& store, const Credential& who,
                                                 const std::string& requester);

}  // namespace retour::app
