#include "db/projections/readers.hpp"

#include "db/codec/event_codec.hpp"
#include "db/projections/ranges.hpp"
#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {

template <class AnyId>
std::vector<AnyId> ids_of(sqlite::Statement& statement) {
  std::vector<AnyId> ids;
  while (statement.step()) ids.push_back(statement.id<AnyId>(0));
  return ids;
}

constexpr std::string_view claimed_sql = "SELECT 1 FROM claim WHERE order_id = ? AND line_no = ? LIMIT 1";
constexpr std::string_view held_sql = "SELECT ranges FROM held_right WHERE order_id = ?";
constexpr std::string_view open_legs_sql =
    "SELECT case_id, leg_id, state FROM refund_leg ORDER BY case_id, plan_no, leg_no";

}  // namespace

HeldRanges held_ranges(sqlite::Database& database, const OrderId& order) {
  auto row = database.statement(held_sql);
  if (!row.bind(1, order).step()) return {};
  return unpack_ranges(row.blob(0));
}

bool is_claimed(sqlite::Database& database, const OrderId& order, std::uint32_t line_no) {
  auto row = database.statement(claimed_sql);
  return row.bind_all(order, line_no).step();
}

std::vector<OpenLeg> open_legs(sqlite::Database& database) {
  std::vector<OpenLeg> legs;
  auto row = database.statement(open_legs_sql);
  while (row.step()) legs.push_back({row.id<ReturnCaseId>(0), row.id<LegId>(1), static_cast<LegState>(row.int64(2))});
  return legs;
}

// ---- referrals -------------------------------------------------------------------------------------------------
namespace {
constexpr std::string_view answers_sql =
    "SELECT e.kind, e.kind_version, e.body FROM referral r JOIN event e ON e.seq = r.answered_seq "
    "WHERE r.answered_seq IS NOT NULL ORDER BY r.asked_seq";
constexpr std::string_view has_referral_sql =
    "SELECT 1 FROM referral r JOIN subject s ON s.subject_id = r.subject_id WHERE s.customer_key = ? AND r.sku = ? "
    "LIMIT 1";
constexpr std::string_view referral_count_sql = "SELECT count(*) FROM referral";
constexpr std::string_view transfers_sql = "SELECT transfer_id FROM transfer_applied WHERE seq > ? ORDER BY seq";
}  // namespace

std::vector<ReferralAnswered> answers_to_open_referrals(sqlite::Database& database) {
  std::vector<ReferralAnswered> answers;
  auto row = database.statement(answers_sql);
  while (row.step()) {
    const auto body = codec::decode(row.text(0), static_cast<std::uint32_t>(row.int64(1)), row.blob(2));
    if (body) answers.push_back(std::get<ReferralAnswered>(*body));
  }
  return answers;
}

bool has_open_referral(sqlite::Database& database, const LookupKey& customer, std::string_view sku) {
  auto row = database.statement(has_referral_sql);
  return row.bind_all(customer, sku).step();
}

std::uint64_t open_referral_count(sqlite::Database& database) {
  auto row = database.statement(referral_count_sql);
  row.step();
  return row.uint64(0);
}

std::vector<TransferId> transfers_since(sqlite::Database& database, std::uint64_t seq) {
  auto row = database.statement(transfers_sql);
  return ids_of<TransferId>(row.bind(1, seq));
}

// ---- stock, sales, cases ---------------------------------------------------------------------------------------
namespace {
constexpr std::string_view stock_sql =
    "SELECT sku, bucket, quantity FROM stock_level WHERE quantity <> 0 ORDER BY sku, bucket";
constexpr std::string_view sales_of_number_sql =
    "SELECT order_id FROM sale WHERE number = ? ORDER BY sold_at_ms DESC";
constexpr std::string_view sales_of_customer_sql =
    "SELECT k.order_id FROM sale_key k JOIN sale s ON s.order_id = k.order_id WHERE k.customer_key = ? "
    "ORDER BY s.sold_at_ms DESC";
constexpr std::string_view seq_of_sale_sql = "SELECT seq FROM sale WHERE order_id = ?";
constexpr std::string_view case_of_prefix_sql =
    "SELECT case_id FROM return_case WHERE case_id >= ?1 AND case_id < ?2 LIMIT 2";
constexpr std::string_view refunded_sql =
    "SELECT currency, sum(planned_minor) FROM return_case WHERE planned_minor > 0 GROUP BY currency ORDER BY "
    "currency";
constexpr std::string_view cases_of_day_sql =
    "SELECT case_id, till, reference, business_date, opened_at_ms, closed, lines, lines_waiting, "
    "(SELECT count(*) FROM line_for_manager m WHERE m.case_id = c.case_id) FROM return_case c "
    "WHERE business_date = ? ORDER BY opened_seq DESC LIMIT ?";
constexpr std::string_view open_cases_sql =
    "SELECT case_id, till, reference, business_date, opened_at_ms, closed, lines, lines_waiting, "
    "(SELECT count(*) FROM line_for_manager m WHERE m.case_id = c.case_id) FROM return_case c "
    "WHERE closed = 0 ORDER BY opened_seq DESC LIMIT ?";

std::vector<CaseRow> cases_of(sqlite::Statement& row) {
  std::vector<CaseRow> cases;
  while (row.step()) {
    cases.push_back({row.id<ReturnCaseId>(0), std::string(row.text(1)), std::string(row.text(2)),
                     CivilDate{static_cast<std::int32_t>(row.int64(3))}, row.int64(4), row.int64(5) != 0,
                     static_cast<std::uint32_t>(row.int64(6)), static_cast<std::uint32_t>(row.int64(7)),
                     static_cast<std::uint32_t>(row.int64(8))});
  }
  return cases;
}
}  // namespace

std::vector<StockLevel> stock_levels(sqlite::Database& database) {
  std::vector<StockLevel> levels;
  auto row = database.statement(stock_sql);
  while (row.step()) levels.push_back({std::string(row.text(0)), static_cast<Bucket>(row.int64(1)), row.int64(2)});
  return levels;
}

std::vector<OrderId> sales_of_number(sqlite::Database& database, std::string_view number) {
  auto row = database.statement(sales_of_number_sql);
  return ids_of<OrderId>(row.bind(1, number));
}

std::vector<OrderId> sales_of_customer(sqlite::Database& database, const LookupKey& customer) {
  auto row = database.statement(sales_of_customer_sql);
  return ids_of<OrderId>(row.bind(1, customer));
}

std::optional<std::uint64_t> seq_of_sale(sqlite::Database& database, const OrderId& order) {
  auto row = database.statement(seq_of_sale_sql);
  if (!row.bind(1, order).step()) return std::nullopt;
  return row.uint64(0);
}

std::optional<ReturnCaseId> case_of_prefix(sqlite::Database& database, const std::array<std::uint8_t, 5>& prefix) {
  std::array<std::uint8_t, 17> end{};  // longer than any id with this prefix and above all of them
  end.fill(0xff);
  std::copy(prefix.begin(), prefix.end(), end.begin());
  auto row = database.statement(case_of_prefix_sql);
  row.bind_all(std::span<const std::uint8_t>(prefix), std::span<const std::uint8_t>(end));
  const auto found = ids_of<ReturnCaseId>(row);
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

std::vector<Refunded> refunded(sqlite::Database& database) {
  std::vector<Refunded> sums;
  auto row = database.statement(refunded_sql);
  while (row.step()) sums.push_back({std::string(row.text(0)), row.int64(1)});
  return sums;
}

std::vector<CaseRow> cases_of_day(sqlite::Database& database, BusinessDate day, std::size_t max) {
  auto row = database.statement(cases_of_day_sql);
  return cases_of(row.bind_all(day.days, static_cast<std::uint64_t>(max)));
}

std::vector<CaseRow> open_cases(sqlite::Database& database, std::size_t max) {
  auto row = database.statement(open_cases_sql);
  return cases_of(row.bind(1, static_cast<std::uint64_t>(max)));
}

// ---- beside the journal ----------------------------------------------------------------------------------------
namespace {
constexpr std::string_view insert_subject_sql =
    "INSERT OR IGNORE INTO subject (subject_id, customer_key) VALUES (?, ?)";
constexpr std::string_view subject_of_sql = "SELECT subject_id FROM subject WHERE customer_key = ? LIMIT 1";
constexpr std::string_view customer_of_sql = "SELECT customer_key FROM subject WHERE subject_id = ?";
constexpr std::string_view insert_sale_key_sql =
    "INSERT OR IGNORE INTO sale_key (order_id, customer_key, card_key) VALUES (?, ?, ?)";
constexpr std::string_view sale_key_sql = "SELECT customer_key, card_key FROM sale_key WHERE order_id = ?";
constexpr std::string_view insert_pending_sql = "INSERT OR IGNORE INTO referral_pending (referral_id) VALUES (?)";
constexpr std::string_view is_pending_sql = "SELECT 1 FROM referral_pending WHERE referral_id = ?";

std::optional<LookupKey> nullable(const LookupKey& key) {
  return key.is_zero() ? std::nullopt : std::optional(key);
}
}  // namespace

void insert_subject(sqlite::Database& database, const Subject& subject) {
  database.statement(insert_subject_sql).bind_all(subject.subject, subject.customer).run();
}
std::optional<SubjectId> subject_of_customer(sqlite::Database& database, const LookupKey& customer) {
  auto row = database.statement(subject_of_sql);
  if (!row.bind(1, customer).step()) return std::nullopt;
  return row.id<SubjectId>(0);
}
std::optional<LookupKey> customer_of_subject(sqlite::Database& database, const SubjectId& subject) {
  auto row = database.statement(customer_of_sql);
  if (!row.bind(1, subject).step()) return std::nullopt;
  return row.id<LookupKey>(0);
}

void insert_sale_key(sqlite::Database& database, const SaleKey& key) {
  database.statement(insert_sale_key_sql).bind_all(key.order_id, nullable(key.customer), nullable(key.card)).run();
}
std::optional<SaleKey> sale_key_of(sqlite::Database& database, const OrderId& order) {
  auto row = database.statement(sale_key_sql);
  if (!row.bind(1, order).step()) return std::nullopt;
  return SaleKey{order, row.optional_id<LookupKey>(0).value_or(LookupKey{}),
                 row.optional_id<LookupKey>(1).value_or(LookupKey{})};
}

bool insert_pending(sqlite::Database& database, const ReferralId& referral) {
  database.statement(insert_pending_sql).bind(1, referral).run();
  return database.changes() > 0;
}
bool is_pending(sqlite::Database& database, const ReferralId& referral) {
  auto row = database.statement(is_pending_sql);
  return row.bind(1, referral).step();
}

}  // namespace retour::projections
