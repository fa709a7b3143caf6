#include <boost/test/unit_test.hpp>

#include "db/codec/varint.hpp"
#include "db/projections/ranges.hpp"
#include "db/projections/readers.hpp"
#include "tests/support/random_visits.hpp"
#include "tests/unit/db/journal_support.hpp"

using namespace retour;
using namespace retour::journal;
using namespace retour::projections;
using namespace retour::testing;

namespace {

const auto case_id = samples::id<ReturnCaseId>(0x01);
const auto order_id = samples::id<OrderId>(0x20);
const auto customer = samples::id<LookupKey>(0x31);
const auto subject = samples::id<SubjectId>(0x70);

void append_all(JournalFile& file, const std::vector<EventBody>& bodies) {
  Write write = file.journal.begin(file.now_ms += 60'000);
  BOOST_TEST((write.append(fresh_command(), bodies) == Appended::recorded));
  write.commit();
}

EventBody opened(const ReturnCaseId& id, std::int32_t day = 20'779) {
  return CaseOpened{.case_id = id, .till = "anna", .business_date = {day}, .reference = "C1", .opened_at_ms = 77};
}
EventBody referred(const ReferralId& referral, const std::string& sku) {
  return LineReferred{.case_id = case_id,
                      .referral_id = referral,
                      .ask = {.line_no = 1, .sku = sku, .quantity = 1},
                      .subject = subject,
                      .asked_at_ms = 5};
}
EventBody planned(const ReturnCaseId& id, const LegId& leg, Minor minor, std::string_view currency = "GBP") {
  return RefundPlanned{.case_id = id,
                       .plan_no = 1,
                       .currency = *Currency::parse(currency),
                       .total_minor = minor,
                       .legs = {{leg, {.leg_no = 1, .pays_minor = minor}}}};
}

Order own_sale(const std::string& number, std::int64_t sold_at_ms) {
  Order order{.authority = "store", .number = number, .currency = *Currency::parse("GBP"), .sold_at_ms = sold_at_ms};
  order.id = codec::derive_order_id(order.authority, number);
  order.lines = {{.line_no = 1, .sku = "84879", .quantity = 3}, {.line_no = 2, .sku = "22423", .quantity = 1}};
  return order;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(projections_tests)

// ---- random lives of a store -------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(tables_say_what_was_counted_beside_them_and_rebuild_to_the_same) {
  const PropertyRun run = PropertyRun::from_environment(20261122, 12);
  for (std::uint64_t i = 0; i < run.cases; ++i) {
    RandomVisits visits(run.seed + i);
    JournalFile file;
    for (int commands = 0; commands < 150; ++commands) append_all(file, visits.next());
    auto& database = file.journal.database();
    std::set<Unit> held;
    auto rows = database.prepare("SELECT order_id, ranges FROM held_right");
    while (rows.step()) {
      const HeldRanges stored = unpack_ranges(rows.blob(1));
      BOOST_TEST(!stored.empty());
      for (const UnitRange& range : stored.ranges()) {
        for (std::int64_t unit = range.first; unit < range.end(); ++unit)
          held.insert({rows.id<OrderId>(0), range.line_no, unit});
      }
    }
    BOOST_TEST((held == visits.held()), "seed " << run.seed + i);
    for (const auto& [key, quantity] : visits.stock()) {
      const auto levels = stock_levels(database);
      const StockLevel level{key.first, key.second, quantity};
      BOOST_TEST((quantity == 0 || std::find(levels.begin(), levels.end(), level) != levels.end()),
                 "seed " << run.seed + i);
    }
    BOOST_TEST(open_referral_count(database) == visits.referrals_waiting());

    const std::string before = file.dump_of_tables();
    BOOST_TEST(file.verify().findings.empty(), "seed " << run.seed + i);
    // There is no orders.db in this folder: the events are enough.
    const Rebuilt rebuilt = rebuild(file.path, store_projections());
    BOOST_TEST(rebuilt.equal, "seed " << run.seed + i << ": " << rebuilt.first_difference);
    BOOST_TEST(rebuilt.events == file.journal.head().seq);
    BOOST_TEST(file.dump_of_tables() == before);
  }
}

BOOST_AUTO_TEST_CASE(tables_that_were_lost_or_changed_come_back_by_a_rebuild) {
  RandomVisits visits(7);
  JournalFile file;
  for (int commands = 0; commands < 60; ++commands) append_all(file, visits.next());
  const std::string before = file.dump_of_tables();
  file.tamper(
      "DELETE FROM held_right; DELETE FROM claim; DELETE FROM transfer_applied; UPDATE stock_level SET quantity = 9; "
      "DELETE FROM return_case");
  BOOST_TEST(file.dump_of_tables() != before);
  const Rebuilt rebuilt = rebuild(file.path, store_projections());
  BOOST_TEST(!rebuilt.equal);
  BOOST_TEST(rebuilt.first_difference.substr(0, 8) == "+ claim ");
  BOOST_TEST(file.dump_of_tables() == before);
}

BOOST_AUTO_TEST_CASE(a_rebuild_of_events_that_contradict_each_other_leaves_the_tables_alone) {
  JournalFile file(JournalOptions{.synchronous = sqlite::Synchronous::off});
  file.append(RightsReleased{
      .transfer_id = samples::id<TransferId>(1), .recall_id = samples::id<TransferId>(2), .items = samples::items()});
  file.tamper("INSERT INTO stock_level VALUES ('85123A', 1, 4)");
  const std::string before = file.dump_of_tables();
  BOOST_CHECK_THROW(rebuild(file.path, store_projections()), FoldError);
  BOOST_TEST(file.dump_of_tables() == before);
}

// ---- rights ------------------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(held_ranges_follow_grants_claims_and_recalls) {
  JournalFile file;
  auto& database = file.journal.database();
  BOOST_TEST(held_ranges(database, order_id).empty());
  file.append(RightsReceived{samples::id<TransferId>(1), {{order_id, {1, 0, 6}}, {order_id, {2, 0, 1}}}});
  file.append(UnitsClaimed{case_id, 1, Assurance::held, {{.order_id = order_id, .units = {1, 1, 2}}}});
  BOOST_TEST((held_ranges(database, order_id) == HeldRanges({{1, 0, 1}, {1, 3, 3}, {2, 0, 1}})));
  file.append(RightsReleased{
      samples::id<TransferId>(2), samples::id<TransferId>(3), {{order_id, {1, 3, 3}}, {order_id, {2, 0, 1}}}});
  BOOST_TEST((held_ranges(database, order_id) == HeldRanges({{1, 0, 1}})));
  file.append(UnitsClaimed{case_id, 2, Assurance::held, {{.order_id = order_id, .units = {1, 0, 1}}}});
  BOOST_TEST(*database.query_int64("SELECT count(*) FROM held_right") == 0);
}

BOOST_AUTO_TEST_CASE(units_granted_twice_are_refused) {
  JournalFile file;
  file.append(RightsReceived{samples::id<TransferId>(1), {{order_id, {1, 0, 6}}}});
  BOOST_CHECK_THROW(file.append(RightsReceived{samples::id<TransferId>(2), {{order_id, {1, 5, 2}}}}), FoldError);
  BOOST_TEST((held_ranges(file.journal.database(), order_id) == HeldRanges({{1, 0, 6}})));
}

BOOST_AUTO_TEST_CASE(transfers_are_listed_from_the_event_on_that_was_asked_for) {
  JournalFile file;
  const auto grant = samples::id<TransferId>(0x50);
  const auto recall = samples::id<TransferId>(0x52);
  file.append(RightsReceived{grant, samples::items()});
  file.append(RightsReleased{samples::id<TransferId>(0x51), recall, samples::items()});
  auto& database = file.journal.database();
  BOOST_TEST((transfers_since(database, 0) == std::vector<TransferId>{grant, recall}));
  BOOST_TEST((transfers_since(database, 1) == std::vector<TransferId>{recall}));
  BOOST_TEST(transfers_since(database, 2).empty());
}

BOOST_AUTO_TEST_CASE(packed_ranges_come_back_and_damage_is_refused) {
  const HeldRanges held({{1, 0, 80'995}, {300, 7, 1}, {300, 9, quantity_max}});
  const Bytes packed = pack_ranges(held);
  BOOST_TEST((unpack_ranges(packed) == held));
  BOOST_TEST((unpack_ranges(pack_ranges({})) == HeldRanges()));
  for (std::size_t size = 0; size < packed.size(); ++size) {
    BOOST_CHECK_THROW(unpack_ranges(std::span(packed).first(size)), codec::MalformedBody);
  }
}

// ---- referrals ---------------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(a_referral_is_open_until_its_line_is_settled) {
  JournalFile file;
  auto& database = file.journal.database();
  insert_subject(database, {subject, customer});
  const auto first = samples::id<ReferralId>(0x40);
  const auto second = samples::id<ReferralId>(0x41);
  append_all(file, {opened(case_id), referred(first, "85123A"), referred(second, "22423")});
  BOOST_TEST(open_referral_count(database) == 2U);
  BOOST_TEST(has_open_referral(database, customer, "85123A"));
  BOOST_TEST(!has_open_referral(database, customer, "84879"));
  BOOST_TEST(!has_open_referral(database, samples::id<LookupKey>(0x99), "85123A"));
  BOOST_TEST(answers_to_open_referrals(database).empty());

  const ReferralAnswered to_second{
      .referral_id = second, .case_id = case_id, .line_no = 2, .decision = samples::decision()};
  const ReferralAnswered to_first{
      .referral_id = first, .case_id = case_id, .line_no = 1, .decision = samples::decision()};
  file.append(to_second);
  file.append(to_first);
  BOOST_TEST((answers_to_open_referrals(database) == std::vector<ReferralAnswered>{to_first, to_second}));
  file.append(LineSettled{.case_id = case_id, .line_no = 1, .referral_id = first, .decision = samples::decision()});
  BOOST_TEST((answers_to_open_referrals(database) == std::vector<ReferralAnswered>{to_second}));
  BOOST_TEST(!has_open_referral(database, customer, "85123A"));
  BOOST_TEST(open_referral_count(database) == 1U);
}

BOOST_AUTO_TEST_CASE(a_referral_is_pending_once) {
  JournalFile file;
  auto& database = file.journal.database();
  const auto referral = samples::id<ReferralId>(0x40);
  BOOST_TEST(!is_pending(database, referral));
  BOOST_TEST(insert_pending(database, referral));
  BOOST_TEST(!insert_pending(database, referral));
  BOOST_TEST(is_pending(database, referral));
}

// ---- legs and cases ----------------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(open_legs_are_those_whose_money_has_not_arrived) {
  JournalFile file;
  auto& database = file.journal.database();
  const auto leg = samples::id<LegId>(0x60);
  append_all(file, {opened(case_id), planned(case_id, leg, 2000)});
  const auto state = [&] { return open_legs(database).at(0); };
  BOOST_TEST((state() == OpenLeg{case_id, leg, LegState::planned}));
  file.append(RefundLegStarted{case_id, leg});
  BOOST_TEST((state() == OpenLeg{case_id, leg, LegState::started}));
  for (const auto& [outcome, left] :
       {std::pair(LegOutcome::failed, LegState::failed), std::pair(LegOutcome::unknown, LegState::unknown),
        std::pair(LegOutcome::queued, LegState::queued)}) {
    file.append(RefundLegEnded{case_id, leg, outcome, "", ""});
    BOOST_TEST((state() == OpenLeg{case_id, leg, left}));
  }
  file.append(RefundLegEnded{case_id, leg, LegOutcome::settled, "T-1", ""});
  BOOST_TEST(open_legs(database).empty());
}

BOOST_AUTO_TEST_CASE(cases_are_listed_by_day_newest_first_with_lines_that_wait) {
  JournalFile file;
  auto& database = file.journal.database();
  const auto later = samples::id<ReturnCaseId>(0x02);
  append_all(file, {opened(case_id), LineAnswered{.case_id = case_id, .ask = samples::ask()},
                    referred(samples::id<ReferralId>(1), "22423")});
  append_all(file, {opened(later), CaseClosed{later}});
  append_all(file, {opened(samples::id<ReturnCaseId>(0x03), 20'780)});
  const auto cases = cases_of_day(database, {20'779}, 10);
  BOOST_REQUIRE(cases.size() == 2U);
  BOOST_TEST((cases[0].case_id == later));
  BOOST_TEST(cases[0].closed);
  BOOST_TEST(cases[1].lines == 2U);
  BOOST_TEST(cases[1].lines_waiting == 1U);
  BOOST_TEST(cases[1].till == "anna");
  BOOST_TEST(cases[1].reference == "C1");
  BOOST_TEST(cases[1].opened_at_ms == 77);
  BOOST_TEST(cases_of_day(database, {20'779}, 1).size() == 1U);
  BOOST_TEST(open_cases(database, 10).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_case_is_found_by_the_beginning_of_its_id_when_it_is_the_only_one) {
  JournalFile file;
  auto& database = file.journal.database();
  ReturnCaseId one{}, same_beginning{}, last{};
  one.bytes.fill(0x11);
  same_beginning = one;
  same_beginning.bytes[15] = 0x12;
  last.bytes.fill(0xff);
  const auto prefix_of = [](const ReturnCaseId& id) {
    std::array<std::uint8_t, 5> prefix{};
    std::copy_n(id.bytes.begin(), prefix.size(), prefix.begin());
    return prefix;
  };
  BOOST_TEST(!case_of_prefix(database, prefix_of(one)));
  file.append(opened(one));
  file.append(opened(last));
  BOOST_TEST((case_of_prefix(database, prefix_of(one)) == one));
  BOOST_TEST((case_of_prefix(database, prefix_of(last)) == last));
  BOOST_TEST(!case_of_prefix(database, {0x11, 0x11, 0x11, 0x11, 0x12}));
  file.append(opened(same_beginning));
  BOOST_TEST(!case_of_prefix(database, prefix_of(one)));
}

BOOST_AUTO_TEST_CASE(what_cases_planned_to_give_back_adds_up_by_currency) {
  JournalFile file;
  const auto other = samples::id<ReturnCaseId>(0x02);
  const auto third = samples::id<ReturnCaseId>(0x03);
  append_all(file, {opened(case_id), planned(case_id, samples::id<LegId>(1), 2000), opened(other),
                    planned(other, samples::id<LegId>(2), 5), opened(third),
                    planned(third, samples::id<LegId>(3), 700, "EUR")});
  const auto sums = refunded(file.journal.database());
  BOOST_REQUIRE(sums.size() == 2U);
  BOOST_TEST(sums[0].currency == "EUR");
  BOOST_TEST(sums[0].minor == 700);
  BOOST_TEST(sums[1].minor == 2005);
}

// ---- stock, sales, people ----------------------------------------------------------------------------------------
BOOST_AUTO_TEST_CASE(goods_and_sales_move_stock_and_empty_levels_are_not_listed) {
  JournalFile file;
  auto& database = file.journal.database();
  append_all(file, {opened(case_id), GoodsReceived{case_id, 1, "85123A", 4, Bucket::hold},
                    GoodsHandedBack{case_id, 1, "85123A", 3, Bucket::hold},
                    StockMoved{"85123A", Bucket::sellable, 2, "count"},
                    StockMoved{"85123A", Bucket::sellable, -2, "write_off"}});
  const Order sale = own_sale("S1", 1000);
  file.append(SaleRecorded{codec::pack_order(sale), sale.id, "anna"});
  const std::vector<StockLevel> expected{
      {"22423", Bucket::sellable, -1}, {"84879", Bucket::sellable, -3}, {"85123A", Bucket::hold, 1}};
  BOOST_TEST((stock_levels(database) == expected));
}

BOOST_AUTO_TEST_CASE(own_sales_are_found_by_number_and_customer_and_their_rights_are_held) {
  JournalFile file;
  auto& database = file.journal.database();
  const Order first = own_sale("S1", 1000);
  const Order second = own_sale("S2", 2000);
  for (const Order& sale : {first, second}) {
    file.append(SaleRecorded{codec::pack_order(sale), sale.id, "anna"});
    insert_sale_key(database, {sale.id, customer, {}});
  }
  BOOST_TEST((sales_of_number(database, "S1") == std::vector<OrderId>{first.id}));
  BOOST_TEST(sales_of_number(database, "S3").empty());
  BOOST_TEST((sales_of_customer(database, customer) == std::vector<OrderId>{second.id, first.id}));
  BOOST_TEST((seq_of_sale(database, second.id) == 2U));
  BOOST_TEST(!seq_of_sale(database, order_id));
  BOOST_TEST((held_ranges(database, first.id) == HeldRanges({{1, 0, 3}, {2, 0, 1}})));
  const auto key = sale_key_of(database, first.id);
  BOOST_REQUIRE(key);
  BOOST_TEST((key->customer == customer));
  BOOST_TEST(key->card.is_zero());
}

BOOST_AUTO_TEST_CASE(a_person_is_known_by_the_subject_table_alone) {
  JournalFile file;
  auto& database = file.journal.database();
  insert_subject(database, {subject, customer});
  insert_subject(database, {subject, customer});
  BOOST_TEST((subject_of_customer(database, customer) == subject));
  BOOST_TEST((customer_of_subject(database, subject) == customer));
  file.append(CaseOpened{.case_id = case_id, .till = "anna", .subject = subject});
  database.execute("DELETE FROM subject");
  BOOST_TEST(!customer_of_subject(database, subject));
  BOOST_TEST(file.verify().findings.empty());  // the events are anonymous now, and whole
}

BOOST_AUTO_TEST_SUITE_END()
