// A good file damaged at random: nothing stops, every row is accounted for once, and what comes out can be divided.

#include <boost/test/unit_test.hpp>

#include "plugin/core/base/utf8.hpp"
#include "plugin/core/unit_account/unit_account.hpp"
#include "pos-adapters/csv/csv_reader.hpp"
#include "tests/support/property_run.hpp"
#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;
using namespace retour::csv_tests;

namespace {

std::string good_file(testing::Draw& draw) {
  std::string text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  for (std::int64_t row = draw.between(1, 30); row > 0; --row) {
    const bool returned = draw.once_in(5);
    const std::int64_t number = 500'000 + draw.between(0, 4);
    text += (returned ? "C" : "") + std::to_string(number) + "," + std::to_string(draw.between(10'000, 99'999)) + ",";
    text += draw.once_in(3) ? "\"A \"\"QUOTED\"\", NAME\nOVER TWO LINES £\"," : "PLAIN NAME,";
    text += std::to_string(returned ? -draw.between(1, 9) : draw.between(1, 9)) +
            ",2010-12-01T08:" + std::to_string(draw.between(10, 59)) + ":00," + std::to_string(draw.between(0, 20)) +
            ".55," + std::to_string(number % 3) + ",UK\n";
  }
  return text;
}

/// Bytes changed, removed, doubled or inserted, most often those that mean something to the format.
void damage(std::string& text, testing::Draw& draw) {
  constexpr std::string_view telling = "\",\n\r0-.C\xFF\xC3\x00 9";
  for (std::int64_t wounds = draw.between(0, 4); wounds > 0 && text.size() > 1; --wounds) {
    // The header stays whole: without it the file is refused, which has tests of its own.
    const std::size_t header = std::min(text.find('\n') + 1, text.size() - 1);
    const auto at = static_cast<std::size_t>(
        draw.between(static_cast<std::int64_t>(header), static_cast<std::int64_t>(text.size()) - 1));
    const char byte = draw.once_in(2) ? telling[static_cast<std::size_t>(draw.between(0, telling.size() - 1))]
                                      : static_cast<char>(draw.between(0, 255));
    switch (draw.between(0, 3)) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.erase(at, static_cast<std::size_t>(draw.between(1, 40)));
        break;
      case 2:
        text.insert(at, 1, byte);
        break;
      default:
        text.insert(at, text.substr(at, static_cast<std::size_t>(draw.between(1, 40))));
        break;
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_properties)

BOOST_AUTO_TEST_CASE(every_row_of_a_damaged_file_is_taken_or_rejected_and_never_both) {
  const testing::PropertyRun run = testing::PropertyRun::from_environment(1352, 3'000);
  BOOST_TEST_MESSAGE("seed " << run.seed << ", " << run.cases << " cases");
  std::uint64_t rejected = 0, taken = 0;
  for (std::uint64_t i = 0; i < run.cases; ++i) {
    testing::Draw draw(run.seed + i);
    std::string text = good_file(draw);
    damage(text, draw);
    BOOST_TEST_CONTEXT("RETOUR_PROPERTY_SEED=" << run.seed + i) {
      const Read got = read_text(text, "online_retail");
      std::vector<std::uint64_t> rows;
      for (const auto& order : got.orders) {
        rows.insert(rows.end(), order.line_rows.begin(), order.line_rows.end());
        BOOST_REQUIRE(OrderAccounts::divide(order.order).ok());
      }
      for (const auto& line : got.returns) rows.push_back(line.row);
      for (const auto& move : got.moves) rows.push_back(move.row);
      for (const auto& note : got.notes) rows.push_back(note.row);
      taken += rows.size();
      for (const auto& reject : got.rejects) {
        rows.push_back(reject.row);
        BOOST_REQUIRE(!reject.reason.empty());
        BOOST_REQUIRE(!first_invalid_utf8(reject.reason + reject.text + reject.column));
      }
      rejected += got.rejects.size();
      std::sort(rows.begin(), rows.end());
      BOOST_REQUIRE_EQUAL(rows.size(), got.counts.rows);
      for (std::size_t k = 0; k < rows.size(); ++k) BOOST_REQUIRE_EQUAL(rows[k], k + 1);
    }
  }
  BOOST_TEST(taken > rejected);
  BOOST_TEST(rejected > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
