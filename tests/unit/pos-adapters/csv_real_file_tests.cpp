// The committed year of real orders, whole: what section "Rows" of docs/replay.md says must come out of it.

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

#include "db/codec/digest.hpp"
#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;

namespace {

struct Year : csv_tests::Read {
  std::uint64_t reports = 0, last_done = 0, last_all = 0;
};

Year read_year() {
  Year year;
  static_cast<csv_tests::Read&>(year) =
      csv_tests::read_file(RETOUR_SOURCE_DIR "/tests/data/online_retail.csv.gz", csv_tests::shipped("online_retail"),
                           codec::derive_order_id, [&](std::uint64_t done, std::uint64_t all) {
                             BOOST_REQUIRE(done >= year.last_done && done <= all);
                             year.last_done = done;
                             year.last_all = all;
                             ++year.reports;
                           });
  return year;
}

const Year& the_year() {
  static const Year year = read_year();
  return year;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_real_file_tests)

BOOST_AUTO_TEST_CASE(every_row_finds_its_place_and_none_is_rejected) {
  const Year& year = the_year();
  BOOST_TEST(year.counts.rows == 541'909U);
  BOOST_TEST(year.orders.size() == 20'725U);
  BOOST_TEST(year.counts.order_lines == 531'282U);
  BOOST_TEST(year.returns.size() == 9'288U);
  BOOST_TEST(year.moves.size() == 1'336U);
  BOOST_TEST(year.notes.size() == 3U);
  BOOST_TEST(year.rejects.size() == 0U);
  BOOST_TEST(year.counts.rejects == 0U);
  for (const ports::SourceNote& note : year.notes) BOOST_TEST(note.code == "not_an_order");
}

BOOST_AUTO_TEST_CASE(units_and_money_sum_to_the_published_figures) {
  const Year& year = the_year();
  std::int64_t sold = 0, returned = 0, moved = 0;
  Minor paid = 0, tendered = 0;
  for (const ports::SourceOrder& source : year.orders) {
    for (const OrderLine& line : source.order.lines) sold += line.quantity;
    paid += order_total(source.order);
    for (const Tender& tender : source.order.tenders) tendered += tender.paid_minor;
  }
  for (const ports::SourceReturnLine& line : year.returns) returned += line.quantity;
  for (const ports::SourceStockMove& move : year.moves) moved += move.quantity;
  BOOST_TEST(sold == 5'660'978);
  BOOST_TEST(returned == 277'574);
  BOOST_TEST(sold - returned + moved + 3 == 5'176'450);  // the three A rows hold one unit each
  BOOST_TEST(paid == tendered);
  // 10,655,622.484 GBP in the file; four rows of 0.001 become 0, and that is told.
  BOOST_TEST(paid == 1'065'562'248);
  BOOST_TEST(year.counts.rounded.lines == 4U);
  BOOST_TEST(year.counts.rounded.amount().to_string() == "0.004");
}

BOOST_AUTO_TEST_CASE(times_rise_strictly_with_rows_and_orders_enter_at_their_last_row) {
  const Year& year = the_year();
  std::map<std::uint64_t, std::int64_t> time_of_row;
  std::uint64_t last_entered = 0;
  for (const ports::SourceOrder& source : year.orders) {
    BOOST_REQUIRE(source.line_rows.size() == source.order.lines.size());
    BOOST_REQUIRE(std::is_sorted(source.line_rows.begin(), source.line_rows.end()));
    BOOST_REQUIRE(source.line_rows.back() > last_entered);
    last_entered = source.line_rows.back();
    time_of_row[source.line_rows.front()] = source.order.sold_at_ms;
    for (std::size_t i = 0; i < source.order.lines.size(); ++i) {
      BOOST_REQUIRE_EQUAL(source.order.lines[i].line_no, i + 1);
    }
  }
  for (const ports::SourceReturnLine& line : year.returns) time_of_row[line.row] = line.at_ms;
  for (const ports::SourceStockMove& move : year.moves) time_of_row[move.row] = move.at_ms;
  std::int64_t last = 0;
  for (const auto& [row, ms] : time_of_row) {
    BOOST_REQUIRE_MESSAGE(ms > last, "row " << row);
    last = ms;
  }
}

BOOST_AUTO_TEST_CASE(the_first_order_is_the_one_in_the_file) {
  const ports::SourceOrder& first = the_year().orders.front();
  const Order& order = first.order;
  BOOST_TEST((order.id == codec::derive_order_id("online-retail", "536365")));
  BOOST_TEST(order.number == "536365");
  BOOST_TEST(first.customer_ref == "17850");
  BOOST_TEST(order.sold_on.to_string() == "2010-12-01");
  BOOST_TEST(order.sold_at_ms == 1'291'191'960'000);  // 08:26
  BOOST_TEST(order.lines.size() == 7U);
  BOOST_TEST(order.lines[0].sku == "85123A");
  BOOST_TEST(order.lines[0].description == "WHITE HANGING HEART T-LIGHT HOLDER");
  BOOST_TEST(order.lines[0].quantity == 6);
  BOOST_TEST(order.lines[0].unit_price.to_string() == "2.55");
  BOOST_TEST(order.lines[0].net_minor == 1530);
  BOOST_REQUIRE(order.tenders.size() == 1U);
  BOOST_TEST((order.tenders[0].kind == TenderKind::cash));  // 17850 is even
  BOOST_TEST(order.tenders[0].reference == "");
  BOOST_TEST(order.tenders[0].paid_minor == 13912);
}

BOOST_AUTO_TEST_CASE(tenders_follow_the_parity_of_the_customer) {
  for (const ports::SourceOrder& source : the_year().orders) {
    const bool cash = !source.customer_ref.empty() && std::stoi(source.customer_ref) % 2 == 0;
    BOOST_REQUIRE(source.card_ref.empty());
    for (const Tender& tender : source.order.tenders) {
      BOOST_REQUIRE((tender.kind == (cash ? TenderKind::cash : TenderKind::card)));
      BOOST_REQUIRE_EQUAL(tender.reference, cash ? "" : "card-" + source.order.number);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_order_that_is_interrupted_enters_once_with_all_its_lines) {
  std::size_t found = 0;
  for (const ports::SourceOrder& source : the_year().orders) {
    if (source.order.number != "542806") continue;
    ++found;
    BOOST_TEST(source.line_rows.back() - source.line_rows.front() > source.line_rows.size());
  }
  BOOST_TEST(found == 1U);
}

BOOST_AUTO_TEST_CASE(the_largest_return_keeps_its_price_and_customer) {
  const auto& returns = the_year().returns;
  const auto largest =
      std::find_if(returns.begin(), returns.end(), [](const auto& r) { return r.document == "C581484"; });
  BOOST_REQUIRE(largest != returns.end());
  BOOST_TEST(largest->quantity == 80'995);
  BOOST_TEST(largest->unit_price.to_string() == "2.08");
  BOOST_TEST(largest->customer_ref == "16446");
}

BOOST_AUTO_TEST_CASE(progress_rises_to_the_whole) {
  const Year& year = the_year();
  BOOST_TEST(year.reports > 200U);
  BOOST_TEST(year.last_done == year.last_all);
}

BOOST_AUTO_TEST_SUITE_END()
