#pragma once
// Rows of the table `event`, for every database that has one (a node's journal.db, the hub's own). The statements
// name columns only, so that the table may be keyed by seq alone or by (node_id, epoch, seq).

#include <string_view>
#include <vector>

#include "db/journal/chain.hpp"
#include "db/sqlite/database.hpp"

namespace retour::journal {

/// Stores the row as it is; the chain is the caller's business.
void insert_event(sqlite::Database& database, const EventEnvelope& event);

/// Seq 0 when the journal has no event.
Head read_head(sqlite::Database& database, const Identity& identity);

/// Events from `from_seq` on, in order; at least one when there is one, then while both limits hold.
std::vector<EventEnvelope> read_events(sqlite::Database& database, const Identity& identity, std::uint64_t from_seq,
                                       std::size_t events_max, std::size_t bytes_max);
std::optional<EventEnvelope> read_event(sqlite::Database& database, const Identity& identity, std::uint64_t seq);

/// In order of command_part.
std::vector<EventEnvelope> events_of_command(sqlite::Database& database, const CommandId& command);
/// In order of seq.
std::vector<EventEnvelope> events_of_case(sqlite::Database& database, const ReturnCaseId& case_id);
/// In order of seq. Reads the whole table: for what is asked once, at a start or by a person.
std::vector<EventEnvelope> events_of_kind(sqlite::Database& database, std::string_view kind);

}  // namespace retour::journal
