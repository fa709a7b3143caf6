#include "plugin/app/receive_goods.hpp"

namespace retour::app {

void receive_goods(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no) {
  const CaseLine* line = find_line(draft.state(), line_no);
  require(line != nullptr, "goods for a line that the case does not have");
  const std::int64_t missing = line->ask.quantity - line->received;
  if (missing == 0) return;
  draft.add(GoodsReceived{case_id, line_no, line->ask.sku, missing, bucket_before_inspection});
}

void hand_back_all(CaseDraft& draft, const ReturnCaseId& case_id) {
  const std::vector<CaseLine> lines = draft.state().lines;  // a copy: adding changes the state
  for (const CaseLine& line : lines) {
    const std::int64_t here = line.received - line.handed_back;
    if (here > 0) draft.add(GoodsHandedBack{case_id, line.ask.line_no, line.ask.sku, here, bucket_before_inspection});
  }
}

void hand_back_refused(CaseDraft& draft, const ReturnCaseId& case_id) {
  const std::vector<CaseLine> lines = draft.state().lines;  // a copy: adding changes the state
  for (const CaseLine& line : lines) {
    const std::int64_t here = line.received - line.handed_back;
    if (line.state != LineState::refused || here == 0) continue;
    draft.add(GoodsHandedBack{case_id, line.ask.line_no, line.ask.sku, here, bucket_before_inspection});
  }
}

}  // namespace retour::app
