#pragma once
// What the columns of a file mean, as data: read from a small JSON file. Format: docs/adapters.md, "CSV files".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plugin/core/order/order.hpp"

namespace retour::csv {

/// A column by the header's name. Empty: not mapped. A required one must stand in the header.
struct ColumnName {
  std::string name;
  bool required = true;
  bool mapped() const { return !name.empty(); }
};

struct TaxColumns {
  ColumnName rate;    // percent
  ColumnName amount;  // of the line, not of a unit
};

/// An amount in currency units without tax, and the taxes on it.
struct AmountColumns {
  std::string label;
  ColumnName net;
  std::vector<TaxColumns> taxes;
  ColumnName delivered_on;  // of a shipment
  ColumnName lines;         // of a discount: the numbers of the lines that it is on, divided by |; empty: all
};

struct TenderColumns {
  ColumnName kind, amount, reference;
};

/// How an order was paid, when the file does not say: by whether the customer's last character is an even code.
struct TenderByParity {
  TenderKind even = TenderKind::cash, odd = TenderKind::card, none = TenderKind::card;
  std::string card_reference;  // "{number}" stands for the order's number
};
struct SingleTender {
  TenderKind kind = TenderKind::card;
  std::string reference;
};
using TenderFormat = std::variant<std::vector<TenderColumns>, TenderByParity, SingleTender>;

enum class RowKind : std::uint8_t { sale = 1, return_line, stock_move, note };
enum class QuantitySign : std::uint8_t { any = 0, positive, negative };

/// The first rule that fits a row says what it is.
struct RowRule {
  RowKind as = RowKind::sale;
  std::string note_code;
  std::string number_starts_with;
  bool number_is_digits = false;
  QuantitySign quantity = QuantitySign::any;
  ColumnName column;  // with `values`: the cell must be one of them
  std::vector<std::string> values;
};

enum class TimeResolution : std::uint8_t { millisecond = 1, second, minute, day };
std::int64_t milliseconds_of(TimeResolution resolution);

struct TimeFormat {
  ColumnName column;
  TimeResolution resolution = TimeResolution::second;
  bool order_rows_within = false;  // a row's place among those of one instant is added in milliseconds
};

/// Where a line's money comes from: quantity times unit price, or a column.
enum class LineMoney : std::uint8_t { unit_price = 1, net, gross };

struct CsvFormat {
  std::string name;
  std::string authority;
  SaleChannel channel = SaleChannel::online;
  TaxMode tax_mode = TaxMode::included;
  Currency currency;
  TimeFormat time;
  LineMoney line_money = LineMoney::unit_price;
  Rounding rounding = Rounding::down;  // of quantity times unit price
  std::vector<RowRule> rows;
  TenderFormat tenders;
  std::vector<TaxColumns> taxes;
  std::vector<AmountColumns> discounts;  // of the order as a whole
  std::vector<AmountColumns> shipments;
  struct Columns {
    ColumnName order_number, sku, quantity, unit_price;                           // always mapped
    ColumnName line_no, gtin, description, line_amount, line_discount;            // of the line
    ColumnName seller, confirmed_final, parcel_no, parcel_delivered_on, serials;  // of the line
    ColumnName customer_ref, card_ref, channel, currency, delivered_on;           // of the order
    ColumnName points_earned, points_spent;                                       // of the order
  } columns;

  /// Throws retour::Error that names `source` and the path of what is unknown, missing or wrong.
  static CsvFormat parse(std::string_view json, const std::string& source);
};

/// The formats that come with the program: "online_retail" and "plain". Empty for other names.
std::optional<std::string_view> shipped_format(std::string_view name);

}  // namespace retour::csv
