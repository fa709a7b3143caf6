#include "plugin/app/give_override.hpp"

#include <algorithm>

#include "db/codec/event_codec.hpp"
#include "db/journal/journal.hpp"
#include "plugin/app/add_line.hpp"
#include "plugin/app/ask_delivery.hpp"
#include "plugin/app/authorise_lines.hpp"
#include "plugin/app/claim_units.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/plan_refund.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"
#include "plugin/core/policy/decline.hpp"

namespace retour::app {

namespace {

using Lines = std::vector<CaseLine>;

/// The lines that the command speaks of and that wait for a person.
Result<Lines, CommandRefusal> lines_meant(const ReturnCase& state, const GiveOverride& command) {
  Lines lines;
  for (const CaseLine& line : state.lines) {
    const bool meant = !command.line_no || *command.line_no == line.ask.line_no;
    if (meant && !state.closed && line.state == LineState::needs_manager) lines.push_back(line);
  }
  if (!lines.empty()) return lines;
  if (command.line_no && find_line(state, *command.line_no) == nullptr) {
    return failure(
        CommandRefusal{"line_unknown", "The return has no line " + std::to_string(*command.line_no) + "."});
  }
  return failure(CommandRefusal{"line_not_waiting", "No such line of the return waits for a person."});
}

CommandRefusal role_too_low(Role needed) {
  return {"approver_role_too_low", "This is above your authority: " +
                                       words("needs." + std::string(to_string(needed))) + ". Nothing was recorded."};
}

OverrideGiven override_of(const GiveOverride& command, const CaseLine& line, Role role) {
  return {.case_id = command.case_id,
          .line_no = line.ask.line_no,
          .approval = {role, command.by.approver, command.reason},
          .method = command.by.method,
          .declined = command.declined,
          .rule = line.decision.trace.rule};
}

/// Whether the command of before said what this one says.
bool said_the_same(const std::vector<EventEnvelope>& events, const GiveOverride& command) {
  bool any = false;
  for (const EventEnvelope& event : events) {
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    const auto* given = body ? std::get_if<OverrideGiven>(&*body) : nullptr;
    if (given == nullptr) continue;
    any = true;
    if (given->case_id != command.case_id || given->approval.approver != command.by.approver ||
        given->approval.reason != command.reason || given->method != command.by.method ||
        given->declined != command.declined || (command.line_no && *command.line_no != given->line_no)) {
      return false;
    }
  }
  return any;
}

/// True: carried out before. False: new.
Result<bool, CommandRefusal> was_recorded(journal::Write& write, const GiveOverride& command,
                                          const CommandId& recorded_under) {
  if (write.recorded(recorded_under)) {
    if (said_the_same(write.events_of(recorded_under), command)) return true;
    if (recorded_under != command.command_id) {
      return failure(CommandRefusal{"code_spent", "This one-time code has been used before."});
    }
  } else if (!write.recorded(command.command_id)) {
    return false;
  }
  return failure(CommandRefusal{"command_reused", "The command id was used before for something else."});
}

/// The visit as it was, for the lines that are answered again.
Visit visit_of(const ReturnCase& state, const Lines& lines) {
  Visit visit{.customer_ref = {},
              .subject = state.opened->subject,
              .business_date = state.opened->business_date,
              .asked_at_ms = state.opened->opened_at_ms,
              .cashier = state.opened->cashier,
              .lines = {},
              .scanned = {}};
  for (const CaseLine& line : lines) visit.lines.push_back(line.ask);
  return visit;
}

/// What the whole visit gives back, be it asked about line by line.
Minor visit_total(const ReturnCase& state, const Lines& lines, std::span<const AnsweredLine> answered) {
  Minor total = state.claimed_minor + claims_total(answered);
  for (const CaseLine& line : lines) total = std::max(total, line.decision.trace.total_minor);
  return total;
}

Result<std::vector<AnsweredLine>, CommandRefusal> answer_again(StoreContext& store, Evidence& evidence,
                                                               const ReturnCase& state, const Lines& lines,
                                                               const Approval& approval) {
  const FactsOf facts_of = [&](const ReturnAsk& ask) -> Result<LineFacts, CommandRefusal> {
    LineFacts facts = find_line(state, ask.line_no)->decision.trace.facts;
    facts.approval = approval;
    return facts;
  };
  auto answered = decide_lines(store, evidence, visit_of(state, lines), facts_of);
  if (!answered.ok()) return answered;
  authorise_lines(evidence, store.policy, *answered, visit_total(state, lines, *answered));
  for (const AnsweredLine& line : *answered) {
    if (line.decision.verdict == Verdict::needs_manager) return failure(role_too_low(*line.decision.trace.needs));
  }
  return answered;
}

/// All lines in one currency, and in that of the plans the case has.
bool one_currency(const ReturnCase& state, Evidence& evidence, std::span<const AnsweredLine> lines) {
  if (!in_one_currency(evidence, lines)) return false;
  const auto fits = [&](const AnsweredLine& line) {
    return line.claims.empty() || state.plans.empty() ||
           currency_of(evidence, line.claims) == state.plans.front().currency;
  };
  return std::all_of(lines.begin(), lines.end(), fits);
}

std::optional<CommandRefusal> add_yes(StoreContext& store, CaseDraft& draft, const Lines& lines,
                                      const GiveOverride& command, Role role) {
  Evidence evidence(store);
  const ReturnCase state = draft.state();
  const auto answered = answer_again(store, evidence, state, lines, {role, command.by.approver, command.reason});
  if (!answered.ok()) return answered.error();
  if (!one_currency(state, evidence, *answered)) {
    return CommandRefusal{"currencies_differ", "The goods were paid in two currencies; make two returns of them."};
  }
  for (const CaseLine& line : lines) draft.add(override_of(command, line, role));
  std::vector<LineClaims> claims;
  for (const AnsweredLine& line : *answered) {
    attach_orders(draft, command.case_id, evidence, line.claims);
    claims.push_back(claims_on_terms(line));
  }
  for (const AnsweredLine& line : *answered) add_line(draft, store, line, {});
  ask_about_deliveries(store, draft, evidence);
  plan_refund_of_case(store, draft, command.case_id, evidence, claims);
  return std::nullopt;
}

std::optional<CommandRefusal> add_no(CaseDraft& draft, const Lines& lines, const GiveOverride& command, Role role) {
  for (const CaseLine& line : lines) {
    if (role < *line.decision.trace.needs) return role_too_low(*line.decision.trace.needs);
  }
  for (const CaseLine& line : lines) {
    draft.add(override_of(command, line, role));
    draft.add(LineAnswered{command.case_id, line.ask, declined(line.decision)});
  }
  hand_back_refused(draft, command.case_id);
  return std::nullopt;
}

struct Recorded {
  bool already = false;
  std::optional<LegToMove> first_leg;
};

Result<Recorded, CommandRefusal> record_override(StoreContext& store, const GiveOverride& command,
                                                 const Verified& person) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  const CommandId recorded_under = person.spends.value_or(command.command_id);
  const auto before = was_recorded(write, command, recorded_under);
  if (!before.ok()) return failure(before.error());
  if (*before) return Recorded{true, std::nullopt};

  const auto state = read_case(store.journal, command.case_id);
  const auto lines = lines_meant(*state, command);
  if (!lines.ok()) return failure(lines.error());
  CaseDraft draft(*state);
  const auto refused = command.declined ? add_no(draft, *lines, command, person.role)
                                        : add_yes(store, draft, *lines, command, person.role);
  if (refused) return failure(*refused);
  Recorded recorded{false, take_next_step(store, draft, command.case_id, Payout::at_counter)};
  record(write, recorded_under, draft.events());
  return recorded;
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> give_override(StoreContext& store, const GiveOverride& command) {
  const auto state = read_case(store.journal, command.case_id);
  if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
  const auto person = verify_approver(store, command.by, state->opened->cashier);
  if (!person.ok()) return failure(person.error());
  auto recorded = record_override(store, command, *person);
  if (!recorded.ok()) return failure(recorded.error());
  move_legs(store, command.case_id, std::move(recorded->first_leg), Payout::at_counter);
  auto outcome = read_outcome(store, command.case_id);
  require(outcome.has_value(), "a return that was just answered cannot be read");
  outcome->already_recorded = recorded->already;
  return std::move(*outcome);
}

}  // namespace retour::app
