#include "db/journal/refold.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "db/journal/event_table.hpp"
#include "db/journal/inspect.hpp"
#include "db/sqlite/statement.hpp"

namespace retour::journal {

namespace {

constexpr std::size_t batch_events_max = 500;  // read at once while the statements of the fold run
constexpr std::size_t batch_bytes_max = 4'000'000;

void fold_one(sqlite::Database& into, const EventEnvelope& event, const std::vector<Projection*>& projections) {
  const std::optional<EventBody> body = codec::decode(event.kind, event.kind_version, event.body);
  if (!body) return;
  if (case_of(*body) != event.case_id)
    throw FoldError({.operation = "fold " + event.kind,
                     .object = "event " + std::to_string(event.seq),
                     .cause = "its column return_case_id names another case than its body",
                     .consequence = ""});
  for (Projection* projection : projections) projection->apply(into, event, *body);
}

/// Strings of one row: name=value of each column, values as SQL literals.
std::vector<std::string> lines_of(sqlite::Database& database, std::string_view table) {
  const std::string name(table);
  std::vector<std::string> columns;
  std::string quoted;
  {
    const sqlite::Statement all = database.prepare("SELECT * FROM " + name);
    for (int i = 0; i < all.columns(); ++i) {
      columns.emplace_back(all.column_name(i));
      quoted += (i == 0 ? "quote(" : ", quote(") + columns.back() + ")";
    }
  }
  std::vector<std::string> lines;
  sqlite::Statement row = database.prepare("SELECT " + quoted + " FROM " + name);
  while (row.step()) {
    std::string line = name;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line += " " + columns[i] + "=";
      for (const char c : row.text(static_cast<int>(i))) line += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    lines.push_back(std::move(line) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

Refold refold(sqlite::Database& from, sqlite::Database& into, const std::vector<Projection*>& projections) {
  Refold done;
  std::uint64_t next = 0;
  for (;;) {
    const auto events = read_events(from, {}, next, batch_events_max, batch_bytes_max);
    if (events.empty()) return done;
    for (const EventEnvelope& event : events) {
      try {
        fold_one(into, event, projections);
      } catch (const FoldError& error) {
        done.reason = error.parts().cause;
      } catch (const codec::MalformedBody& error) {
        done.reason = error.what();
      } catch (const sqlite::DatabaseError& error) {
        if (!error.is_constraint()) throw;
        done.reason = error.parts().cause;
      }
      if (!done.reason.empty()) {
        done.stopped_at = event.seq;
        return done;
      }
      ++done.events;
    }
    next = events.back().seq + 1;
  }
}

std::string canonical_dump(sqlite::Database& database, const std::vector<Projection*>& projections) {
  std::string text;
  std::vector<std::string_view> tables;
  for (const Projection* projection : projections)
    tables.insert(tables.end(), projection->tables().begin(), projection->tables().end());
  std::sort(tables.begin(), tables.end());
  for (const std::string_view table : tables) {
    for (const std::string& line : lines_of(database, table)) text += line;
  }
  return text;
}

std::string first_difference(std::string_view before, std::string_view after) {
  while (!before.empty() || !after.empty()) {
    const std::string_view left = take_line(before);
    const std::string_view right = take_line(after);
    if (left == right) continue;
    // Sorted: the smaller line has no partner; an empty one is the end of its text.
    const bool only_before = right.empty() || (!left.empty() && left < right);
    return only_before ? "- " + std::string(left) : "+ " + std::string(right);
  }
  return {};
}

}  // namespace retour::journal
