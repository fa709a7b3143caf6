#include "db/journal/journal.hpp"

#include <boost/test/unit_test.hpp>

#include "db/projections/readers.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;
using namespace retour::journal;
using namespace retour::testing;

namespace {

const auto case_id = samples::id<ReturnCaseId>(0x01);

EventBody claim_of(const OrderUnits& part) {
  return UnitsClaimed{.case_id = case_id,
                      .line_no = 1,
                      .assurance = Assurance::held,
                      .claims = {{.order_id = part.order_id, .units = part.units, .paid = samples::paid()}}};
}

bool says(const std::exception& error, std::initializer_list<std::string_view> words) {
  const std::string_view text = error.what();
  return std::all_of(words.begin(), words.end(), [&](std::string_view w) { return text.find(w) != text.npos; });
}

std::int64_t flagged_ms(JournalFile& file) {
  return file.journal.database().query_int64("SELECT max(behind_ms_max) FROM clock_flag").value_or(0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_tests)

// ---- files -------------------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(a_journal_opens_again_with_its_head_and_identity) {
  JournalFile file;
  file.append_stock(3);
  Journal again = Journal::open(file.path, {});
  BOOST_TEST((again.head() == file.journal.head()));
  BOOST_TEST((again.identity() == anna));
  BOOST_TEST((Journal::create(file.path, anna, {}).head() == again.head()));
}

BOOST_AUTO_TEST_CASE(a_file_of_another_node_or_of_none_is_refused) {
  JournalFile file;
  const Identity other{samples::id<NodeId>(0x01), 1};
  BOOST_CHECK_EXCEPTION(Journal::create(file.path, other, {}), Error, [](const Error& e) {
    return says(e, {"the journal of node a0a1", "another one"});
  });
  file.tamper("DELETE FROM journal");
  BOOST_CHECK_EXCEPTION(Journal::open(file.path, {}), Error,
                        [](const Error& e) { return says(e, {"enrol the store"}); });
}

BOOST_AUTO_TEST_CASE(a_file_of_a_newer_program_is_refused_and_not_one_byte_changes) {
  JournalFile file;
  file.append_stock(2);
  file.journal.database().set_user_version(99);
  file.journal.database().checkpoint_truncate();
  const auto before = bytes_of(file.path);
  BOOST_CHECK_THROW(Journal::open(file.path, {}), sqlite::DatabaseNewer);
  BOOST_CHECK_THROW(Journal::create(file.path, anna, {}), sqlite::DatabaseNewer);
  BOOST_CHECK_THROW(verify(file.path, {}), sqlite::DatabaseNewer);
  BOOST_CHECK_THROW(rebuild(file.path, projections::store_projections()), sqlite::DatabaseNewer);
  BOOST_TEST((bytes_of(file.path) == before));
}

// ---- commands ----------------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(events_are_numbered_without_gap_and_chained) {
  JournalFile file;
  file.append_stock(5);
  const auto events = file.journal.read(1, 100, 1'000'000);
  BOOST_TEST(events.size() == 5U);
  BOOST_TEST(!verify_chain(events, Head{.identity = anna}));
}

BOOST_AUTO_TEST_CASE(the_same_command_again_is_already_recorded) {
  JournalFile file;
  const CommandId command = fresh_command();
  BOOST_TEST((file.append(stock(1), command) == Appended::recorded));
  BOOST_TEST((file.append(stock(1), command) == Appended::already_recorded));
  BOOST_TEST(file.journal.head().seq == 1U);
}

BOOST_AUTO_TEST_CASE(a_used_command_with_other_content_is_refused_and_appends_nothing) {
  JournalFile file;
  const CommandId command = fresh_command();
  file.append(stock(1), command);
  BOOST_TEST((file.append(stock(2), command) == Appended::command_reused));
  const std::vector<EventBody> more{stock(1), stock(2)};
  Write write = file.journal.begin(file.now_ms);
  BOOST_TEST((write.append(command, more) == Appended::command_reused));
  write.commit();
  BOOST_TEST(file.journal.head().seq == 1U);
}

BOOST_AUTO_TEST_CASE(a_command_may_append_in_parts_within_one_transaction) {
  JournalFile file;
  const CommandId command = fresh_command();
  {
    Write write = file.journal.begin(file.now_ms);
    BOOST_TEST((write.append(command, stock(1)) == Appended::recorded));
    BOOST_TEST((write.append(fresh_command(), stock(2)) == Appended::recorded));
    BOOST_TEST((write.append(command, stock(3)) == Appended::recorded));
    BOOST_TEST(write.head().seq == 3U);
    write.commit();
  }
  Write write = file.journal.begin(file.now_ms);
  const auto events = write.events_of(command);
  BOOST_REQUIRE(events.size() == 2U);
  BOOST_TEST(events[1].command_part == 1U);
  BOOST_TEST(events[1].seq == 3U);
  BOOST_TEST((write.append(command, std::vector<EventBody>{stock(1), stock(3)}) == Appended::already_recorded));
}

BOOST_AUTO_TEST_CASE(what_is_not_committed_leaves_nothing) {
  JournalFile file;
  file.append_stock(1);
  const std::string before = file.dump_of_tables();
  {
    Write write = file.journal.begin(file.now_ms);
    BOOST_TEST((write.append(fresh_command(), stock(5)) == Appended::recorded));
  }
  BOOST_TEST(file.journal.head().seq == 1U);
  BOOST_TEST(file.dump_of_tables() == before);
}

BOOST_AUTO_TEST_CASE(a_claim_of_units_that_are_not_held_leaves_nothing) {
  JournalFile file;
  const OrderUnits held{samples::id<OrderId>(0x20), {1, 0, 6}};
  file.append(RightsReceived{.transfer_id = samples::id<TransferId>(0x50), .items = {held}});
  const std::string before = file.dump_of_tables();
  for (const UnitRange units : {UnitRange{1, 4, 3}, UnitRange{1, 6, 1}, UnitRange{2, 0, 1}, UnitRange{1, 0, 7}}) {
    Write write = file.journal.begin(file.now_ms);
    BOOST_TEST((write.append(fresh_command(), stock(1)) == Appended::recorded));
    BOOST_CHECK_EXCEPTION(
        static_cast<void>(write.append(fresh_command(), claim_of({held.order_id, units}))), FoldError,
        [](const FoldError& e) {
          return says(e, {"fold units_claimed", "are not held by this node", "nothing of this command was recorded"});
        });
  }
  BOOST_TEST(file.journal.head().seq == 1U);
  BOOST_TEST(file.dump_of_tables() == before);
  BOOST_TEST((file.append(claim_of({held.order_id, {1, 2, 4}})) == Appended::recorded));
  BOOST_CHECK_THROW(file.append(claim_of({held.order_id, {1, 5, 1}})), FoldError);
  BOOST_TEST(file.verify().findings.empty());
}

BOOST_AUTO_TEST_CASE(a_transfer_is_applied_once) {
  JournalFile file;
  const EventBody rights = RightsReceived{.transfer_id = samples::id<TransferId>(0x50), .items = samples::items()};
  file.append(rights);
  BOOST_CHECK_THROW(file.append(rights), Error);
  BOOST_TEST(file.journal.head().seq == 1U);
}

// ---- time --------------------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(the_time_of_events_rises_even_when_the_clock_stands) {
  JournalFile file;
  Write write = file.journal.begin(journal_noon_ms);
  for (int i = 0; i < 5; ++i) BOOST_TEST((write.append(fresh_command(), stock(i + 1)) == Appended::recorded));
  write.commit();
  const auto events = file.journal.read(1, 10, 1'000'000);
  for (std::size_t i = 1; i < events.size(); ++i) BOOST_TEST((events[i].hlc > events[i - 1].hlc));
  BOOST_TEST(events.back().hlc.ms() == journal_noon_ms);
  BOOST_TEST(flagged_ms(file) == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_two_years_behind_is_flagged_and_not_followed) {
  constexpr std::int64_t two_years_ms = 2 * 365 * std::int64_t{86'400'000};
  JournalFile file;
  file.append_stock(2);
  const Head before = file.journal.head();
  file.now_ms -= two_years_ms;
  file.append_stock(1);
  const Head after = file.journal.head();
  BOOST_TEST((after.hlc > before.hlc));
  BOOST_TEST(after.hlc.ms() == before.hlc.ms());
  BOOST_TEST(flagged_ms(file) == two_years_ms - 60'000);  // `append` moves the clock on by a minute
  BOOST_TEST(*file.journal.database().query_int64("SELECT first_seq FROM clock_flag") == 3);
  file.now_ms += 3 * two_years_ms;
  file.append_stock(1);
  BOOST_TEST((file.journal.head().hlc.ms() == file.now_ms));
  BOOST_TEST(*file.journal.database().query_int64("SELECT count(*) FROM clock_flag") == 1);
  BOOST_TEST(file.verify().findings.empty());
}

BOOST_AUTO_TEST_CASE(a_clock_a_minute_behind_is_no_news) {
  JournalFile file;
  file.append_stock(1);
  file.now_ms -= 120'000;
  file.append_stock(1);
  BOOST_TEST(flagged_ms(file) == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_beyond_all_calendars_does_not_break_the_journal) {
  JournalFile file;
  for (const std::int64_t now_ms : {std::numeric_limits<std::int64_t>::max() / 2, std::int64_t{-5}}) {
    file.now_ms = now_ms;
    file.append_stock(1);
  }
  BOOST_TEST(file.verify().findings.empty());
}

// ---- the world fails ---------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(a_full_disk_says_what_it_means_and_keeps_everything_before) {
  JournalFile file;
  file.append_stock(3);
  auto& database = file.journal.database();
  const auto pages = *database.query_int64("PRAGMA page_count");
  database.query_int64("PRAGMA max_page_count=" + std::to_string(pages + 3));
  CommandId refused;
  std::uint64_t recorded = 3;
  const auto append_until_full = [&] {
    for (;; ++recorded) {
      refused = fresh_command();
      file.append(stock(1, std::string(400, 'x') + std::to_string(recorded)), refused);
    }
  };
  BOOST_CHECK_EXCEPTION(append_until_full(), JournalWriteError, [&](const JournalWriteError& e) {
    return e.is_full() && says(e, {"append to", file.path.string(), "SQLITE_FULL (13)", refused.to_string(),
                                   "was not recorded and no tender was moved", "everything before it is kept"});
  });
  BOOST_TEST(file.journal.head().seq == recorded);
  BOOST_TEST(recorded > 3U);
  BOOST_TEST(file.verify().findings.empty());
  database.query_int64("PRAGMA max_page_count=1000000");
  BOOST_TEST((file.append(stock(1), refused) == Appended::recorded));
  BOOST_TEST(file.verify().findings.empty());
}

// ---- reading -----------------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(reading_stops_at_either_limit_and_gives_one_event_at_least) {
  JournalFile file;
  file.append_stock(10);
  const std::size_t body = file.journal.read(1, 1, 1).at(0).body.size();
  BOOST_TEST(file.journal.read(3, 4, 1'000'000).size() == 4U);
  BOOST_TEST(file.journal.read(3, 4, 1'000'000).front().seq == 3U);
  BOOST_TEST(file.journal.read(1, 100, 3 * body).size() == 3U);
  BOOST_TEST(file.journal.read(1, 100, 0).size() == 1U);
  BOOST_TEST(file.journal.read(11, 100, 1'000'000).empty());
}

BOOST_AUTO_TEST_CASE(the_events_of_a_case_are_its_own_and_in_order) {
  JournalFile file;
  const CaseOpened opened{.case_id = case_id, .till = "anna", .business_date = {20'779}};
  file.append(stock(1));
  file.append(opened);
  file.append(CaseOpened{.case_id = samples::id<ReturnCaseId>(0x09), .till = "bert"});
  file.append(CaseClosed{case_id});
  const std::vector<EventBody> expected{opened, CaseClosed{case_id}};
  BOOST_TEST((file.journal.events_of_case(case_id) == expected));
  BOOST_TEST(file.journal.envelopes_of_case(case_id).size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_the_hub_acknowledged_is_remembered_and_may_fall_back) {
  JournalFile file;
  BOOST_TEST(!file.journal.acknowledged());
  for (const std::uint64_t seq : {5U, 3U}) {
    const Acknowledged acknowledged{.seq = seq, .hash = samples::hash(7), .hub_epoch = 2, .countersignature = {9, 8}};
    file.journal.acknowledge(acknowledged);
    BOOST_TEST((file.journal.acknowledged() == acknowledged));
  }
}

BOOST_AUTO_TEST_CASE(a_grown_log_is_moved_from_another_connection_and_written_over) {
  JournalFile file;
  const auto append_large = [&] { file.append(stock(1, std::string(60'000, 'y'))); };
  auto own = sqlite::Database::open(file.path, {});
  BOOST_TEST(!checkpoint_when_grown(own));
  while (!sqlite::wal_reaches(file.path, checkpoint_wal_bytes)) append_large();
  const std::int64_t grown = sqlite::wal_bytes(file.path);
  BOOST_TEST(checkpoint_when_grown(own));
  append_large();
  BOOST_TEST(sqlite::wal_bytes(file.path) == grown);
  BOOST_TEST(!sqlite::wal_reaches(file.path, checkpoint_wal_bytes));
  BOOST_TEST(!checkpoint_when_grown(own));
  BOOST_TEST(file.verify().findings.empty());
}

BOOST_AUTO_TEST_CASE(a_log_that_a_reader_holds_waits_for_it_until_it_is_far_too_large) {
  JournalFile file;
  const auto append_large = [&] { file.append(stock(1, std::string(60'000, 'y'))); };
  auto own = sqlite::Database::open(file.path, {.busy_timeout_ms = 10});
  auto reader = sqlite::Database::open(file.path, {});
  std::optional<sqlite::Transaction> view(std::in_place, reader, sqlite::Transaction::Kind::read);
  BOOST_TEST(reader.query_int64("SELECT count(*) FROM event").value_or(-1) == 0);
  while (!sqlite::wal_reaches(file.path, restart_wal_bytes)) append_large();
  BOOST_TEST(!checkpoint_when_grown(own));
  view.reset();
  BOOST_TEST(checkpoint_when_grown(own));
  append_large();
  BOOST_TEST(!sqlite::wal_reaches(file.path, checkpoint_wal_bytes));
  BOOST_TEST(file.verify().findings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
