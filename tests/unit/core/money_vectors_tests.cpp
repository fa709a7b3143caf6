// The worked examples of docs/money.md, held against the program.

#include "tests/unit/core/money_vectors.hpp"

#include <boost/test/unit_test.hpp>

using namespace retour;
using namespace retour::testing;
using boost::test_tools::per_element;

namespace {

const MoneyDoc& doc() {
  static const MoneyDoc read = read_money_doc(RETOUR_SOURCE_DIR "/docs/money.md");
  return read;
}

const Currency euro = Currency::parse("EUR").value();

std::vector<Minor> weights_of(const std::string& text) {
  return amounts_of(text, {"XXX", 0});  // weights are plain whole numbers
}

std::vector<Minor> minor_of(const std::vector<TaxAmount>& taxes) {
  std::vector<Minor> amounts;
  for (const TaxAmount& tax : taxes) amounts.push_back(tax.minor);
  return amounts;
}

AccountRange range_of(const std::vector<std::string>& row, const Currency& currency) {
  const UnitRange units = units_of(row[0]);
  AccountRange range{units.first, units.count, {amount_of(row[1], currency)}};
  for (const Minor tax : minor_of(taxes_of(row[2], currency))) range.component_minor.push_back(tax);
  return range;
}

PaidAmounts paid_of(const std::vector<std::string>& row, const Currency& currency) {
  return {amount_of(row[1], currency), taxes_of(row[2], currency), amount_of(row[3], currency),
          tenders_of(row[4], currency)};
}

PaidAmounts paid_by(const OrderAccounts& accounts, const std::string& where) {
  if (!where.starts_with("shipment ")) return accounts.paid_for(units_of(where));
  const auto number = static_cast<std::uint32_t>(std::stoul(where.substr(9)));
  for (const ShipmentAccount& shipment : accounts.shipments()) {
    if (shipment.shipment_no == number) return shipment.paid;
  }
  throw std::runtime_error("no such shipment: " + where);
}

void check_accounts(const DocExample& example, const OrderAccounts& accounts) {
  std::vector<AccountRange> expected, found;
  for (const auto& row : example.accounts) expected.push_back(range_of(row, example.order.currency));
  for (const LineAccounts& line : accounts.lines()) found.insert(found.end(), line.ranges.begin(), line.ranges.end());
  BOOST_TEST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    BOOST_TEST_CONTEXT(example.accounts[i][0]) {
      BOOST_TEST(found[i].first == expected[i].first);
      BOOST_TEST(found[i].count == expected[i].count);
      BOOST_TEST(found[i].component_minor == expected[i].component_minor, per_element());
    }
  }
}

void check_claims(const DocExample& example, const OrderAccounts& accounts) {
  for (const auto& row : example.claims) {
    BOOST_TEST_CONTEXT(row[0]) {
      const PaidAmounts expected = paid_of(row, example.order.currency);
      const PaidAmounts paid = paid_by(accounts, row[0]);
      BOOST_TEST(paid.net_minor == expected.net_minor);
      BOOST_TEST(minor_of(paid.taxes) == minor_of(expected.taxes), per_element());
      BOOST_TEST(paid.discount_minor == expected.discount_minor);
      BOOST_TEST((paid == expected));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(money_vectors_tests)

BOOST_AUTO_TEST_CASE(line_totals_of_the_document_are_right) {
  const DocTable& table = table_under(doc(), "Amounts");
  BOOST_TEST(table.rows.size() >= 10u);
  for (const auto& row : table.rows) {
    const Currency currency = Currency::parse(row[2]).value();
    const auto total = extend(Decimal::parse(row[0]).value(), std::stoll(row[1]), currency, rounding_of(row[3]));
    BOOST_TEST(total.value() == amount_of(row[4], currency), row[0] << " x " << row[1] << " " << row[3]);
  }
}

BOOST_AUTO_TEST_CASE(rounding_names_of_the_document_are_right) {
  const DocTable& table = table_under(doc(), "Rounding names");
  BOOST_TEST(table.rows.size() == 3u);
  for (const auto& row : table.rows) {
    for (std::size_t i = 1; i < row.size(); ++i) {
      const Decimal value = Decimal::parse(table.header[i]).value();
      BOOST_TEST(extend(value, 1, {"JPY", 0}, rounding_of(row[0])).value() == std::stoll(row[i]), row[0]);
    }
  }
}

BOOST_AUTO_TEST_CASE(largest_remainders_of_the_document_are_right) {
  const DocTable& table = table_under(doc(), "Largest remainder");
  BOOST_TEST(table.rows.size() >= 6u);
  for (const auto& row : table.rows) {
    BOOST_TEST_CONTEXT(row[0] << " over " << row[1]) {
      const auto parts = allocate(amount_of(row[0], euro), weights_of(row[1]));
      BOOST_TEST(parts == amounts_of(row[2], euro), per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(capped_parts_of_the_document_are_right) {
  const DocTable& table = table_under(doc(), "Caps");
  BOOST_TEST(table.rows.size() >= 4u);
  for (const auto& row : table.rows) {
    BOOST_TEST_CONTEXT(row[0] << " over " << row[1]) {
      const auto parts = allocate_capped(amount_of(row[0], euro), weights_of(row[1]), amounts_of(row[2], euro));
      BOOST_TEST_REQUIRE(parts.has_value() == (row[3] != "refused"));
      if (parts) BOOST_TEST(*parts == amounts_of(row[3], euro), per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_name_of_a_refusal_stands_in_the_document) {
  std::string names;
  for (const auto& row : table_under(doc(), "What is refused").rows) names += row[0] + " ";
  for (int code = 1; code <= static_cast<int>(DivisionError::discount_raises); ++code) {
    const std::string name(to_string(static_cast<DivisionError>(code)));
    BOOST_TEST(names.find(name) != std::string::npos, name);
  }
}

BOOST_AUTO_TEST_CASE(worked_examples_of_the_document_divide_as_written) {
  BOOST_TEST(doc().examples.size() >= 16u);
  for (const DocExample& example : doc().examples) {
    BOOST_TEST_CONTEXT(example.title) {
      const auto accounts = OrderAccounts::divide(example.order);
      BOOST_TEST_REQUIRE(accounts.ok());
      BOOST_TEST(!example.claims.empty());
      check_accounts(example, *accounts);
      check_claims(example, *accounts);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
