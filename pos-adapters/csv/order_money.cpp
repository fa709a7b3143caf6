#include "pos-adapters/csv/order_money.hpp"

#include <numeric>

#include "pos-adapters/csv/order_details.hpp"

namespace retour::csv {

namespace {

std::vector<TaxAmount> read_taxes(Cells& cells, const std::vector<BoundTax>& columns, const Currency& currency) {
  std::vector<TaxAmount> taxes;
  for (const BoundTax& column : columns) {
    if (cells.cell(column.rate).empty() && cells.cell(column.amount).empty()) continue;
    const Decimal rate = cells.price(column.rate).normalized();
    taxes.push_back({rate, cells.minor(column.amount, currency)});
  }
  return taxes;
}

Minor sum_of(const std::vector<TaxAmount>& taxes) {
  return std::accumulate(taxes.begin(), taxes.end(), Minor{0},
                         [](Minor sum, const TaxAmount& tax) { return sum + tax.minor; });
}

std::int64_t power_of_ten(unsigned exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/// Adds what the rounding took. Only the digits behind the minor unit matter, so nothing here can overflow.
void note_rounding(const OrderLine& line, const Currency& currency, Minor rounded_to, RoundedAway& rounded) {
  if (line.unit_price.scale <= currency.decimals) return;
  const std::int64_t one = power_of_ten(static_cast<unsigned>(line.unit_price.scale - currency.decimals));
  const std::int64_t rest = (line.unit_price.mantissa % one) * (line.quantity % one) % one;
  if (rest == 0) return;
  const Minor floor = extend(line.unit_price, line.quantity, currency, Rounding::down).value_or(rounded_to);
  constexpr unsigned billionth_scale = 9;
  rounded.lines += 1;
  rounded.billionths += (rest - (rounded_to - floor) * one) * power_of_ten(billionth_scale - line.unit_price.scale);
}

/// Quantity times unit price; a line discount is taken off.
Minor extended(Cells& cells, const BoundFormat& format, const Currency& currency, const OrderLine& line,
               RoundedAway& rounded) {
  const auto total = extend(line.unit_price, line.quantity, currency, format.format.rounding);
  if (!total) {
    cells.wrong(format.unit_price, "times the quantity exceeds the largest amount");
    return 0;
  }
  note_rounding(line, currency, *total, rounded);
  if (line.discount_minor > *total) {
    cells.wrong(format.line_discount, "exceeds quantity times unit price");
    return 0;
  }
  return *total - line.discount_minor;
}

std::string replaced(std::string text, std::string_view number) {
  constexpr std::string_view placeholder = "{number}";
  if (const std::size_t at = text.find(placeholder); at != std::string::npos) {
    text.replace(at, placeholder.size(), number);
  }
  return text;
}

Tender tender_by_parity(const TenderByParity& rule, std::string_view customer_ref, const Order& order, Minor total) {
  Tender tender{1, rule.none, {}, total};
  if (!customer_ref.empty()) tender.kind = customer_ref.back() % 2 == 0 ? rule.even : rule.odd;
  if (tender.kind == TenderKind::card) tender.reference = replaced(rule.card_reference, order.number);
  return tender;
}

void read_tender_columns(Cells& cells, const BoundFormat& format, Order& order, Minor total) {
  for (const BoundTender& column : format.tenders) {
    const std::string_view kind_name = cells.cell(column.kind), amount = cells.cell(column.amount);
    if (kind_name.empty() && amount.empty()) continue;
    const auto kind = parse_tender_kind(kind_name);
    if (!kind) cells.wrong(column.kind, shown(kind_name) + " is no kind of tender");
    Tender tender{static_cast<std::uint32_t>(order.tenders.size() + 1), kind.value_or(TenderKind::card), {}, total};
    tender.reference = cells.reference(column.reference);
    if (!amount.empty()) tender.paid_minor = cells.minor(column.amount, order.currency);
    if (amount.empty() && format.tenders.size() > 1 && !order.tenders.empty()) {
      cells.wrong(column.amount, "is empty; only a tender that paid everything may leave it out");
    }
    order.tenders.push_back(std::move(tender));
  }
  if (order.tenders.empty())
    cells.wrong(format.tenders.empty() ? Column{} : format.tenders[0].kind, "no tender is named");
}

void read_tenders(Cells& cells, const BoundFormat& format, std::string_view customer_ref, Order& order) {
  const Minor total = order_total(order);
  if (const auto* parity = std::get_if<TenderByParity>(&format.format.tenders)) {
    order.tenders.push_back(tender_by_parity(*parity, customer_ref, order, total));
  } else if (const auto* single = std::get_if<SingleTender>(&format.format.tenders)) {
    order.tenders.push_back({1, single->kind, replaced(single->reference, order.number), total});
  } else {
    read_tender_columns(cells, format, order, total);
  }
  std::erase_if(order.tenders, [](const Tender& tender) { return tender.paid_minor == 0; });
}

/// Source systems round each line by itself, so tenders may miss the sum by a minor unit a line, and no more.
void name_source_rounding(Cells& cells, const BoundFormat& format, Order& order) {
  Minor paid = 0;
  for (const Tender& tender : order.tenders) {
    if (tender.paid_minor > minor_max - paid)
      return cells.wrong(format.order_number, "its tenders exceed the largest amount");
    paid += tender.paid_minor;
  }
  const Minor total = order_total(order), apart = paid > total ? paid - total : total - paid;
  if (apart == 0) return;
  if (apart > static_cast<Minor>(order.lines.size() + order.shipments.size())) {
    const Column& column = format.tenders.empty() ? format.order_number : format.tenders[0].amount;
    return cells.wrong(column, "the tenders of the order sum to " + to_string(paid, order.currency) +
                                   " and its lines to " + to_string(total, order.currency));
  }
  order.adjustments.push_back({AdjustmentKind::source_rounding, paid < total, "source_rounding", apart, {}});
}

}  // namespace

void read_line_money(Cells& cells, const BoundFormat& format, const Currency& currency, OrderLine& line,
                     RoundedAway& rounded) {
  line.taxes = read_taxes(cells, format.taxes, currency);
  if (!cells.cell(format.line_discount).empty()) line.discount_minor = cells.minor(format.line_discount, currency);
  const Minor tax = sum_of(line.taxes);
  Minor amount = 0;
  bool includes_tax = format.format.line_money == LineMoney::gross;
  if (format.format.line_money == LineMoney::unit_price) {
    amount = extended(cells, format, currency, line, rounded);
    includes_tax = format.format.tax_mode == TaxMode::included;
  } else {
    amount = cells.minor(format.line_amount, currency);
  }
  if (includes_tax && tax > amount) {
    cells.wrong(format.taxes.empty() ? format.unit_price : format.taxes[0].amount,
                "the taxes exceed the line's total");
    return;
  }
  line.net_minor = includes_tax ? amount - tax : amount;
}

void read_order_money(Cells& cells, const BoundFormat& format, std::string_view customer_ref, Order& order) {
  for (const BoundAmount& column : format.discounts) {
    if (cells.cell(column.net).empty()) continue;
    order.adjustments.push_back(
        {AdjustmentKind::discount, true, column.label, cells.minor(column.net, order.currency),
         read_taxes(cells, column.taxes, order.currency), read_named_lines(cells, column.lines)});
  }
  for (const BoundAmount& column : format.shipments) {
    if (cells.cell(column.net).empty()) continue;
    order.shipments.push_back({static_cast<std::uint32_t>(order.shipments.size() + 1), column.label,
                               cells.minor(column.net, order.currency),
                               read_taxes(cells, column.taxes, order.currency), cells.date(column.delivered_on)});
  }
  if (cells.fault()) return;
  read_tenders(cells, format, customer_ref, order);
  if (!cells.fault()) name_source_rounding(cells, format, order);
}

}  // namespace retour::csv
