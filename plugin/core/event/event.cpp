#include "plugin/core/event/event.hpp"

namespace retour {

namespace {
struct KindOf {
  std::string_view operator()(const CaseOpened&) const { return "case_opened"; }
  std::string_view operator()(const OrderAttached&) const { return "order_attached"; }
  std::string_view operator()(const LineAnswered&) const { return "line_answered"; }
  std::string_view operator()(const LineReferred&) const { return "line_referred"; }
  std::string_view operator()(const LineDeferred&) const { return "line_deferred"; }
  std::string_view operator()(const LineSettled&) const { return "line_settled"; }
  std::string_view operator()(const UnitsClaimed&) const { return "units_claimed"; }
  std::string_view operator()(const GoodsReceived&) const { return "goods_received"; }
  std::string_view operator()(const RefundPlanned&) const { return "refund_planned"; }
  std::string_view operator()(const RefundLegStarted&) const { return "refund_leg_started"; }
  std::string_view operator()(const RefundLegEnded&) const { return "refund_leg_ended"; }
  std::string_view operator()(const CaseClosed&) const { return "case_closed"; }
  std::string_view operator()(const StockMoved&) const { return "stock_moved"; }
  std::string_view operator()(const SaleRecorded&) const { return "sale_recorded"; }
  std::string_view operator()(const RightsReceived&) const { return "rights_received"; }
  std::string_view operator()(const RightsReleased&) const { return "rights_released"; }
  std::string_view operator()(const ReferralAnswered&) const { return "referral_answered"; }
  std::string_view operator()(const NodeEnrolled&) const { return "node_enrolled"; }
  std::string_view operator()(const RightsGranted&) const { return "rights_granted"; }
  std::string_view operator()(const RecallIssued&) const { return "recall_issued"; }
  std::string_view operator()(const ReferralDecided&) const { return "referral_decided"; }
  std::string_view operator()(const GoodsHandedBack&) const { return "goods_handed_back"; }
  std::string_view operator()(const ItemInspected&) const { return "item_inspected"; }
  std::string_view operator()(const OverrideGiven&) const { return "override_given"; }
  std::string_view operator()(const CaseVoided&) const { return "case_voided"; }
  std::string_view operator()(const RefundReversed&) const { return "refund_reversed"; }
  std::string_view operator()(const PolicyAdopted&) const { return "policy_adopted"; }
};
}  // namespace

std::string_view kind_of(const EventBody& body) {
  return std::visit(KindOf{}, body);
}

std::optional<ReturnCaseId> case_of(const EventBody& body) {
  return std::visit(
      [](const auto& event) -> std::optional<ReturnCaseId> {
        if constexpr (requires { event.case_id; }) {
          return event.case_id;
        } else {
          return std::nullopt;
        }
      },
      body);
}

std::string_view to_string(ApprovalMethod method) {
  switch (method) {
    case ApprovalMethod::pin:
      return "pin";
    case ApprovalMethod::code:
      return "code";
  }
  return "unknown";
}

std::string_view to_string(Bucket bucket) {
  switch (bucket) {
    case Bucket::sellable:
      return "sellable";
    case Bucket::hold:
      return "hold";
    case Bucket::refurbish:
      return "refurbish";
    case Bucket::outlet:
      return "outlet";
    case Bucket::return_to_vendor:
      return "return_to_vendor";
    case Bucket::in_transit:
      return "in_transit";
    case Bucket::scrap:
      return "scrap";
  }
  return "unknown";
}

std::string_view to_string(LegOutcome outcome) {
  switch (outcome) {
    case LegOutcome::settled:
      return "settled";
    case LegOutcome::failed:
      return "failed";
    case LegOutcome::unknown:
      return "unknown";
    case LegOutcome::queued:
      return "queued";
  }
  return "unknown";
}

}  // namespace retour
