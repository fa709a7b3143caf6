#include "pos-adapters/csv/csv_format.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "plugin/core/base/error.hpp"

namespace retour::csv {

namespace {

using nlohmann::json;

/// Reads the members of one JSON object. Whatever was not asked for when it ends is unknown, and refused.
class Members {
 public:
  Members(const json& object, std::string path, const std::string& source)
      : m_object(object), m_path(std::move(path)), m_source(source) {
    if (!object.is_object()) wrong("", "an object is expected");
  }

  [[noreturn]] void wrong(const std::string& key, const std::string& reason) const {
    const std::string at = key.empty() ? m_path : path_of(key);
    throw Error({"read CSV format", m_source, (at.empty() ? "" : at + ": ") + reason, "no file was read by it"});
  }

  const json* find(const std::string& key) {
    m_asked.insert(key);
    const auto found = m_object.find(key);
    return found == m_object.end() ? nullptr : &*found;
  }

  std::string text(const std::string& key) {
    const json* value = find(key);
    if (!value) wrong(key, "is missing");
    if (!value->is_string()) wrong(key, "text is expected");
    return value->get<std::string>();
  }
  std::string text_or(const std::string& key, std::string otherwise) {
    return find(key) ? text(key) : std::move(otherwise);
  }
  bool flag_or(const std::string& key, bool otherwise) {
    const json* value = find(key);
    if (value && !value->is_boolean()) wrong(key, "true or false is expected");
    return value ? value->get<bool>() : otherwise;
  }

  /// One of the named values; the first when the key is missing and `required` is not set.
  template <class T, std::size_t n>
  T choice(const std::string& key, const std::array<std::pair<std::string_view, T>, n>& names, bool required) {
    if (!required && !find(key)) return names[0].second;
    const std::string value = text(key);
    std::string known;
    for (const auto& [name, meaning] : names) {
      if (name == value) return meaning;
      known += (known.empty() ? "" : ", ") + std::string(name);
    }
    wrong(key, "'" + value + "' is none of: " + known);
  }

  Members object(const std::string& key) {
    const json* value = find(key);
    if (!value) wrong(key, "is missing");
    return Members(*value, path_of(key), m_source);
  }

  /// Calls `read` with each element of a list; a missing list is empty.
  template <class Read>
  void each(const std::string& key, Read read) {
    const json* value = find(key);
    if (!value) return;
    if (!value->is_array()) wrong(key, "a list is expected");
    for (std::size_t i = 0; i < value->size(); ++i) {
      read(Members((*value)[i], path_of(key) + "[" + std::to_string(i) + "]", m_source));
    }
  }

  /// "Name", or {"column": "Name", "optional": true}; not mapped when the key is missing.
  ColumnName column(const std::string& key) {
    const json* value = find(key);
    if (!value) return {};
    ColumnName column;
    if (value->is_object()) {
      Members members = object(key);
      column.name = members.text("column");
      column.required = !members.flag_or("optional", false);
      members.end();
    } else {
      column.name = text(key);
    }
    if (column.name.empty()) wrong(key, "a column has a name");
    return column;
  }
  ColumnName mapped_column(const std::string& key) {
    if (!find(key)) wrong(key, "is missing");
    return column(key);
  }
  ColumnName essential_column(const std::string& key) {
    ColumnName essential = mapped_column(key);
    if (!essential.required) wrong(key, "this column cannot be optional");
    return essential;
  }

  void end() const {
    for (const auto& item : m_object.items()) {
      if (!m_asked.contains(item.key())) wrong(item.key(), "is not known");
    }
  }

 private:
  std::string path_of(const std::string& key) const { return m_path.empty() ? key : m_path + "." + key; }

  const json& m_object;
  std::string m_path;
  const std::string& m_source;
  std::set<std::string> m_asked;
};

constexpr std::array<std::pair<std::string_view, SaleChannel>, 4> channels{
    {{"online", SaleChannel::online},
     {"store", SaleChannel::store},
     {"phone", SaleChannel::phone},
     {"marketplace", SaleChannel::marketplace}}};
constexpr std::array<std::pair<std::string_view, TaxMode>, 2> tax_modes{
    {{"included", TaxMode::included}, {"added", TaxMode::added}}};
constexpr std::array<std::pair<std::string_view, TimeResolution>, 4> resolutions{
    {{"second", TimeResolution::second},
     {"millisecond", TimeResolution::millisecond},
     {"minute", TimeResolution::minute},
     {"day", TimeResolution::day}}};
constexpr std::array<std::pair<std::string_view, LineMoney>, 3> line_moneys{
    {{"unit_price", LineMoney::unit_price}, {"net", LineMoney::net}, {"gross", LineMoney::gross}}};
constexpr std::array<std::pair<std::string_view, Rounding>, 3> roundings{
    {{"down", Rounding::down}, {"half_up", Rounding::half_up}, {"half_even", Rounding::half_even}}};
constexpr std::array<std::pair<std::string_view, RowKind>, 4> row_kinds{{{"sale", RowKind::sale},
                                                                         {"return", RowKind::return_line},
                                                                         {"stock_move", RowKind::stock_move},
                                                                         {"note", RowKind::note}}};
constexpr std::array<std::pair<std::string_view, QuantitySign>, 3> signs{
    {{"any", QuantitySign::any}, {"positive", QuantitySign::positive}, {"negative", QuantitySign::negative}}};
constexpr std::array<std::pair<std::string_view, TenderKind>, 7> tender_names{
    {{"card", TenderKind::card},
     {"cash", TenderKind::cash},
     {"gift_card", TenderKind::gift_card},
     {"store_credit", TenderKind::store_credit},
     {"voucher", TenderKind::voucher},
     {"wallet", TenderKind::wallet},
     {"bank_transfer", TenderKind::bank_transfer}}};

std::vector<TaxColumns> read_taxes(Members& members) {
  std::vector<TaxColumns> taxes;
  members.each("taxes", [&](Members tax) {
    taxes.push_back({tax.mapped_column("rate"), tax.mapped_column("amount")});
    tax.end();
  });
  return taxes;
}

std::vector<AmountColumns> read_amounts(Members& format, const std::string& key) {
  std::vector<AmountColumns> amounts;
  format.each(key, [&](Members members) {
    AmountColumns amount;
    amount.label = members.text("label");
    amount.net = members.mapped_column("net");
    amount.taxes = read_taxes(members);
    if (key == "shipments") amount.delivered_on = members.column("delivered_on");
    if (key == "discounts") amount.lines = members.column("lines");
    members.end();
    amounts.push_back(std::move(amount));
  });
  return amounts;
}

TimeFormat read_time(Members members) {
  TimeFormat time;
  time.column = members.essential_column("column");
  time.resolution = members.choice("resolution", resolutions, false);
  time.order_rows_within = members.flag_or("order_rows_within", false);
  if (time.order_rows_within && time.resolution == TimeResolution::millisecond) {
    members.wrong("order_rows_within", "rows are told apart in milliseconds, so the resolution must be coarser");
  }
  members.end();
  return time;
}

RowRule read_rule(Members members) {
  RowRule rule;
  rule.as = members.choice("as", row_kinds, true);
  if (rule.as == RowKind::note) rule.note_code = members.text("code");
  rule.number_starts_with = members.text_or("number_starts_with", "");
  rule.number_is_digits = members.flag_or("number_is_digits", false);
  rule.quantity = members.choice("quantity", signs, false);
  rule.column = members.column("column");
  if (rule.column.mapped()) {
    const json* values = members.find("values");
    if (!values || !values->is_array() || values->empty()) members.wrong("values", "a list of texts is expected");
    for (const json& value : *values) {
      if (!value.is_string()) members.wrong("values", "a list of texts is expected");
      rule.values.push_back(value.get<std::string>());
    }
  }
  members.end();
  return rule;
}

TenderFormat read_tenders(Members members) {
  constexpr std::array<std::pair<std::string_view, int>, 3> rules{
      {{"columns", 0}, {"parity_of_customer", 1}, {"single", 2}}};
  switch (members.choice("rule", rules, true)) {
    case 1: {
      TenderByParity parity;
      parity.even = members.choice("even", tender_names, true);
      parity.odd = members.choice("odd", tender_names, true);
      parity.none = members.choice("none", tender_names, true);
      parity.card_reference = members.text_or("card_reference", "");
      members.end();
      return parity;
    }
    case 2: {
      SingleTender single;
      single.kind = members.choice("kind", tender_names, true);
      single.reference = members.text_or("reference", "");
      members.end();
      return single;
    }
    default:
      break;
  }
  std::vector<TenderColumns> columns;
  members.each("columns", [&](Members tender) {
    columns.push_back({tender.mapped_column("kind"), tender.mapped_column("amount"), tender.column("reference")});
    tender.end();
  });
  if (columns.empty()) members.wrong("columns", "a list of tenders is expected");
  members.end();
  return columns;
}

CsvFormat::Columns read_columns(Members members) {
  CsvFormat::Columns columns;
  columns.order_number = members.essential_column("order_number");
  columns.sku = members.essential_column("sku");
  columns.quantity = members.essential_column("quantity");
  columns.unit_price = members.essential_column("unit_price");
  columns.line_no = members.column("line_no");
  columns.gtin = members.column("gtin");
  columns.description = members.column("description");
  columns.line_amount = members.column("line_amount");
  columns.line_discount = members.column("line_discount");
  columns.seller = members.column("seller");
  columns.confirmed_final = members.column("confirmed_final");
  columns.parcel_no = members.column("parcel_no");
  columns.parcel_delivered_on = members.column("parcel_delivered_on");
  columns.serials = members.column("serials");
  columns.points_earned = members.column("points_earned");
  columns.points_spent = members.column("points_spent");
  columns.customer_ref = members.column("customer_ref");
  columns.card_ref = members.column("card_ref");
  columns.channel = members.column("channel");
  columns.currency = members.column("currency");
  columns.delivered_on = members.column("delivered_on");
  members.end();
  return columns;
}

void read_line_money(Members members, CsvFormat& format) {
  format.line_money = members.choice("from", line_moneys, true);
  format.rounding = members.choice("rounding", roundings, false);
  if (format.line_money != LineMoney::unit_price && !format.columns.line_amount.mapped()) {
    members.wrong("from", "columns.line_amount must be mapped");
  }
  members.end();
}

CsvFormat read_format(Members members, const std::string& source) {
  CsvFormat format;
  format.name = source;
  format.authority = members.text("authority");
  if (format.authority.empty() || format.authority.find('\x1f') != std::string::npos) {
    members.wrong("authority", "a name without control characters is expected");
  }
  format.channel = members.choice("channel", channels, false);
  format.tax_mode = members.choice("tax_mode", tax_modes, false);
  const auto currency = Currency::parse(members.text("currency"));
  if (!currency) members.wrong("currency", "no currency that is known");
  format.currency = *currency;
  format.columns = read_columns(members.object("columns"));
  format.time = read_time(members.object("time"));
  read_line_money(members.object("line_money"), format);
  members.each("rows", [&](Members rule) { format.rows.push_back(read_rule(std::move(rule))); });
  if (format.rows.empty()) members.wrong("rows", "a list of rules is expected");
  format.tenders = read_tenders(members.object("tenders"));
  format.taxes = read_taxes(members);
  format.discounts = read_amounts(members, "discounts");
  format.shipments = read_amounts(members, "shipments");
  members.end();
  return format;
}

}  // namespace

std::int64_t milliseconds_of(TimeResolution resolution) {
  switch (resolution) {
    case TimeResolution::millisecond:
      return 1;
    case TimeResolution::second:
      return 1'000;
    case TimeResolution::minute:
      return 60'000;
    case TimeResolution::day:
      return 86'400'000;
  }
  return 1;
}

CsvFormat CsvFormat::parse(std::string_view text, const std::string& source) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    throw Error({"read CSV format", source, "it is no JSON document", "no file was read by it"});
  }
  return read_format(Members(document, "", source), source);
}

}  // namespace retour::csv
