#pragma once
// A format whose columns were found in the header of one file.

#include <vector>

#include "pos-adapters/csv/cells.hpp"
#include "pos-adapters/csv/csv_format.hpp"

namespace retour::csv {

struct BoundTax {
  Column rate, amount;
};
struct BoundAmount {
  std::string label;
  Column net;
  std::vector<BoundTax> taxes;
  Column delivered_on, lines;
};
struct BoundTender {
  Column kind, amount, reference;
};

struct BoundFormat {
  CsvFormat format;
  Column order_number, sku, quantity, unit_price;
  Column line_no, gtin, description, line_amount, line_discount;
  Column seller, confirmed_final, parcel_no, parcel_delivered_on, serials, points_earned, points_spent;
  Column customer_ref, card_ref, channel, currency, delivered_on;
  Column sold_at;
  std::vector<Column> rule_columns;  // one a rule of the format
  std::vector<BoundTax> taxes;
  std::vector<BoundAmount> discounts, shipments;
  std::vector<BoundTender> tenders;
  /// Columns that speak of the whole order: every row says the same, or nothing.
  std::vector<Column> of_order;
};

/// Throws retour::Error when a required column is not in the header, or a mapped one stands there twice.
BoundFormat bind_columns(const CsvFormat& format, const std::vector<std::string>& header, const std::string& file);

}  // namespace retour::csv
