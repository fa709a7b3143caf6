// Commands of golden cases about payments that end badly: what the terminal does, where the program dies, and what a
// person says about the drawer afterwards.

#include <algorithm>

#include "plugin/app/confirm_leg.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/resume.hpp"
#include "tests/unit/app/golden/case_world.hpp"
#include "tests/unit/app/mortal_devices.hpp"

namespace retour::testing {

/// A countdown that runs while devices are asked, and the devices that are asked in place of the till's own.
struct CaseWorld::MortalProgram {
  explicit MortalProgram(simulated::Shop& shop) : terminal(shop.terminal, steps), drawer(shop.drawer, steps) {}
  Countdown steps;
  MortalTerminal terminal;
  MortalDrawer drawer;
};

/// "program dies before payment 2", "program dies after payment 2": of those that devices make in the next command,
/// before the device is asked, or after it has paid and before that is noted down.
void CaseWorld::program(Words& words) {
  words.expect("dies");
  const bool after = words.skip("after");
  if (!after) words.expect("before");
  words.expect("payment");
  if (!m_mortal) m_mortal = std::make_shared<MortalProgram>(m_till->shop);
  m_mortal->steps.steps = static_cast<int>(2 * (words.number() - 1)) + (after ? 1 : 0);
  m_till->terminal_instead = &m_mortal->terminal;
  m_till->drawer_instead = &m_mortal->drawer;
  m_till->restart();
}

/// The command ends where the program died; the till starts again.
void CaseWorld::carry_out(const Handler& handler, Words& words, const CaseCommand& command) {
  try {
    handler(words, command);
  } catch (const Killed&) {
    m_till->terminal_instead = nullptr;
    m_till->drawer_instead = nullptr;
    m_till->restart();
    const auto events = m_till->journal().read(m_till->journal().head().seq, 1, 1'000'000);
    if (!events.empty() && events.front().case_id) m_cases[m_last_name] = *events.front().case_id;
    m_screen = {"the program died here and starts again"};
  }
}

/// "terminal loses the question next" and the like; false for what is nothing of this kind.
bool CaseWorld::terminal_trouble(Words& words) {
  using simulated::CardFault;
  static const std::vector<std::pair<std::string_view, CardFault>> troubles{
      {"loses the question next", CardFault::question_lost}, {"loses the answer next", CardFault::answer_lost},
      {"answers late next", CardFault::answer_late},         {"dies before it pays next", CardFault::died_before},
      {"dies after it paid next", CardFault::died_after},    {"pays next", CardFault::none}};
  for (const auto& [text, fault] : troubles) {
    if (!words.skip(text)) continue;
    m_till->shop.terminal.fail_next(fault);
    return true;
  }
  if (words.skip("is asked again")) {
    const app::Resumed resumed = app::resume(store());
    m_screen.push_back(std::to_string(resumed.asked) + " payments asked about, " +
                       std::to_string(resumed.needs_a_person) + " wait for a person");
    return true;
  }
  if (!words.skip("answers once more")) return false;
  echo(words);
  return true;
}

/// "terminal answers once more for R1: settled": for each of its payments
void CaseWorld::echo(Words& words) {
  words.expect("for");
  std::string name = words.next();
  if (name.ends_with(':')) name.pop_back();
  const std::string said = words.next();
  if (said != "settled" && said != "failed") words.fail("\"" + said + "\" is no end of a payment");
  const LegOutcome outcome = said == "settled" ? LegOutcome::settled : LegOutcome::failed;
  const auto before = app::read_outcome(store(), case_named(name));
  for (const CaseLeg& leg : before->state.legs) {
    app::end_leg(store(), case_named(name), leg.leg.leg_id, {outcome, "ECHO"}, app::Payout::at_counter);
  }
  show(name, *app::read_outcome(store(), case_named(name)));
}

/// "look at R1": what the till shows when the return is opened again
void CaseWorld::look(Words& words) {
  words.expect("at");
  const std::string name = words.next();
  show(name, *app::read_outcome(store(), case_named(name)));
}

/// "maria confirms R1 was paid", "maria confirms R1 was not paid": the first payment whose end nobody knows
void CaseWorld::confirm(const std::string& who, Words& words) {
  m_last_name = words.next();
  words.expect("was");
  const bool paid = !words.skip("not");
  words.expect("paid");
  app::ConfirmLeg command{.command_id = m_till->ids.make<CommandId>(),
                          .case_id = case_named(m_last_name),
                          .leg_id = {},
                          .outcome = paid ? LegOutcome::settled : LegOutcome::failed,
                          .staff_code = who};
  const auto outcome = app::read_outcome(store(), command.case_id);
  const auto& legs = outcome->state.legs;
  const auto unknown = std::ranges::find(legs, LegState::unknown, &CaseLeg::state);
  command.leg_id = (unknown == legs.end() ? legs.back() : *unknown).leg.leg_id;
  m_last = [this, command]() -> Outcome { return app::confirm_leg(store(), command); };
  show(m_last_name, m_last());
}

}  // namespace retour::testing
