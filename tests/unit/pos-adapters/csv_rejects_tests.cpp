#include <boost/test/unit_test.hpp>

#include "plugin/core/base/error.hpp"
#include "pos-adapters/csv/csv_reader.hpp"
#include "pos-adapters/csv/rejects_file.hpp"
#include "tests/unit/pos-adapters/csv_fixture.hpp"

using namespace retour;
using namespace retour::csv_tests;

namespace {

const ports::SourceReject a_reject{"orders.csv",  3, 2, "Quantity", "'x, \"y\"' is not a whole number",
                                   "1,\"a\nb\",x"};

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_rejects_tests)

BOOST_AUTO_TEST_CASE(rejects_can_be_read_back_field_by_field) {
  const TemporaryFile target("an older list");
  csv::RejectsFile file(target.path());
  file.add(a_reject);
  file.add(a_reject);
  file.close();
  BOOST_TEST(file.count() == 2U);
  csv::CsvReader reader(target.path());
  csv::CsvRow row;
  BOOST_REQUIRE(reader.next(row));
  BOOST_TEST(row.fault == "");
  BOOST_TEST(std::vector<std::string>(row.fields.begin(), row.fields.end()) ==
                 (std::vector<std::string>{"orders.csv", "3", "2", "Quantity", a_reject.reason, a_reject.text}),
             boost::test_tools::per_element());
  BOOST_TEST(reader.next(row));
  BOOST_TEST(!reader.next(row));
}

BOOST_AUTO_TEST_CASE(without_a_reject_no_file_is_touched) {
  const TemporaryFile target("an older list");
  csv::RejectsFile file(target.path());
  file.close();
  BOOST_TEST(std::filesystem::file_size(target.path()) == 13U);
}

BOOST_AUTO_TEST_CASE(a_list_that_cannot_be_written_is_an_error) {
  csv::RejectsFile nowhere("/nowhere/rejects.csv");
  nowhere.add(a_reject);
  BOOST_CHECK_THROW(nowhere.close(), Error);
  csv::RejectsFile full("/dev/full");
  full.add(a_reject);
  BOOST_CHECK_THROW(full.close(), Error);
}

BOOST_AUTO_TEST_SUITE_END()
