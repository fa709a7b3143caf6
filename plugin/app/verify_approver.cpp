#include "plugin/app/verify_approver.hpp"

#include <algorithm>

#include "db/journal/journal.hpp"
#include "db/projections/lockout.hpp"

namespace retour::app {

namespace {

/// Empty when the person may try; else how long she has to wait.
std::optional<CommandRefusal> count_try(StoreContext& store, const std::string& staff) {
  const std::int64_t now_ms = store.clock.now_ms();
  journal::Write write = store.journal.begin(now_ms);
  projections::Lockout lockout = projections::lockout_of(write.database(), staff);
  if (now_ms < lockout.locked_until_ms) {
    const std::int64_t seconds = (lockout.locked_until_ms - now_ms + 999) / 1'000;
    return CommandRefusal{"approver_locked",
                          "Too many wrong tries; try again in " + std::to_string(seconds) + " seconds."};
  }
  ++lockout.tries;
  lockout.locked_until_ms = now_ms + lock_ms_after(lockout.tries);
  projections::put_lockout(write.database(), staff, lockout);
  write.commit();
  return std::nullopt;
}

void forget_tries(StoreContext& store, const std::string& staff) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  projections::drop_lockout(write.database(), staff);
  write.commit();
}

CommandRefusal not_verified() {
  return {"approver_not_verified", "The staff code or its PIN or code is wrong; nothing was approved."};
}

std::optional<Verified> judged(ports::StaffRegistry& staff, const Credential& who, Role role) {
  if (who.method == ApprovalMethod::pin) {
    return staff.pin_is(who.approver, who.secret) ? std::optional(Verified{role, {}}) : std::nullopt;
  }
  const auto spends = staff.one_time_code(who.approver, who.secret);
  return spends ? std::optional(Verified{role, spends}) : std::nullopt;
}

}  // namespace

std::int64_t lock_ms_after(std::uint32_t tries) {
  if (tries <= tries_free) return 0;
  const std::uint32_t doublings = std::min<std::uint32_t>(tries - tries_free - 1, 16);  // far beyond the cap
  return std::min(lock_ms_first << doublings, lock_ms_max);
}

Result<Verified, CommandRefusal> verify_approver(StoreContext& store, const Credential& who,
                                                 const std::string& requester) {
  if (who.approver == requester) {
    return failure(CommandRefusal{"approver_is_requester", "Who serves cannot approve; another person has to."});
  }
  const auto role = store.staff != nullptr ? store.staff->role_of(who.approver) : std::nullopt;
  if (!role)
    return failure(not_verified());  // no row for a code that nobody has: the table stays as short as the staff
  if (const auto locked = count_try(store, who.approver)) return failure(*locked);
  const auto verified = judged(*store.staff, who, *role);
  if (!verified) return failure(not_verified());
  forget_tries(store, who.approver);
  return *verified;
}

}  // namespace retour::app
