#include "plugin/app/receive_goods.hpp"

#include "plugin/app/alerts.hpp"
#include "plugin/core/policy/decide_delivery.hpp"

namespace retour::app {

namespace {
/// Goods whose answer is open may have to be handed back: nobody sells them. Nor what is recalled, or is a
/// customer's and being repaired.
Bucket bucket_of_line(const ReturnCase& state, std::uint32_t line_no) {
  const CaseLine& line = *find_line(state, line_no);
  if (line.ask.remedy == Remedy::repair || line.state != LineState::approved) return Bucket::hold;
  if (is_raised(line.decision.trace.facts.alerts, Alert::recalled)) return Bucket::hold;
  const ItemInspected* seen = find_inspection(state, line_no);
  return bucket_of(seen == nullptr ? Disposition::undecided : seen->disposition);
}
}  // namespace

Bucket bucket_of(Disposition disposition) {
  switch (disposition) {
    case Disposition::restock:
      return Bucket::sellable;
    case Disposition::outlet:
      return Bucket::outlet;
    case Disposition::refurbish:
    case Disposition::parts:
      return Bucket::refurbish;
    case Disposition::return_to_vendor:
      return Bucket::return_to_vendor;
    case Disposition::donate:
    case Disposition::recycle:
    case Disposition::scrap:
      return Bucket::scrap;
    case Disposition::undecided:
    case Disposition::hold:
      return Bucket::hold;
  }
  return Bucket::hold;
}

void receive_goods(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no) {
  const CaseLine* line = find_line(draft.state(), line_no);
  require(line != nullptr, "goods for a line that the case does not have");
  if (asks_for_delivery(line->ask)) return;  // no goods
  const Bucket place = bucket_of_line(draft.state(), line_no);
  const std::int64_t missing = line->ask.quantity - line->received;
  const std::int64_t here = line->received - line->handed_back;
  if (missing > 0) {
    draft.add(GoodsReceived{case_id, line_no, line->ask.sku, missing, place});
  } else if (here > 0 && line->bucket != place) {
    draft.add(GoodsMoved{case_id, line_no, line->ask.sku, here, line->bucket, place});
  }
}

namespace {
void hand_back(CaseDraft& draft, const ReturnCaseId& case_id, const CaseLine& line) {
  const std::int64_t here = line.received - line.handed_back;
  if (here == 0) return;
  draft.add(GoodsHandedBack{case_id, line.ask.line_no, line.ask.sku, here, line.bucket});
}
}  // namespace

void hand_back_line(CaseDraft& draft, const ReturnCaseId& case_id, std::uint32_t line_no) {
  const CaseLine line = *find_line(draft.state(), line_no);  // a copy: adding changes the state
  hand_back(draft, case_id, line);
}

void hand_back_all(CaseDraft& draft, const ReturnCaseId& case_id) {
  const std::vector<CaseLine> lines = draft.state().lines;  // a copy: adding changes the state
  for (const CaseLine& line : lines) hand_back(draft, case_id, line);
}

void hand_back_refused(CaseDraft& draft, const ReturnCaseId& case_id) {
  const std::vector<CaseLine> lines = draft.state().lines;  // a copy: adding changes the state
  for (const CaseLine& line : lines) {
    if (line.state == LineState::refused) hand_back(draft, case_id, line);
  }
}

BusinessDate kept_until(const ReturnCase& state) {
  BusinessDate date = state.opened->business_date;
  date.days += refused_goods_kept_days;
  return date;
}

}  // namespace retour::app
