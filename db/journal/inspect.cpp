#include "db/journal/inspect.hpp"

#include <algorithm>
#include <ostream>

#include "db/journal/chain_findings.hpp"
#include "db/journal/event_json.hpp"
#include "db/journal/raw_events.hpp"
#include "db/journal/refold.hpp"
#include "db/sqlite/statement.hpp"

namespace retour::journal {

namespace {

sqlite::Database open_file(const std::filesystem::path& path, sqlite::Mode mode) {
  return sqlite::Database::open(path, {.mode = mode,
                                       .wal_autocheckpoint_pages = 0,
                                       .application_id = journal_application_id,
                                       .user_version_max = sqlite::newest_version(store_migrations())});
}

constexpr std::string_view identity_sql = "SELECT node_id, epoch FROM journal";
Identity identity_of(sqlite::Database& database) {
  auto row = database.statement(identity_sql);
  if (row.step()) return {row.id<NodeId>(0), row.uint64(1)};
  throw Error({.operation = "verify",
               .object = database.path(),
               .cause = "its table `journal` is empty: it belongs to no node",
               .consequence = "its events cannot be held against anything"});
}

constexpr std::string_view acknowledged_sql =
    "SELECT acked_seq, acked_hash, hub_epoch, countersignature FROM sync_state";
std::optional<Acknowledged> acknowledged_of(sqlite::Database& database) {
  auto row = database.statement(acknowledged_sql);
  if (!row.step()) return std::nullopt;
  const auto signature = row.blob(3);
  return Acknowledged{row.uint64(0), row.hash(1), row.uint64(2), Bytes(signature.begin(), signature.end())};
}

// ---- verify ------------------------------------------------------------------------------------------------------
/// Reads every row and says what the chain and the hub's countersigned head tell.
void verify_events(sqlite::Database& database, Verification& result) {
  ChainFindings chain(result.head.identity);
  std::optional<Hash256> at_acknowledged;
  RawEvents rows(database);
  while (const auto raw = rows.next()) {
    chain.take(*raw);
    if (result.acknowledged && raw->seq == result.acknowledged->seq) at_acknowledged = raw->event.hash;
  }
  result.head = chain.head();
  result.events = chain.events();
  result.findings = chain.findings(result.acknowledged);
  if (!result.acknowledged) {
    result.unwitnessed = result.events;
    return;
  }
  const std::uint64_t acknowledged = result.acknowledged->seq;
  const std::uint64_t last = chain.last_seq();
  result.unwitnessed = last > acknowledged ? last - acknowledged : 0;
  if (last < acknowledged) {
    result.findings.push_back({last + 1, Manipulation::cut_off,
                               "the hub has countersigned events up to " + std::to_string(acknowledged) +
                                   ", the journal ends with " + std::to_string(last)});
  }
  const bool named = std::any_of(result.findings.begin(), result.findings.end(),
                                 [&](const Finding& f) { return f.seq == acknowledged; });
  if (at_acknowledged && *at_acknowledged != result.acknowledged->hash && !named) {
    result.findings.push_back(
        {acknowledged, Manipulation::replaced,
         "the hub has countersigned another event here: this one or one before it was rewritten"});
  }
}

/// Folds all events anew, beside the file, and holds the tables against the result.
void verify_tables(sqlite::Database& database, const std::vector<Projection*>& projections, Verification& result) {
  // An empty name is SQLite's temporary file: gone with the connection, and not bounded by memory.
  sqlite::Database folded = sqlite::Database::open(
      "", {.mode = sqlite::Mode::create, .synchronous = sqlite::Synchronous::off, .wal = false});
  sqlite::migrate(folded, store_migrations());
  sqlite::Transaction transaction(folded, sqlite::Transaction::Kind::write);
  const Refold done = refold(database, folded, projections);
  if (done.stopped_at != 0) {
    result.findings.push_back({done.stopped_at, Manipulation::does_not_follow, done.reason});
    return;
  }
  result.tables_compared = true;
  const std::string difference =
      first_difference(canonical_dump(database, projections), canonical_dump(folded, projections));
  if (difference.empty()) return;
  const bool only_table = difference.front() == '-';
  result.findings.push_back(
      {result.head.seq, Manipulation::projection_differs,
       (only_table ? "a table says what no event says: " : "a table lacks what the events say: ") +
           difference.substr(2)});
}

}  // namespace

std::string_view to_string(Manipulation manipulation) {
  switch (manipulation) {
    case Manipulation::changed:
      return "changed";
    case Manipulation::removed:
      return "removed";
    case Manipulation::reordered:
      return "reordered";
    case Manipulation::inserted:
      return "inserted";
    case Manipulation::foreign:
      return "foreign";
    case Manipulation::unreadable:
      return "unreadable";
    case Manipulation::cut_off:
      return "cut_off";
    case Manipulation::replaced:
      return "replaced";
    case Manipulation::does_not_follow:
      return "does_not_follow";
    case Manipulation::projection_differs:
      return "projection_differs";
  }
  return "unknown";
}

Verification verify(const std::filesystem::path& path, const std::vector<Projection*>& projections) {
  sqlite::Database database = open_file(path, sqlite::Mode::read_only);
  const sqlite::Transaction one_state(database, sqlite::Transaction::Kind::read);
  Verification result;
  result.head.identity = identity_of(database);
  result.acknowledged = acknowledged_of(database);
  verify_events(database, result);
  // Tables of an older version have other columns; the program that opens the store brings them up first.
  const bool newest = database.user_version() == sqlite::newest_version(store_migrations());
  if (result.findings.empty() && newest && !projections.empty()) verify_tables(database, projections, result);
  return result;
}

// ---- dump --------------------------------------------------------------------------------------------------------
void dump(const std::filesystem::path& path, std::ostream& out) {
  sqlite::Database database = open_file(path, sqlite::Mode::read_only);
  const sqlite::Transaction one_state(database, sqlite::Transaction::Kind::read);
  RawEvents rows(database);
  while (const auto raw = rows.next()) {
    out << (raw->unreadable.empty() ? to_json_line(raw->event) : unreadable_json_line(raw->seq, raw->unreadable))
        << '\n';
  }
}

// ---- rebuild -----------------------------------------------------------------------------------------------------
Rebuilt rebuild(const std::filesystem::path& path, const std::vector<Projection*>& projections) {
  sqlite::Database database = open_file(path, sqlite::Mode::read_write);
  sqlite::migrate(database, store_migrations());
  sqlite::Transaction transaction(database, sqlite::Transaction::Kind::write);
  const std::string before = canonical_dump(database, projections);
  for (const Projection* projection : projections) {
    for (const std::string_view table : projection->tables()) database.execute("DELETE FROM " + std::string(table));
  }
  const Refold done = refold(database, database, projections);
  if (done.stopped_at != 0) {
    throw FoldError(
        {.operation = "rebuild the tables of",
         .object = path.string(),
         .cause = "event " + std::to_string(done.stopped_at) + " does not follow: " + done.reason,
         .consequence = "the tables were left as they were; look at the file with `retour journal verify`"});
  }
  const std::string difference = first_difference(before, canonical_dump(database, projections));
  transaction.commit();
  return {.events = done.events, .equal = difference.empty(), .first_difference = difference};
}

}  // namespace retour::journal
