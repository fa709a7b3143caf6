#include "plugin/app/execute_return.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "db/codec/order_codec.hpp"
#include "db/journal/journal.hpp"
#include "db/projections/readers.hpp"
#include "plugin/app/add_line.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/claim_units.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/open_case.hpp"
#include "plugin/app/plan_refund.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/policy/decide_delivery.hpp"

namespace retour::app {

namespace {

struct Recorded {
  ReturnCaseId case_id;
  bool already = false;
  std::optional<LegToMove> first_leg;
};

std::optional<CommandRefusal> check_command(const ReturnCommand& command) {
  const auto& lines = command.visit.lines;
  if (command.command_id.is_zero()) return CommandRefusal{"command_id_missing", "The command has no id."};
  const bool pays_otherwise =
      command.exchange && !(command.exchange->credits.empty() && command.exchange->trade_ins.empty());
  if (lines.empty() && !pays_otherwise) return CommandRefusal{"no_lines", "Nothing is brought back."};
  if (lines.size() > case_lines_max) {
    return CommandRefusal{"too_many_lines", "A return has at most " + std::to_string(case_lines_max) + " lines."};
  }
  std::set<std::uint32_t> numbers;
  for (const ReturnAsk& ask : lines) {
    if (!numbers.insert(ask.line_no).second) {
      return CommandRefusal{"line_twice", "Line " + std::to_string(ask.line_no) + " is given twice."};
    }
  }
  return std::nullopt;
}

/// What a journalled command said, in the form in which two commands are compared.
struct Said {
  CaseOpened head;
  std::vector<ReturnAsk> asks;
  std::map<std::uint32_t, LineCheck> checks;
  std::optional<Order> sale;  // of an exchange
  std::vector<TradeInTaken> trade_ins;
};

std::optional<Said> said_by(const std::vector<EventEnvelope>& events) {
  Said said;
  for (const EventEnvelope& event : events) {
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (!body) continue;
    if (const auto* opened = std::get_if<CaseOpened>(&*body)) said.head = *opened;
    if (const auto* seen = std::get_if<ItemInspected>(&*body))
      said.checks[seen->line_no] = {seen->answers, seen->photos};
    if (const auto* answered = std::get_if<LineAnswered>(&*body)) said.asks.push_back(answered->ask);
    const auto* referred = std::get_if<LineReferred>(&*body);
    if (referred != nullptr && !asks_for_delivery(referred->ask)) said.asks.push_back(referred->ask);
    if (const auto* taken = std::get_if<TradeInTaken>(&*body)) said.trade_ins.push_back(*taken);
    if (const auto* sale = std::get_if<SaleRecorded>(&*body)) said.sale = codec::unpack_order(sale->order);
  }
  return said.head.case_id.is_zero() ? std::nullopt : std::optional(said);
}

bool same_checks(const Visit& visit, const Said& said) {
  auto given = visit.checks;
  std::erase_if(given, [](const auto& check) { return check.second == LineCheck{}; });
  return given == said.checks;
}

bool same_exchange(const std::optional<ExchangeAsk>& asked, const Said& said) {
  if (!asked) return !said.sale;
  return said.sale && same_goods(*asked, *said.sale) && same_trade_ins(*asked, said.trade_ins);
}

/// What the till left open (the SKU of a scanned line, the time) was filled in when the command was recorded.
bool same_content(const ReturnCommand& command, const Visit& visit, bool same_person, const Said& said) {
  if (said.head.till != command.till || said.head.cashier != command.cashier ||
      said.head.reference != command.reference || said.head.business_date != visit.business_date || !same_person) {
    return false;
  }
  if (visit.asked_at_ms != 0 && visit.asked_at_ms != said.head.opened_at_ms) return false;
  if (!same_checks(visit, said) || !same_exchange(command.exchange, said)) return false;
  return std::equal(visit.lines.begin(), visit.lines.end(), said.asks.begin(), said.asks.end(),
                    [&](ReturnAsk asked, const ReturnAsk& recorded) {
                      note_barcode(visit, asked);
                      if (asked.sku.empty()) asked.sku = recorded.sku;
                      return asked == recorded;
                    });
}

/// Several subjects may mean one person: those of this store and those that came with the hub's answers.
bool same_person(StoreContext& store, const std::optional<SubjectId>& a, const std::optional<SubjectId>& b) {
  if (a == b) return true;
  if (!a || !b) return false;
  sqlite::Database& database = store.journal.database();
  const auto key = projections::customer_of_subject(database, *a);
  return key && key == projections::customer_of_subject(database, *b);
}

Result<Recorded, CommandRefusal> recorded_before(StoreContext& store, const ReturnCommand& command,
                                                 const Visit& visit, const std::optional<SubjectId>& subject,
                                                 const std::vector<EventEnvelope>& events) {
  const auto said = said_by(events);
  if (!said || !same_content(command, visit, same_person(store, subject, said->head.subject), *said)) {
    return failure(CommandRefusal{"command_reused",
                                  "The command id was used before with other content; a new return needs a new id."});
  }
  return Recorded{said->head.case_id, true, std::nullopt};
}

/// Goods of a kind that has a checklist are looked at before money goes out for them.
std::optional<CommandRefusal> first_not_looked_at(const std::vector<AnsweredLine>& lines) {
  for (const AnsweredLine& line : lines) {
    if (line.checklist == nullptr || line.inspection || line.decision.verdict == Verdict::refused) continue;
    return CommandRefusal{"check_not_answered", "Line " + std::to_string(line.ask.line_no) + ": checklist " +
                                                    line.checklist->id + " is not answered."};
  }
  return std::nullopt;
}

/// A photo is put before the return that names it: the journal may not name what nobody can look at.
std::optional<CommandRefusal> first_photo_missing(const StoreContext& store, const Visit& visit) {
  for (const auto& [line_no, check] : visit.checks) {
    for (const Hash256& photo : check.photos) {
      if (store.photo_kept && store.photo_kept(photo)) continue;
      return CommandRefusal{"photo_missing", "Line " + std::to_string(line_no) + ": photo " + photo.to_string() +
                                                 " was not put at this store."};
    }
  }
  return std::nullopt;
}

LineCheck check_of(const Visit& visit, std::uint32_t line_no) {
  const auto found = visit.checks.find(line_no);
  return found == visit.checks.end() ? LineCheck{} : found->second;
}

std::vector<LineClaims> all_claims(const std::vector<AnsweredLine>& lines) {
  std::vector<LineClaims> claims;
  for (const AnsweredLine& line : lines) claims.push_back(claims_on_terms(line));
  return claims;
}

/// The plan of the case and, in an exchange, the sale that it pays for and the stock of what was traded in.
Result<std::vector<EventBody>, CommandRefusal> plan(StoreContext& store, CaseDraft& draft,
                                                    const ReturnCaseId& case_id, Evidence& evidence,
                                                    const Visit& visit, const std::vector<AnsweredLine>& lines,
                                                    const ReturnCommand& command) {
  if (!command.exchange) {
    plan_refund_of_case(store, draft, case_id, evidence, all_claims(lines));
    return std::vector<EventBody>();
  }
  const auto exchange = plan_exchange_of(store, evidence, visit, lines, *command.exchange);
  if (!exchange.ok()) return failure(exchange.error());
  if (const auto unseen = first_trade_in_not_looked_at(exchange->trade_ins)) return failure(*unseen);
  if (const auto refused = not_paid(*exchange, *command.exchange)) return failure(*refused);
  projections::insert_sale_key(store.journal.database(),
                               {.order_id = exchange->sale.id,
                                .customer = codec::hmac_key(store.lookup_secret, command.visit.customer_ref),
                                .card = codec::hmac_key(store.lookup_secret, command.exchange->card_ref)});
  return add_exchange(store, draft, case_id, *exchange);
}

/// The first transaction of a return: everything up to the start of the first leg.
Result<Recorded, CommandRefusal> record_visit(StoreContext& store, const ReturnCommand& command) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  auto meant = visit_meant(store, command.visit, command.exchange);
  if (!meant.ok()) return failure(meant.error());
  Visit visit = std::move(meant).value();
  visit.cashier = command.cashier;
  visit.reference = command.reference;
  const auto subject = visit.subject ? visit.subject : subject_of(store, visit.customer_ref);
  if (write.recorded(command.command_id))
    return recorded_before(store, command, visit, subject, write.events_of(command.command_id));
  if (visit.asked_at_ms == 0) visit.asked_at_ms = store.clock.now_ms();

  if (const auto missing = first_photo_missing(store, visit)) return failure(*missing);
  Evidence evidence(store);
  const auto answered = answer_lines(store, evidence, visit);
  if (!answered.ok()) return failure(answered.error());
  if (const auto unseen = first_not_looked_at(*answered)) return failure(*unseen);
  if (const auto refused = command.exchange ? not_to_carry(store, evidence, *answered) : std::nullopt)
    return failure(*refused);

  Recorded recorded{store.ids.make<ReturnCaseId>(), false, std::nullopt};
  const ReturnCaseId& case_id = recorded.case_id;
  CaseDraft draft;
  open_case(draft, case_id, {command.till, command.cashier, command.reference}, visit, subject);
  for (const AnsweredLine& line : *answered) attach_orders(draft, case_id, evidence, line.claims);
  for (const AnsweredLine& line : *answered) add_line(draft, store, line, check_of(visit, line.ask.line_no));
  ask_about_deliveries(store, draft, evidence);
  auto sale = plan(store, draft, case_id, evidence, visit, *answered, command);
  if (!sale.ok()) return failure(sale.error());
  const auto planned = static_cast<std::ptrdiff_t>(draft.events().size());
  recorded.first_leg = take_next_step(store, draft, case_id, Payout::at_counter);
  std::vector<EventBody> events = draft.events();
  events.insert(events.begin() + planned, sale->begin(), sale->end());
  record(write, command.command_id, events);
  return recorded;
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> execute_return(StoreContext& store, const ReturnCommand& command) {
  if (const auto wrong = check_command(command)) return failure(*wrong);
  auto recorded = record_visit(store, command);
  if (!recorded.ok()) return failure(recorded.error());
  move_legs(store, recorded->case_id, std::move(recorded->first_leg), Payout::at_counter);
  auto outcome = read_outcome(store, recorded->case_id);
  require(outcome.has_value(), "a return that was just recorded cannot be read");
  outcome->already_recorded = recorded->already;
  return std::move(*outcome);
}

}  // namespace retour::app
