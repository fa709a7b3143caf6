#pragma once
// A journal in a folder of its own with a clock the test holds, and a way to change its file behind its back.

#include <string>

#include "db/journal/inspect.hpp"
#include "db/journal/journal.hpp"
#include "db/projections/store_projections.hpp"
#include "db/sqlite/statement.hpp"
#include "tests/support/sample_events.hpp"
#include "tests/unit/db/scratch.hpp"

namespace retour::testing {

inline constexpr std::int64_t journal_noon_ms = 1'795'348'800'000;  // 2026-11-22T12:00Z
inline const journal::Identity anna{samples::id<NodeId>(0xa0), 1};

/// A command that nobody used before within the test program.
inline CommandId fresh_command() {
  static std::uint64_t last = 0;
  CommandId id;
  ++last;
  for (unsigned i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(last >> (8 * i));
  return id;
}

inline EventBody stock(std::int64_t quantity, const std::string& sku = "85123A") {
  return StockMoved{.sku = sku, .bucket = Bucket::sellable, .quantity = quantity, .cause = "count"};
}

/// Most tests ask what is in the file, not whether it outlives a power cut; those that do say `full`.
inline journal::JournalOptions quick_options() {
  return {.projections = projections::store_projections(), .synchronous = sqlite::Synchronous::off};
}

class JournalFile {
 public:
  explicit JournalFile(const journal::JournalOptions& options = quick_options())
      : path(m_folder / "journal.db"), journal(journal::Journal::create(path, anna, options)) {}

  /// One event in a transaction of its own, a minute after the one before.
  journal::Appended append(const EventBody& body, const CommandId& command = fresh_command()) {
    journal::Write write = journal.begin(now_ms += 60'000);
    const journal::Appended appended = write.append(command, body);
    write.commit();
    return appended;
  }
  void append_stock(int events) {
    for (int i = 1; i <= events; ++i) append(stock(i));
  }

  /// Changes the file as somebody with a SQLite shell would, guards switched off.
  void tamper(const std::string& sql) {
    auto database = sqlite::Database::open(path, {.synchronous = sqlite::Synchronous::off});
    database.execute(
        "PRAGMA ignore_check_constraints=ON; DROP TRIGGER IF EXISTS event_is_never_changed; "
        "DROP TRIGGER IF EXISTS event_is_never_removed");
    database.execute(sql);
  }
  journal::Verification verify() const { return journal::verify(path, projections::store_projections()); }
  std::string dump_of_tables() {
    return journal::canonical_dump(journal.database(), projections::store_projections());
  }

 private:
  Scratch m_folder;

 public:
  std::filesystem::path path;
  std::int64_t now_ms = journal_noon_ms;
  journal::Journal journal;
};

}  // namespace retour::testing
