#include "tests/bench/till.hpp"

#include "db/codec/event_codec.hpp"
#include "db/orders/replica_builder.hpp"
#include "db/projections/store_projections.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/record_sale.hpp"
#include "plugin/core/base/require.hpp"
#include "tests/bench/bare_sqlite.hpp"

namespace retour::bench {
namespace {

constexpr std::int64_t now_ms = 1'795'348'800'000;

journal::Journal open_journal(const std::filesystem::path& file, const journal::Identity& identity) {
  return journal::Journal::create(file, identity, {.projections = projections::store_projections()});
}

orders::OrderReplica open_orders(const std::filesystem::path& file) {
  orders::create_empty_replica(file);
  return orders::OrderReplica::open(file, orders::ReplicaMode::read);
}

const journal::Identity till_identity{NodeId{{1}}, 7};

}  // namespace

Till::Till(const std::filesystem::path& folder)
    : m_file(folder / "journal.db"),
      m_journal(open_journal(m_file, till_identity)),
      m_own(open_journal(m_file, till_identity)),
      m_orders(open_orders(folder / "orders.db")),
      m_context{.journal = m_journal,
                .orders = m_orders,
                .clock = m_clock,
                .ids = m_ids,
                .terminal = m_shop.terminal,
                .drawer = m_shop.drawer,
                .printer = m_shop.printer,
                .legs_in_motion = m_legs,
                .policy = {},
                .lookup_secret = Bytes(32, 1),
                .store_name = "bench",
                .authority = "bench",
                .hub_reachable = [] { return false; },
                .pause = [](std::int64_t) {}} {}

OrderId Till::sell(Order order, bool half_by_card) {
  const Minor total = order_total(order);
  order.tenders = {{1, TenderKind::cash, "", total}};
  if (half_by_card)
    order.tenders = {{1, TenderKind::card, "ref", total / 2}, {2, TenderKind::cash, "", total - total / 2}};
  const auto sold = app::record_sale(m_context, {m_ids.make<CommandId>(), "1", std::move(order), "", ""});
  require(sold.ok(), "the sale of a bench is taken");
  return sold->order_id;
}

app::ReturnOutcome Till::take_back(const OrderId& order, std::int64_t units) {
  app::ReturnCommand command{
      .command_id = m_ids.make<CommandId>(), .till = "1", .cashier = "anna", .reference = "", .visit = {}};
  command.visit.business_date = CivilDate::of_ms(m_clock.now_ms());
  command.visit.asked_at_ms = m_clock.now_ms();
  command.visit.lines.push_back({.line_no = 1, .order_id = order, .order_line_no = 1, .quantity = units});
  auto outcome = app::execute_return(m_context, command);
  require(outcome.ok() && outcome->state.closed, "the return of a bench is paid");
  return std::move(*outcome);
}

std::vector<Step> steps_of(journal::Journal& journal, std::uint64_t from_seq) {
  std::vector<Step> steps;
  for (const EventEnvelope& event : journal.read(from_seq, SIZE_MAX, SIZE_MAX)) {
    if (steps.empty() || steps.back().command != event.command_id) steps.push_back({.command = event.command_id});
    auto body = codec::decode(event.kind, event.kind_version, event.body);
    require(body.has_value(), "a bench knows its own events");
    steps.back().events.push_back(*std::move(body));
    steps.back().bytes += stored_bytes(event);
  }
  return steps;
}

StepTaker::StepTaker(const std::filesystem::path& folder, const journal::Identity& identity)
    : m_file(folder / "steps.db"), m_journal(open_journal(m_file, identity)), m_own(open_journal(m_file, identity)) {}

void StepTaker::catch_up(const std::vector<Step>& steps) {
  journal::Write write = m_journal.begin(now_ms);
  for (const Step& step : steps)
    require(write.append(step.command, step.events) == journal::Appended::recorded, "a step of before is new");
  write.commit();
}

void StepTaker::take(const Step& step) {
  journal::Write write = m_journal.begin(now_ms);
  require(write.append(step.command, step.events) == journal::Appended::recorded, "a step is new");
  write.commit();
}

}  // namespace retour::bench
