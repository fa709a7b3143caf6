#include "db/projections/lowered.hpp"

#include <array>

#include "db/codec/lowered_codec.hpp"
#include "db/projections/readers.hpp"
#include "db/sqlite/statement.hpp"
#include "plugin/core/event/lowered_units.hpp"

namespace retour::projections {

namespace {

constexpr std::string_view lowered_sql = "SELECT lowered FROM lowered_units WHERE order_id = ?";
constexpr std::string_view put_lowered_sql =
    "INSERT INTO lowered_units (order_id, lowered) VALUES (?, ?) "
    "ON CONFLICT (order_id) DO UPDATE SET lowered = excluded.lowered";
constexpr std::string_view drop_lowered_sql = "DELETE FROM lowered_units WHERE order_id = ?";

void put(sqlite::Database& database, const OrderId& order, const std::vector<LoweredUnits>& lowered) {
  if (lowered.empty()) {
    database.statement(drop_lowered_sql).bind(1, order).run();
    return;
  }
  const Bytes packed = codec::pack_lowered(lowered);
  database.statement(put_lowered_sql).bind_all(order, std::span<const std::uint8_t>(packed)).run();
}

void add(sqlite::Database& database, const LoweredUnits& one) {
  std::vector<LoweredUnits> all = lowered_of(database, one.units.order_id);
  all.push_back(one);
  put(database, one.units.order_id, all);
}

/// The hub knows all that was ever taken off units whose right it gives: it takes the place of what was known here.
void forget(sqlite::Database& database, const OrderUnits& units) {
  const std::vector<LoweredUnits> known = lowered_of(database, units.order_id);
  if (lowered_within(known, units).empty()) return;
  put(database, units.order_id, lowered_outside(known, units));
}

class LoweredProjection final : public journal::Projection {
 public:
  void apply(sqlite::Database& database, const EventEnvelope& event, const EventBody& body) override {
    if (const auto* received = std::get_if<RightsReceived>(&body)) {
      for (const OrderUnits& part : received->items) forget(database, part);
      for (const LoweredUnits& one : received->lowered) add(database, one);
    } else if (const auto* lowered = std::get_if<UnitsLowered>(&body)) {
      for (const LoweredUnits& one : lowered->lowered) {
        must_be_held(database, event, one.units);
        add(database, one);
      }
    }
  }
  std::span<const std::string_view> tables() const override {
    static constexpr std::array<std::string_view, 1> names{"lowered_units"};
    return names;
  }

 private:
  static void must_be_held(sqlite::Database& database, const EventEnvelope& event, const OrderUnits& units) {
    if (held_ranges(database, units.order_id).contains(units.units)) return;
    throw journal::FoldError({.operation = "fold " + event.kind,
                              .object = "event " + std::to_string(event.seq),
                              .cause = "units of order " + units.order_id.to_string() + " line " +
                                       std::to_string(units.units.line_no) + " are not held by this node",
                              .consequence = "nothing of this command was recorded, no tender was moved for it"});
  }
};

}  // namespace

std::vector<LoweredUnits> lowered_of(sqlite::Database& database, const OrderId& order) {
  auto row = database.statement(lowered_sql);
  if (!row.bind(1, order).step()) return {};
  return codec::unpack_lowered(row.blob(0));
}

journal::Projection& lowered_projection() {
  static LoweredProjection projection;
  return projection;
}

}  // namespace retour::projections
