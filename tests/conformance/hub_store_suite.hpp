#pragma once
// Where the suite gets its stores from. Another implementation joins by a place of its own in `Places`
// (hub_store_tests.cpp).

#include <memory>

#include "pos-adapters/simulated/seeded.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::hub {

/// One new hub, kept in a SQLite file. `open` may be called again once the store before is gone.
class SqlitePlace {
 public:
  SqlitePlace() { SqliteHubStore::create(path(), m_ids, now_ms); }
  std::unique_ptr<HubStore> open() { return SqliteHubStore::open(path()); }

  static constexpr std::int64_t now_ms = 1'700'000'000'000;

 private:
  std::filesystem::path path() const { return m_scratch / "hub.db"; }
  Scratch m_scratch;
  simulated::SeededIds m_ids{1};
};

}  // namespace retour::hub
