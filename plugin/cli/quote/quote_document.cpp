#include "plugin/cli/quote/quote_document.hpp"

#include "db/policy_pack/pack_file.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "plugin/store/http/order_details_json.hpp"

namespace retour::cli {

namespace {

using store::Fields;

constexpr std::size_t word_bytes_max = 64;
constexpr std::size_t description_bytes_max = 200;
constexpr std::uint8_t the_order = 1;  // there is one order in the document; its id is never shown

std::vector<TaxAmount> read_taxes(Fields& fields) {
  std::vector<TaxAmount> taxes;
  for (Fields& tax : fields.objects_or_none("taxes", tax_rates_max)) {
    taxes.push_back({tax.decimal("rate_percent").normalized(), tax.minor("minor")});
    tax.done();
  }
  return taxes;
}

/// A code that `parse` knows; missing: the fallback.
template <class T>
T read_code(Fields& fields, const char* name, std::optional<T> (*parse)(std::string_view),
            std::optional<T> fallback) {
  if (!fields.has(name) && fallback) {
    static_cast<void>(fields.text_or(name, word_bytes_max, ""));
    return *fallback;
  }
  const std::string code = fields.text(name, word_bytes_max);
  if (const auto known = parse(code)) return *known;
  fields.refuse(name, "is \"" + code + "\", which is not known here");
}

/// What only rules look at, by the place of the line.
struct Article {
  std::string category, brand;
};

OrderLine read_line(Fields& fields, std::uint32_t line_no, Article& article) {
  OrderLine line;
  line.line_no = line_no;
  line.sku = fields.text("sku", word_bytes_max);
  line.description = fields.text_or("description", description_bytes_max, "");
  line.quantity = fields.integer("quantity", 1, quantity_max);
  line.unit_price = fields.optional_decimal("unit_price").value_or(Decimal{});
  line.net_minor = fields.minor("net_minor");
  line.taxes = read_taxes(fields);
  line.discount_minor = fields.minor_or("discount_minor", 0);
  store::read_line_details(fields, line);
  article = {fields.text_or("category", description_bytes_max, ""), fields.text_or("brand", word_bytes_max, "")};
  fields.done();
  return line;
}

std::optional<AdjustmentKind> parse_adjustment_kind(std::string_view code) {
  if (code == "discount") return AdjustmentKind::discount;
  if (code == "source_rounding") return AdjustmentKind::source_rounding;
  return std::nullopt;
}

OrderAdjustment read_adjustment(Fields& fields) {
  OrderAdjustment adjustment;
  adjustment.kind = read_code<AdjustmentKind>(fields, "kind", parse_adjustment_kind, AdjustmentKind::discount);
  adjustment.lowers = fields.boolean_or("lowers", true);
  adjustment.label = fields.text_or("label", description_bytes_max, "");
  adjustment.net_minor = fields.minor("net_minor");
  adjustment.taxes = read_taxes(fields);
  store::read_named_lines(fields, adjustment);
  fields.done();
  return adjustment;
}

Tender read_tender(Fields& fields, std::uint32_t number) {
  Tender tender{.tender_no = number};
  tender.kind = read_code<TenderKind>(fields, "kind", parse_tender_kind, std::nullopt);
  tender.reference = fields.text_or("reference", word_bytes_max, "");
  tender.paid_minor = fields.minor("paid_minor");
  fields.done();
  return tender;
}

Order read_order(Fields& fields, std::vector<Article>& articles) {
  Order order;
  order.id.bytes[15] = the_order;
  order.authority = "quote";
  order.number = fields.text_or("number", word_bytes_max, "1");
  order.channel = read_code<SaleChannel>(fields, "channel", parse_channel, SaleChannel::online);
  const std::string currency = fields.text("currency", 8);
  const auto known = Currency::parse(currency);
  if (!known) fields.refuse("currency", "is \"" + currency + "\", which is not a currency known here");
  order.currency = *known;
  order.sold_on = fields.date("sold_on");
  order.delivered_on = fields.optional_date("delivered_on");
  for (Fields& line : fields.objects("lines", quote_lines_max)) {
    order.lines.push_back(
        read_line(line, static_cast<std::uint32_t>(order.lines.size() + 1), articles.emplace_back()));
  }
  for (Fields& one : fields.objects_or_none("adjustments", quote_parts_max)) {
    order.adjustments.push_back(read_adjustment(one));
  }
  store::read_shipments(fields, order);
  store::read_loyalty(fields, order);
  for (Fields& one : fields.objects_or_none("tenders", quote_parts_max)) {
    order.tenders.push_back(read_tender(one, static_cast<std::uint32_t>(order.tenders.size() + 1)));
  }
  fields.done();
  return order;
}

/// Units of a line, or a shipment.
UnitRange read_before(Fields& fields, const Order& order) {
  if (fields.has("shipment")) {
    const auto number =
        fields.integer("shipment", 1, std::max<std::int64_t>(1, static_cast<std::int64_t>(order.shipments.size())));
    if (order.shipments.empty()) fields.refuse("shipment", "names a shipment, and the order has none");
    fields.done();
    return {line_of_shipment(static_cast<std::uint32_t>(number)), 0, 1};
  }
  const auto line_no = fields.integer("line", 1, static_cast<std::int64_t>(order.lines.size()));
  const std::int64_t bought = order.lines[static_cast<std::size_t>(line_no - 1)].quantity;
  const std::int64_t first = fields.integer("first", 0, bought - 1);
  const std::int64_t count = fields.integer("count", 1, bought - first);
  fields.done();
  return {static_cast<std::uint32_t>(line_no), first, count};
}

ReturnedItem read_item(Fields& fields, std::uint32_t number, const Order& order,
                       const std::vector<Article>& articles) {
  ReturnedItem item;
  const auto line_no = fields.integer("line", 1, static_cast<std::int64_t>(order.lines.size()));
  const auto place = static_cast<std::size_t>(line_no - 1);
  item.ask.line_no = number;
  item.ask.order_id = order.id;
  item.ask.order_line_no = static_cast<std::uint32_t>(line_no);
  item.ask.sku = order.lines[place].sku;
  item.ask.quantity = fields.integer("quantity", 1, quantity_max);
  item.ask.serial = store::read_serial(fields);
  item.ask.reason = read_code<ReturnReason>(fields, "reason", parse_return_reason, ReturnReason::unspecified);
  item.facts.category = articles[place].category;
  item.facts.brand = articles[place].brand;
  item.facts.grade = read_code<Grade>(fields, "grade", parse_grade, Grade::ungraded);
  item.facts.data_age_minutes = 0;  // the document is all there is to know
  fields.done();
  return item;
}

/// Who asks, the same for all lines.
void read_visit(Fields& fields, QuoteDocument& document) {
  const std::string tier = fields.text_or("tier", word_bytes_max, "");
  const std::string store = fields.text_or("store", word_bytes_max, "");
  const std::string region = fields.text_or("region", word_bytes_max, "");
  const Role role = read_code<Role>(fields, "role", parse_role, Role::cashier);
  for (ReturnedItem& item : document.items) {
    item.facts.tier = tier;
    item.facts.store = store;
    item.facts.region = region;
    item.facts.role = role;
  }
}

/// Takes a member out of the document, so that the strict reader of the rest does not meet it.
nlohmann::json take(nlohmann::json& document, const char* name) {
  if (!document.is_object() || !document.contains(name)) {
    throw store::Problem(422, "field_missing", std::string(name) + " is missing");
  }
  nlohmann::json member = std::move(document[name]);
  document.erase(name);
  return member;
}

}  // namespace

QuoteDocument read_quote_document(const std::string& text) {
  nlohmann::json json = store::parse_document(text);
  const nlohmann::json order = take(json, "order");
  const nlohmann::json policy = take(json, "policy");
  QuoteDocument document;
  document.policy = policy_pack::policy_from_json(policy.dump(), "the member policy");
  std::vector<Article> articles;
  Fields order_fields(order, "order");
  document.order = read_order(order_fields, articles);
  Fields fields(json, "");
  document.today = fields.date("today");
  for (Fields& one : fields.objects_or_none("refunded_before", quote_lines_max)) {
    document.before.push_back(read_before(one, document.order));
  }
  for (Fields& one : fields.objects("returns", quote_items_max)) {
    document.items.push_back(
        read_item(one, static_cast<std::uint32_t>(document.items.size() + 1), document.order, articles));
  }
  read_visit(fields, document);
  fields.done();
  return document;
}

}  // namespace retour::cli
