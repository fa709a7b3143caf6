#include "db/journal/raw_events.hpp"

#include <limits>

#include "db/sqlite/database.hpp"

namespace retour::journal {

namespace {

constexpr std::int64_t small_max = std::numeric_limits<std::uint32_t>::max();

// The table is STRICT and has checks, but a file can be changed behind SQLite's back.
constexpr std::string_view raw_sql = R"sql(
    SELECT seq, node_id, epoch, hlc, return_case_id, command_id, command_part, kind, kind_version, prev_hash, hash, body,
      CASE
        WHEN seq <= 0 THEN 'seq'
        WHEN typeof(node_id) <> 'blob' OR length(node_id) <> 16 THEN 'node_id'
        WHEN typeof(epoch) <> 'integer' OR epoch < 0 THEN 'epoch'
        WHEN typeof(hlc) <> 'integer' OR hlc < 0 THEN 'hlc'
        WHEN return_case_id IS NOT NULL AND (typeof(return_case_id) <> 'blob' OR length(return_case_id) <> 16)
          THEN 'return_case_id'
        WHEN typeof(command_id) <> 'blob' OR length(command_id) <> 16 THEN 'command_id'
        WHEN typeof(command_part) <> 'integer' OR command_part NOT BETWEEN 0 AND ?1 THEN 'command_part'
        WHEN typeof(kind) <> 'text' THEN 'kind'
        WHEN typeof(kind_version) <> 'integer' OR kind_version NOT BETWEEN 1 AND ?1 THEN 'kind_version'
        WHEN typeof(prev_hash) <> 'blob' OR length(prev_hash) <> 32 THEN 'prev_hash'
        WHEN typeof(hash) <> 'blob' OR length(hash) <> 32 THEN 'hash'
        WHEN typeof(body) <> 'blob' THEN 'body'
        ELSE ''
      END
    FROM event ORDER BY seq
)sql";

}  // namespace

RawEvents::RawEvents(sqlite::Database& database) : m_row(database.statement(raw_sql)) {
  m_row.bind(1, small_max);
}

std::optional<RawEvent> RawEvents::next() {
  if (!m_row.step()) return std::nullopt;
  RawEvent raw{.seq = m_row.uint64(0), .unreadable = std::string(m_row.text(12))};
  raw.event.seq = raw.seq;
  if (!raw.unreadable.empty()) return raw;
  const auto body = m_row.blob(11);
  raw.event = {.node_id = m_row.id<NodeId>(1),
               .epoch = m_row.uint64(2),
               .seq = raw.seq,
               .hlc = HlcTime{m_row.uint64(3)},
               .case_id = m_row.optional_id<ReturnCaseId>(4),
               .command_id = m_row.id<CommandId>(5),
               .command_part = static_cast<std::uint32_t>(m_row.int64(6)),
               .kind = std::string(m_row.text(7)),
               .kind_version = static_cast<std::uint32_t>(m_row.int64(8)),
               .body = Bytes(body.begin(), body.end()),
               .prev_hash = m_row.hash(9),
               .hash = m_row.hash(10)};
  return raw;
}

}  // namespace retour::journal
