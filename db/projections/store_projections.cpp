#include "db/projections/store_projections.hpp"

#include <array>

#include "db/codec/order_codec.hpp"
#include "db/projections/credit_notes.hpp"
#include "db/projections/lowered.hpp"
#include "db/projections/ranges.hpp"
#include "db/projections/readers.hpp"
#include "db/projections/repairs.hpp"
#include "db/sqlite/statement.hpp"
#include "plugin/core/return_case/return_case.hpp"

namespace retour::projections {

namespace {

[[noreturn]] void refuse(const EventEnvelope& event, const std::string& cause) {
  throw journal::FoldError({.operation = "fold " + event.kind,
                            .object = "event " + std::to_string(event.seq),
                            .cause = cause,
                            .consequence = "nothing of this command was recorded, no tender was moved for it"});
}

std::string text_of(const OrderUnits& part) {
  return "units " + std::to_string(part.units.first) + " to " + std::to_string(part.units.end() - 1) + " of order " +
         part.order_id.to_string() + " line " + std::to_string(part.units.line_no);
}

// ---- rights ----------------------------------------------------------------------------------------------------
constexpr std::string_view put_held_sql =
    "INSERT INTO held_right (order_id, ranges) VALUES (?, ?) "
    "ON CONFLICT (order_id) DO UPDATE SET ranges = excluded.ranges";
constexpr std::string_view drop_held_sql = "DELETE FROM held_right WHERE order_id = ?";
constexpr std::string_view applied_sql = "INSERT INTO transfer_applied (transfer_id, seq) VALUES (?, ?)";
constexpr std::string_view claim_sql =
    "INSERT INTO claim (order_id, line_no, first_unit, unit_count, case_id, assurance) VALUES (?, ?, ?, ?, ?, ?)";

constexpr std::string_view unclaim_sql =
    "DELETE FROM claim WHERE order_id = ? AND line_no = ? AND first_unit >= ? AND first_unit < ? AND case_id = ?";

/// Changes what is held of the orders an event names; each order's row is read and written once.
class HeldChange {
 public:
  HeldChange(sqlite::Database& database, const EventEnvelope& event) : m_database(database), m_event(event) {}

  void add(const OrderUnits& part) {
    if (!of(part.order_id).add(part.units)) refuse(m_event, text_of(part) + " are held already");
  }
  void remove(const OrderUnits& part) {
    if (!of(part.order_id).remove(part.units)) refuse(m_event, text_of(part) + " are not held by this node");
  }
  void write() {
    for (const auto& [order_id, held] : m_orders) {
      if (held.empty()) {
        m_database.statement(drop_held_sql).bind(1, order_id).run();
        continue;
      }
      const Bytes packed = pack_ranges(held);
      m_database.statement(put_held_sql).bind_all(order_id, std::span<const std::uint8_t>(packed)).run();
    }
  }

 private:
  HeldRanges& of(const OrderId& id) {
    for (auto& [order_id, held] : m_orders) {
      if (order_id == id) return held;
    }
    return m_orders.emplace_back(id, held_ranges(m_database, id)).second;
  }

  sqlite::Database& m_database;
  const EventEnvelope& m_event;
  std::vector<std::pair<OrderId, HeldRanges>> m_orders;  // few: an event names one order after another
};

class RightsProjection final : public journal::Projection {
 public:
  void apply(sqlite::Database& database, const EventEnvelope& event, const EventBody& body) override {
    HeldChange held(database, event);
    if (const auto* received = std::get_if<RightsReceived>(&body)) {
      mark(database, event, received->transfer_id);
      for (const OrderUnits& part : received->items) held.add(part);
    } else if (const auto* released = std::get_if<RightsReleased>(&body)) {
      mark(database, event, released->recall_id);
      for (const OrderUnits& part : released->items) held.remove(part);
    } else if (const auto* answered = std::get_if<ReferralAnswered>(&body)) {
      mark(database, event, TransferId{answered->referral_id.bytes});
    } else if (const auto* claimed = std::get_if<UnitsClaimed>(&body)) {
      for (const Claim& claim : claimed->claims) {
        held.remove({claim.order_id, claim.units});
        insert(database, *claimed, claim);
      }
    } else if (const auto* voided = std::get_if<CaseVoided>(&body)) {
      give_back(database, held, voided->case_id, voided->items);
    } else if (const auto* reversed = std::get_if<RefundReversed>(&body)) {
      give_back(database, held, reversed->case_id, reversed->items);
    } else if (const auto* sale = std::get_if<SaleRecorded>(&body)) {
      const Order order = codec::unpack_order(sale->order);
      for (const OrderLine& line : order.lines) held.add({sale->order_id, {line.line_no, 0, line.quantity}});
      for (const Shipment& shipment : order.shipments) {
        held.add({sale->order_id, {line_of_shipment(shipment.shipment_no), 0, 1}});
      }
    } else if (const auto* credit = std::get_if<CreditIssued>(&body)) {
      for (const OrderLine& line : codec::unpack_order(credit->order).lines) {
        held.add({credit->order_id, {line.line_no, 0, line.quantity}});
      }
    }
    held.write();
  }
  std::span<const std::string_view> tables() const override {
    static constexpr std::array<std::string_view, 3> names{"held_right", "claim", "transfer_applied"};
    return names;
  }

 private:
  static void mark(sqlite::Database& database, const EventEnvelope& event, const TransferId& id) {
    database.statement(applied_sql).bind_all(id, event.seq).run();
  }
  static void give_back(sqlite::Database& database, HeldChange& held, const ReturnCaseId& case_id,
                        const std::vector<OrderUnits>& items) {
    for (const OrderUnits& part : items) {
      held.add(part);
      database.statement(unclaim_sql)
          .bind_all(part.order_id, part.units.line_no, part.units.first, part.units.end(), case_id)
          .run();
    }
  }
  static void insert(sqlite::Database& database, const UnitsClaimed& claimed, const Claim& claim) {
    database.statement(claim_sql)
        .bind_all(claim.order_id, claim.units.line_no, claim.units.first, claim.units.count, claimed.case_id,
                  static_cast<int>(claimed.assurance))
        .run();
  }
};

// ---- cases, referrals, legs --------------------------------------------------------------------------------------
constexpr std::string_view case_opened_sql =
    "INSERT INTO return_case (case_id, opened_seq, business_date, opened_at_ms, till, reference, closed, lines, "
    "lines_waiting, subject_id, cashier) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)";
constexpr std::string_view case_lines_sql =
    "UPDATE return_case SET lines = lines + ?2, lines_waiting = lines_waiting + ?3 WHERE case_id = ?1";
constexpr std::string_view case_closed_sql = "UPDATE return_case SET closed = 1 WHERE case_id = ?";
constexpr std::string_view referred_sql =
    "INSERT INTO referral (referral_id, case_id, line_no, subject_id, sku, asked_at_ms, asked_seq, deferred) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 0)";
constexpr std::string_view deferred_sql = "UPDATE referral SET deferred = 1 WHERE referral_id = ?";
constexpr std::string_view answered_sql = "UPDATE referral SET answered_seq = ?2 WHERE referral_id = ?1";
constexpr std::string_view settled_sql = "DELETE FROM referral WHERE referral_id = ?";
constexpr std::string_view withdrawn_sql = "DELETE FROM referral WHERE case_id = ? AND line_no = ?";
constexpr std::string_view leg_planned_sql =
    "INSERT INTO refund_leg (case_id, leg_id, plan_no, leg_no, tender, pays_minor, currency, state) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view case_planned_sql =
    "UPDATE return_case SET planned_minor = planned_minor + ?2, currency = ?3 WHERE case_id = ?1";
constexpr std::string_view leg_state_sql = "UPDATE refund_leg SET state = ?3 WHERE case_id = ?1 AND leg_id = ?2";
constexpr std::string_view leg_plan_sql = "SELECT plan_no FROM refund_leg WHERE case_id = ? AND leg_id = ?";
constexpr std::string_view leg_settled_sql = "DELETE FROM refund_leg WHERE case_id = ? AND leg_id = ?";

constexpr std::string_view for_manager_sql = "INSERT INTO line_for_manager (case_id, line_no) VALUES (?, ?)";
constexpr std::string_view from_manager_sql = "DELETE FROM line_for_manager WHERE case_id = ? AND line_no = ?";
constexpr std::string_view override_sql =
    "INSERT OR IGNORE INTO override_used (cashier, business_date, case_id, line_no) "
    "SELECT cashier, business_date, case_id, ?2 FROM return_case WHERE case_id = ?1";
constexpr std::string_view manager_dropped_sql = "DELETE FROM line_for_manager WHERE case_id = ?";
constexpr std::string_view legs_dropped_sql = "DELETE FROM refund_leg WHERE case_id = ?";

struct CaseFold {
  sqlite::Database& database;
  const EventEnvelope& event;

  void operator()(const CaseOpened& opened) const {
    database.statement(case_opened_sql)
        .bind_all(opened.case_id, event.seq, opened.business_date.days, opened.opened_at_ms,
                  std::string_view(opened.till), std::string_view(opened.reference), opened.subject,
                  std::string_view(opened.cashier))
        .run();
  }
  void operator()(const LineAnswered& line) const {
    const bool waited = leaves_manager(line.case_id, line.ask.line_no);
    const bool waits = line.decision.verdict == Verdict::needs_manager;
    if (waits) goes_to_manager(line.case_id, line.ask.line_no);
    count(line.case_id, waited ? 0 : 1, int{waits} - int{waited});
  }
  void operator()(const LineReferred& line) const {
    const bool waited = leaves_manager(line.case_id, line.ask.line_no);
    count(line.case_id, waited ? 0 : 1, waited ? 0 : 1);
    database.statement(referred_sql)
        .bind_all(line.referral_id, line.case_id, line.ask.line_no, line.subject, std::string_view(line.ask.sku),
                  line.asked_at_ms, event.seq)
        .run();
  }
  void operator()(const LineDeferred& line) const {
    database.statement(deferred_sql).bind(1, line.referral_id).run();
  }
  void operator()(const ReferralAnswered& answer) const {
    database.statement(answered_sql).bind_all(answer.referral_id, event.seq).run();
  }
  void operator()(const LineSettled& line) const {
    const bool waits = line.decision.verdict == Verdict::needs_manager;
    if (waits) goes_to_manager(line.case_id, line.line_no);
    count(line.case_id, 0, waits ? 0 : -1);
    database.statement(settled_sql).bind(1, line.referral_id).run();
  }
  void operator()(const LineWithdrawn& line) const {
    leaves_manager(line.case_id, line.line_no);
    database.statement(withdrawn_sql).bind_all(line.case_id, line.line_no).run();
    count(line.case_id, 0, -1);
  }
  void operator()(const OverrideGiven& given) const {
    if (!given.declined) database.statement(override_sql).bind_all(given.case_id, given.line_no).run();
  }
  void operator()(const RefundPlanned& plan) const {
    database.statement(case_planned_sql).bind_all(plan.case_id, plan.total_minor, plan.currency.name()).run();
    for (const Leg& leg : plan.legs) insert_leg(plan.case_id, plan.plan_no, leg, plan.currency);
  }
  void operator()(const RefundLegStarted& leg) const { set_state(leg.case_id, leg.leg_id, LegState::started); }
  void operator()(const RefundLegEnded& leg) const { set_state(leg.case_id, leg.leg_id, state_after(leg.outcome)); }
  void operator()(const LegRerouted& leg) const {
    const std::uint32_t plan_no = plan_of(leg.case_id, leg.leg_id);
    set_state(leg.case_id, leg.leg_id, LegState::rerouted);
    database.statement(case_planned_sql).bind_all(leg.case_id, leg.rounding_minor, leg.currency.name()).run();
    for (const Leg& now : leg.legs) insert_leg(leg.case_id, plan_no, now, leg.currency);
  }
  void operator()(const CaseClosed& closed) const {
    database.statement(case_closed_sql).bind(1, closed.case_id).run();
  }
  void operator()(const CaseVoided& voided) const { undo(voided.case_id, voided.currency, voided.total_minor); }
  void operator()(const RefundReversed& undone) const { undo(undone.case_id, undone.currency, undone.total_minor); }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void goes_to_manager(const ReturnCaseId& case_id, std::uint32_t line_no) const {
    database.statement(for_manager_sql).bind_all(case_id, line_no).run();
  }
  /// True when the line waited for a person until now.
  bool leaves_manager(const ReturnCaseId& case_id, std::uint32_t line_no) const {
    database.statement(from_manager_sql).bind_all(case_id, line_no).run();
    return database.changes() > 0;
  }
  void undo(const ReturnCaseId& case_id, const Currency& currency, Minor total_minor) const {
    database.statement(case_planned_sql).bind_all(case_id, -total_minor, currency.name()).run();
    database.statement(case_closed_sql).bind(1, case_id).run();
    database.statement(legs_dropped_sql).bind(1, case_id).run();
    database.statement(manager_dropped_sql).bind(1, case_id).run();
  }
  void count(const ReturnCaseId& id, int lines, int waiting) const {
    database.statement(case_lines_sql).bind_all(id, lines, waiting).run();
  }
  void insert_leg(const ReturnCaseId& case_id, std::uint32_t plan_no, const Leg& leg,
                  const Currency& currency) const {
    database.statement(leg_planned_sql)
        .bind_all(case_id, leg.leg_id, plan_no, leg.planned.leg_no, static_cast<int>(leg.planned.tender),
                  leg.planned.pays_minor, currency.name(), static_cast<int>(LegState::planned))
        .run();
  }
  std::uint32_t plan_of(const ReturnCaseId& case_id, const LegId& leg_id) const {
    auto row = database.statement(leg_plan_sql);
    if (!row.bind_all(case_id, leg_id).step())
      refuse(event, "leg " + leg_id.to_string() + " was paid or never planned");
    return static_cast<std::uint32_t>(row.int64(0));
  }
  void set_state(const ReturnCaseId& case_id, const LegId& leg_id, LegState state) const {
    if (state == LegState::settled || state == LegState::rerouted) {
      database.statement(leg_settled_sql).bind_all(case_id, leg_id).run();
    } else {
      database.statement(leg_state_sql).bind_all(case_id, leg_id, static_cast<int>(state)).run();
    }
  }
};

class CaseProjection final : public journal::Projection {
 public:
  void apply(sqlite::Database& database, const EventEnvelope& event, const EventBody& body) override {
    std::visit(CaseFold{database, event}, body);
  }
  std::span<const std::string_view> tables() const override {
    static constexpr std::array<std::string_view, 5> names{"return_case", "referral", "refund_leg",
                                                           "line_for_manager", "override_used"};
    return names;
  }
};

// ---- stock and own sales -----------------------------------------------------------------------------------------
constexpr std::string_view move_stock_sql =
    "INSERT INTO stock_level (sku, bucket, quantity) VALUES (?, ?, ?) "
    "ON CONFLICT (sku, bucket) DO UPDATE SET quantity = quantity + excluded.quantity";
constexpr std::string_view sale_sql = "INSERT INTO sale (order_id, number, sold_at_ms, seq) VALUES (?, ?, ?, ?)";

struct StockFold {
  sqlite::Database& database;
  const EventEnvelope& event;

  void operator()(const GoodsReceived& goods) const { move(goods.sku, goods.bucket, goods.quantity); }
  void operator()(const GoodsHandedBack& goods) const { move(goods.sku, goods.bucket, -goods.quantity); }
  void operator()(const StockMoved& moved) const { move(moved.sku, moved.bucket, moved.quantity); }
  void operator()(const SaleRecorded& sale) const {
    const Order order = codec::unpack_order(sale.order);
    for (const OrderLine& line : order.lines) move(line.sku, Bucket::sellable, -line.quantity);
    keep(order);
  }
  void operator()(const CreditIssued& credit) const { keep(codec::unpack_order(credit.order)); }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  /// Where an order that was born here has its evidence.
  void keep(const Order& order) const {
    database.statement(sale_sql)
        .bind_all(order.id, std::string_view(order.number), order.sold_at_ms, event.seq)
        .run();
  }
  void move(const std::string& sku, Bucket bucket, std::int64_t quantity) const {
    database.statement(move_stock_sql).bind_all(std::string_view(sku), static_cast<int>(bucket), quantity).run();
  }
};

class StockProjection final : public journal::Projection {
 public:
  void apply(sqlite::Database& database, const EventEnvelope& event, const EventBody& body) override {
    std::visit(StockFold{database, event}, body);
  }
  std::span<const std::string_view> tables() const override {
    static constexpr std::array<std::string_view, 2> names{"stock_level", "sale"};
    return names;
  }
};

}  // namespace

const std::vector<journal::Projection*>& store_projections() {
  static RightsProjection rights;
  static CaseProjection cases;
  static StockProjection stock;
  static const std::vector<journal::Projection*> all{&rights, &lowered_projection(),     &cases,
                                                     &stock,  &credit_note_projection(), &repair_projection()};
  return all;
}

}  // namespace retour::projections
