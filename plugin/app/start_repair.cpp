#include "plugin/app/start_repair.hpp"

#include "plugin/app/receive_goods.hpp"

namespace retour::app {

void start_repair(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no) {
  const CaseLine line = *find_line(draft.state(), line_no);  // a copy: adding changes the state
  const BusinessDate today = draft.state().opened->business_date;
  draft.add(RepairStarted{.case_id = case_id,
                          .line_no = line_no,
                          .units = line.decision.taken,
                          .serial = line.ask.serial,
                          .promised_on = {today.days + repair_promised_days}});
  receive_goods(draft, case_id, line_no);
}

}  // namespace retour::app
