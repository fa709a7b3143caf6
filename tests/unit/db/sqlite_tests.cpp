#include <boost/test/unit_test.hpp>
#include <fstream>

#include "db/sqlite/database.hpp"
#include "db/sqlite/migrations.hpp"
#include "tests/unit/db/scratch.hpp"

using namespace retour;
using namespace retour::sqlite;

BOOST_AUTO_TEST_SUITE(sqlite_tests)

namespace {
constexpr OpenOptions fresh{.mode = Mode::create, .application_id = 0x52544a4c};

constexpr Migration two_steps[] = {
    {1, "0001_thing", "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"},
    {2, "0002_more", "ALTER TABLE thing ADD COLUMN size INTEGER"},
};

void overwrite(const std::filesystem::path& file, std::size_t at, std::string_view bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(at));
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
}  // namespace

BOOST_AUTO_TEST_CASE(every_type_comes_back_as_it_went_in) {
  Database db = Database::open(":memory:", {.mode = Mode::create, .wal = false});
  db.execute("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d BLOB, e BLOB, f INTEGER, g BLOB) STRICT");
  const OrderId id = *OrderId::parse("000102030405060708090a0b0c0d0e0f");
  Hash256 hash;
  hash.bytes[31] = 7;
  const std::vector<std::uint8_t> blob{1, 2, 3};
  db.statement("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind_all(std::uint64_t{1} << 62, std::string_view(""), std::span<const std::uint8_t>(blob), id, hash,
                std::optional<std::int64_t>(), std::span<const std::uint8_t>())
      .run();
  Statement row = db.prepare("SELECT a, b, c, d, e, f, g, typeof(b), typeof(g) FROM t");
  BOOST_REQUIRE(row.step());
  BOOST_TEST(row.uint64(0) == std::uint64_t{1} << 62);
  BOOST_TEST(row.text(7) == "text");
  BOOST_TEST(std::ranges::equal(row.blob(2), blob));
  BOOST_TEST((row.id<OrderId>(3) == id));
  BOOST_TEST((row.hash(4) == hash));
  BOOST_TEST(row.is_null(5));
  BOOST_TEST(row.text(8) == "blob");
  BOOST_TEST(!row.step());
}

BOOST_AUTO_TEST_CASE(a_key_of_the_wrong_length_is_a_damaged_database) {
  Database db = Database::open(":memory:", {.mode = Mode::create, .wal = false});
  Statement row = db.prepare("SELECT x'0102'");
  BOOST_REQUIRE(row.step());
  BOOST_CHECK_THROW(row.id<OrderId>(0), DatabaseDamaged);
}

BOOST_AUTO_TEST_CASE(the_settings_of_an_open_file_are_the_ones_asked_for) {
  const Scratch dir;
  Database db = Database::open(dir / "a.db", fresh);
  BOOST_TEST(*db.query_int64("PRAGMA synchronous") == 2);
  BOOST_TEST(*db.query_int64("PRAGMA foreign_keys") == 1);
  BOOST_TEST(*db.query_int64("PRAGMA trusted_schema") == 0);
  BOOST_TEST(*db.query_int64("PRAGMA application_id") == 0x52544a4c);
  Statement mode = db.prepare("PRAGMA journal_mode");
  BOOST_REQUIRE(mode.step());
  BOOST_TEST(mode.text(0) == "wal");
  BOOST_CHECK_THROW(db.prepare("SELECT \"not a column\""), DatabaseError);
}

BOOST_AUTO_TEST_CASE(a_transaction_that_is_not_committed_leaves_nothing) {
  const Scratch dir;
  Database db = Database::open(dir / "a.db", fresh);
  migrate(db, two_steps);
  {
    Transaction lost(db, Transaction::Kind::write);
    db.execute("INSERT INTO thing (name) VALUES ('lost')");
  }
  {
    Transaction kept(db, Transaction::Kind::write);
    db.execute("INSERT INTO thing (name) VALUES ('kept')");
    kept.commit();
  }
  BOOST_TEST(*db.query_int64("SELECT count(*) FROM thing") == 1);
}

BOOST_AUTO_TEST_CASE(a_statement_in_use_is_not_disturbed_by_its_second_use) {
  Database db = Database::open(":memory:", {.mode = Mode::create, .wal = false});
  constexpr std::string_view three = "VALUES (1), (2), (3)";
  Statement outer = db.statement(three);
  BOOST_REQUIRE(outer.step());
  {
    Statement inner = db.statement(three);
    BOOST_REQUIRE(inner.step());
    BOOST_TEST(inner.int64(0) == 1);
  }
  BOOST_REQUIRE(outer.step());
  BOOST_TEST(outer.int64(0) == 2);
}

BOOST_AUTO_TEST_CASE(migrations_run_once_and_in_order) {
  const Scratch dir;
  {
    Database db = Database::open(dir / "a.db", fresh);
    BOOST_TEST(migrate(db, std::span(two_steps).first(1)) == 1);
    BOOST_TEST(migrate(db, two_steps) == 1);
    BOOST_TEST(migrate(db, two_steps) == 0);
  }
  Database db = Database::open(dir / "a.db", fresh);
  BOOST_TEST(db.user_version() == 2);
}

BOOST_AUTO_TEST_CASE(a_migration_that_fails_leaves_the_version_before_it) {
  const Scratch dir;
  Database db = Database::open(dir / "a.db", fresh);
  const Migration broken[] = {two_steps[0], {2, "0002_broken", "CREATE TABLE other (a INTEGER) STRICT; NOT SQL"}};
  BOOST_CHECK_THROW(migrate(db, broken), DatabaseError);
  BOOST_TEST(db.user_version() == 1);
  BOOST_TEST(!db.has_table("other"));
  BOOST_TEST(migrate(db, two_steps) == 1);
}

BOOST_AUTO_TEST_CASE(a_file_of_a_newer_program_is_refused_and_not_one_byte_changes) {
  const Scratch dir;
  {
    Database db = Database::open(dir / "a.db", fresh);
    migrate(db, two_steps);
    db.set_user_version(9);
  }
  const auto before = bytes_of(dir / "a.db");
  OpenOptions options = fresh;
  options.user_version_max = 2;
  BOOST_CHECK_EXCEPTION(Database::open(dir / "a.db", options), DatabaseNewer, [](const DatabaseNewer& error) {
    return std::string_view(error.what()).find("its version is 9") != std::string_view::npos;
  });
  BOOST_TEST((bytes_of(dir / "a.db") == before));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_program_is_refused) {
  const Scratch dir;
  { Database::open(dir / "a.db", {.mode = Mode::create, .application_id = 77}).execute("CREATE TABLE t (a)"); }
  BOOST_CHECK_THROW(Database::open(dir / "a.db", fresh), DatabaseForeign);
}

BOOST_AUTO_TEST_CASE(a_damaged_header_is_named_and_the_file_left_as_it_is) {
  const Scratch dir;
  {
    Database db = Database::open(dir / "a.db", fresh);
    migrate(db, two_steps);
  }
  overwrite(dir / "a.db", 0, "this is not a database at all");
  const auto damaged = bytes_of(dir / "a.db");
  BOOST_CHECK_THROW(Database::open(dir / "a.db", fresh), DatabaseDamaged);
  BOOST_TEST((bytes_of(dir / "a.db") == damaged));
}

BOOST_AUTO_TEST_CASE(a_damaged_page_is_found_by_the_quick_check) {
  const Scratch dir;
  {
    Database db = Database::open(dir / "a.db", fresh);
    migrate(db, two_steps);
    db.execute("INSERT INTO thing (name) VALUES ('a')");
  }
  overwrite(dir / "a.db", 4096, std::string(4096, '\xff'));
  OpenOptions options = fresh;
  options.quick_check = true;
  BOOST_CHECK_THROW(Database::open(dir / "a.db", options), DatabaseDamaged);
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_an_error_that_names_it) {
  const Scratch dir;
  BOOST_CHECK_EXCEPTION(Database::open(dir / "none.db", {}), DatabaseError, [](const DatabaseError& error) {
    const std::string_view text = error.what();
    return text.find("none.db") != text.npos && text.find("SQLITE_CANTOPEN (14)") != text.npos;
  });
}

BOOST_AUTO_TEST_CASE(a_checkpoint_from_another_connection_empties_the_log) {
  const Scratch dir;
  OpenOptions options = fresh;
  options.wal_autocheckpoint_pages = 0;
  Database writer = Database::open(dir / "a.db", options);
  migrate(writer, two_steps);
  for (int i = 0; i < 100; ++i) writer.execute("INSERT INTO thing (name) VALUES ('x')");
  BOOST_TEST(wal_bytes(dir / "a.db") > 100 * 4096);
  Database other = Database::open(dir / "a.db", options);
  const auto passive = other.checkpoint_passive();
  BOOST_TEST(!passive.busy);
  BOOST_TEST(passive.moved_frames == passive.wal_frames);
  other.checkpoint_truncate();
  BOOST_TEST(wal_bytes(dir / "a.db") == 0);
  BOOST_TEST(*writer.query_int64("SELECT count(*) FROM thing") == 100);
}

BOOST_AUTO_TEST_SUITE_END()
