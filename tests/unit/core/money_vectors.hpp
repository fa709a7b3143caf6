#pragma once
// Reads the tables and the orders out of docs/money.md, so that the worked examples are the golden vectors.

#include <string>
#include <string_view>
#include <vector>

#include "plugin/core/order/order.hpp"
#include "plugin/core/unit_account/unit_account.hpp"

namespace retour::testing {

/// One Markdown table: the text of its cells, without blanks and back quotes around them.
struct DocTable {
  std::string heading;  // the one it stands under
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// One worked example: the order and the two tables under it.
struct DocExample {
  std::string title;
  Order order;
  std::vector<std::vector<std::string>> accounts;  // where | net | tax, each
  std::vector<std::vector<std::string>> claims;    // where | net | tax | discount | tenders, together
};

struct MoneyDoc {
  std::vector<DocTable> tables;  // outside the worked examples
  std::vector<DocExample> examples;
};

/// Throws std::runtime_error with the line that it does not understand.
MoneyDoc read_money_doc(const std::string& path);

/// The table under a heading; throws when it is gone.
const DocTable& table_under(const MoneyDoc& doc, std::string_view heading);

/// "12.34" in the currency's decimals, all of them written; throws otherwise.
Minor amount_of(std::string_view text, const Currency& currency);
std::vector<Minor> amounts_of(const std::string& text, const Currency& currency);
/// "20: 0.55 7: 0.10"
std::vector<TaxAmount> taxes_of(const std::string& text, const Currency& currency);
/// "1: 3.33 2: 1.66"
std::vector<TenderShare> tenders_of(const std::string& text, const Currency& currency);
/// "line 1 units 0-4"; a shipment is not a range and throws.
UnitRange units_of(const std::string& text);

Rounding rounding_of(std::string_view name);

}  // namespace retour::testing
