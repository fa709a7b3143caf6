// Commands of a golden case that are about devices: what they answer, and what people do about it.

#include "plugin/app/credit_notes.hpp"
#include "plugin/app/messages.hpp"
#include "plugin/app/move_legs.hpp"
#include "plugin/app/print_receipt.hpp"
#include "plugin/app/reroute_leg.hpp"
#include "plugin/app/reverse_refund.hpp"
#include "plugin/app/void_case.hpp"
#include "tests/unit/app/golden/case_world.hpp"

namespace retour::testing {

void CaseWorld::add_device_commands() {
  const auto plain = [this](void (CaseWorld::*handler)(Words&)) {
    return [this, handler](Words& words, const CaseCommand&) { (this->*handler)(words); };
  };
  m_commands.emplace("fiscal", plain(&CaseWorld::fiscal_signer));
  m_commands.emplace("ways", plain(&CaseWorld::payout_ways));
  m_commands.emplace("identity", plain(&CaseWorld::identity));
  m_commands.emplace("terminal", plain(&CaseWorld::terminal));
  m_commands.emplace("drawer", plain(&CaseWorld::drawer));
  m_commands.emplace("reroute", plain(&CaseWorld::reroute));
  m_commands.emplace("pay", plain(&CaseWorld::pay));
  m_commands.emplace("void", [this](Words& words, const CaseCommand&) { undo(words, app::void_case); });
  m_commands.emplace("reverse", [this](Words& words, const CaseCommand&) { undo(words, app::reverse_refund); });
}

/// "fiscal signer works", "fiscal signer out of order", "fiscal signer refuses next", "fiscal signer dies next",
/// "fiscal signer is asked again"
void CaseWorld::fiscal_signer(Words& words) {
  words.expect("signer");
  simulated::FiscalSigner& signer = m_till->shop.signer;
  if (m_till->fiscal == nullptr) {
    m_till->fiscal = &signer;
    m_till->restart();
  }
  const std::string what = words.rest();
  if (what == "works" || what == "out of order") {
    signer.set_reachable(what == "works");
  } else if (what == "refuses next") {
    signer.fail_next(simulated::SignerFault::refuses);
  } else if (what == "dies next") {
    signer.fail_next(simulated::SignerFault::died_after);
  } else if (what == "is asked again") {
    app::sign_waiting_notes(store());
  } else {
    words.fail("\"" + what + "\" is nothing a fiscal signer does");
  }
}

/// "ways for card: wallet online only, cash up to 10.00, store_credit" is policy; "ways of R1" asks for those of the
/// payment of R1 that waits.
void CaseWorld::payout_ways(Words& words) {
  if (words.skip("of")) return show_ways(words.next());
  words.expect("for");
  std::string paid_by = words.next();
  if (paid_by.ends_with(':')) paid_by.pop_back();
  TenderRule rule{tender_named(paid_by), {}};
  std::string rest = words.rest();
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(", "), rest.size());
    Words way(rest.substr(0, comma));
    rest.erase(0, std::min(comma + 2, rest.size()));
    rule.ways.push_back({tender_named(way.next()), {}});
    if (way.skip("online")) way.expect("only"), rule.ways.back().online_only = true;
    if (way.skip("up")) way.expect("to"), rule.ways.back().up_to = {{m_currency, way.amount()}};
    if (!way.empty()) way.fail("nothing is known");
  }
  m_till->policy.payout.tenders.push_back(std::move(rule));
  m_policy_is_new = true;
}

TenderKind CaseWorld::tender_named(const std::string& name) {
  const auto kind = parse_tender_kind(name);
  if (!kind) throw std::runtime_error("\"" + name + "\" is no way of paying");
  return *kind;
}

/// "identity above 100.00"
void CaseWorld::identity(Words& words) {
  words.expect("above");
  m_till->policy.payout.cash_identity_above = {{m_currency, words.amount()}};
  m_policy_is_new = true;
}

/// "terminal says card_expired next", "terminal has no network", "terminal has network"
void CaseWorld::terminal(Words& words) {
  using simulated::CardFault;
  static const std::map<std::string, CardFault> faults{
      {"declined", CardFault::declined},       {"card_expired", CardFault::card_expired},
      {"card_closed", CardFault::card_closed}, {"other_card", CardFault::other_card},
      {"over_limit", CardFault::over_limit},   {"export_stamped", CardFault::export_stamped}};
  if (terminal_trouble(words)) return;
  simulated::CardTerminal& terminal = m_till->shop.terminal;
  if (words.skip("has")) {
    terminal.set_online(!words.skip("no"));
    return words.expect("network");
  }
  words.expect("says");
  const std::string name = words.next();
  if (!faults.contains(name)) words.fail("\"" + name + "\" is nothing a terminal says");
  terminal.fail_next(faults.at(name));
  words.expect("next");
}

/// "drawer holds 5.00 GBP"
void CaseWorld::drawer(Words& words) {
  words.expect("holds");
  const Minor minor = words.amount();
  const std::string code = words.next();
  const auto currency = Currency::parse(code);
  if (!currency) words.fail("\"" + code + "\" is no currency");
  m_till->shop.drawer.hold_only(*currency, minor);
}

/// The first payment that failed or was not asked for.
LegId CaseWorld::waiting_leg(const std::string& name) {
  const auto outcome = app::read_outcome(store(), case_named(name));
  for (const CaseLeg& leg : outcome->state.legs) {
    if (leg.state == LegState::planned || leg.state == LegState::failed) return leg.leg.leg_id;
  }
  throw std::runtime_error("no payment of " + name + " waits");
}

void CaseWorld::show_ways(const std::string& name) {
  const auto found = app::ways_of_leg(store(), case_named(name), waiting_leg(name));
  if (!found.ok()) {
    m_screen = screen_of(found.error());
    return;
  }
  for (const app::LegWay& way : found->ways) {
    std::string line = app::words_of(way.tender) + " " + to_string(way.pays_minor, found->currency);
    if (way.rest_minor > 0) line += ", the rest of " + to_string(way.rest_minor, found->currency) + " goes on";
    if (way.identity_first) line += ", after a document was shown";
    m_screen.push_back(std::move(line));
  }
}

/// "reroute R1 to store_credit by anna", "reroute R1 to cash by anna, shown passport"
void CaseWorld::reroute(Words& words) {
  const std::string name = words.next();
  words.expect("to");
  app::RerouteLeg command{.command_id = m_till->ids.make<CommandId>(),
                          .case_id = case_named(name),
                          .leg_id = waiting_leg(name),
                          .tender = tender_named(words.next())};
  words.expect("by");
  command.staff_code = words.next();
  if (command.staff_code.ends_with(',')) {
    command.staff_code.pop_back();
    words.expect("shown");
    command.identity = words.next();
  }
  m_last = [this, command] { return app::reroute_leg(store(), command); };
  m_last_name = name;
  show(name, m_last());
}

/// "pay R1": the payment that waits is tried again as it is.
void CaseWorld::pay(Words& words) {
  const std::string name = words.next();
  show(name, app::pay_leg(store(), case_named(name), waiting_leg(name)));
}

/// "void R1 by boss: wrong_customer"
void CaseWorld::undo(Words& words, UndoUseCase use_case) {
  const std::string name = words.next();
  words.expect("by");
  std::string staff = words.next();
  if (staff.ends_with(':')) staff.pop_back();
  const Outcome outcome = use_case(store(), {m_till->ids.make<CommandId>(), case_named(name), staff, words.rest()});
  if (!outcome.ok()) return show(name, outcome);
  const app::ReturnOutcome now = app::with_signatures(store(), *outcome);
  app::print_paper(store(), app::receipt_of(store(), now));
  show(name, now);
}

}  // namespace retour::testing
