#include "plugin/store/http/commands_json.hpp"

#include "plugin/app/credit_slip.hpp"
#include "plugin/app/gift_receipt.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/core/order/card_number.hpp"
#include "plugin/core/order/gtin.hpp"
#include "plugin/store/http/order_details_json.hpp"

namespace retour::store {

namespace {

constexpr std::size_t sale_lines_max = 5'000;  // the longest real order has 1,114
constexpr std::size_t taxes_a_line_max = 8;
constexpr std::size_t tenders_max = 20;
constexpr std::size_t adjustments_max = 50;
constexpr std::size_t description_bytes_max = 200;
constexpr std::int64_t time_ms_max =
    4'102'444'800'000;  // the year 2100: a later time is a clock or a unit gone wrong

std::string words_field(Fields& fields, const char* name, std::size_t bytes_max, bool needed) {
  std::string text = needed ? fields.text(name, bytes_max) : fields.text_or(name, bytes_max, "");
  if (needed && text.empty()) fields.refuse(name, "is empty", "field_missing");
  if (looks_like_card_number(text)) {
    fields.refuse(name, "looks like a card number, which must never be kept here", "card_number_refused");
  }
  return text;
}

std::string read_gtin(Fields& fields) {
  const std::string written = fields.text_or("gtin", 32, "");
  if (written.empty()) return {};
  const auto gtin = parse_gtin(written);
  if (gtin.ok()) return *gtin;
  switch (gtin.error()) {
    case GtinError::not_digits:
      fields.refuse("gtin", "is \"" + written + "\", which is not all digits", "barcode_malformed");
    case GtinError::wrong_length:
      fields.refuse("gtin", "has " + std::to_string(written.size()) + " digits; a barcode has 8, 12, 13 or 14",
                    "barcode_malformed");
    case GtinError::check_digit_wrong:
      fields.refuse("gtin", "is \"" + written + "\", whose check digit is wrong: scan it again", "barcode_malformed");
  }
  return {};
}

std::vector<CheckAnswer> read_checks(Fields& fields) {
  std::vector<CheckAnswer> answers;
  for (Fields& given : fields.objects_or_none("checks", app::check_answers_max)) {
    answers.push_back({words_field(given, "question", app::check_code_bytes_max, true),
                       words_field(given, "answer", app::check_code_bytes_max, true)});
    given.done();
  }
  return answers;
}

std::vector<Hash256> read_photos(Fields& fields) {
  std::vector<Hash256> photos;
  for (Fields& photo : fields.objects_or_none("photos", app::photos_max)) {
    const std::string hex = photo.text("sha256", 64);
    Hash256 hash;
    if (!from_hex(hex, hash.bytes.data(), hash.bytes.size())) {
      photo.refuse("sha256", "is \"" + hex + "\"; expected 64 hex digits");
    }
    photos.push_back(hash);
    photo.done();
  }
  return photos;
}

Remedy read_remedy(Fields& fields) {
  const std::string remedy = fields.text_or("remedy", 32, "refund");
  if (const auto known = parse_remedy(remedy)) return *known;
  fields.refuse("remedy", "is \"" + remedy + "\"; say refund, replacement or repair");
}

/// With a gift receipt the order stands on the paper, and the line too when it is the only one.
void check_named(Fields& fields, const ReturnAsk& ask, bool has_barcode, bool by_gift_receipt) {
  const bool line_by_serial = ask.order_id && !ask.serial.empty();  // the number says which line it is
  if (!by_gift_receipt && ask.order_id.has_value() != (ask.order_line_no != 0) && !line_by_serial) {
    fields.refuse("order_line", "and order belong together: give both or neither", "field_missing");
  }
  if (!ask.serial.empty() && ask.quantity != 1) {
    fields.refuse("quantity", "is not 1, and a serial number is of one unit");
  }
  if (!by_gift_receipt && !ask.order_id && ask.sku.empty() && !has_barcode) {
    fields.refuse("sku", "is missing: name the article, or the order and its line", "field_missing");
  }
}

void read_ask(Fields& fields, std::uint32_t line_no, app::Visit& visit) {
  ReturnAsk ask;
  ask.line_no = line_no;
  ask.order_id = fields.optional_id<OrderId>("order");
  ask.order_line_no = static_cast<std::uint32_t>(fields.integer_or("order_line", 1, 1'000'000, 0));
  ask.sku = words_field(fields, "sku", app::sku_bytes_max, false);
  const std::string gtin = read_gtin(fields);
  ask.quantity = fields.integer("quantity", 1, quantity_max);
  ask.serial = read_serial(fields);
  ask.asked_price = fields.optional_decimal("price");
  const std::string reason = fields.text_or("reason", 32, "unspecified");
  const auto known_reason = parse_return_reason(reason);
  if (!known_reason) fields.refuse("reason", "is \"" + reason + "\", which is not a reason for a return");
  ask.reason = *known_reason;
  ask.source_ref = words_field(fields, "source_ref", app::reference_bytes_max, false);
  ask.no_receipt = fields.boolean_or("no_receipt", false);
  ask.remedy = read_remedy(fields);
  app::LineCheck check{read_checks(fields), read_photos(fields)};
  if (check != app::LineCheck{}) visit.checks[line_no] = std::move(check);
  fields.done();
  check_named(fields, ask, !gtin.empty(), !visit.gift_receipt.empty());
  if (ask.sku.empty() && !gtin.empty()) visit.scanned[line_no] = gtin;
  visit.lines.push_back(std::move(ask));
}

app::Visit read_visit_fields(Fields& fields) {
  app::Visit visit;
  visit.customer_ref = words_field(fields, "customer", app::reference_bytes_max, false);
  visit.tier = words_field(fields, "tier", app::reference_bytes_max, false);
  visit.business_date = fields.date("business_date");
  visit.export_stamped = fields.boolean_or("export_stamped", false);
  visit.gift_receipt = fields.text_or("gift_receipt", app::gift_text_bytes_max, "");
  std::uint32_t line_no = 0;
  const bool pays_otherwise = fields.has("credits") || fields.has("trade_in");
  for (Fields& line : pays_otherwise ? fields.objects_or_none("lines", app::case_lines_max)
                                     : fields.objects("lines", app::case_lines_max)) {
    read_ask(line, ++line_no, visit);
  }
  if (visit.lines.empty() && !pays_otherwise)
    fields.refuse("lines", "is empty: nothing is brought back", "field_missing");
  return visit;
}

TenderKind read_tender_kind(Fields& fields) {
  const std::string kind = fields.text("kind", 32);
  if (const auto known = parse_tender_kind(kind)) return *known;
  fields.refuse("kind", "is \"" + kind + "\", which is not a way of paying known here");
}

std::vector<TaxAmount> read_taxes(Fields& fields) {
  std::vector<TaxAmount> taxes;
  for (Fields& tax : fields.objects_or_none("taxes", taxes_a_line_max)) {
    taxes.push_back({tax.decimal("rate_percent").normalized(), tax.minor("minor")});
    tax.done();
  }
  return taxes;
}

OrderLine read_order_line(Fields& fields, std::uint32_t line_no) {
  OrderLine line;
  line.line_no = line_no;
  line.sku = words_field(fields, "sku", app::sku_bytes_max, true);
  line.gtin = read_gtin(fields);
  line.description = words_field(fields, "description", description_bytes_max, false);
  line.quantity = fields.integer("quantity", 1, quantity_max);
  line.unit_price = fields.decimal("unit_price");
  line.net_minor = fields.minor("net_minor");
  line.taxes = read_taxes(fields);
  line.discount_minor = fields.minor_or("discount_minor", 0);
  read_line_details(fields, line);
  fields.done();
  return line;
}

OrderAdjustment read_adjustment(Fields& fields) {
  OrderAdjustment adjustment;
  const std::string kind = fields.text_or("kind", 32, "discount");
  if (kind != "discount" && kind != "source_rounding") {
    fields.refuse("kind", "is \"" + kind + "\"; expected discount or source_rounding");
  }
  adjustment.kind = kind == "discount" ? AdjustmentKind::discount : AdjustmentKind::source_rounding;
  adjustment.lowers = fields.boolean_or("lowers", true);
  adjustment.label = words_field(fields, "label", description_bytes_max, false);
  adjustment.net_minor = fields.minor("net_minor");
  adjustment.taxes = read_taxes(fields);
  read_named_lines(fields, adjustment);
  fields.done();
  return adjustment;
}

Order read_order(Fields& fields, bool tenders_needed = true) {
  Order order;
  order.number = words_field(fields, "number", app::reference_bytes_max, true);
  order.channel = SaleChannel::store;
  const std::string currency = fields.text("currency", 8);
  const auto known = Currency::parse(currency);
  if (!known) fields.refuse("currency", "is \"" + currency + "\", which is not a currency known here");
  order.currency = *known;
  order.tax_mode = fields.boolean_or("tax_included", true) ? TaxMode::included : TaxMode::added;
  order.sold_on = fields.date("sold_on");
  order.sold_at_ms = fields.integer_or("sold_at_ms", 0, time_ms_max, 0);
  std::uint32_t number = 0;
  for (Fields& line : fields.objects("lines", sale_lines_max)) order.lines.push_back(read_order_line(line, ++number));
  for (Fields& item : fields.objects_or_none("adjustments", adjustments_max)) {
    order.adjustments.push_back(read_adjustment(item));
  }
  read_shipments(fields, order);
  read_loyalty(fields, order);
  number = 0;
  for (Fields& tender :
       tenders_needed ? fields.objects("tenders", tenders_max) : fields.objects_or_none("tenders", tenders_max)) {
    order.tenders.push_back({++number, read_tender_kind(tender),
                             words_field(tender, "reference", app::reference_bytes_max, false),
                             tender.minor("paid_minor")});
    tender.done();
  }
  return order;
}

app::TradeInAsk read_trade_in(Fields& fields) {
  app::TradeInAsk article;
  article.sku = words_field(fields, "sku", app::sku_bytes_max, true);
  article.serial = read_serial(fields);
  article.quantity = fields.integer_or("quantity", 1, quantity_max, 1);
  article.check = {read_checks(fields), read_photos(fields)};
  if (!article.serial.empty() && article.quantity != 1) {
    fields.refuse("quantity", "is not 1, and a serial number is of one unit");
  }
  fields.done();
  return article;
}

std::optional<app::ExchangeAsk> read_exchange(Fields& fields) {
  app::ExchangeAsk exchange;
  for (Fields& credit : fields.objects_or_none("credits", app::credits_max)) {
    exchange.credits.push_back(
        {credit.text("number", app::slip_text_bytes_max), credit.integer("minor", 1, quantity_max)});
    credit.done();
  }
  for (Fields& article : fields.objects_or_none("trade_in", app::trade_ins_max)) {
    exchange.trade_ins.push_back(read_trade_in(article));
  }
  if (!fields.has("new_goods")) {
    if (!exchange.credits.empty()) fields.refuse("new_goods", "is missing: credits pay for goods", "field_missing");
    if (!exchange.trade_ins.empty())
      fields.refuse("new_goods", "is missing: old articles are taken in against goods", "field_missing");
    return std::nullopt;
  }
  Fields goods = fields.object("new_goods");
  exchange.card_ref = words_field(goods, "card_token", app::reference_bytes_max, false);
  exchange.goods = read_order(goods, false);
  goods.done();
  return exchange;
}

}  // namespace

ReturnBody read_return_command(const std::string& body) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  ReturnBody read;
  read.command.command_id = fields.id<CommandId>("command_id");
  read.command.till = words_field(fields, "till", app::staff_code_bytes_max, true);
  read.command.cashier = words_field(fields, "cashier", app::staff_code_bytes_max, true);
  read.command.reference = words_field(fields, "reference", app::reference_bytes_max, false);
  read.wait_ms = fields.integer_or("wait_ms", 0, app::referral_wait_ms_max, app::referral_wait_ms_max);
  read.command.visit = read_visit_fields(fields);
  read.command.exchange = read_exchange(fields);
  fields.done();
  return read;
}

QuoteBody read_quote(const std::string& body) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  const std::string cashier = words_field(fields, "cashier", app::staff_code_bytes_max, false);
  const std::string reference = words_field(fields, "reference", app::reference_bytes_max, false);
  QuoteBody read{read_visit_fields(fields), read_exchange(fields)};
  read.visit.cashier = cashier;
  read.visit.reference = reference;
  fields.done();
  return read;
}

namespace {

/// "gift_receipt": which units were given away; checked against the sale, which is not recorded yet.
std::vector<app::GiftLine> read_gift_lines(Fields& fields, const char* name) {
  std::vector<app::GiftLine> lines;
  for (Fields& line : fields.objects_or_none(name, app::gift_lines_max)) {
    lines.push_back({static_cast<std::uint32_t>(line.integer("order_line", 1, 1'000'000)),
                     line.integer_or("quantity", 1, quantity_max, 1)});
    line.done();
  }
  return lines;
}

}  // namespace

std::vector<app::GiftLine> read_gift_receipt(const std::string& body) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  const auto lines = read_gift_lines(fields, "lines");
  fields.done();
  return lines;
}

SaleBody read_sale(const std::string& body) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  SaleBody read;
  app::SaleCommand& sale = read.command;
  sale.command_id = fields.id<CommandId>("command_id");
  sale.till = words_field(fields, "till", app::staff_code_bytes_max, true);
  sale.customer_ref = words_field(fields, "customer", app::reference_bytes_max, false);
  sale.card_ref = words_field(fields, "card_token", app::reference_bytes_max, false);
  sale.order = read_order(fields);
  read.gift = read_gift_lines(fields, "gift_receipt");
  if (const auto wrong = read.gift.empty() ? std::nullopt : app::not_to_give(sale.order, read.gift))
    fields.refuse("gift_receipt", "cannot be made: " + wrong->reason);
  fields.done();
  return read;
}

void read_nothing(const std::string& body) {
  if (body.empty()) return;
  const nlohmann::json document = parse_document(body);
  Fields(document, "").done();
}

OverrideBody read_override(const std::string& body, const ReturnCaseId& case_id,
                           std::optional<std::uint32_t> line_no) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  OverrideBody read;
  app::GiveOverride& command = read.command;
  command.command_id = fields.id<CommandId>("command_id");
  command.case_id = case_id;
  command.line_no = line_no;
  command.by.approver = words_field(fields, "approver", app::staff_code_bytes_max, true);
  if (fields.has("pin") == fields.has("code")) {
    fields.refuse("pin", "or code is needed, one of the two", "field_missing");
  }
  command.by.method = fields.has("pin") ? ApprovalMethod::pin : ApprovalMethod::code;
  command.by.secret = fields.text_or("pin", app::secret_bytes_max, "") +
                      fields.text_or("code", app::secret_bytes_max, "");  // one of them is empty
  command.reason = words_field(fields, "reason", app::override_reason_bytes_max, true);
  const std::string decision = fields.text_or("decision", 16, "approve");
  if (decision != "approve" && decision != "decline") {
    fields.refuse("decision", "is \"" + decision + "\"; say approve or decline");
  }
  command.declined = decision == "decline";
  read.wait_ms = fields.integer_or("wait_ms", 0, app::referral_wait_ms_max, app::referral_wait_ms_max);
  fields.done();
  return read;
}

app::UndoCase read_undoing(const std::string& body, const ReturnCaseId& case_id) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  app::UndoCase undo;
  undo.command_id = fields.id<CommandId>("command_id");
  undo.case_id = case_id;
  undo.staff_code = words_field(fields, "staff", app::staff_code_bytes_max, true);
  undo.reason = words_field(fields, "reason", app::reference_bytes_max, true);
  fields.done();
  return undo;
}

app::EndRepair read_end_of_repair(const std::string& body, const ReturnCaseId& case_id, std::uint32_t line_no) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  app::EndRepair end{.command_id = fields.id<CommandId>("command_id"), .case_id = case_id, .line_no = line_no};
  const std::string outcome = fields.text("outcome", 32);
  if (outcome != "repaired" && outcome != "not_repairable") {
    fields.refuse("outcome", "is \"" + outcome + "\"; say repaired or not_repairable");
  }
  end.outcome = outcome == "repaired" ? RepairOutcome::repaired : RepairOutcome::not_repairable;
  fields.done();
  return end;
}

app::ConfirmLeg read_confirmation(const std::string& body, const ReturnCaseId& case_id, const LegId& leg_id) {
  const nlohmann::json document = parse_document(body);
  Fields fields(document, "");
  app::ConfirmLeg confirm;
  confirm.command_id = fields.id<CommandId>("command_id");
  confirm.case_id = case_id;
  confirm.leg_id = leg_id;
  confirm.staff_code = words_field(fields, "staff", app::staff_code_bytes_max, true);
  const std::string outcome = fields.text("outcome", 16);
  if (outcome != "settled" && outcome != "failed") {
    fields.refuse("outcome", "is \"" + outcome + "\"; say settled (the money left) or failed (it did not)");
  }
  confirm.outcome = outcome == "settled" ? LegOutcome::settled : LegOutcome::failed;
  fields.done();
  return confirm;
}

}  // namespace retour::store
