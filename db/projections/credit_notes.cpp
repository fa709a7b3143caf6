#include "db/projections/credit_notes.hpp"

#include <array>

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {

constexpr std::string_view last_sql = "SELECT coalesce(max(number), 0) FROM credit_note";
constexpr std::string_view of_sql = "SELECT number FROM credit_note WHERE case_id = ? AND plan_no = ?";
constexpr std::string_view unsigned_sql =  // 1, 2, 4: LegState planned, started, failed
    "SELECT number, case_id, plan_no FROM credit_note AS note WHERE state = 2 AND NOT EXISTS ("
    "SELECT 1 FROM refund_leg AS leg WHERE leg.case_id = note.case_id AND leg.plan_no = note.plan_no "
    "AND leg.state IN (1, 2, 4)) ORDER BY number LIMIT ?";
constexpr std::string_view any_sql = "SELECT 1 FROM credit_note WHERE case_id = ? LIMIT 1";
constexpr std::string_view written_sql =
    "INSERT INTO credit_note (number, case_id, plan_no, state) VALUES (?, ?, ?, 0)";
constexpr std::string_view signed_sql = "UPDATE credit_note SET state = ?3 WHERE case_id = ?1 AND plan_no = ?2";

void write_note(sqlite::Database& database, const CreditNote& note) {
  database.statement(written_sql).bind_all(note.number, note.case_id, note.plan_no).run();
}

void take_back(sqlite::Database& database, const ReturnCaseId& case_id) {
  if (!database.statement(any_sql).bind(1, case_id).step()) return;  // nothing was numbered: there is nothing to undo
  write_note(database, {last_credit_note(database) + 1, case_id, taking_back});
}

class CreditNotes final : public journal::Projection {
 public:
  void apply(sqlite::Database& database, const EventEnvelope& event, const EventBody& body) override {
    if (const auto* plan = std::get_if<RefundPlanned>(&body)) {
      number(database, event, *plan);
    } else if (const auto* voided = std::get_if<CaseVoided>(&body)) {
      take_back(database, voided->case_id);
    } else if (const auto* reversed = std::get_if<RefundReversed>(&body)) {
      take_back(database, reversed->case_id);
    } else if (const auto* said = std::get_if<FiscalSigned>(&body)) {
      database.statement(signed_sql).bind_all(said->case_id, said->plan_no, static_cast<int>(said->state)).run();
    }
  }
  std::span<const std::string_view> tables() const override {
    static constexpr std::array<std::string_view, 1> names{"credit_note"};
    return names;
  }

 private:
  static void number(sqlite::Database& database, const EventEnvelope& event, const RefundPlanned& plan) {
    if (plan.credit_note_no == 0) return;  // written before notes had numbers
    const std::uint64_t next = last_credit_note(database) + 1;
    if (plan.credit_note_no != next) {
      throw journal::FoldError({.operation = "fold " + event.kind,
                                .object = "event " + std::to_string(event.seq),
                                .cause = "its credit note has number " + std::to_string(plan.credit_note_no) +
                                         "; the next one is " + std::to_string(next),
                                .consequence = "nothing of this command was recorded, no tender was moved for it"});
    }
    write_note(database, {next, plan.case_id, plan.plan_no});
  }
};

}  // namespace

std::uint64_t last_credit_note(sqlite::Database& database) {
  auto row = database.statement(last_sql);
  row.step();
  return row.uint64(0);
}

std::optional<std::uint64_t> credit_note_of(sqlite::Database& database, const ReturnCaseId& case_id,
                                            std::uint32_t plan_no) {
  auto row = database.statement(of_sql);
  if (!row.bind_all(case_id, plan_no).step()) return std::nullopt;
  return row.uint64(0);
}

std::vector<CreditNote> unsigned_credit_notes(sqlite::Database& database, std::size_t max) {
  std::vector<CreditNote> notes;
  auto row = database.statement(unsigned_sql);
  row.bind(1, static_cast<std::int64_t>(max));
  while (row.step()) {
    notes.push_back({row.uint64(0), row.id<ReturnCaseId>(1), static_cast<std::uint32_t>(row.int64(2))});
  }
  return notes;
}

journal::Projection& credit_note_projection() {
  static CreditNotes notes;
  return notes;
}

}  // namespace retour::projections
