#pragma once
// The store in which a golden case happens: the real app over real files with simulated devices (`Till`), driven by
// the commands of tests/golden/README.md.

#include <functional>
#include <map>
#include <memory>
#include <sstream>

#include "db/projections/started_returns.hpp"
#include "plugin/app/execute_return.hpp"
#include "plugin/app/give_override.hpp"
#include "plugin/app/undo_case.hpp"
#include "tests/unit/app/golden/case_file.hpp"
#include "tests/unit/app/golden/case_words.hpp"
#include "tests/unit/app/golden/exchange_words.hpp"
#include "tests/unit/app/till.hpp"

namespace retour::testing {

/// The words of one command, taken from its front.
class Words {
 public:
  explicit Words(std::string text) : m_text(std::move(text)) {}

  bool empty() const { return m_text.empty(); }
  std::string rest() { return std::exchange(m_text, {}); }
  /// Up to the next blank. Throws when there is none.
  std::string next();
  /// The word, when it is the next one.
  bool skip(std::string_view word);
  void expect(std::string_view word);
  /// "12.34" as minor units.
  Minor amount();
  std::int64_t number();
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string m_text;
};

class CaseWorld {
 public:
  CaseWorld();

  /// Carries the command out. Throws std::runtime_error for a command that is not understood.
  CaseResult run(const CaseCommand& command);

 private:
  using Handler = std::function<void(Words&, const CaseCommand&)>;
  using Outcome = Result<app::ReturnOutcome, app::CommandRefusal>;

  // What is there before the customer comes.
  void policy(Words& words);
  void condition(Words& words);
  void authority(Words& words);
  void risk(Words& words);
  void staff(Words& words);
  void article(Words& words);
  void recall(Words& words);
  void family(Words& words);
  void budget(Words& words);
  void no_receipt(Words& words);
  void end_of_repair(const std::string& name, Words& words);
  void order(Words& words, const CaseCommand& command);
  void clock(Words& words);

  // What people do.
  void take_back(Words& words, const CaseCommand& command);
  void quote(Words& words, const CaseCommand& command);
  void again(Words& words, const CaseCommand& command);
  void person(const std::string& who, Words& words);
  void collect(Words& words);
  void hub(Words& words);
  void compensation_rule(Words& words);  // case_compensation.cpp
  void compensate(Words& words);
  void withdraw(Words& words);
  void trade_in_rule(Words& words);  // case_gifts.cpp
  void gift(Words& words);
  void show_stock(Words& words);
  void show_money();
  void show_credit(Words& words);

  std::optional<app::ExchangeAsk> exchange(const CaseCommand& command);
  // About devices: case_devices.cpp.
  using UndoUseCase = Outcome (*)(app::StoreContext&, const app::UndoCase&);
  void add_device_commands();
  void fiscal_signer(Words& words);
  void undo(Words& words, UndoUseCase use_case);
  void payout_ways(Words& words);
  void identity(Words& words);
  void terminal(Words& words);
  void drawer(Words& words);
  void reroute(Words& words);
  void pay(Words& words);
  void show_ways(const std::string& name);
  LegId waiting_leg(const std::string& name);
  static TenderKind tender_named(const std::string& name);

  // About money: case_money.cpp.
  void add_money_commands();
  bool money_policy(Words& words);
  void fee(Words& words);
  void refund_as(Words& words);
  void currency(Words& words);
  void coins(Words& words);
  // About payments that end badly: case_legs.cpp.
  struct MortalProgram;
  void carry_out(const Handler& handler, Words& words, const CaseCommand& command);
  void program(Words& words);
  bool terminal_trouble(Words& words);
  void echo(Words& words);
  void look(Words& words);
  void confirm(const std::string& who, Words& words);
  // About rules: case_rules.cpp.
  void add_rule_commands();
  void policy_file(Words& words);
  void policy_pack(const CaseCommand& command);
  void show_reasons();
  void show_checklists();
  void search(Words& words);
  void started(Words& words);
  void show_code(const std::string& name, app::Visit& visit);
  void ring_up(Order sale, const std::string& customer);
  static bool is_rule_part(const std::string& part);
  void rule_part(Order& order, std::size_t lines_before, Words words);

  app::Visit visit(Words& words, const CaseCommand& command);
  void item(const std::string& text, app::Visit& visit);
  void detail(Words words, ReturnAsk& ask, app::LineCheck& check);
  void show(const std::string& name, const Outcome& outcome);
  void hub_answers(const ReturnCaseId& case_id, const std::string& answer);
  void hub_answers_delivery(const ReturnCaseId& case_id, const CaseLine& line, Words& words);
  OrderId order_of(const std::string& number) const;
  const ReturnCaseId& case_named(const std::string& name) const;
  app::StoreContext& store();
  std::vector<std::string> new_events();
  std::vector<std::string> new_paper();

  std::unique_ptr<Till> m_till;
  std::shared_ptr<MortalProgram> m_mortal;  // once the program is to die
  Currency m_currency = gbp;
  bool m_policy_is_new = true;
  std::map<std::string, Handler, std::less<>> m_commands;
  std::map<std::string, ReturnCaseId> m_cases;  // by the name that the case gives them
  std::map<std::string, Order> m_orders;        // by number
  OrderNumbers m_numbers;
  CreditNumbers m_credits;
  std::map<std::string, std::string> m_gifts;  // text of the QR, by the name that the case gives the paper
  std::vector<std::pair<Role, std::pair<Minor, std::int64_t>>> m_authority;
  std::function<Outcome()> m_last;  // what "again" repeats
  std::string m_last_name;
  std::uint64_t m_seen_seq = 0;
  std::size_t m_seen_papers = 0;
  std::vector<std::string> m_screen;
  std::map<std::string, projections::KnownStarted> m_started;  // by the name that the case gives them
  std::uint64_t m_started_cursor = 0;
  std::string m_card;  // token of the card that paid the order that is being read
};

/// The case with what came of each command.
std::string run_case(const std::string& text);

}  // namespace retour::testing
