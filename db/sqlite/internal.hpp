#pragma once
// Shared by the .cpp files of this folder only: the one place where sqlite3.h meets our classes.

#include <sqlite3.h>

#include <string>
#include <unordered_map>

#include "db/sqlite/database.hpp"

namespace retour::sqlite {

struct CachedStatement {
  sqlite3_stmt* handle = nullptr;
  std::string sql;
  bool leased = false;
};

struct Database::State {
  sqlite3* handle = nullptr;
  std::string path;
  std::unordered_map<const char*, CachedStatement> cache;  // node-based: leases keep pointers into it

  ~State() {
    for (auto& [key, cached] : cache) sqlite3_finalize(cached.handle);
    sqlite3_close_v2(handle);
  }
};

}  // namespace retour::sqlite
