#include "plugin/app/end_repair.hpp"

#include "db/journal/journal.hpp"
#include "plugin/app/case_draft.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/record.hpp"

namespace retour::app {

namespace {

std::optional<CommandRefusal> refusal_of(const ReturnCase& state, const EndRepair& command) {
  const std::string name = "Line " + std::to_string(command.line_no);
  const CaseLine* line = find_line(state, command.line_no);
  if (line == nullptr) return CommandRefusal{"line_unknown", name + " is not in this return."};
  if (line->repair && !line->repaired) return std::nullopt;
  return CommandRefusal{"line_not_in_repair", name + " is not being repaired."};
}

bool has_ended_so(const ReturnCase& state, const EndRepair& command) {
  const CaseLine* line = find_line(state, command.line_no);
  return line != nullptr && line->repaired == command.outcome;
}

}  // namespace

Result<ReturnOutcome, CommandRefusal> end_repair(StoreContext& store, const EndRepair& command) {
  bool already = false;
  {
    journal::Write write = store.journal.begin(store.clock.now_ms());
    const auto state = read_case(store.journal, command.case_id);
    if (!state) return failure(CommandRefusal{"case_unknown", "This store has no such return."});
    already = has_ended_so(*state, command);
    if (!already) {
      if (write.recorded(command.command_id)) {
        return failure(CommandRefusal{"command_reused", "The command id was used for something else."});
      }
      if (const auto refused = refusal_of(*state, command)) return failure(*refused);
      CaseDraft draft(*state);
      draft.add(RepairEnded{command.case_id, command.line_no, command.outcome});
      hand_back_line(draft, command.case_id, command.line_no);
      record(write, command.command_id, draft.events());
    }
  }
  ReturnOutcome outcome = *read_outcome(store, command.case_id);
  outcome.already_recorded = already;
  return outcome;
}

}  // namespace retour::app
