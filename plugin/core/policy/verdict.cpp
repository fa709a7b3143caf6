#include "plugin/core/policy/verdict.hpp"

#include "plugin/core/base/words.hpp"

namespace retour {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return "approved";
    case Verdict::needs_manager:
      return "needs_manager";
    case Verdict::deferred:
      return "deferred";
    case Verdict::refused:
      return "refused";
  }
  return "unknown";
}

std::string_view to_string(Assurance assurance) {
  switch (assurance) {
    case Assurance::none:
      return "none";
    case Assurance::held:
      return "held";
    case Assurance::confirmed:
      return "confirmed";
    case Assurance::token:
      return "token";
    case Assurance::provisional:
      return "provisional";
  }
  return "unknown";
}

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      return "none";
    case Refusal::quantity_invalid:
      return "quantity_invalid";
    case Refusal::no_customer:
      return "no_customer";
    case Refusal::not_merchandise:
      return "not_merchandise";
    case Refusal::no_purchase_found:
      return "no_purchase_found";
    case Refusal::already_returned:
      return "already_returned";
    case Refusal::quantity_exceeds_returnable:
      return "quantity_exceeds_returnable";
    case Refusal::window_closed:
      return "window_closed";
    case Refusal::not_returnable:
      return "not_returnable";
    case Refusal::condition_not_accepted:
      return "condition_not_accepted";
    case Refusal::serial_not_sold:
      return "serial_not_sold";
    case Refusal::declined_by_manager:
      return "declined_by_manager";
    case Refusal::serial_missing:
      return "serial_missing";
    case Refusal::withdrawn:
      return "withdrawn";
    case Refusal::no_receipt_not_taken:
      return "no_receipt_not_taken";
    case Refusal::remedy_not_owed:
      return "remedy_not_owed";
    case Refusal::delivery_stays_paid:
      return "delivery_stays_paid";
  }
  return "unknown";
}

std::string_view to_string(ReturnReason reason) {
  switch (reason) {
    case ReturnReason::unspecified:
      return "unspecified";
    case ReturnReason::size:
      return "size";
    case ReturnReason::quality:
      return "quality";
    case ReturnReason::not_as_described:
      return "not_as_described";
    case ReturnReason::damaged_in_transit:
      return "damaged_in_transit";
    case ReturnReason::wrong_item:
      return "wrong_item";
    case ReturnReason::late:
      return "late";
    case ReturnReason::changed_mind:
      return "changed_mind";
    case ReturnReason::gift:
      return "gift";
    case ReturnReason::recall:
      return "recall";
    case ReturnReason::other:
      return "other";
  }
  return "unknown";
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::cashier:
      return "cashier";
    case Role::supervisor:
      return "supervisor";
    case Role::manager:
      return "manager";
    case Role::regional_manager:
      return "regional_manager";
  }
  return "unknown";
}

std::optional<ReturnReason> parse_return_reason(std::string_view text) {
  return parse_word<ReturnReason>(text, ReturnReason::unspecified, ReturnReason::other);
}

std::optional<Role> parse_role(std::string_view text) {
  return parse_word<Role>(text, Role::cashier, Role::regional_manager);
}

std::string_view to_string(Alert alert) {
  switch (alert) {
    case Alert::own_purchase:
      return "own_purchase";
    case Alert::recalled:
      return "recalled";
    case Alert::return_started:
      return "return_started";
    case Alert::under_repair:
      return "under_repair";
  }
  return "unknown";
}

std::string_view to_string(Remedy remedy) {
  switch (remedy) {
    case Remedy::refund:
      return "refund";
    case Remedy::replacement:
      return "replacement";
    case Remedy::repair:
      return "repair";
  }
  return "unknown";
}

std::optional<Alert> parse_alert(std::string_view text) {
  return parse_word<Alert>(text, Alert::own_purchase, alert_last);
}

std::optional<Remedy> parse_remedy(std::string_view text) {
  return parse_word<Remedy>(text, Remedy::refund, Remedy::repair);
}

}  // namespace retour
