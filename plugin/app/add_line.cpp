#include "plugin/app/add_line.hpp"

#include "plugin/app/claim_units.hpp"
#include "plugin/app/receive_goods.hpp"
#include "plugin/app/start_repair.hpp"
#include "plugin/core/policy/decide_value.hpp"

namespace retour::app {

void add_inspection(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no, const Looked& looked,
                    const LineCheck& check) {
  if (!looked.inspection && check.photos.empty()) return;
  ItemInspected seen{.case_id = case_id, .line_no = line_no, .photos = check.photos};
  if (looked.inspection) {
    seen.checklist = looked.checklist->id;
    seen.answers = check.answers;
    seen.grade = looked.inspection->grade;
    seen.because = looked.inspection->because;
    seen.disposition = looked.inspection->disposition;
  }
  draft.add(std::move(seen));
}

void add_line(CaseDraft& draft, StoreContext& store, const AnsweredLine& line, const LineCheck& check) {
  const CaseOpened opened = *draft.state().opened;
  add_inspection(draft, opened.case_id, line.ask.line_no, {line.checklist, line.inspection}, check);
  if (line.decision.verdict == Verdict::deferred) {
    draft.add(LineReferred{opened.case_id, store.ids.make<ReferralId>(), line.ask, opened.subject,
                           opened.opened_at_ms, line.decision, opened.business_date});
    return;
  }
  draft.add(LineAnswered{opened.case_id, line.ask, line.decision});
  if (line.decision.verdict != Verdict::approved) return;
  if (line.ask.remedy == Remedy::repair) return start_repair(draft, opened.case_id, line.ask.line_no);
  claim_units(draft, opened.case_id, line.ask.line_no, line.decision.assurance, line.claims);
  if (!is_of_value(line.decision)) receive_goods(draft, opened.case_id, line.ask.line_no);
}

}  // namespace retour::app
