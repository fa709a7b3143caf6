#pragma once
// Wrong PINs and codes, beside the journal: what a restart must not forget. Durable with the transaction they are
// called in.

#include <cstdint>
#include <string_view>

#include "db/sqlite/database.hpp"

namespace retour::projections {

struct Lockout {
  std::uint32_t tries = 0;           // since the last right one
  std::int64_t locked_until_ms = 0;  // wall clock; 0: not locked
  friend bool operator==(const Lockout&, const Lockout&) = default;
};

/// All zero for a person who has not failed.
Lockout lockout_of(sqlite::Database& database, std::string_view staff);
void put_lockout(sqlite::Database& database, std::string_view staff, const Lockout& lockout);
void drop_lockout(sqlite::Database& database, std::string_view staff);

}  // namespace retour::projections
