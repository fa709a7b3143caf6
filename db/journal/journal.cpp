#include "db/journal/journal.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "db/journal/event_table.hpp"
#include "db/sqlite/statement.hpp"

namespace retour::journal {

namespace {

constexpr std::string_view identity_sql = "SELECT node_id, epoch FROM journal";
constexpr std::string_view set_identity_sql = "INSERT INTO journal (one, node_id, epoch) VALUES (1, ?, ?)";

sqlite::OpenOptions open_options(const JournalOptions& options, sqlite::Mode mode) {
  return {.mode = mode,
          .busy_timeout_ms = options.busy_timeout_ms,
          .synchronous = options.synchronous,
          .wal_autocheckpoint_pages = 0,  // checkpoint_when_grown, off the commit path
          .page_bytes = page_bytes,
          .cache_kib = options.cache_kib,
          .application_id = journal_application_id,
          .user_version_max = sqlite::newest_version(store_migrations()),
          .quick_check = options.quick_check,
          .vfs = options.vfs};
}

std::optional<Identity> read_identity(sqlite::Database& database) {
  auto row = database.statement(identity_sql);
  if (!row.step()) return std::nullopt;
  return Identity{row.id<NodeId>(0), row.uint64(1)};
}

[[noreturn]] void refuse_identity(const std::string& path, const Identity& found) {
  throw Error({.operation = "open journal",
               .object = path,
               .cause = "it is the journal of node " + found.node.to_string() + ", another one",
               .consequence = "it was left as it is; a store's directory belongs to one enrolment"});
}

}  // namespace

std::string_view to_string(Appended appended) {
  switch (appended) {
    case Appended::recorded:
      return "recorded";
    case Appended::already_recorded:
      return "already_recorded";
    case Appended::command_reused:
      return "command_reused";
  }
  return "unknown";
}

// ---- Journal ---------------------------------------------------------------------------------------------------
Journal::Journal(std::unique_ptr<sqlite::Database> owned, sqlite::Database* database, const Identity& identity,
                 std::vector<Projection*> projections)
    : m_owned(std::move(owned)), m_database(database), m_identity(identity), m_projections(std::move(projections)) {}

Journal Journal::create(const std::filesystem::path& path, const Identity& identity, JournalOptions options) {
  auto database =
      std::make_unique<sqlite::Database>(sqlite::Database::open(path, open_options(options, sqlite::Mode::create)));
  sqlite::migrate(*database, store_migrations());
  {
    sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::write);
    const std::optional<Identity> found = read_identity(*database);
    if (found && *found != identity) refuse_identity(path.string(), *found);
    if (!found) database->statement(set_identity_sql).bind_all(identity.node, identity.epoch).run();
    if (!found) transaction.commit();
  }
  sqlite::Database* raw = database.get();
  return Journal(std::move(database), raw, identity, std::move(options.projections));
}

Journal Journal::open(const std::filesystem::path& path, JournalOptions options) {
  auto database = std::make_unique<sqlite::Database>(
      sqlite::Database::open(path, open_options(options, sqlite::Mode::read_write)));
  sqlite::migrate(*database, store_migrations());
  const std::optional<Identity> identity = read_identity(*database);
  if (!identity) {
    throw Error({.operation = "open journal",
                 .object = path.string(),
                 .cause = "it belongs to no node yet",
                 .consequence = "enrol the store first"});
  }
  sqlite::Database* raw = database.get();
  return Journal(std::move(database), raw, *identity, std::move(options.projections));
}

Journal Journal::attach(sqlite::Database& database, const Identity& identity, std::vector<Projection*> projections) {
  return Journal(nullptr, &database, identity, std::move(projections));
}

Head Journal::head() {
  return read_head(*m_database, m_identity);
}

Write Journal::begin(std::int64_t now_ms) {
  return Write(*this, now_ms);
}

std::vector<EventEnvelope> Journal::read(std::uint64_t from_seq, std::size_t events_max, std::size_t bytes_max) {
  return read_events(*m_database, m_identity, from_seq, events_max, bytes_max);
}

std::vector<EventEnvelope> Journal::envelopes_of_case(const ReturnCaseId& case_id) {
  return journal::events_of_case(*m_database, case_id);
}

std::vector<EventBody> Journal::events_of_case(const ReturnCaseId& case_id) {
  std::vector<EventBody> bodies;
  for (const EventEnvelope& event : envelopes_of_case(case_id)) {
    if (auto body = codec::decode(event.kind, event.kind_version, event.body)) bodies.push_back(*std::move(body));
  }
  return bodies;
}

namespace {
constexpr std::string_view acknowledged_sql =
    "SELECT acked_seq, acked_hash, hub_epoch, countersignature FROM sync_state";
constexpr std::string_view acknowledge_sql =
    "INSERT INTO sync_state (one, acked_seq, acked_hash, hub_epoch, countersignature) VALUES (1, ?, ?, ?, ?) "
    "ON CONFLICT (one) DO UPDATE SET acked_seq = excluded.acked_seq, acked_hash = excluded.acked_hash, "
    "hub_epoch = excluded.hub_epoch, countersignature = excluded.countersignature";
}  // namespace

std::optional<Acknowledged> Journal::acknowledged() {
  auto row = m_database->statement(acknowledged_sql);
  if (!row.step()) return std::nullopt;
  const auto signature = row.blob(3);
  return Acknowledged{row.uint64(0), row.hash(1), row.uint64(2), Bytes(signature.begin(), signature.end())};
}

void Journal::acknowledge(const Acknowledged& acknowledged) {
  // Not worth a sync of its own: an acknowledgement that a power cut takes back is given again with the next push.
  m_database->execute("PRAGMA synchronous = NORMAL");
  try {
    sqlite::Transaction transaction(*m_database, sqlite::Transaction::Kind::write);
    m_database->statement(acknowledge_sql)
        .bind_all(acknowledged.seq, acknowledged.hash, acknowledged.hub_epoch,
                  std::span<const std::uint8_t>(acknowledged.countersignature))
        .run();
    transaction.commit();
  } catch (...) {
    m_database->execute("PRAGMA synchronous = FULL");
    throw;
  }
  m_database->execute("PRAGMA synchronous = FULL");
}

bool checkpoint_when_grown(sqlite::Database& own_connection) {
  if (!sqlite::wal_reaches(own_connection.path(), checkpoint_wal_bytes)) return false;
  const auto passed = own_connection.checkpoint_passive();
  if (!passed.busy && passed.moved_frames == passed.wal_frames) return true;
  if (!sqlite::wal_reaches(own_connection.path(), restart_wal_bytes)) return false;
  return !own_connection.checkpoint_restart().busy;
}

// ---- Write -----------------------------------------------------------------------------------------------------
Write::Write(Journal& journal, std::int64_t now_ms)
    : m_journal(&journal),
      m_transaction(journal.database(), sqlite::Transaction::Kind::write),
      m_now_ms(std::clamp<std::int64_t>(now_ms, 0, clock_ms_max)),
      m_head(journal.head()),
      m_first_seq(m_head.seq + 1) {
  if (m_head.hlc.ms() - m_now_ms > clock_behind_flagged_ms) m_behind_ms = m_head.hlc.ms() - m_now_ms;
}

sqlite::Database& Write::database() {
  return m_journal->database();
}

std::vector<EventEnvelope> Write::events_of(const CommandId& command) {
  return events_of_command(database(), command);
}

namespace {
constexpr std::string_view recorded_sql = "SELECT 1 FROM event WHERE command_id = ? LIMIT 1";
}
bool Write::recorded(const CommandId& command) {
  return database().statement(recorded_sql).bind(1, command).step();
}

Appended Write::compare(const CommandId& command, std::span<const EventBody> bodies) {
  const std::vector<EventEnvelope> recorded = events_of(command);
  if (recorded.size() != bodies.size()) return Appended::command_reused;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const codec::EncodedBody body = codec::encode(bodies[i]);
    if (recorded[i].kind != body.kind || recorded[i].body != body.bytes) return Appended::command_reused;
  }
  return Appended::already_recorded;
}

Appended Write::append(const CommandId& command, std::span<const EventBody> bodies) {
  auto part = std::find_if(m_parts.begin(), m_parts.end(), [&](const Part& p) { return p.command == command; });
  try {
    if (part == m_parts.end()) {
      if (recorded(command)) return compare(command, bodies);
      part = m_parts.insert(part, Part{command, 0});
    }
    for (const EventBody& body : bodies) append_one(command, part->next++, body);
  } catch (const sqlite::DatabaseError& error) {
    fail(error, command);
  } catch (...) {
    m_transaction.rollback();
    throw;
  }
  return Appended::recorded;
}

void Write::append_one(const CommandId& command, std::uint32_t part, const EventBody& body) {
  codec::EncodedBody encoded = codec::encode(body);
  EventEnvelope event{.node_id = m_head.identity.node,
                      .epoch = m_head.identity.epoch,
                      .seq = m_head.seq + 1,
                      .hlc = next_hlc(m_head.hlc, m_now_ms),
                      .case_id = case_of(body),
                      .command_id = command,
                      .command_part = part,
                      .kind = std::string(encoded.kind),
                      .kind_version = encoded.kind_version,
                      .body = std::move(encoded.bytes),
                      .prev_hash = m_head.hash};
  event.hash = m_journal->m_hash(event);
  insert_event(database(), event);
  for (Projection* projection : m_journal->m_projections) projection->apply(database(), event, body);
  m_head = head_after(event);
}

namespace {
constexpr std::string_view flag_sql = "INSERT INTO clock_flag (first_seq, last_seq, behind_ms_max) VALUES (?, ?, ?)";
}
/// The clock stood behind the journal's own time: kept for people, never followed.
void Write::flag_clock() {
  if (m_behind_ms == 0 || m_head.seq < m_first_seq) return;
  database().statement(flag_sql).bind_all(m_first_seq, m_head.seq, m_behind_ms).run();
}

void Write::commit() {
  try {
    flag_clock();
    m_transaction.commit();
  } catch (const sqlite::DatabaseError& error) {
    fail(error, m_parts.empty() ? CommandId{} : m_parts.front().command);
  }
}

void Write::fail(const sqlite::DatabaseError& error, const CommandId& command) {
  if (m_transaction.open()) m_transaction.rollback();
  Error::Parts parts = error.parts();
  parts.operation = "append to";
  parts.object = m_journal->database().path();
  parts.consequence = "command " + command.to_string() +
                      " was not recorded and no tender was moved for it; everything before it is kept";
  throw JournalWriteError(std::move(parts), error.code());
}

}  // namespace retour::journal
