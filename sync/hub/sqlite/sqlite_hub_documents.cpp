// Documents that are published for every store, and those that a store refused.
#include "db/sqlite/statement.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

namespace retour::hub {

namespace {

constexpr std::string_view drop_named_sql = "DELETE FROM document WHERE kind = ? AND name = ?";
constexpr std::string_view put_document_sql =
    "INSERT INTO document (seq, kind, name, hash, packed, published_ms) VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view document_head_sql = "SELECT coalesce(max(seq), 0) FROM document";
constexpr std::string_view document_bytes_sql = "SELECT coalesce(sum(length(packed)), 0) FROM document WHERE seq > ?";
constexpr std::string_view document_after_sql =
    "SELECT seq, kind, name, hash, packed FROM document WHERE seq > ? ORDER BY seq LIMIT 1";
constexpr std::string_view documents_of_kind_sql =
    "SELECT seq, kind, name, hash, packed FROM document WHERE kind = ? ORDER BY seq DESC";
constexpr std::string_view drop_document_sql = "DELETE FROM document WHERE seq = ?";
constexpr std::string_view drop_refused_sql = "DELETE FROM document_refused WHERE node_id = ?";
constexpr std::string_view put_refused_sql =
    "INSERT INTO document_refused (node_id, seq, kind, name, reason) VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view refused_sql =
    "SELECT seq, kind, name, reason FROM document_refused WHERE node_id = ? ORDER BY seq";

protocol::Document document_of(const sqlite::Statement& row) {
  const auto packed = row.blob(4);
  return {.seq = row.uint64(0),
          .kind = std::string(row.text(1)),
          .name = std::string(row.text(2)),
          .hash = row.hash(3),
          .packed = Bytes(packed.begin(), packed.end())};
}

}  // namespace

std::uint64_t SqliteHubStore::put_document(const DocumentRow& row) {
  const std::uint64_t seq = document_head() + 1;
  m_database.statement(drop_named_sql).bind_all(std::string_view(row.kind), std::string_view(row.name)).run();
  m_database.statement(put_document_sql)
      .bind_all(seq, std::string_view(row.kind), std::string_view(row.name), row.hash,
                std::span<const std::uint8_t>(row.packed), row.published_ms)
      .run();
  return seq;
}

std::uint64_t SqliteHubStore::document_head() {
  auto row = m_database.statement(document_head_sql);
  row.step();
  return row.uint64(0);
}

std::uint64_t SqliteHubStore::document_bytes_after(std::uint64_t seq) {
  auto row = m_database.statement(document_bytes_sql);
  row.bind(1, seq).step();
  return row.uint64(0);
}

std::optional<protocol::Document> SqliteHubStore::document_after(std::uint64_t seq) {
  auto row = m_database.statement(document_after_sql);
  if (!row.bind(1, seq).step()) return std::nullopt;
  return document_of(row);
}

std::vector<protocol::Document> SqliteHubStore::documents_of_kind(std::string_view kind) {
  std::vector<protocol::Document> all;
  auto row = m_database.statement(documents_of_kind_sql);
  row.bind(1, kind);
  while (row.step()) all.push_back(document_of(row));
  return all;
}

void SqliteHubStore::drop_document(std::uint64_t seq) {
  require(seq < document_head(), "the last document stays: its number is the head of the lane");
  m_database.statement(drop_document_sql).bind(1, seq).run();
}

void SqliteHubStore::put_refused_documents(const NodeId& node, std::span<const protocol::RefusedDocument> refused) {
  m_database.statement(drop_refused_sql).bind(1, node).run();
  for (const protocol::RefusedDocument& one : refused) {
    m_database.statement(put_refused_sql)
        .bind_all(node, one.seq, std::string_view(one.kind), std::string_view(one.name), std::string_view(one.reason))
        .run();
  }
}

std::vector<protocol::RefusedDocument> SqliteHubStore::refused_documents(const NodeId& node) {
  std::vector<protocol::RefusedDocument> all;
  auto row = m_database.statement(refused_sql);
  row.bind(1, node);
  while (row.step()) {
    all.push_back({row.uint64(0), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))});
  }
  return all;
}

}  // namespace retour::hub
