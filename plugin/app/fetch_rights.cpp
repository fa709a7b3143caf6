#include "plugin/app/fetch_rights.hpp"

#include <algorithm>

#include "db/codec/digest.hpp"
#include "db/codec/event_codec.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/open_case.hpp"
#include "plugin/app/record.hpp"
#include "plugin/app/settle_line.hpp"

namespace retour::app {

namespace {

template <class AnyId>
AnyId derived(const auto& from, std::string_view what) {
  codec::Sha256 hash;
  const Hash256 whole = hash.update(std::span<const std::uint8_t>(from.bytes)).update(what).finish();
  AnyId id;
  std::copy_n(whole.bytes.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

/// The case that the command's earlier try has opened.
std::optional<ReturnCaseId> asked_before(const std::vector<EventEnvelope>& events) {
  return events.empty() ? std::nullopt : events.front().case_id;
}

/// Opens the case that asks; empty when no line needs it.
Result<std::optional<ReturnCaseId>, CommandRefusal> ask(StoreContext& store, const ReturnCommand& command) {
  journal::Write write = store.journal.begin(store.clock.now_ms());
  const auto command_id = derived<CommandId>(command.command_id, "rights of an exchange");
  if (write.recorded(command_id)) return asked_before(write.events_of(command_id));
  auto visit = visit_meant(store, command.visit, command.exchange);
  if (!visit.ok()) return failure(visit.error());
  visit->cashier = command.cashier;
  if (visit->asked_at_ms == 0) visit->asked_at_ms = store.clock.now_ms();
  const auto subject = visit->subject ? visit->subject : subject_of(store, visit->customer_ref);
  Evidence evidence(store);
  const auto lines = answer_lines(store, evidence, *visit);
  if (!lines.ok()) return failure(lines.error());

  const auto case_id = store.ids.make<ReturnCaseId>();
  CaseDraft draft;
  open_case(draft, case_id, {command.till, command.cashier, command.reference}, *visit, subject);
  for (const AnsweredLine& line : *lines) {
    if (line.decision.verdict != Verdict::deferred) continue;
    draft.add(LineReferred{case_id, right_only_id(case_id, line.ask.line_no), line.ask, subject, visit->asked_at_ms,
                           line.decision, visit->business_date});
  }
  if (draft.state().lines.empty()) return std::optional<ReturnCaseId>();
  record(write, command_id, draft.events());
  return std::optional(case_id);
}

ReturnCase wait(StoreContext& store, const ReturnCaseId& case_id, std::int64_t wait_ms) {
  const std::int64_t deadline = store.clock.now_ms() + wait_ms;
  while (true) {
    settle_arrived(store, case_id, Payout::unattended);
    auto state = read_case(store.journal, case_id);
    require(state.has_value(), "waits for rights of a case that does not exist");
    if (!has_waiting_line(*state) || store.clock.now_ms() >= deadline) return std::move(*state);
    store.pause(referral_poll_ms);
  }
}

}  // namespace

ReferralId right_only_id(const ReturnCaseId& case_id, std::uint32_t line_no) {
  return derived<ReferralId>(case_id, "right of line " + std::to_string(line_no));
}

Decision right_came(Decision yes) {
  yes.verdict = Verdict::refused;
  yes.refusal = Refusal::withdrawn;
  yes.assurance = Assurance::none;
  yes.taken.clear();
  yes.terms.clear();
  yes.trace.would_change = "nothing";
  return yes;
}

std::optional<CommandRefusal> fetch_rights(StoreContext& store, const ReturnCommand& command, std::int64_t wait_ms) {
  const auto asked = ask(store, command);
  if (!asked.ok()) return asked.error();
  if (!asked->has_value()) return std::nullopt;
  const ReturnCase state = wait(store, **asked, store.hub_reachable() ? wait_ms : 0);
  for (const CaseLine& line : state.lines) {
    const std::string name = "Line " + std::to_string(line.ask.line_no) + ": ";
    if (line.state == LineState::referred) {
      return CommandRefusal{"value_elsewhere", name +
                                                   "the right to it is not in this store; head office was asked "
                                                   "and has not answered yet. Send the same again to look."};
    }
    if (line.decision.refusal != Refusal::withdrawn) {
      return CommandRefusal{"value_not_available", name + words_of(line.decision.refusal)};
    }
  }
  return std::nullopt;
}

}  // namespace retour::app
