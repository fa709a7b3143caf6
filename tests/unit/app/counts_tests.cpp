// Counts of the chain at a store: its own journal and what the hub told, each case once.

#include <boost/test/unit_test.hpp>

#include "db/projections/counts.hpp"
#include "plugin/app/counted_returns.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using retour::testing::Till;

namespace {

const BusinessDate today = CivilDate::of_ms(retour::testing::noon_ms);
constexpr std::int32_t year = 366;

struct Store : Till {
  const LookupKey carol{{7}};
  SubjectId subject = ids.make<SubjectId>();

  Store() {
    auto write = journal().begin(clock.now_ms());
    projections::insert_subject(write.database(), {subject, carol});
    write.commit();
  }
  /// A case of this store that gave five pounds back.
  ReturnCaseId give_back(std::int32_t days_ago = 0) {
    CaseOpened opened{.case_id = ids.make<ReturnCaseId>(), .till = "1"};
    opened.business_date = {today.days - days_ago};
    opened.subject = subject;
    append(opened);
    append(
        RefundPlanned{.case_id = opened.case_id, .plan_no = 1, .currency = retour::testing::gbp, .total_minor = 500});
    return opened.case_id;
  }
  projections::ReturnElsewhere elsewhere(std::uint8_t no, std::uint8_t node, std::int32_t days_ago = 0) const {
    return {ReturnCaseId{{no}}, NodeId{{node}}, carol, {today.days - days_ago}, true, false};
  }
  void told(const std::vector<projections::ReturnElsewhere>& news, std::uint64_t cursor = 1) {
    app::take_counted(journal(), news, cursor, {today.days - year});
  }
  projections::Counted since(std::int32_t days, ReturnCaseId but = {}) const {
    return {carol, {today.days - days}, but};
  }
  std::int64_t returns(std::int32_t days, ReturnCaseId but = {}) {
    return projections::returns_since(journal().database(), since(days, but));
  }
  std::int64_t stores(std::int32_t days) { return projections::stores_since(journal().database(), since(days)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(counts_tests, Store)

BOOST_AUTO_TEST_CASE(own_returns_and_those_elsewhere_add_up_within_their_days) {
  give_back();
  give_back(40);
  told({elsewhere(1, 2), elsewhere(2, 2, 29), elsewhere(3, 3, 30), elsewhere(4, 4, 364)});
  BOOST_TEST(returns(30) == 3);
  BOOST_TEST(returns(365) == 6);
  BOOST_TEST(stores(30) == 2);
  BOOST_TEST(stores(365) == 4);
}

BOOST_AUTO_TEST_CASE(a_case_that_is_known_both_ways_counts_once) {
  const ReturnCaseId own = give_back();
  told({{own, NodeId{{1}}, carol, today, true, true}});
  BOOST_TEST(returns(30) == 1);
  BOOST_TEST(stores(30) == 1);
  BOOST_TEST(projections::no_receipt_elsewhere_since(journal().database(), since(365)) == 0);
}

BOOST_AUTO_TEST_CASE(the_case_that_is_being_decided_does_not_count) {
  const ReturnCaseId own = give_back();
  BOOST_TEST(returns(30, own) == 0);
}

BOOST_AUTO_TEST_CASE(a_later_word_takes_the_place_and_what_was_undone_is_forgotten) {
  told({elsewhere(1, 2), elsewhere(2, 2)});
  projections::ReturnElsewhere undone = elsewhere(1, 2);
  undone.given_back = false;
  told({undone}, 2);
  BOOST_TEST(returns(30) == 1);
  BOOST_TEST(projections::counted_cursor(journal().database()) == 2u);
}

BOOST_AUTO_TEST_CASE(returns_without_receipt_elsewhere_are_counted_by_themselves) {
  projections::ReturnElsewhere unproven = elsewhere(1, 2);
  unproven.no_receipt = true;
  told({unproven, elsewhere(2, 2)});
  BOOST_TEST(projections::no_receipt_elsewhere_since(journal().database(), since(365)) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_over_a_year_old_goes_and_a_hub_that_lost_its_tail_begins_anew) {
  told({elsewhere(1, 2, 366), elsewhere(2, 2, 367)});
  BOOST_TEST(returns(1'000) == 1);
  app::forget_counted(journal());
  BOOST_TEST(returns(1'000) == 0);
  BOOST_TEST(projections::counted_cursor(journal().database()) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
