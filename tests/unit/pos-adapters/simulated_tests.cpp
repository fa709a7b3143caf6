#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "pos-adapters/simulated/seeded.hpp"
#include "pos-adapters/simulated/shop.hpp"

using namespace retour;
using namespace retour::simulated;

namespace {

LegId leg(std::uint8_t number) {
  LegId id;
  id.bytes[15] = number;
  return id;
}

ports::RefundRequest refund_of(Minor minor, std::uint8_t number) {
  return {.leg_id = leg(number), .minor = minor, .currency = {"GBP", 2}, .reference = "pay-1"};
}

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / "retour-simulated-tests") {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(simulated_tests)

BOOST_AUTO_TEST_CASE(a_leg_asked_twice_moves_money_once) {
  CardTerminal terminal;
  const auto first = terminal.refund(refund_of(1999, 1));
  const auto again = terminal.refund(refund_of(1999, 1));
  BOOST_TEST((first.outcome == LegOutcome::settled));
  BOOST_TEST(first.device_reference == again.device_reference);
  BOOST_TEST(terminal.moves().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_lost_question_moved_nothing_and_a_lost_answer_moved_everything) {
  CardTerminal terminal;
  terminal.fail_next(CardFault::question_lost);
  terminal.fail_next(CardFault::answer_lost);
  BOOST_TEST((terminal.refund(refund_of(100, 1)).outcome == LegOutcome::unknown));
  BOOST_TEST((terminal.refund(refund_of(200, 2)).outcome == LegOutcome::unknown));
  BOOST_TEST((terminal.status_of(leg(1)).outcome == LegOutcome::failed));
  BOOST_TEST((terminal.status_of(leg(2)).outcome == LegOutcome::settled));
  BOOST_TEST(terminal.moves().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_late_answer_comes_after_some_polls) {
  CardTerminal terminal;
  terminal.fail_next(CardFault::answer_late);
  BOOST_TEST((terminal.refund(refund_of(100, 1)).outcome == LegOutcome::unknown));
  BOOST_TEST((terminal.status_of(leg(1)).outcome == LegOutcome::unknown));
  BOOST_TEST((terminal.status_of(leg(1)).outcome == LegOutcome::unknown));
  BOOST_TEST((terminal.status_of(leg(1)).outcome == LegOutcome::settled));
}

BOOST_AUTO_TEST_CASE(without_network_the_leg_is_queued_and_moves_when_the_network_is_back) {
  CardTerminal terminal;
  terminal.set_online(false);
  BOOST_TEST((terminal.refund(refund_of(100, 1)).outcome == LegOutcome::queued));
  BOOST_TEST((terminal.status_of(leg(1)).outcome == LegOutcome::unknown));
  BOOST_TEST(terminal.moves().empty());
  terminal.set_online(true);
  BOOST_TEST((terminal.status_of(leg(1)).outcome == LegOutcome::settled));
  BOOST_TEST(terminal.moves().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_killed_program_finds_the_moves_and_ignores_a_torn_last_line) {
  const Folder folder;
  const ShopOptions options{.folder = folder.path, .seed = 1, .card_faults = {}};
  { Shop(options).terminal.refund(refund_of(100, 1)); }
  std::ofstream(folder.path / "card-terminal.txt", std::ios::app) << "moved 0000";
  Shop shop(options);
  BOOST_TEST((shop.terminal.status_of(leg(1)).outcome == LegOutcome::settled));
  BOOST_TEST(shop.terminal.moves().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_same_seed_draws_the_same_faults_and_every_kind_is_drawn) {
  std::map<LegOutcome, int> seen;
  for (std::uint8_t i = 0; i < 250; ++i) {
    CardTerminal anna({.memory_file = {}, .offline_switch = {}, .seed = 7, .rates = ordinary_trouble()});
    CardTerminal bert({.memory_file = {}, .offline_switch = {}, .seed = 7, .rates = ordinary_trouble()});
    SeededIds ids(i);
    const ports::RefundRequest request{ids.make<LegId>(), 100, {"GBP", 2}, ""};
    const auto outcome = anna.refund(request).outcome;
    BOOST_TEST((outcome == bert.refund(request).outcome));
    ++seen[outcome];
  }
  BOOST_TEST(seen[LegOutcome::settled] > 200);
  BOOST_TEST(seen[LegOutcome::unknown] > 5);
  BOOST_TEST(seen[LegOutcome::failed] > 1);
}

BOOST_AUTO_TEST_CASE(a_jammed_drawer_pays_nothing_once) {
  CashDrawer drawer;
  drawer.jam_next();
  BOOST_TEST((drawer.pay_out(refund_of(500, 1)).outcome == LegOutcome::failed));
  BOOST_TEST((drawer.pay_out(refund_of(500, 1)).outcome == LegOutcome::settled));
  BOOST_TEST(drawer.payouts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(papers_are_numbered_on_after_a_restart) {
  const Folder folder;
  Printer(folder.path).print("one\n");
  Printer(folder.path).print("two\n");
  BOOST_TEST(std::filesystem::exists(folder.path / "paper-000001.txt"));
  BOOST_TEST(std::filesystem::exists(folder.path / "paper-000002.txt"));
}

BOOST_AUTO_TEST_SUITE_END()
