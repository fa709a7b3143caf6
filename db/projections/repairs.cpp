#include "db/projections/repairs.hpp"

#include <array>

#include "db/sqlite/statement.hpp"

namespace retour::projections {

namespace {

constexpr std::string_view started_sql =
    "INSERT INTO repair (case_id, line_no, order_id, order_line_no, first_unit, unit_count, serial, outcome) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 0)";
constexpr std::string_view ended_sql = "UPDATE repair SET outcome = ?3 WHERE case_id = ?1 AND line_no = ?2";
constexpr std::string_view called_off_sql = "DELETE FROM repair WHERE case_id = ? AND outcome = 0";
constexpr std::string_view open_sql =
    "SELECT first_unit, unit_count FROM repair WHERE order_id = ? AND order_line_no = ? AND outcome = 0 "
    "ORDER BY first_unit";
constexpr std::string_view given_up_sql =
    "SELECT first_unit, unit_count FROM repair WHERE order_id = ? AND order_line_no = ? AND outcome = 2 "
    "ORDER BY first_unit";
constexpr std::string_view claimed_sql =
    "SELECT first_unit, unit_count FROM claim WHERE order_id = ? AND line_no = ?";
constexpr std::string_view serial_sql = "SELECT 1 FROM repair WHERE serial = ? AND outcome = 0 AND serial <> ''";
constexpr std::string_view any_sql = "SELECT 1 FROM repair WHERE outcome = 0 LIMIT 1";

std::vector<UnitRange> ranges_of(sqlite::Database& database, std::string_view sql, const OrderId& order,
                                 std::uint32_t line_no) {
  std::vector<UnitRange> ranges;
  auto row = database.statement(sql);
  row.bind_all(order, line_no);
  while (row.step()) ranges.push_back({line_no, row.int64(0), row.int64(1)});
  return ranges;
}

class RepairProjection final : public journal::Projection {
 public:
  void apply(sqlite::Database& database, const EventEnvelope&, const EventBody& body) override {
    if (const auto* started = std::get_if<RepairStarted>(&body)) {
      for (const OrderUnits& part : started->units) insert(database, *started, part);
    } else if (const auto* ended = std::get_if<RepairEnded>(&body)) {
      database.statement(ended_sql).bind_all(ended->case_id, ended->line_no, static_cast<int>(ended->outcome)).run();
    } else if (const auto* voided = std::get_if<CaseVoided>(&body)) {
      database.statement(called_off_sql).bind(1, voided->case_id).run();
    } else if (const auto* reversed = std::get_if<RefundReversed>(&body)) {
      database.statement(called_off_sql).bind(1, reversed->case_id).run();
    }
  }
  std::span<const std::string_view> tables() const override {
    static constexpr std::array<std::string_view, 1> names{"repair"};
    return names;
  }

 private:
  static void insert(sqlite::Database& database, const RepairStarted& started, const OrderUnits& part) {
    database.statement(started_sql)
        .bind_all(started.case_id, started.line_no, part.order_id, part.units.line_no, part.units.first,
                  part.units.count, std::string_view(started.serial))
        .run();
  }
};

}  // namespace

std::vector<UnitRange> units_in_repair(sqlite::Database& database, const OrderId& order, std::uint32_t line_no) {
  return ranges_of(database, open_sql, order, line_no);
}

std::vector<UnitRange> units_beyond_repair(sqlite::Database& database, const OrderId& order, std::uint32_t line_no) {
  const std::vector<UnitRange> given_up = ranges_of(database, given_up_sql, order, line_no);
  if (given_up.empty()) return {};
  HeldRanges left;
  for (const UnitRange& range : given_up) left.add(range);  // twice the same: it is there already
  for (const UnitRange& claimed : ranges_of(database, claimed_sql, order, line_no)) {
    for (const UnitRange& part : left.parts_of(claimed)) left.remove(part);
  }
  return left.of_line(line_no);
}

bool is_serial_in_repair(sqlite::Database& database, std::string_view serial) {
  if (serial.empty()) return false;
  auto row = database.statement(serial_sql);
  return row.bind(1, serial).step();
}

bool has_open_repair(sqlite::Database& database) {
  return database.statement(any_sql).step();
}

journal::Projection& repair_projection() {
  static RepairProjection repairs;
  return repairs;
}

}  // namespace retour::projections
