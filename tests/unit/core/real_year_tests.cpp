// The rules alone over the committed year of real orders, one answer after another as a hub that knows everything
// would give it. No store, no wire, no journal: when the replay disagrees with the expectation and this does not, the
// rules are not to blame.

#include <boost/test/unit_test.hpp>
#include <map>

#include "db/codec/digest.hpp"
#include "plugin/core/policy/policy.hpp"
#include "plugin/core/rights/rights.hpp"
#include "pos-adapters/csv/csv_reader.hpp"
#include "pos-adapters/csv/csv_source.hpp"

using namespace retour;

namespace {

struct KnownOrder {
  ports::SourceOrder source;
  OrderRights rights;
  OrderAccounts accounts;
};

bool is_merchandise(const std::string& sku) {
  return sku.size() >= 5 && sku.find_first_not_of("0123456789") >= 5;
}

/// Everything sold so far, and who may return it.
class Ledger {
 public:
  void sell(ports::SourceOrder&& source) {
    std::vector<OrderRights::Line> lines;
    for (const OrderLine& line : source.order.lines) {
      lines.push_back({line.line_no, line.quantity});
      if (!source.customer_ref.empty()) {
        m_lines[{source.customer_ref, line.sku}].emplace_back(source.order.id, line.line_no);
      }
    }
    OrderAccounts accounts = OrderAccounts::divide(source.order).value();
    const OrderId id = source.order.id;
    m_orders.emplace(id, KnownOrder{std::move(source), OrderRights::mint(lines, Holder::hub()), std::move(accounts)});
  }

  Decision take_back(const ports::SourceReturnLine& line) {
    ReturnAsk ask;
    ask.line_no = 1;
    ask.sku = line.sku;
    ask.quantity = line.quantity;
    ask.asked_price = line.unit_price;
    DecisionFacts facts;
    facts.has_customer = !line.customer_ref.empty();
    facts.lots = lots_of(line.customer_ref, line.sku);
    facts.final_word = true;
    facts.asked_at_ms = line.at_ms;
    facts.business_date = line.on;
    const PolicyPack pack{.id = "replay", .version = 1, .merchandise_sku_leading_digits = 5};
    Decision decision = decide_line(ask, facts, pack);
    for (const OrderUnits& taken : decision.taken) {
      KnownOrder& order = m_orders.at(taken.order_id);
      BOOST_REQUIRE(order.rights.move(taken.units, Holder::hub(), Holder::claimed(ReturnCaseId{{1}})).ok());
      m_paid_back += order.accounts.paid_for(taken.units).total_minor();
    }
    return decision;
  }

  /// "536527#1234:6", the order's number, the row of the line, the units.
  std::string text_of(const OrderUnits& units) const {
    const ports::SourceOrder& source = m_orders.at(units.order_id).source;
    return source.order.number + "#" + std::to_string(source.line_rows[units.units.line_no - 1]) + ":" +
           std::to_string(units.units.count);
  }

  Minor paid_back() const { return m_paid_back; }

  std::int64_t open_units_of_known_customers() const {
    std::int64_t open = 0;
    for (const auto& [key, lines] : m_lines) {
      if (!is_merchandise(key.second)) continue;
      for (const Lot& lot : lots_of(key.first, key.second)) open += free_units(lot);
    }
    return open;
  }

 private:
  std::vector<Lot> lots_of(const std::string& customer, const std::string& sku) const {
    std::vector<Lot> lots;
    const auto found = m_lines.find({customer, sku});
    if (customer.empty() || found == m_lines.end()) return lots;
    for (const auto& [order_id, line_no] : found->second) {
      const KnownOrder& known = m_orders.at(order_id);
      const OrderLine& line = known.source.order.lines[line_no - 1];
      lots.push_back(lot_of(known.source.order, line));
      lots.back().free = known.rights.held_by(Holder::hub(), {line_no, 0, line.quantity});
    }
    return lots;
  }

  std::map<OrderId, KnownOrder> m_orders;
  std::map<std::pair<std::string, std::string>, std::vector<std::pair<OrderId, std::uint32_t>>> m_lines;
  Minor m_paid_back = 0;
};

std::string name_of(const Decision& decision) {
  if (decision.verdict == Verdict::approved) return "MATCHED";
  switch (decision.refusal) {
    case Refusal::no_customer:
      return "NO_CUSTOMER";
    case Refusal::not_merchandise:
      return "NON_MERCH";
    case Refusal::no_purchase_found:
      return "NEVER_BOUGHT";
    case Refusal::already_returned:
      return "EXHAUSTED";
    case Refusal::quantity_exceeds_returnable:
      return "OVER_RETURN";
    default:
      return std::string(to_string(decision.refusal));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(real_year_tests)

BOOST_AUTO_TEST_CASE(every_return_line_of_the_year_gets_the_expected_answer_and_units) {
  csv::CsvReader expected(RETOUR_SOURCE_DIR "/tests/data/online_retail_expected.csv.gz");
  csv::CsvRow row;
  Ledger ledger;
  std::size_t lines = 0;
  csv::CsvSource source(RETOUR_SOURCE_DIR "/tests/data/online_retail.csv.gz",
                        csv::CsvFormat::parse(csv::shipped_format("online_retail").value(), "online_retail"),
                        {.order_id = codec::derive_order_id});
  source.read(
      [&](ports::SourceItem&& item) {
        if (auto* order = std::get_if<ports::SourceOrder>(&item)) ledger.sell(std::move(*order));
        const auto* line = std::get_if<ports::SourceReturnLine>(&item);
        if (!line) return;
        const Decision decision = ledger.take_back(*line);
        std::string allocation;
        for (const OrderUnits& taken : decision.taken) {
          allocation += (allocation.empty() ? "" : " ") + ledger.text_of(taken);
        }
        BOOST_REQUIRE(expected.next(row));
        BOOST_TEST_CONTEXT("row " << line->row) {
          BOOST_REQUIRE_EQUAL(row.fields[0], std::to_string(line->row));
          BOOST_REQUIRE_EQUAL(row.fields[7], name_of(decision));
          BOOST_REQUIRE_EQUAL(row.fields[8], allocation);
        }
        ++lines;
      },
      {});
  BOOST_TEST(lines == 9'288U);
  BOOST_TEST(!expected.next(row));
  BOOST_TEST(ledger.paid_back() == 44'949'149);  // 449,491.49 GBP
  BOOST_TEST(ledger.open_units_of_known_customers() == 4'921'011);
}

BOOST_AUTO_TEST_SUITE_END()
