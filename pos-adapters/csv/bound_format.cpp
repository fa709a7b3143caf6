#include "pos-adapters/csv/bound_format.hpp"

#include <algorithm>

#include "plugin/core/base/error.hpp"
#include "pos-adapters/csv/csv_reader.hpp"

namespace retour::csv {

namespace {

class Binder {
 public:
  Binder(const std::vector<std::string>& header, const std::string& file, const std::string& format)
      : m_header(header), m_file(file), m_format(format) {}

  Column operator()(const ColumnName& wanted) const {
    Column column{-1, wanted.name};
    if (!wanted.mapped()) return column;
    const auto found = std::find(m_header.begin(), m_header.end(), wanted.name);
    if (found == m_header.end()) {
      if (wanted.required) fail("its header lacks the column '" + wanted.name + "'; it has: " + names());
      return column;
    }
    if (std::find(found + 1, m_header.end(), wanted.name) != m_header.end()) {
      fail("its header names the column '" + wanted.name + "' twice");
    }
    column.index = static_cast<int>(found - m_header.begin());
    return column;
  }

  std::vector<BoundTax> operator()(const std::vector<TaxColumns>& taxes) const {
    std::vector<BoundTax> bound;
    for (const TaxColumns& tax : taxes) bound.push_back({(*this)(tax.rate), (*this)(tax.amount)});
    std::erase_if(bound, [](const BoundTax& tax) { return !tax.rate.there() && !tax.amount.there(); });
    return bound;
  }

  std::vector<BoundAmount> operator()(const std::vector<AmountColumns>& amounts) const {
    std::vector<BoundAmount> bound;
    for (const AmountColumns& amount : amounts) {
      bound.push_back({amount.label, (*this)(amount.net), (*this)(amount.taxes), (*this)(amount.delivered_on),
                       (*this)(amount.lines)});
    }
    std::erase_if(bound, [](const BoundAmount& amount) { return !amount.net.there(); });
    return bound;
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const {
    throw Error({"read", m_file, cause + " (format " + m_format + ")", "nothing was taken from it"});
  }
  std::string names() const {
    std::string all;
    for (const std::string& name : m_header) all += (all.empty() ? "" : ", ") + printable(name);
    return all;
  }

  const std::vector<std::string>& m_header;
  const std::string& m_file;
  const std::string& m_format;
};

void add_taxes(std::vector<Column>& columns, const std::vector<BoundTax>& taxes) {
  for (const BoundTax& tax : taxes) columns.insert(columns.end(), {tax.rate, tax.amount});
}

std::vector<Column> columns_of_order(const BoundFormat& bound) {
  std::vector<Column> columns{bound.customer_ref, bound.card_ref,      bound.channel,     bound.currency,
                              bound.delivered_on, bound.points_earned, bound.points_spent};
  for (const std::vector<BoundAmount>* amounts : {&bound.discounts, &bound.shipments}) {
    for (const BoundAmount& amount : *amounts) {
      columns.insert(columns.end(), {amount.net, amount.delivered_on, amount.lines});
      add_taxes(columns, amount.taxes);
    }
  }
  for (const BoundTender& tender : bound.tenders) {
    columns.insert(columns.end(), {tender.kind, tender.amount, tender.reference});
  }
  std::erase_if(columns, [](const Column& column) { return !column.there(); });
  return columns;
}

}  // namespace

BoundFormat bind_columns(const CsvFormat& format, const std::vector<std::string>& header, const std::string& file) {
  const Binder find(header, file, format.name);
  const CsvFormat::Columns& named = format.columns;
  BoundFormat bound;
  bound.format = format;
  bound.order_number = find(named.order_number);
  bound.sku = find(named.sku);
  bound.quantity = find(named.quantity);
  bound.unit_price = find(named.unit_price);
  bound.line_no = find(named.line_no);
  bound.gtin = find(named.gtin);
  bound.description = find(named.description);
  bound.line_amount = find(named.line_amount);
  bound.line_discount = find(named.line_discount);
  bound.customer_ref = find(named.customer_ref);
  bound.card_ref = find(named.card_ref);
  bound.channel = find(named.channel);
  bound.currency = find(named.currency);
  bound.delivered_on = find(named.delivered_on);
  bound.seller = find(named.seller);
  bound.confirmed_final = find(named.confirmed_final);
  bound.parcel_no = find(named.parcel_no);
  bound.parcel_delivered_on = find(named.parcel_delivered_on);
  bound.serials = find(named.serials);
  bound.points_earned = find(named.points_earned);
  bound.points_spent = find(named.points_spent);
  bound.sold_at = find(format.time.column);
  for (const RowRule& rule : format.rows) bound.rule_columns.push_back(find(rule.column));
  bound.taxes = find(format.taxes);
  bound.discounts = find(format.discounts);
  bound.shipments = find(format.shipments);
  if (const auto* tenders = std::get_if<std::vector<TenderColumns>>(&format.tenders)) {
    for (const TenderColumns& tender : *tenders) {
      bound.tenders.push_back({find(tender.kind), find(tender.amount), find(tender.reference)});
    }
    std::erase_if(bound.tenders, [](const BoundTender& tender) { return !tender.kind.there(); });
  }
  bound.of_order = columns_of_order(bound);
  return bound;
}

}  // namespace retour::csv
