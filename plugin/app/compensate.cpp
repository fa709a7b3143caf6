#include "plugin/app/compensate.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/orders/order_replica.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/authorise_lines.hpp"
#include "plugin/app/claim_units.hpp"
#include "plugin/app/line_facts.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/open_case.hpp"
#include "plugin/app/plan_refund.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/policy/compensation.hpp"
#include "plugin/core/unit_account/lowering.hpp"

namespace retour::app {

namespace {

constexpr std::uint32_t only_line = 1;  // of the case

template <class T>
using Or = Result<T, CommandRefusal>;

CommandRefusal refusal(std::string code, std::string reason) {
  return {std::move(code), std::move(reason)};
}

/// What the command is about, once it is found.
struct Goods {
  const EvidenceOrder* order = nullptr;
  const OrderLine* line = nullptr;
  std::vector<UnitRange> held;   // of the line, by this store
  std::vector<UnitRange> units;  // that the money is for
  std::vector<UnitRangeAmounts> left;
  Minor cost_minor = 0;  // of the units, when they were bought
  Minor left_minor = 0;
};

Minor total_of(const std::vector<UnitRangeAmounts>& ranges) {
  Minor total = 0;
  for (const UnitRangeAmounts& range : ranges) total += range.each.total_minor() * range.units.count;
  return total;
}

Minor cost_of(const OrderAccounts& accounts, const std::vector<UnitRange>& units) {
  Minor cost = 0;
  for (const UnitRange& range : units) cost += accounts.paid_for(range).total_minor();
  return cost;
}

void take_first(const HeldRanges& from, std::int64_t& wanted, std::vector<UnitRange>& taken) {
  for (UnitRange range : from.ranges()) {
    range.count = std::min(range.count, wanted);
    if (range.count > 0) taken.push_back(range);
    wanted -= range.count;
  }
}

/// Units of which nothing was taken come first: who complains about a second one means another. Fewer when there are
/// not so many.
std::vector<UnitRange> choose(const Goods& goods, std::int64_t wanted) {
  HeldRanges fresh(goods.held), before;
  for (const LoweredUnits& lowered : goods.order->lowered) {
    for (const UnitRange& part : fresh.parts_of(lowered.units.units)) {
      fresh.remove(part);
      before.add(part);
    }
  }
  std::vector<UnitRange> taken;
  take_first(fresh, wanted, taken);
  take_first(before, wanted, taken);
  return taken;
}

std::vector<UnitRangeAmounts> lowered_before(const EvidenceOrder& order) {
  std::vector<UnitRangeAmounts> before;
  for (const LoweredUnits& one : order.lowered) before.push_back({one.units.units, one.each});
  return before;
}

Or<Goods> find_goods(StoreContext& store, Evidence& evidence, const Compensate& command) {
  Goods goods{.order = evidence.find(command.order_id)};
  if (goods.order == nullptr) {
    return failure(
        refusal("order_unknown", "Order " + command.order_id.to_string() + " is not known in this store."));
  }
  const Order& order = goods.order->order;
  goods.line = find_line(order, command.order_line_no);
  if (goods.line == nullptr) {
    return failure(refusal("order_line_unknown",
                           "Order " + order.number + " has no line " + std::to_string(command.order_line_no) + "."));
  }
  if (command.quantity < 1 || command.quantity > goods.line->quantity) {
    return failure(refusal("quantity_invalid", "The line has " + std::to_string(goods.line->quantity) + " units."));
  }
  goods.held = projections::held_ranges(store.journal.database(), order.id).of_line(goods.line->line_no);
  goods.units = choose(goods, command.quantity);
  std::int64_t found = 0;
  for (const UnitRange& range : goods.units) found += range.count;
  if (found < command.quantity) {
    return failure(refusal("rights_elsewhere",
                           "This store may decide about " + std::to_string(found) + " of the " +
                               std::to_string(command.quantity) +
                               " units only: the others came back already, or another store holds their right. The "
                               "customer's home store can give it."));
  }
  for (const UnitRange& range : goods.units) {
    auto left = amounts_left(goods.order->accounts, range, lowered_before(*goods.order));
    if (!left) return failure(refusal("amount_invalid", "More was taken off these units than they cost."));
    goods.left.insert(goods.left.end(), left->begin(), left->end());
  }
  goods.cost_minor = cost_of(goods.order->accounts, goods.units);
  goods.left_minor = total_of(goods.left);
  return goods;
}

Minor amount_of(const Compensate& command, Minor cost_minor) {
  if (command.amount_minor) return *command.amount_minor;
  return command.share ? percent_of(cost_minor, *command.share, Rounding::down) : 0;
}

ReturnAsk ask_of(const Compensate& command, const std::string& sku) {
  ReturnAsk ask;
  ask.line_no = only_line;
  ask.order_id = command.order_id;
  ask.order_line_no = command.order_line_no;
  ask.sku = sku;
  ask.quantity = command.quantity;
  ask.reason = command.reason;
  return ask;
}

Visit visit_of(StoreContext& store, const Compensate& command, ReturnAsk ask) {
  Visit visit{.customer_ref = command.customer_ref,
              .subject = {},
              .business_date = command.business_date,
              .asked_at_ms = store.clock.now_ms(),
              .cashier = command.cashier,
              .lines = {},
              .scanned = {}};
  visit.lines.push_back(std::move(ask));
  return visit;
}

DecisionFacts facts_of(StoreContext& store, const Visit& visit, const Compensate& command,
                       const std::optional<Verified>& person) {
  DecisionFacts facts{.feed_position = store.orders.feed_position(),
                      .asked_at_ms = visit.asked_at_ms,
                      .business_date = visit.business_date,
                      .line = visit_facts(store, visit)};
  add_article(store, visit.lines.front().sku, facts.line);
  if (person) facts.line.approval = {person->role, command.approval->by.approver, command.approval->reason};
  return facts;
}

bool may_give(const LineFacts& line, const std::optional<Role>& needed) {
  return !needed || line.role >= *needed || (line.approval && line.approval->role >= *needed);
}

CommandRefusal approval_needed(const LineFacts& line, Role needed) {
  const std::string who = words("needs." + std::string(to_string(needed)));
  if (line.approval) return refusal("approver_role_too_low", "This is above your authority: " + who + ".");
  return refusal("approval_needed", "So much is not the cashier's to give alone: " + who + ".");
}

CommandRefusal too_high(const CompensationRuling& ruling, const Currency& currency) {
  if (ruling.most_minor == 0) {
    return refusal("compensation_not_given", "No rule of the policy gives anything (more) for these units.");
  }
  return refusal("compensation_too_high", "At most " + to_string(ruling.most_minor, currency) +
                                              " can be given for these units; for more they have to come back.");
}

std::vector<OrderUnits> units_of(const std::vector<UnitRangeAmounts>& lowered, const OrderId& order) {
  std::vector<OrderUnits> units;
  for (const UnitRangeAmounts& one : lowered) units.push_back({order, one.units});
  return units;
}

/// Approved with the units that give something, or why not.
Or<Decision> decide(StoreContext& store, const Goods& goods, const Visit& visit, const DecisionFacts& facts,
                    Minor amount) {
  const ReturnAsk& ask = visit.lines.front();
  const Currency& currency = goods.order->order.currency;
  Lot lot = lot_of(goods.order->order, *goods.line);
  lot.free = goods.held;
  const CompensationAsk wanted{amount, goods.cost_minor, goods.cost_minor - goods.left_minor, currency};
  const CompensationRuling ruling = rule_on_compensation(lot, ask, facts, wanted, store.policy);
  if (ruling.rule == nullptr) return failure(too_high(ruling, currency));
  if (!may_give(facts.line, ruling.rule->needs)) return failure(approval_needed(facts.line, *ruling.rule->needs));
  const std::string rule = "compensation/" + ruling.rule->name.id;
  Decision decision{.verdict = Verdict::approved,
                    .assurance = Assurance::held,
                    .trace = {.policy_id = store.policy.id,
                              .policy_version = store.policy.version,
                              .rule = rule,
                              .applied = {rule},
                              .feed_position = facts.feed_position,
                              .lots = {std::move(lot)},
                              .facts = facts.line}};
  decision = authorised(std::move(decision), ask, amount, currency, store.policy);
  if (decision.verdict == Verdict::approved) return decision;
  return failure(approval_needed(facts.line, decision.trace.needs.value_or(Role::manager)));
}

std::vector<LoweredUnits> lowered_units(const Goods& goods, const std::vector<UnitRangeAmounts>& lowered) {
  std::vector<LoweredUnits> units;
  for (const UnitRangeAmounts& one : lowered) {
    units.push_back({{goods.order->order.id, one.units}, one.each, goods.order->hash});
  }
  return units;
}

/// The case from its opening to its plan. @pre the decision is approved, and takes the units of `lowered`.
void add_case(CaseDraft& draft, StoreContext& store, Evidence& evidence, const Compensate& command,
              const Visit& visit, const Decision& decision, std::vector<LoweredUnits> lowered) {
  const auto case_id = store.ids.make<ReturnCaseId>();
  open_case(draft, case_id, {command.till, command.cashier, command.reference}, visit,
            subject_of(store, command.customer_ref));
  LineClaims claims{.line_no = only_line, .claims = {}, .terms = decision.terms};
  for (const LoweredUnits& one : lowered) claims.claims.push_back(claim_on(one));
  attach_orders(draft, case_id, evidence, claims.claims);
  if (const auto& approval = decision.trace.facts.approval) {
    draft.add(OverrideGiven{.case_id = case_id,
                            .line_no = only_line,
                            .approval = *approval,
                            .method = command.approval->by.method,
                            .rule = decision.trace.rule});
  }
  draft.add(LineAnswered{case_id, visit.lines.front(), decision});
  draft.add(UnitsLowered{case_id, only_line, Assurance::held, std::move(lowered)});
  plan_refund_of_case(store, draft, case_id, evidence, {&claims, 1});
}

struct Recorded {
  ReturnCaseId case_id;
  bool already = false;
  std::optional<LegToMove> first_leg;
};

/// What a journalled command said, as far as another one can differ from it.
bool said_the_same(Evidence& evidence, const Compensate& command, const ReturnCase& said) {
  if (said.lines.size() != 1 || said.lines.front().lowered.empty()) return false;
  const CaseOpened& head = *said.opened;
  const CaseLine& line = said.lines.front();
  if (head.till != command.till || head.cashier != command.cashier || head.reference != command.reference ||
      head.business_date != command.business_date || line.ask != ask_of(command, line.ask.sku)) {
    return false;
  }
  const EvidenceOrder* order = evidence.find(command.order_id);
  if (order == nullptr) return false;
  Minor cost = 0, amount = 0;
  for (const LoweredUnits& one : line.lowered) {
    cost += order->accounts.paid_for(one.units.units).total_minor();
    amount += claim_on(one).paid.total_minor();
  }
  const UnitTerms terms = line.decision.terms.empty() ? UnitTerms{} : line.decision.terms.front();
  return amount == amount_of(command, cost) && terms.refund_as == command.refund_as;
}

Or<Recorded> recorded_before(StoreContext& store, const Compensate& command,
                             const std::vector<EventEnvelope>& events) {
  Evidence evidence(store);
  const auto state = events.front().case_id ? read_case(store.journal, *events.front().case_id) : std::nullopt;
  if (!state || !said_the_same(evidence, command, *state)) {
    return failure(refusal("command_reused", "The command id was used before with other content."));
  }
  return Recorded{*events.front().case_id, true, std::nullopt};
}

Or<Recorded> record_compensation(StoreContext& store, const Compensate& command,
                                 const std::optional<Verified>& person) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  CommandId recorded_under = command.command_id;
  if (person && person->spends) recorded_under = *person->spends;
  if (write.recorded(recorded_under)) return recorded_before(store, command, write.events_of(recorded_under));

  Evidence evidence(store);
  const auto goods = find_goods(store, evidence, command);
  if (!goods.ok()) return failure(goods.error());
  const Minor amount = amount_of(command, goods->cost_minor);
  if (amount <= 0 || amount > goods->left_minor) {
    return failure(refusal("amount_invalid", "The units still have " +
                                                 to_string(goods->left_minor, goods->order->order.currency) +
                                                 " in their accounts; say an amount above zero and up to that."));
  }
  const Visit visit = visit_of(store, command, ask_of(command, goods->line->sku));
  auto decided = decide(store, *goods, visit, facts_of(store, visit, command, person), amount);
  if (!decided.ok()) return failure(decided.error());
  Decision decision = std::move(decided).value();
  const std::vector<UnitRangeAmounts> lowered = lower(goods->left, amount);
  decision.taken = units_of(lowered, goods->order->order.id);
  if (command.refund_as) decision.terms.assign(lowered.size(), UnitTerms{{}, command.refund_as});

  CaseDraft draft;
  add_case(draft, store, evidence, command, visit, decision, lowered_units(*goods, lowered));
  if (draft.state().due_minor == 0) {  // the units would have lost what nobody was paid
    return failure(
        refusal("amount_invalid", to_string(amount, goods->order->order.currency) +
                                      " is less than the smallest coin pays; say more, or another tender."));
  }
  Recorded recorded{draft.state().opened->case_id, false, std::nullopt};
  recorded.first_leg = take_next_step(store, draft, recorded.case_id, Payout::at_counter);
  record(write, recorded_under, draft.events());
  return recorded;
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> compensate(StoreContext& store, const Compensate& command) {
  if (command.command_id.is_zero()) return failure(refusal("command_id_missing", "The command has no id."));
  std::optional<Verified> person;
  if (command.approval) {
    const auto verified = verify_approver(store, command.approval->by, command.cashier);
    if (!verified.ok()) return failure(verified.error());
    person = *verified;
  }
  auto recorded = record_compensation(store, command, person);
  if (!recorded.ok()) return failure(recorded.error());
  move_legs(store, recorded->case_id, std::move(recorded->first_leg), Payout::at_counter);
  auto outcome = read_outcome(store, recorded->case_id);
  require(outcome.has_value(), "a compensation that was just recorded cannot be read");
  outcome->already_recorded = recorded->already;
  return std::move(*outcome);
}

}  // namespace retour::app
