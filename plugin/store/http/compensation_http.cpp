#include "plugin/store/http/compensation_http.hpp"

#include "plugin/core/order/card_number.hpp"
#include "plugin/store/http/json_reader.hpp"

namespace retour::store {

namespace {

std::string words_field(Fields& fields, const char* name, std::size_t bytes_max, bool needed) {
  std::string text = needed ? fields.text(name, bytes_max) : fields.text_or(name, bytes_max, "");
  if (needed && text.empty()) fields.refuse(name, "is empty", "field_missing");
  if (looks_like_card_number(text)) {
    fields.refuse(name, "looks like a card number, which must never be kept here", "card_number_refused");
  }
  return text;
}

ReturnReason read_reason(Fields& fields) {
  const std::string reason = fields.text("reason", 32);
  if (const auto known = parse_return_reason(reason)) return *known;
  fields.refuse("reason", "is \"" + reason + "\", which is not a reason known here");
}

/// An amount or a share, never both: a person who reads the receipt can then check the sum.
void read_amount(Fields& fields, app::Compensate& command) {
  if (fields.has("amount_minor") == fields.has("share_basis_points")) {
    fields.refuse("amount_minor", "or share_basis_points is needed, one of the two", "field_missing");
  }
  if (fields.has("amount_minor")) {
    command.amount_minor = fields.minor("amount_minor");
  } else {
    command.share = BasisPoints{static_cast<std::int32_t>(fields.integer("share_basis_points", 1, 10'000))};
  }
}

std::optional<TenderKind> read_tender(Fields& fields) {
  const std::string kind = fields.text_or("refund_as", 32, "");
  if (kind.empty()) return std::nullopt;
  const auto known = parse_tender_kind(kind);
  // A card or a wallet can only be credited for its own payment: leave the field out for that.
  if (known && *known != TenderKind::card && *known != TenderKind::wallet) return known;
  fields.refuse("refund_as", "is \"" + kind + "\", which is no way in which money can newly be given");
}

std::optional<app::CompensationApproval> read_approval(Fields& fields) {
  if (!fields.has("approver")) return std::nullopt;
  app::CompensationApproval approval;
  approval.by.approver = words_field(fields, "approver", app::staff_code_bytes_max, true);
  if (fields.has("pin") == fields.has("code")) {
    fields.refuse("pin", "or code is needed, one of the two", "field_missing");
  }
  approval.by.method = fields.has("pin") ? ApprovalMethod::pin : ApprovalMethod::code;
  approval.by.secret = fields.text(fields.has("pin") ? "pin" : "code", app::secret_bytes_max);
  approval.reason = words_field(fields, "approval_reason", app::override_reason_bytes_max, true);
  return approval;
}

}  // namespace

app::Compensate read_compensation(const std::string& body) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  app::Compensate command;
  command.command_id = fields.id<CommandId>("command_id");
  command.till = words_field(fields, "till", app::staff_code_bytes_max, true);
  command.cashier = words_field(fields, "cashier", app::staff_code_bytes_max, true);
  command.reference = words_field(fields, "reference", app::reference_bytes_max, false);
  command.customer_ref = words_field(fields, "customer", app::reference_bytes_max, false);
  command.business_date = fields.date("business_date");
  command.order_id = fields.id<OrderId>("order");
  command.order_line_no = static_cast<std::uint32_t>(fields.integer("order_line", 1, 1'000'000));
  command.quantity = fields.integer_or("quantity", 1, quantity_max, 1);
  command.reason = read_reason(fields);
  read_amount(fields, command);
  command.refund_as = read_tender(fields);
  command.approval = read_approval(fields);
  fields.done();
  return command;
}

app::WithdrawLine read_withdrawal(const std::string& body, const ReturnCaseId& case_id, std::uint32_t line_no) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  app::WithdrawLine command{.case_id = case_id, .line_no = line_no};
  command.command_id = fields.id<CommandId>("command_id");
  command.staff_code = words_field(fields, "staff", app::staff_code_bytes_max, true);
  fields.done();
  return command;
}

}  // namespace retour::store
