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
  std::string_view operator()(const GoodsMoved&) const { return "goods_moved"; }
  std::string_view operator()(const ItemInspected&) const { return "item_inspected"; }
  std::string_view operator()(const OverrideGiven&) const { return "override_given"; }
  std::string_view operator()(const CaseVoided&) const { return "case_voided"; }
  std::string_view operator()(const RefundReversed&) const { return "refund_reversed"; }
  std::string_view operator()(const PolicyAdopted&) const { return "policy_adopted"; }
  std::string_view operator()(const LegRerouted&) const { return "leg_rerouted"; }
  std::string_view operator()(const CreditIssued&) const { return "credit_issued"; }
  std::string_view operator()(const UnitsLowered&) const { return "units_lowered"; }
  std::string_view operator()(const LineWithdrawn&) const { return "line_withdrawn"; }
  std::string_view operator()(const FiscalSigned&) const { return "fiscal_signed"; }
  std::string_view operator()(const RepairStarted&) const { return "repair_started"; }
  std::string_view operator()(const RepairEnded&) const { return "repair_ended"; }
  std::string_view operator()(const TradeInTaken&) const { return "trade_in_taken"; }
  std::string_view operator()(const BudgetCreated&) const { return "budget_created"; }
  std::string_view operator()(const ReturnStarted&) const { return "return_started"; }
  std::string_view operator()(const ReturnStartedEnded&) const { return "return_started_ended"; }
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

std::string_view to_string(LegProblem problem) {
  switch (problem) {
    case LegProblem::none:
      return "none";
    case LegProblem::declined:
      return "declined";
    case LegProblem::card_expired:
      return "card_expired";
    case LegProblem::card_closed:
      return "card_closed";
    case LegProblem::other_card:
      return "other_card";
    case LegProblem::over_limit:
      return "over_limit";
    case LegProblem::needs_network:
      return "needs_network";
    case LegProblem::not_enough_cash:
      return "not_enough_cash";
    case LegProblem::identity_needed:
      return "identity_needed";
    case LegProblem::other_currency:
      return "other_currency";
    case LegProblem::export_stamped:
      return "export_stamped";
  }
  return "unknown";
}

std::string_view to_string(FiscalState state) {
  switch (state) {
    case FiscalState::signed_:
      return "signed";
    case FiscalState::unsigned_yet:
      return "unsigned_yet";
    case FiscalState::failed:
      return "failed";
  }
  return "unknown";
}

std::string_view to_string(RepairOutcome outcome) {
  switch (outcome) {
    case RepairOutcome::repaired:
      return "repaired";
    case RepairOutcome::not_repairable:
      return "not_repairable";
  }
  return "unknown";
}

}  // namespace retour
