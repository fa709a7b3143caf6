// What waits for nodes and for answers, and what is counted.
#include <algorithm>
#include <tuple>

#include "db/codec/event_codec.hpp"
#include "db/sqlite/statement.hpp"
#include "sync/hub/sqlite/sqlite_hub_store.hpp"

namespace retour::hub {

namespace {

/// Bodies in this file were written by this very table's functions, under the kind their lane says.
EventBody decode_known(std::string_view kind, std::span<const std::uint8_t> bytes) {
  std::optional<EventBody> body = codec::decode(kind, 1, bytes);
  if (!body) {
    throw Error({.operation = "read",
                 .object = "a message that waits",
                 .cause = "its kind is not known",
                 .consequence = "the hub's database is of a newer program"});
  }
  return *std::move(body);
}

std::string_view kind_of_lane(Lane lane) {
  switch (lane) {
    case Lane::grant:
      return "rights_granted";
    case Lane::recall:
      return "recall_issued";
    case Lane::decision:
      return "referral_answered";
  }
  return "";
}

constexpr std::string_view put_outgoing_sql =
    "INSERT OR REPLACE INTO outgoing (node_id, lane, message_id, body) VALUES (?, ?, ?, ?)";
constexpr std::string_view outgoing_sql =
    "SELECT lane, message_id, body FROM outgoing WHERE node_id = ? ORDER BY lane LIMIT ?";
constexpr std::string_view outgoing_count_sql = "SELECT count(*) FROM outgoing WHERE node_id = ?";
constexpr std::string_view drop_outgoing_sql =
    "DELETE FROM outgoing WHERE node_id = ? AND lane = ? AND message_id = ?";

}  // namespace

void SqliteHubStore::put_outgoing(const NodeId& node, const Outgoing& message) {
  const codec::EncodedBody body = codec::encode(message.body);
  m_database.statement(put_outgoing_sql)
      .bind_all(node, static_cast<int>(message.lane), message.id, std::span<const std::uint8_t>(body.bytes))
      .run();
}

std::vector<Outgoing> SqliteHubStore::outgoing(const NodeId& node, std::size_t max) {
  std::vector<Outgoing> all;
  auto row = m_database.statement(outgoing_sql);
  row.bind_all(node, static_cast<std::uint64_t>(max));
  while (row.step()) {
    const auto lane = static_cast<Lane>(row.int64(0));
    all.push_back({lane, row.id<MessageId>(1), decode_known(kind_of_lane(lane), row.blob(2))});
  }
  return all;
}

std::uint64_t SqliteHubStore::outgoing_count(const NodeId& node) {
  auto row = m_database.statement(outgoing_count_sql);
  row.bind(1, node).step();
  return row.uint64(0);
}

bool SqliteHubStore::drop_outgoing(const NodeId& node, Lane lane, const MessageId& id) {
  m_database.statement(drop_outgoing_sql).bind_all(node, static_cast<int>(lane), id).run();
  return m_database.changes() > 0;
}

// ---- referrals -------------------------------------------------------------------------------------------------
namespace {

constexpr std::string_view put_referral_sql =
    "INSERT OR REPLACE INTO referral (referral_id, node_id, customer_key, asked_at_ms, body, recalls_out, "
    "recalls_in, decided, case_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view referral_sql =
    "SELECT referral_id, node_id, customer_key, asked_at_ms, body, recalls_out, recalls_in, decided FROM referral "
    "WHERE referral_id = ?";
constexpr std::string_view referral_of_case_sql =
    "SELECT referral_id, node_id, customer_key, asked_at_ms, body, recalls_out, recalls_in, decided FROM referral "
    "WHERE case_id = ? OR case_id IS NULL";
constexpr std::string_view referrals_sql =
    "SELECT referral_id, node_id, customer_key, asked_at_ms, body, recalls_out, recalls_in, decided FROM referral";
constexpr std::string_view open_referrals_sql =
    "SELECT referral_id, node_id, customer_key, asked_at_ms, body, recalls_out, recalls_in, decided FROM referral "
    "WHERE decided IS NULL ORDER BY asked_at_ms LIMIT ?";
constexpr std::string_view open_referral_count_sql = "SELECT count(*) FROM referral WHERE decided IS NULL";
constexpr std::string_view drop_referral_sql = "DELETE FROM referral WHERE referral_id = ?";
constexpr std::string_view put_recall_sql = "INSERT INTO recall (recall_id, referral_id, node_id) VALUES (?, ?, ?)";
constexpr std::string_view take_recall_sql =
    "DELETE FROM recall WHERE recall_id = ? RETURNING recall_id, referral_id, node_id";

ReferralRow referral_of_row(const sqlite::Statement& row) {
  std::optional<ReferralDecided> decided;
  if (!row.is_null(7)) decided = std::get<ReferralDecided>(decode_known("referral_decided", row.blob(7)));
  return {.referral_id = row.id<ReferralId>(0),
          .node = row.id<NodeId>(1),
          .customer = row.optional_id<LookupKey>(2).value_or(LookupKey{}),
          .asked_at_ms = row.int64(3),
          .asked = std::get<LineReferred>(decode_known("line_referred", row.blob(4))),
          .recalls_out = static_cast<std::uint32_t>(row.int64(5)),
          .recalls_in = static_cast<std::uint32_t>(row.int64(6)),
          .decided = std::move(decided)};
}

}  // namespace

void SqliteHubStore::put_referral(const ReferralRow& row) {
  const codec::EncodedBody body = codec::encode(row.asked);
  const Bytes decided = row.decided ? codec::encode(*row.decided).bytes : Bytes{};
  std::optional<std::span<const std::uint8_t>> decided_blob;
  if (row.decided) decided_blob = decided;
  const std::optional<LookupKey> customer = row.customer.is_zero() ? std::nullopt : std::optional(row.customer);
  m_database.statement(put_referral_sql)
      .bind_all(row.referral_id, row.node, customer, row.asked_at_ms, std::span<const std::uint8_t>(body.bytes),
                row.recalls_out, row.recalls_in, decided_blob, row.asked.case_id)
      .run();
}

std::optional<ReferralRow> SqliteHubStore::referral(const ReferralId& id) {
  auto row = m_database.statement(referral_sql);
  if (!row.bind(1, id).step()) return std::nullopt;
  return referral_of_row(row);
}

std::optional<ReferralRow> SqliteHubStore::referral_of(const ReturnCaseId& case_id, std::uint32_t line_no) {
  auto row = m_database.statement(referral_of_case_sql);
  row.bind(1, case_id);
  while (row.step()) {
    ReferralRow referral = referral_of_row(row);
    if (referral.asked.case_id == case_id && referral.asked.ask.line_no == line_no) return referral;
  }
  return std::nullopt;
}

std::vector<ReferralRow> SqliteHubStore::referrals() {
  std::vector<ReferralRow> all;
  auto row = m_database.statement(referrals_sql);
  while (row.step()) all.push_back(referral_of_row(row));
  // The order of asking; within one case the order of its lines.
  std::sort(all.begin(), all.end(), [](const ReferralRow& a, const ReferralRow& b) {
    return std::tie(a.asked_at_ms, a.node, a.asked.case_id, a.asked.ask.line_no) <
           std::tie(b.asked_at_ms, b.node, b.asked.case_id, b.asked.ask.line_no);
  });
  return all;
}

std::vector<ReferralRow> SqliteHubStore::open_referrals(std::size_t max) {
  std::vector<ReferralRow> open;
  auto row = m_database.statement(open_referrals_sql);
  row.bind(1, static_cast<std::uint64_t>(max));
  while (row.step()) open.push_back(referral_of_row(row));
  return open;
}

std::uint64_t SqliteHubStore::open_referral_count() {
  return static_cast<std::uint64_t>(m_database.query_int64(open_referral_count_sql).value_or(0));
}

void SqliteHubStore::drop_referral(const ReferralId& id) {
  m_database.statement(drop_referral_sql).bind(1, id).run();
}

void SqliteHubStore::put_recall(const RecallRow& row) {
  m_database.statement(put_recall_sql).bind_all(row.recall_id, row.referral_id, row.node).run();
}

std::optional<RecallRow> SqliteHubStore::take_recall(const TransferId& id) {
  auto row = m_database.statement(take_recall_sql);
  if (!row.bind(1, id).step()) return std::nullopt;
  const RecallRow recall{row.id<TransferId>(0), row.id<ReferralId>(1), row.id<NodeId>(2)};
  while (row.step()) {
  }
  return recall;
}

// ---- stock and money -------------------------------------------------------------------------------------------
namespace {
constexpr std::string_view move_stock_sql =
    "INSERT INTO stock_level (node_id, sku, bucket, quantity) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (node_id, sku, bucket) DO UPDATE SET quantity = quantity + excluded.quantity";
constexpr std::string_view stock_sql =
    "SELECT node_id, sku, bucket, quantity FROM stock_level WHERE quantity <> 0 ORDER BY node_id, sku, bucket";
constexpr std::string_view add_refunded_sql =
    "INSERT INTO refunded (node_id, currency, minor) VALUES (?, ?, ?) "
    "ON CONFLICT (node_id, currency) DO UPDATE SET minor = minor + excluded.minor";
constexpr std::string_view take_off_refunded_sql =
    "UPDATE refunded SET minor = minor + ?3 WHERE node_id = ?1 AND currency = ?2 AND minor + ?3 >= 0";
constexpr std::string_view refunded_sql = "SELECT node_id, currency, minor FROM refunded ORDER BY node_id, currency";
}  // namespace

void SqliteHubStore::move_stock(const NodeId& node, const std::string& sku, Bucket bucket, std::int64_t quantity) {
  m_database.statement(move_stock_sql)
      .bind_all(node, std::string_view(sku), static_cast<int>(bucket), quantity)
      .run();
}
std::vector<StockLevel> SqliteHubStore::stock() {
  std::vector<StockLevel> all;
  auto row = m_database.statement(stock_sql);
  while (row.step()) {
    all.push_back({row.id<NodeId>(0), std::string(row.text(1)), static_cast<Bucket>(row.int64(2)), row.int64(3)});
  }
  return all;
}
bool SqliteHubStore::add_refunded(const NodeId& node, std::string_view currency, Minor minor) {
  m_database.statement(minor < 0 ? take_off_refunded_sql : add_refunded_sql).bind_all(node, currency, minor).run();
  return m_database.changes() > 0;
}
std::vector<Refunded> SqliteHubStore::refunded() {
  std::vector<Refunded> all;
  auto row = m_database.statement(refunded_sql);
  while (row.step()) all.push_back({row.id<NodeId>(0), std::string(row.text(1)), row.int64(2)});
  return all;
}

}  // namespace retour::hub
