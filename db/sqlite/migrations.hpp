#pragma once
// Forward-only migrations, compiled in from db/migrations/<set>/NNNN_name.sql by retour_embed_migrations (CMake).
// user_version of a file is the number of the last one it has seen.

#include <span>
#include <string_view>

#include "db/sqlite/database.hpp"

namespace retour::sqlite {

struct Migration {
  int number;  // from 1, without gap
  std::string_view name;
  std::string_view sql;
};

/// The version a fully migrated file has.
int newest_version(std::span<const Migration> migrations);

/// Runs what is missing, one transaction each, and returns how many ran. Two processes may start at once: each
/// looks at the version again inside its transaction. Throws DatabaseNewer for a file of a newer program, untouched.
int migrate(Database& database, std::span<const Migration> migrations);

}  // namespace retour::sqlite
