#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

#include "db/projections/credit_notes.hpp"
#include "plugin/app/credit_notes.hpp"
#include "plugin/app/fiscal_notes.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/reroute_leg.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/void_case.hpp"
#include "tests/support/property_run.hpp"
#include "tests/unit/app/till.hpp"

using namespace retour;
using namespace retour::app;
using namespace retour::testing;
using simulated::SignerFault;

namespace {

struct SigningTill : Till {
  SigningTill() {
    fiscal = &shop.signer;
    restart();
  }
};

Order cash_order(const std::string& number) {
  return plain_order(number, {{"shirt-" + number, 1, 1000}});
}

ReturnOutcome return_of(Till& till, const std::string& number) {
  till.receive_with_rights(cash_order(number), "carol");
  const auto outcome = execute_return(till.context(), till.command("carol", {{"shirt-" + number, 1, 1000}}));
  return with_signatures(till.context(), till.must(outcome));
}

ReturnOutcome read_again(Till& till, const ReturnOutcome& outcome) {
  return *read_outcome(till.context(), outcome.case_id);
}

FiscalSigned said_of(const ReturnOutcome& outcome) {
  return outcome.state.plans.front().fiscal.value_or(FiscalSigned{});
}

UndoCase undo_of(Till& till, const ReturnOutcome& outcome) {
  return {till.ids.make<CommandId>(), outcome.case_id, "boss", "wrong_customer"};
}

std::vector<std::uint64_t> numbers_in_journal(Till& till) {
  std::vector<std::uint64_t> numbers;
  auto rows = till.journal().database().prepare("SELECT number FROM credit_note ORDER BY number");
  while (rows.step()) numbers.push_back(rows.uint64(0));
  return numbers;
}

/// 1, 2, 3 and so on.
bool without_gap(const std::vector<std::uint64_t>& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != i + 1) return false;
  }
  return true;
}

Minor total_of_entries(const ports::FiscalNote& note) {
  Minor total = note.rounding_minor - note.carried_minor;
  for (const auto& entry : note.entries) {
    total += entry.net_minor;
    for (const TaxAmount& tax : entry.taxes) total += tax.minor;
  }
  for (const KeptBack& kept : note.kept) total -= kept.minor;
  return total;
}

Minor total_of_payments(const ports::FiscalNote& note) {
  Minor total = 0;
  for (const auto& payment : note.payments) total += payment.minor;
  return total;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(credit_notes_tests)

BOOST_AUTO_TEST_CASE(every_refund_is_a_numbered_credit_note_also_where_nobody_signs) {
  Till till;
  BOOST_TEST(return_of(till, "W-1").state.plans.front().credit_note_no == 1U);
  const auto second = return_of(till, "W-2");
  BOOST_TEST(second.state.plans.front().credit_note_no == 2U);
  BOOST_TEST(!second.state.plans.front().fiscal.has_value());
  BOOST_TEST(till.shop.signer.signed_notes().empty());
}

BOOST_AUTO_TEST_CASE(a_note_is_signed_once_with_entries_that_are_what_was_paid) {
  SigningTill till;
  const auto outcome = return_of(till, "W-1");
  BOOST_TEST((said_of(outcome).state == FiscalState::signed_));
  BOOST_TEST(said_of(outcome).signature == "SIM;1;1");
  sign_waiting_notes(till.context());
  const auto notes = till.shop.signer.signed_notes();
  BOOST_REQUIRE(notes.size() == 1U);
  const ports::FiscalNote& note = notes.front();
  BOOST_TEST(note.number == 1U);
  BOOST_TEST((note.kind == ports::FiscalKind::credit_note));
  BOOST_TEST(note.original_orders == std::vector<std::string>{"W-1"}, boost::test_tools::per_element());
  BOOST_TEST(total_of_entries(note) == 1000);
  BOOST_TEST((note.payments == std::vector<ports::FiscalPayment>{{TenderKind::cash, 1000}}));
}

BOOST_AUTO_TEST_CASE(units_at_two_tax_rates_are_two_entries_and_fees_are_told_apart) {
  SigningTill till;
  Order order = plain_order("W-1", {{"book", 2, 1000}, {"cup", 1, 2000}});
  order.lines[0].taxes = {{*Decimal::parse("7"), 140}};
  order.lines[1].taxes = {{*Decimal::parse("19"), 380}};
  order.tenders = {{1, TenderKind::card, "pay-1", 4520}};
  till.receive_with_rights(order, "carol");
  const auto outcome =
      till.must(execute_return(till.context(), till.command("carol", {{"book", 2, 0}, {"cup", 1, 0}})));
  with_signatures(till.context(), outcome);
  const ports::FiscalNote note = till.shop.signer.signed_notes().at(0);
  BOOST_REQUIRE(note.entries.size() == 2U);
  BOOST_TEST((note.entries[0] == ports::FiscalEntry{2000, {{*Decimal::parse("7"), 140}}}));
  BOOST_TEST((note.entries[1] == ports::FiscalEntry{2000, {{*Decimal::parse("19"), 380}}}));
  BOOST_TEST(total_of_entries(note) == total_of_payments(note));
}

BOOST_AUTO_TEST_CASE(a_signer_out_of_order_keeps_nobody_waiting_and_is_asked_again) {
  SigningTill till;
  till.shop.signer.set_reachable(false);
  const auto outcome = return_of(till, "W-1");
  BOOST_TEST(outcome.state.closed);
  BOOST_TEST(till.moves() == 1U);
  BOOST_TEST((said_of(outcome).state == FiscalState::unsigned_yet));
  BOOST_TEST(receipt_of(till.context(), outcome).find("unsigned, device out of order") != std::string::npos);

  const auto before = till.journal().head().seq;
  for (int tick = 0; tick < 5; ++tick) sign_waiting_notes(till.context());
  BOOST_TEST(till.journal().head().seq == before);  // a device that stays out is not told of every second

  till.shop.signer.set_reachable(true);
  sign_waiting_notes(till.context());
  const auto now = read_again(till, outcome);
  BOOST_TEST((said_of(now).state == FiscalState::signed_));
  const std::string paper = receipt_of(till.context(), now);
  BOOST_TEST(paper.find("SIM;1;1") != std::string::npos);
  BOOST_TEST(paper.find("out of order") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_signer_that_dies_before_or_after_it_signed_has_signed_once_in_the_end) {
  for (const SignerFault fault : {SignerFault::died_before, SignerFault::died_after}) {
    SigningTill till;
    till.shop.signer.fail_next(fault);
    const auto outcome = return_of(till, "W-1");
    BOOST_TEST((said_of(outcome).state == FiscalState::unsigned_yet));
    sign_waiting_notes(till.context());
    BOOST_TEST((said_of(read_again(till, outcome)).state == FiscalState::signed_));
    BOOST_TEST(till.shop.signer.signed_notes().size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_signer_that_refuses_is_not_asked_again_and_the_paper_says_why) {
  SigningTill till;
  till.shop.signer.fail_next(SignerFault::refuses);
  const auto outcome = return_of(till, "W-1");
  BOOST_TEST((said_of(outcome).state == FiscalState::failed));
  BOOST_TEST(outcome.state.closed);
  sign_waiting_notes(till.context());
  BOOST_TEST(till.shop.signer.signed_notes().empty());
  BOOST_TEST(receipt_of(till.context(), outcome).find("certificate") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_kill_between_the_plan_and_the_signature_is_made_good_by_the_next_tick) {
  SigningTill till;
  till.receive_with_rights(cash_order("W-1"), "carol");
  const auto outcome = till.must(execute_return(till.context(), till.command("carol", {{"shirt-W-1", 1, 1000}})));
  BOOST_TEST((said_of(outcome).state == FiscalState::unsigned_yet));
  till.restart();
  sign_waiting_notes(till.context());
  BOOST_TEST((said_of(read_again(till, outcome)).state == FiscalState::signed_));
}

BOOST_AUTO_TEST_CASE(a_reversal_is_a_further_note_with_plus_entries_and_the_next_number) {
  SigningTill till;
  const auto first = return_of(till, "W-1");
  return_of(till, "W-2");
  const auto undone =
      with_signatures(till.context(), till.must(reverse_refund(till.context(), undo_of(till, first))));
  BOOST_REQUIRE(undone.taken_back.has_value());
  BOOST_TEST(undone.taken_back->number == 3U);
  BOOST_REQUIRE(undone.taken_back->fiscal.has_value());
  BOOST_TEST((undone.taken_back->fiscal->state == FiscalState::signed_));
  BOOST_TEST((said_of(undone).state == FiscalState::signed_));  // the first note stays as it is
  const ports::FiscalNote note = till.shop.signer.signed_notes().at(2);
  BOOST_TEST((note.kind == ports::FiscalKind::taken_back));
  BOOST_TEST(note.takes_back == std::vector<std::uint64_t>{1}, boost::test_tools::per_element());
  BOOST_TEST(total_of_entries(note) == 1000);
  BOOST_TEST(total_of_payments(note) == 1000);
}

BOOST_AUTO_TEST_CASE(a_void_takes_its_note_back_and_both_are_signed_when_the_device_is_back) {
  SigningTill till;
  till.shop.signer.set_reachable(false);
  till.shop.drawer.jam_next();
  const auto open = return_of(till, "W-1");
  BOOST_TEST(!open.state.closed);
  const auto voided = till.must(void_case(till.context(), undo_of(till, open)));
  BOOST_REQUIRE(voided.taken_back.has_value());
  BOOST_TEST(voided.taken_back->number == 2U);
  till.shop.signer.set_reachable(true);
  till.restart();
  sign_waiting_notes(till.context());
  const auto notes = till.shop.signer.signed_notes();
  BOOST_REQUIRE(notes.size() == 2U);
  BOOST_TEST(notes[0].number == 1U);
  BOOST_TEST((notes[1].kind == ports::FiscalKind::taken_back));
  BOOST_TEST((read_again(till, open).taken_back->fiscal->state == FiscalState::signed_));
}

/// Rebuilding the projections from the journal gives the numbers that were given.
BOOST_AUTO_TEST_CASE(numbers_have_no_gap_whatever_is_refused_voided_reversed_or_killed) {
  const PropertyRun run = PropertyRun::from_environment(220, 20);
  for (std::uint64_t i = 0; i < run.cases; ++i) {
    SigningTill till;
    simulated::Draws draws(run.seed + i);
    for (int step = 0; step < 12; ++step) {
      const std::string number = "W-" + std::to_string(step);
      till.shop.signer.set_reachable(draws.below(3) != 0);
      if (draws.below(4) == 0) till.shop.drawer.jam_next();
      const auto outcome = return_of(till, number);
      const auto again = execute_return(till.context(), till.command("carol", {{"shirt-" + number, 1, 1000}}));
      BOOST_TEST((!again.ok() || again->state.plans.empty()), "a unit that is gone gives no second note");
      const std::uint64_t dice = draws.below(3);
      const bool paid = outcome.state.closed;
      if (dice == 0) {
        const auto undone = paid ? reverse_refund(till.context(), undo_of(till, outcome))
                                 : void_case(till.context(), undo_of(till, outcome));
        BOOST_TEST(undone.ok());
      }
      if (draws.below(3) == 0) till.restart();
    }
    till.shop.signer.set_reachable(true);
    sign_waiting_notes(till.context());
    const auto numbers = numbers_in_journal(till);
    BOOST_TEST(numbers.size() >= 12U);
    BOOST_TEST(without_gap(numbers), "seed " << run.seed + i);
    std::set<std::uint64_t> signed_numbers;
    for (const auto& note : till.shop.signer.signed_notes()) {
      BOOST_TEST(signed_numbers.insert(note.number).second, "signed twice, seed " << run.seed + i);
      BOOST_TEST(total_of_entries(note) == total_of_payments(note), "seed " << run.seed + i);
    }
    BOOST_TEST(signed_numbers.size() == numbers.size(), "seed " << run.seed + i);
  }
}

BOOST_AUTO_TEST_CASE(a_note_is_signed_when_its_money_has_gone_its_way_and_tells_that_way) {
  SigningTill till;
  till.policy.payout.tenders = {{TenderKind::cash, {{TenderKind::cash, {}}, {TenderKind::store_credit, {}}}}};
  till.restart();
  till.shop.drawer.hold_only(gbp, 0);
  const ReturnOutcome waiting = return_of(till, "W-1");
  sign_waiting_notes(till.context());
  BOOST_TEST((said_of(read_again(till, waiting)).state == FiscalState::unsigned_yet));
  BOOST_TEST(till.shop.signer.signed_notes().empty());

  till.must(reroute_leg(till.context(), {.command_id = till.ids.make<CommandId>(),
                                         .case_id = waiting.case_id,
                                         .leg_id = waiting.state.legs.front().leg.leg_id,
                                         .tender = TenderKind::store_credit,
                                         .staff_code = "anna",
                                         .identity = {}}));
  sign_waiting_notes(till.context());
  BOOST_TEST((said_of(read_again(till, waiting)).state == FiscalState::signed_));
  BOOST_REQUIRE(till.shop.signer.signed_notes().size() == 1U);
  const auto& payments = till.shop.signer.signed_notes().front().payments;
  BOOST_REQUIRE(payments.size() == 1U);
  BOOST_TEST((payments.front().tender == TenderKind::store_credit));
  BOOST_TEST(payments.front().minor == 1000);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_the_next_one_is_refused_and_nothing_is_recorded) {
  SigningTill till;
  return_of(till, "W-1");
  const auto before = till.journal().head().seq;
  const ReturnCaseId id = till.ids.make<ReturnCaseId>();
  for (const std::uint64_t wrong : {std::uint64_t{1}, std::uint64_t{3}}) {
    auto write = till.journal().begin(till.clock.now_ms());
    const std::vector<EventBody> events{
        CaseOpened{.case_id = id, .till = "1", .cashier = "anna"},
        RefundPlanned{.case_id = id, .plan_no = 1, .currency = gbp, .credit_note_no = wrong}};
    BOOST_CHECK_THROW(std::ignore = write.append(till.ids.make<CommandId>(), events), journal::FoldError);
  }
  BOOST_TEST(till.journal().head().seq == before);
}

BOOST_AUTO_TEST_CASE(two_tills_at_once_share_one_row_of_numbers) {
  Scratch scratch;
  const auto open = [&] {
    return journal::Journal::create(scratch / "journal.db", {NodeId{{1}}, 7},
                                    {.projections = projections::store_projections()});
  };
  open();
  constexpr int plans_each = 25;
  const auto work = [&](std::uint64_t seed) {
    simulated::SeededIds ids(seed);
    journal::Journal journal = open();
    for (int i = 0; i < plans_each; ++i) {
      const ReturnCaseId id = ids.make<ReturnCaseId>();
      auto write = journal.begin(noon_ms);
      const std::vector<EventBody> events{
          CaseOpened{.case_id = id, .till = "1", .cashier = "anna"},
          RefundPlanned{.case_id = id,
                        .plan_no = 1,
                        .currency = gbp,
                        .credit_note_no = projections::last_credit_note(journal.database()) + 1}};
      if (write.append(ids.make<CommandId>(), events) != journal::Appended::recorded) return;
      write.commit();
    }
  };
  std::thread other(work, 1);
  work(2);
  other.join();
  journal::Journal journal = open();
  BOOST_TEST(projections::last_credit_note(journal.database()) == 2U * plans_each);
  auto rows = journal.database().prepare("SELECT count(*) FROM credit_note");
  rows.step();
  BOOST_TEST(rows.int64(0) == 2 * plans_each);
}

BOOST_AUTO_TEST_SUITE_END()
