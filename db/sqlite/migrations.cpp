#include "db/sqlite/migrations.hpp"

namespace retour::sqlite {

int newest_version(std::span<const Migration> migrations) {
  return migrations.empty() ? 0 : migrations.back().number;
}

namespace {

[[noreturn]] void refuse_newer(const Database& database, int version, int known) {
  throw DatabaseNewer({.operation = "migrate",
                       .object = database.path(),
                       .cause = "its version is " + std::to_string(version) + ", this program knows versions up to " +
                                std::to_string(known),
                       .consequence = "the file is left untouched; install the newer program"},
                      0);
}

bool run_one(Database& database, const Migration& migration) {
  Transaction transaction(database, Transaction::Kind::write);
  if (database.user_version() >= migration.number) return false;  // the other process was faster
  database.execute(std::string(migration.sql));
  database.set_user_version(migration.number);
  transaction.commit();
  return true;
}

}  // namespace

int migrate(Database& database, std::span<const Migration> migrations) {
  const int known = newest_version(migrations);
  const int version = database.user_version();
  if (version > known) refuse_newer(database, version, known);
  int expected = 0;
  int ran = 0;
  for (const Migration& migration : migrations) {
    require(migration.number == ++expected, "migrations are numbered from 1 without gap");
    if (migration.number > version && run_one(database, migration)) ++ran;
  }
  return ran;
}

}  // namespace retour::sqlite
