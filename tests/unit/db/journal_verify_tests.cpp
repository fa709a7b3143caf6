#include <boost/test/unit_test.hpp>
#include <random>
#include <sstream>

#include "db/codec/event_codec.hpp"
#include "db/journal/event_table.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;
using namespace retour::journal;
using namespace retour::testing;

namespace {

/// "5 changed, 7 removed": what was found, by place.
std::string found_in(const Verification& verification) {
  std::string text;
  for (const Finding& finding : verification.findings) {
    text += (text.empty() ? "" : ", ") + std::to_string(finding.seq) + " " + std::string(to_string(finding.what));
    BOOST_TEST(!finding.detail.empty());
  }
  return text;
}

std::string found_after(const std::string& tampering, int events = 10) {
  JournalFile file;
  file.append_stock(events);
  BOOST_TEST(file.verify().findings.empty());
  file.tamper(tampering);
  return found_in(file.verify());
}

/// Rewrites the event as somebody would who knows how hashes are made; `relink` goes on to the end of the journal.
void rewrite(JournalFile& file, std::uint64_t seq, std::int64_t quantity, bool relink) {
  file.tamper("");
  auto database = sqlite::Database::open(file.path, {});
  EventHasher hash;
  const std::uint64_t last = relink ? file.journal.head().seq : seq;
  for (std::uint64_t at = seq; at <= last; ++at) {
    EventEnvelope event = *read_event(database, anna, at);
    if (at == seq) event.body = codec::encode(stock(quantity)).bytes;
    if (at > 1) event.prev_hash = read_event(database, anna, at - 1)->hash;
    event.hash = hash(event);
    database.execute("DELETE FROM event WHERE seq = " + std::to_string(at));
    insert_event(database, event);
  }
}

void acknowledge_head(JournalFile& file) {
  const Head head = file.journal.head();
  file.journal.acknowledge({.seq = head.seq, .hash = head.hash, .hub_epoch = 1, .countersignature = {1, 2, 3}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_verify_tests)

BOOST_AUTO_TEST_CASE(a_journal_nobody_touched_is_sound_and_its_tables_agree) {
  JournalFile file;
  BOOST_TEST(file.verify().events == 0U);
  file.append_stock(10);
  const Verification found = file.verify();
  BOOST_TEST(found.findings.empty());
  BOOST_TEST(found.events == 10U);
  BOOST_TEST(found.unwitnessed == 10U);
  BOOST_TEST(found.tables_compared);
  BOOST_TEST((found.head == file.journal.head()));
}

BOOST_AUTO_TEST_CASE(a_change_in_any_column_of_an_event_is_found_where_it_is) {
  for (const char* change :
       {"hlc = hlc + 1", "return_case_id = x'000102030405060708090a0b0c0d0e0f'", "command_id = zeroblob(16)",
        "command_part = 7", "kind = 'stock_movee'", "kind_version = 2", "prev_hash = zeroblob(32)",
        "hash = zeroblob(32)", "body = CAST(body || 'x' AS BLOB)", "body = zeroblob(length(body))"}) {
    const std::string found = found_after("UPDATE event SET " + std::string(change) + " WHERE seq = 5");
    BOOST_TEST(found == "5 changed", change << ": " << found);
  }
}

BOOST_AUTO_TEST_CASE(a_change_in_the_first_and_the_last_event_is_found_too) {
  BOOST_TEST(found_after("UPDATE event SET body = x'00' WHERE seq = 1") == "1 changed");
  BOOST_TEST(found_after("UPDATE event SET body = x'00' WHERE seq = 10") == "10 changed");
  BOOST_TEST(found_after("UPDATE event SET body = x'00' WHERE seq IN (2, 7, 8)") ==
             "2 changed, 7 changed, 8 changed");
}

BOOST_AUTO_TEST_CASE(an_event_of_another_node_or_epoch_is_named_foreign) {
  BOOST_TEST(found_after("UPDATE event SET node_id = zeroblob(16) WHERE seq = 5") == "5 foreign");
  BOOST_TEST(found_after("UPDATE event SET epoch = 9 WHERE seq = 10") == "10 foreign");
}

BOOST_AUTO_TEST_CASE(a_column_of_a_form_nobody_writes_is_named_unreadable) {
  for (const char* change :
       {"node_id = x'01'", "hlc = -1", "command_id = x''", "command_part = -1", "command_part = 5000000000",
        "kind_version = 0", "prev_hash = x'aa'", "hash = zeroblob(31)", "epoch = -3", "return_case_id = x'00'"}) {
    const std::string found = found_after("UPDATE event SET " + std::string(change) + " WHERE seq = 5");
    BOOST_TEST(found == "5 unreadable", change << ": " << found);
  }
}

BOOST_AUTO_TEST_CASE(removed_events_are_named_by_the_first_that_is_missing) {
  BOOST_TEST(found_after("DELETE FROM event WHERE seq = 5") == "5 removed");
  BOOST_TEST(found_after("DELETE FROM event WHERE seq BETWEEN 3 AND 6") == "3 removed");
  BOOST_TEST(found_after("DELETE FROM event WHERE seq = 1") == "1 removed");
  BOOST_TEST(found_after("DELETE FROM event WHERE seq IN (2, 4)") == "2 removed, 4 removed");
}

BOOST_AUTO_TEST_CASE(a_gap_closed_by_new_numbers_is_still_a_removed_event) {
  JournalFile file;
  file.append_stock(10);
  file.tamper("DELETE FROM event WHERE seq = 5; UPDATE event SET seq = seq - 1 WHERE seq > 5");
  const Verification found = file.verify();
  BOOST_REQUIRE(found.findings.size() == 6U);
  BOOST_TEST((found.findings[0].what == Manipulation::removed));
  BOOST_TEST(found.findings[0].seq == 5U);
  for (std::size_t i = 1; i < 6; ++i) BOOST_TEST((found.findings[i].what == Manipulation::reordered));
  BOOST_TEST(found.findings[1].detail == "what stands here is event 6");
}

BOOST_AUTO_TEST_CASE(events_that_changed_places_are_named_with_their_own_place) {
  JournalFile file;
  file.append_stock(10);
  file.tamper(
      "UPDATE event SET seq = 99 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 8; UPDATE event SET seq = 8 "
      "WHERE seq = 99");
  const Verification found = file.verify();
  BOOST_TEST(found_in(found) == "4 reordered, 8 reordered");
  BOOST_TEST(found.findings[0].detail == "what stands here is event 8");
  BOOST_TEST(found.findings[1].detail == "what stands here is event 4");
  BOOST_TEST(found_after("UPDATE event SET seq = 99 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5; "
                         "UPDATE event SET seq = 5 WHERE seq = 99") == "4 reordered, 5 reordered");
}

BOOST_AUTO_TEST_CASE(an_event_moved_to_the_end_leaves_a_gap_and_is_recognized) {
  BOOST_TEST(found_after("UPDATE event SET seq = 11 WHERE seq = 4") == "4 removed, 11 reordered");
}

BOOST_AUTO_TEST_CASE(an_event_put_in_between_is_named_inserted) {
  JournalFile file;
  file.append_stock(6);
  // From the end, so that no number is taken twice.
  file.tamper(
      "UPDATE event SET seq = 7 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = 5; UPDATE event SET seq = 5 "
      "WHERE seq = 4");
  auto database = sqlite::Database::open(file.path, {});
  EventHasher hash;
  EventEnvelope put_in = *read_event(database, anna, 3);
  put_in.seq = 4;
  put_in.command_id = fresh_command();
  put_in.prev_hash = put_in.hash;
  put_in.hash = hash(put_in);
  insert_event(database, put_in);
  BOOST_TEST(found_in(file.verify()) == "4 inserted, 5 reordered, 6 reordered, 7 reordered");
}

BOOST_AUTO_TEST_CASE(an_event_put_at_the_end_without_its_link_is_named_inserted) {
  JournalFile file;
  file.append_stock(6);
  EventHasher hash;
  EventEnvelope put_in = *read_event(file.journal.database(), anna, 3);
  put_in.seq = 7;
  put_in.command_id = fresh_command();
  put_in.hash = hash(put_in);
  insert_event(file.journal.database(), put_in);
  BOOST_TEST(found_in(file.verify()) == "7 inserted");
}

BOOST_AUTO_TEST_CASE(an_event_rewritten_with_a_hash_of_its_own_is_named_changed) {
  JournalFile file;
  file.append_stock(10);
  rewrite(file, 5, 1'000'000, false);
  BOOST_TEST(found_in(file.verify()) == "5 changed");
}

BOOST_AUTO_TEST_CASE(a_journal_rewritten_to_its_end_differs_from_what_the_hub_has_countersigned) {
  JournalFile file;
  file.append_stock(10);
  acknowledge_head(file);
  file.append_stock(2);
  rewrite(file, 5, 1'000'000, true);
  const Verification found = file.verify();
  BOOST_TEST(found_in(found) == "10 replaced");
  BOOST_TEST(found.unwitnessed == 2U);
}

BOOST_AUTO_TEST_CASE(a_journal_rewritten_to_its_end_before_anybody_saw_it_shows_in_its_tables) {
  JournalFile file;
  file.append_stock(10);
  rewrite(file, 5, 1'000'000, true);
  BOOST_TEST(found_in(file.verify()) == "10 projection_differs");
}

BOOST_AUTO_TEST_CASE(an_end_cut_off_is_found_as_far_as_the_hub_has_seen_it) {
  JournalFile file;
  file.append_stock(10);
  acknowledge_head(file);
  file.tamper("DELETE FROM event WHERE seq > 7");
  const Verification found = file.verify();
  BOOST_TEST(found_in(found) == "8 cut_off");
  BOOST_TEST(found.unwitnessed == 0U);
}

BOOST_AUTO_TEST_CASE(newest_events_nobody_else_has_seen_are_missed_by_the_tables_only) {
  JournalFile file;
  file.append_stock(10);
  acknowledge_head(file);
  file.append_stock(3);
  file.tamper("DELETE FROM event WHERE seq > 11");
  BOOST_TEST(found_in(file.verify()) == "11 projection_differs");
  // Whoever makes the tables anew as well leaves no trace: this limit is stated in docs/journal.md.
  BOOST_TEST(!rebuild(file.path, projections::store_projections()).equal);
  const Verification found = file.verify();
  BOOST_TEST(found.findings.empty());
  BOOST_TEST(found.unwitnessed == 1U);
}

BOOST_AUTO_TEST_CASE(a_changed_table_is_named_with_the_row) {
  JournalFile file;
  file.append_stock(10);
  file.tamper("UPDATE stock_level SET quantity = 54");
  const Verification found = file.verify();
  BOOST_TEST(found_in(found) == "10 projection_differs");
  BOOST_TEST(found.findings[0].detail ==
             "a table says what no event says: stock_level sku='85123A' bucket=1 quantity=54");
  file.tamper("DELETE FROM stock_level");
  BOOST_TEST(file.verify().findings.at(0).detail ==
             "a table lacks what the events say: stock_level sku='85123A' bucket=1 quantity=55");
}

BOOST_AUTO_TEST_CASE(an_event_that_contradicts_those_before_it_is_named) {
  JournalFile file(JournalOptions{.synchronous = sqlite::Synchronous::off});  // without projections nobody refuses it
  file.append_stock(2);
  file.append(RightsReleased{
      .transfer_id = samples::id<TransferId>(1), .recall_id = samples::id<TransferId>(2), .items = samples::items()});
  file.append_stock(1);
  const Verification found = file.verify();
  BOOST_TEST(found_in(found) == "3 does_not_follow");
  BOOST_TEST(found.findings[0].detail.find("are not held by this node") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_time_that_does_not_rise_is_named) {
  JournalFile file;
  file.append_stock(3);
  EventHasher hash;
  EventEnvelope late = *read_event(file.journal.database(), anna, 2);
  const Head head = file.journal.head();
  late.seq = 4;
  late.command_id = fresh_command();
  late.prev_hash = head.hash;
  late.hash = hash(late);
  insert_event(file.journal.database(), late);
  BOOST_TEST(found_in(file.verify()) == "4 does_not_follow");
}

BOOST_AUTO_TEST_CASE(a_file_broken_throughout_lists_its_first_hundred_findings) {
  JournalFile file;
  file.append_stock(150);
  file.tamper("UPDATE event SET body = x'00'");
  const Verification found = file.verify();
  BOOST_TEST(found.findings.size() == findings_max);
  BOOST_TEST(found.events == 150U);
  BOOST_TEST(found.head.seq == 150U);
}

BOOST_AUTO_TEST_CASE(kinds_of_a_newer_program_are_kept_and_do_not_disturb) {
  JournalFile file;
  file.append_stock(2);
  EventHasher hash;
  const Head head = file.journal.head();
  EventEnvelope event = *read_event(file.journal.database(), anna, 2);
  event.seq = 3;
  event.hlc.packed += 1;
  event.command_id = fresh_command();
  event.kind = "parcel_weighed";
  event.body = {1, 2, 3};
  event.prev_hash = head.hash;
  event.hash = hash(event);
  insert_event(file.journal.database(), event);
  BOOST_TEST(file.verify().findings.empty());
  file.append_stock(1);
  BOOST_TEST(file.verify().findings.empty());
  BOOST_TEST(rebuild(file.path, projections::store_projections()).equal);
}

BOOST_AUTO_TEST_CASE(verify_and_dump_do_not_change_one_byte_of_the_file) {
  JournalFile file;
  file.append_stock(5);
  file.journal.database().checkpoint_truncate();
  const auto before = bytes_of(file.path);
  std::ostringstream lines;
  file.verify();
  dump(file.path, lines);
  BOOST_TEST((bytes_of(file.path) == before));
  const std::string text = lines.str();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 5);
}

BOOST_AUTO_TEST_CASE(an_unreadable_event_keeps_its_place_in_the_dump) {
  JournalFile file;
  file.append_stock(3);
  file.tamper("UPDATE event SET hash = x'00' WHERE seq = 2");
  std::ostringstream lines;
  dump(file.path, lines);
  BOOST_TEST(lines.str().find("\n{\"seq\":2,\"unreadable\":\"hash\"}\n{\"seq\":3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_flipped_bit_of_the_file_passes_as_another_journal) {
  JournalFile file;
  file.append_stock(12);
  file.journal.database().checkpoint_truncate();
  const std::vector<char> sound = bytes_of(file.path);
  std::ostringstream expected;
  dump(file.path, expected);
  const Scratch folder;
  std::mt19937_64 random(20261122);
  int found = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<char> damaged = sound;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << (random() % 8));
    const auto copy = folder / "copy.db";
    std::ofstream(copy, std::ios::binary).write(damaged.data(), static_cast<std::streamsize>(damaged.size()));
    try {
      const Verification verification = journal::verify(copy, projections::store_projections());
      found += !verification.findings.empty();
      if (!verification.findings.empty()) continue;
      std::ostringstream lines;
      dump(copy, lines);
      BOOST_TEST((lines.str() == expected.str()),
                 "round " << round);  // it lay in a page or a table beside the events
    } catch (const Error&) {
      ++found;  // SQLite, or the identity of the file, said no
    }
  }
  BOOST_TEST(found > 0);
}

BOOST_AUTO_TEST_SUITE_END()
