#include "sync/hub/started_return.hpp"

#include <algorithm>
#include <set>

#include "db/codec/order_codec.hpp"

namespace retour::hub {

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Failure<StartRefusal> no(std::string code, std::string reason) {
  return failure(StartRefusal{std::move(code), std::move(reason)});
}

/// What nobody has claimed, wherever its right is: nothing is claimed here, so nothing has to be asked back.
std::vector<UnitRange> unclaimed(const OrderRights& rights, std::uint32_t line_no) {
  HeldRanges free;
  for (const HeldRange& range : rights.ranges()) {
    const bool gone = range.holder.kind == HolderKind::claimed || range.holder.kind == HolderKind::cancelled;
    if (range.units.line_no == line_no && !gone) free.add(range.units);
  }
  return free.ranges();
}

/// Goods that never left have no window, no condition and no fee; what never comes back stays excluded.
PolicyPack before_shipping(PolicyPack policy) {
  policy.windows.clear();
  policy.conditions.clear();
  policy.fees.clear();
  return policy;
}

/// What the rules permit and nobody vouches for is looked at by a person.
void leave_to_a_person(Decision& decision) {
  decision.verdict = Verdict::needs_manager;
  decision.taken.clear();
  decision.terms.clear();
  decision.trace.rule = "auto_review";
  decision.trace.would_change = "approval";
  decision.trace.needs = Role::manager;
}

class Starting {
 public:
  Starting(Hub& hub, const StartReturn& wanted, std::int64_t now_ms)
      : m_hub(hub), m_store(hub.store()), m_wanted(wanted), m_now_ms(now_ms) {}

  Result<StartAnswer, StartRefusal> start() {
    if (auto known = m_store.started(m_wanted.id)) return again(*std::move(known));
    if (!find_order()) {
      return no("order_unknown", "No order " + m_wanted.number + " of this customer is known here.");
    }
    if (auto refused = check_lines()) return failure(*std::move(refused));
    if (auto refused = find_stores()) return failure(*std::move(refused));
    StartAnswer answer{.row = {.vip = m_wanted.tier == first_in_queue}};
    answer.row.started = announced();
    const auto refused = [](const Decision& decision) { return decision.verdict == Verdict::refused; };
    const auto approved = [](const Decision& decision) { return decision.verdict == Verdict::approved; };
    const std::vector<Decision>& decisions = answer.row.started.decisions;
    answer.refused = std::any_of(decisions.begin(), decisions.end(), refused);
    if (answer.refused) return answer;
    if (std::all_of(decisions.begin(), decisions.end(), approved)) {
      answer.row.state = StartedState::approved;
      answer.row.decided_at_ms = m_now_ms;
    } else if (const std::int64_t hours = m_hub.policy().promises.decide_hours; hours > 0) {
      answer.row.started.decide_by_ms = m_now_ms + hours * hour_ms;
    }
    record(answer.row);
    return answer;
  }

 private:
  /// The same id again is the same return, when it says the same.
  Result<StartAnswer, StartRefusal> again(StartedRow known) {
    if (!find_order() || known.started.order_id != m_order.id || known.started.asks != asks()) {
      return no("id_reused", "The id was used before with other content; a new return needs a new id.");
    }
    return StartAnswer{.row = std::move(known), .already = true};
  }

  bool find_order() {
    if (m_wanted.customer.is_zero()) return false;
    for (OrderRow& row : m_store.orders_of_customer(m_wanted.customer)) {
      if (row.number != m_wanted.number) continue;
      m_order = codec::unpack_order(row.evidence);
      m_row = std::move(row);
      return true;
    }
    return false;
  }

  std::optional<StartRefusal> check_lines() {
    std::set<std::uint32_t> numbers;
    for (const StartLine& line : m_wanted.lines) {
      const std::string name = "line " + std::to_string(line.order_line_no);
      if (find_line(m_order, line.order_line_no) == nullptr)
        return StartRefusal{"order_line_unknown", "Order " + m_order.number + " has no " + name + "."};
      if (!numbers.insert(line.order_line_no).second)
        return StartRefusal{"line_twice", "Order " + m_order.number + ": " + name + " is named twice."};
    }
    const std::vector<StartedRow> open = m_store.open_started_of_order(m_order.id);
    if (open.size() >= started_open_max)
      return StartRefusal{"too_many_started", "Order " + m_order.number + " is under " +
                                                  std::to_string(started_open_max) + " started returns already."};
    for (const StartedRow& other : open) {
      for (const ReturnAsk& ask : other.started.asks) {
        if (!numbers.contains(ask.order_line_no)) continue;
        return StartRefusal{"line_started_already", "Line " + std::to_string(ask.order_line_no) + " of order " +
                                                        m_order.number + " is under the started return " +
                                                        other.started.code + "."};
      }
    }
    return std::nullopt;
  }

  std::optional<StartRefusal> find_stores() {
    if (const auto home = m_store.node_of_catchment(m_row.catchment); home && !home->certificate_pem.empty())
      m_stores.insert(home->node);
    if (m_wanted.store.empty()) return std::nullopt;
    const auto named = m_store.node_named(m_wanted.store);
    if (!named || named->revoked)
      return StartRefusal{"store_unknown", "No store of the chain is called " + m_wanted.store + "."};
    m_stores.insert(named->node);
    return std::nullopt;
  }

  std::vector<ReturnAsk> asks() const {
    std::vector<ReturnAsk> all;
    for (const StartLine& line : m_wanted.lines) {
      const OrderLine* sold = find_line(m_order, line.order_line_no);
      all.push_back({.line_no = static_cast<std::uint32_t>(all.size() + 1),
                     .order_id = m_order.id,
                     .order_line_no = line.order_line_no,
                     .sku = sold == nullptr ? "" : sold->sku,
                     .quantity = line.quantity,
                     .reason = line.reason,
                     .serial = line.serial});
    }
    return all;
  }

  ReturnStarted announced() {
    ReturnStarted started{.started_id = m_wanted.id,
                          .code = m_wanted.code,
                          .order_id = m_order.id,
                          .asks = asks(),
                          .started_at_ms = m_now_ms};
    for (const ReturnAsk& ask : started.asks)
      started.decisions.push_back(decide(ask, m_wanted.lines[ask.line_no - 1]));
    return started;
  }

  Decision decide(const ReturnAsk& ask, const StartLine& said) {
    const OrderLine& sold = *find_line(m_order, ask.order_line_no);
    Lot lot = lot_of(m_order, sold, ask.serial);
    if (const auto rights = m_store.rights(m_order.id)) lot.free = unclaimed(*rights, lot.line_no);
    DecisionFacts facts{.has_customer = true,
                        .lots = {std::move(lot)},
                        .final_word = true,
                        .feed_position = m_store.order_count(),
                        .asked_at_ms = m_now_ms,
                        .business_date = m_wanted.today};
    facts.line.category = said.category;
    facts.line.brand = said.brand;
    facts.line.tier = m_wanted.tier;
    facts.line.store = m_wanted.store;
    facts.line.grade = said.declared;
    // A delivery that is known says more than the shop's own server.
    const bool in_warehouse = !m_wanted.shipped && !delivered_on(m_order, sold);
    Decision decision = decide_line(ask, facts, in_warehouse ? before_shipping(m_hub.policy()) : m_hub.policy());
    if (decision.verdict != Verdict::approved) return decision;
    if (!in_warehouse && said.declared != Grade::resalable) {
      leave_to_a_person(decision);
      return decision;
    }
    decision.trace.applied.push_back(in_warehouse ? "auto_review/not_shipped" : "auto_review/resalable");
    return decision;
  }

  void record(const StartedRow& row) {
    m_store.record(CommandId{row.started.started_id.bytes}, row.started);
    m_store.put_started(row);
    for (const NodeId& node : m_stores) {
      m_store.tell_started(node, row.started.started_id);
      m_hub.note_news(node);
    }
  }

  Hub& m_hub;
  HubStore& m_store;
  const StartReturn& m_wanted;
  std::int64_t m_now_ms;
  OrderRow m_row;
  Order m_order;
  std::set<NodeId> m_stores;
};

struct Ending {
  StartedState state = StartedState::refused;
  std::string by;
  std::string reason;
};

/// Within the caller's transaction.
void end(Hub& hub, StartedRow& row, const Ending& ending, std::int64_t now_ms) {
  HubStore& store = hub.store();
  const bool yes = ending.state == StartedState::approved || ending.state == StartedState::used;
  row.state = ending.state;
  if (row.decided_at_ms == 0) row.decided_at_ms = now_ms;
  if (!ending.by.empty()) row.decided_by = ending.by;
  store.record(hub.make_command_id(), ReturnStartedEnded{.started_id = row.started.started_id,
                                                         .verdict = yes ? Verdict::approved : Verdict::refused,
                                                         .by = ending.by,
                                                         .reason = ending.reason});
  store.put_started(row);
  for (const NodeId& node : store.told_of_started(row.started.started_id)) hub.note_news(node);
}

StartRefusal unknown(const ReturnCaseId& id) {
  return {"started_return_unknown", "No started return " + id.to_string() + " is known here."};
}

bool covers(const StartedRow& row, std::uint32_t line_no) {
  const auto& asks = row.started.asks;
  return std::any_of(asks.begin(), asks.end(), [&](const ReturnAsk& ask) { return ask.order_line_no == line_no; });
}

Minor due_in(const Currency& currency, const Promises& promises) {
  for (const CurrencyAmount& amount : promises.when_missed) {
    if (amount.currency == currency) return amount.minor;
  }
  return 0;
}

}  // namespace

Result<StartAnswer, StartRefusal> start_return(Hub& hub, const StartReturn& wanted, std::int64_t now_ms) {
  Work work(hub.store(), now_ms);
  auto answer = Starting(hub, wanted, now_ms).start();
  if (answer.ok() && !answer->refused && !answer->already) work.commit();
  return answer;
}

Result<StartedRow, StartRefusal> decide_started(Hub& hub, const DecideStarted& word, std::int64_t now_ms) {
  Work work(hub.store(), now_ms);
  auto row = hub.store().started(word.id);
  if (!row) return failure(unknown(word.id));
  const StartedState wanted = word.approved ? StartedState::approved : StartedState::refused;
  if (row->state == wanted && row->decided_by == word.by) return *row;  // the same word again
  if (row->state != StartedState::waiting) {
    return no("not_waiting",
              "Return " + row->started.code + " waits for nobody: it is " + std::string(to_string(row->state)) + ".");
  }
  end(hub, *row, {wanted, word.by, word.reason}, now_ms);
  work.commit();
  return *row;
}

Result<StartedRow, StartRefusal> call_off_started(Hub& hub, const ReturnCaseId& id, std::int64_t now_ms) {
  Work work(hub.store(), now_ms);
  auto row = hub.store().started(id);
  if (!row) return failure(unknown(id));
  if (row->state == StartedState::called_off) return *row;
  if (!is_open(row->state)) {
    return no("not_open",
              "Return " + row->started.code + " is over: it is " + std::string(to_string(row->state)) + ".");
  }
  end(hub, *row, {StartedState::called_off, "", std::string(reason_called_off)}, now_ms);
  work.commit();
  return *row;
}

void use_up_started(Hub& hub, const OrderId& order, std::uint32_t line_no, std::int64_t now_ms) {
  for (StartedRow& row : hub.store().open_started_of_order(order)) {
    if (covers(row, line_no)) end(hub, row, {StartedState::used, "", std::string(reason_taken_back)}, now_ms);
  }
}

std::vector<MissedPromise> missed_promises(HubStore& store, const Promises& promises, std::int64_t now_ms) {
  std::vector<MissedPromise> missed;
  for (StartedRow& row : store.late_started(now_ms, started_listed_max)) {
    const auto found = store.order(row.started.order_id);
    require(found.has_value(), "a return is started under an order that is here");
    const Order order = codec::unpack_order(found->evidence);
    missed.push_back({std::move(row), order.number, order.currency, due_in(order.currency, promises)});
  }
  return missed;
}

}  // namespace retour::hub
