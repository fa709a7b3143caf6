#include "tests/unit/app/golden/case_world.hpp"

#include <nlohmann/json.hpp>

#include "db/codec/event_codec.hpp"
#include "db/node_files/node_files.hpp"
#include "db/policy_pack/checklists_json.hpp"
#include "plugin/app/collect_slip.hpp"
#include "plugin/app/find_credit.hpp"
#include "plugin/app/quote_return.hpp"
#include "plugin/app/serve_customer.hpp"
#include "plugin/app/settle_line.hpp"
#include "plugin/app/status.hpp"
#include "plugin/core/base/words.hpp"
#include "plugin/core/policy/decide_delivery.hpp"
#include "tests/unit/app/golden/order_words.hpp"

namespace retour::testing {

// ---- words -----------------------------------------------------------------------------------------------------
void Words::fail(const std::string& what) const {
  throw std::runtime_error(what + " before \"" + m_text + "\"");
}

std::string Words::next() {
  if (m_text.empty()) fail("a word is missing");
  const std::size_t end = std::min(m_text.find(' '), m_text.size());
  std::string word = m_text.substr(0, end);
  m_text.erase(0, std::min(end + 1, m_text.size()));
  return word;
}

bool Words::skip(std::string_view word) {
  const bool found = m_text.starts_with(word) && (m_text.size() == word.size() || m_text[word.size()] == ' ');
  if (found) m_text.erase(0, std::min(word.size() + 1, m_text.size()));
  return found;
}

void Words::expect(std::string_view word) {
  if (!skip(word)) fail("\"" + std::string(word) + "\" is expected");
}

std::int64_t Words::number() {
  const std::string word = next();
  try {
    return std::stoll(word);
  } catch (const std::exception&) {
    fail("\"" + word + "\" is no number");
  }
}

Minor Words::amount() {
  const std::string word = next();
  const auto decimal = Decimal::parse(word);
  if (!decimal || word.size() < 4 || word[word.size() - 3] != '.') fail("\"" + word + "\" is no amount like 12.50");
  return std::stoll(word.substr(0, word.size() - 3)) * 100 + std::stoll(word.substr(word.size() - 2));
}

namespace {

std::vector<std::string> parts_of(const std::string& text, std::string_view separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (true) {
    const std::size_t at = text.find(separator, from);
    parts.push_back(text.substr(from, at - from));
    if (at == std::string::npos) return parts;
    from = at + separator.size();
  }
}

/// The word behind a colon or comma: "R1," and "R1:" are R1.
std::string bare(std::string word) {
  while (!word.empty() && (word.back() == ',' || word.back() == ':')) word.pop_back();
  return word;
}

Role role_named(const std::string& word) {
  const auto role = parse_role(word);
  if (!role) throw std::runtime_error("\"" + word + "\" is no role");
  return *role;
}

CivilDate date_named(const std::string& word) {
  const auto date = CivilDate::parse(word);
  if (!date) throw std::runtime_error("\"" + word + "\" is no date");
  return *date;
}

std::vector<Checklist> shipped_checklists() {
  std::vector<policy_pack::Fault> faults;
  auto lists =
      policy_pack::read_checklists(nlohmann::json::parse(node_files::read_text("installer/checklists.json")), faults);
  if (!faults.empty()) throw std::runtime_error(faults.front().path + " " + faults.front().reason);
  return lists;
}

std::vector<OrderUnits> units_of(const Order& order) {
  std::vector<OrderUnits> units;
  for (const OrderLine& line : order.lines) units.push_back({order.id, {line.line_no, 0, line.quantity}});
  return units;
}

constexpr std::int64_t any_amount = -1;
constexpr std::int64_t day_ms = 86'400'000;

}  // namespace

// ---- the world -------------------------------------------------------------------------------------------------
CaseWorld::CaseWorld() : m_till(std::make_unique<Till>()) {
  const auto plain = [this](void (CaseWorld::*handler)(Words&)) {
    return [this, handler](Words& words, const CaseCommand&) { (this->*handler)(words); };
  };
  const auto full = [this](void (CaseWorld::*handler)(Words&, const CaseCommand&)) {
    return [this, handler](Words& words, const CaseCommand& command) { (this->*handler)(words, command); };
  };
  m_commands = {{"policy", plain(&CaseWorld::policy)},
                {"staff", plain(&CaseWorld::staff)},
                {"article", plain(&CaseWorld::article)},
                {"order", full(&CaseWorld::order)},
                {"recall", plain(&CaseWorld::recall)},
                {"family", plain(&CaseWorld::family)},
                {"budget", plain(&CaseWorld::budget)},
                {"wait", plain(&CaseWorld::clock)},
                {"return", full(&CaseWorld::take_back)},
                {"quote", full(&CaseWorld::quote)},
                {"again", full(&CaseWorld::again)},
                {"collect", plain(&CaseWorld::collect)},
                {"hub", plain(&CaseWorld::hub)},
                {"compensate", plain(&CaseWorld::compensate)},
                {"withdraw", plain(&CaseWorld::withdraw)},
                {"gift", plain(&CaseWorld::gift)},
                {"stock", plain(&CaseWorld::show_stock)},
                {"credit", plain(&CaseWorld::show_credit)},
                {"money", [this](Words&, const CaseCommand&) { show_money(); }},
                {"online", [this](Words&, const CaseCommand&) { m_till->hub_reachable = true; }},
                {"offline", [this](Words&, const CaseCommand&) { m_till->hub_reachable = false; }},
                {"restart", [this](Words&, const CaseCommand&) { m_till->restart(); }}};
  add_device_commands();
  add_money_commands();
  add_rule_commands();
  m_till->last_contact_ms = m_till->clock.now_ms();
}

app::StoreContext& CaseWorld::store() {
  if (std::exchange(m_policy_is_new, false)) m_till->restart();
  return m_till->context();
}

CaseResult CaseWorld::run(const CaseCommand& command) {
  Words words(command.line);
  const std::string first = words.next();
  m_screen.clear();
  const auto handler = m_commands.find(first);
  if (handler != m_commands.end()) {
    carry_out(handler->second, words, command);
  } else {
    if (words.skip("is")) return end_of_repair(first, words), CaseResult{m_screen, new_events(), new_paper()};
    person(first, words);
  }
  if (!words.empty()) words.fail("nothing is known");
  return {m_screen, new_events(), new_paper()};
}

std::vector<std::string> CaseWorld::new_events() {
  std::vector<std::string> lines;
  for (const EventEnvelope& event : m_till->journal().read(m_seen_seq + 1, 10'000, 100'000'000)) {
    m_seen_seq = event.seq;
    const auto body = codec::decode(event.kind, event.kind_version, event.body);
    if (const auto* credit = body ? std::get_if<CreditIssued>(&*body) : nullptr) {
      m_credits.push_back(codec::unpack_order(credit->order).number);
      m_numbers[credit->order_id] = "C" + std::to_string(m_credits.size());
    }
    lines.push_back(body ? words_of_event(*body, m_numbers) : event.kind);
  }
  return lines;
}

std::vector<std::string> CaseWorld::new_paper() {
  const auto& papers = m_till->shop.printer.papers();
  std::vector<std::string> lines;
  for (; m_seen_papers < papers.size(); ++m_seen_papers) {
    for (std::string& line : lines_of_paper(papers[m_seen_papers])) lines.push_back(std::move(line));
  }
  return lines;
}

OrderId CaseWorld::order_of(const std::string& number) const {
  const auto found = m_orders.find(number);
  if (found == m_orders.end()) throw std::runtime_error("no order " + number + " was named");
  return found->second.id;
}

const ReturnCaseId& CaseWorld::case_named(const std::string& name) const {
  const auto found = m_cases.find(name);
  if (found == m_cases.end()) throw std::runtime_error("no return " + name + " was made");
  return found->second;
}

// ---- what is there ---------------------------------------------------------------------------------------------
void CaseWorld::policy(Words& words) {
  PolicyPack& pack = m_till->policy;
  m_policy_is_new = true;
  if (words.skip("checklists")) {
    pack.checklists = shipped_checklists();
  } else if (words.skip("window")) {
    pack.windows.push_back({.name = {"w" + std::to_string(pack.windows.size() + 1), ""},
                            .days = static_cast<std::int32_t>(words.number())});
    words.expect("days");
    if (words.skip("for")) {
      pack.windows.back().remedy = true;
      pack.windows.back().when.reasons = {ReturnReason::quality};
      while (!words.empty()) {
        const auto remedy = parse_remedy(bare(words.next()));
        if (!remedy) words.fail("no remedy");
        pack.windows.back().remedies.push_back(*remedy);
      }
    }
    if (!words.empty()) pack.windows.back().when.categories = {words.next()};
  } else if (words.skip("exclude")) {
    pack.exclusions.push_back({.name = {words.next(), ""}});
    pack.exclusions.back().when.categories = {pack.exclusions.back().name.id};
  } else if (words.skip("condition")) {
    condition(words);
  } else if (words.skip("compensation")) {
    compensation_rule(words);
  } else if (words.skip("trade_in")) {
    trade_in_rule(words);
  } else if (words.skip("risk")) {
    risk(words);
  } else if (words.skip("no_receipt")) {
    no_receipt(words);
  } else if (!money_policy(words)) {
    authority(words);
  }
}

/// "condition unsellable refused", "condition refurbishable needs manager"
void CaseWorld::condition(Words& words) {
  const std::string name = words.next();
  const auto grade = parse_grade(name);
  const auto alert = parse_alert(name);
  if (!grade && !alert) words.fail("\"" + name + "\" is no grade and no alert");
  ConditionRule rule{.name = {name, ""}};
  if (grade) rule.when.grades = {*grade};
  if (alert) rule.when.alerts = {*alert};
  if (words.skip("needs")) {
    rule.needs = role_named(words.next());
  } else {
    words.expect("refused");
  }
  m_till->policy.conditions.push_back(std::move(rule));
}

/// "cashier up to 50.00", "manager any amount", "cashier up to 50.00 with news of 60 minutes"
void CaseWorld::authority(Words& words) {
  const Role role = role_named(words.next());
  Minor up_to = any_amount;
  if (words.skip("up")) {
    words.expect("to");
    up_to = words.amount();
  } else {
    words.expect("any");
    words.expect("amount");
  }
  std::int64_t age = any_amount;
  if (words.skip("with")) {
    words.expect("news");
    words.expect("of");
    age = words.number();
    words.expect("minutes");
  }
  m_authority.push_back({role, {up_to, age}});
  PolicyPack& pack = m_till->policy;
  pack.authority.clear();
  std::set<Minor> ends;
  for (const auto& [who, terms] : m_authority) {
    if (terms.first != any_amount) ends.insert(terms.first);
  }
  pack.levels = {{m_currency, {ends.begin(), ends.end()}}};
  for (const auto& [who, terms] : m_authority) {
    AuthorityRule rule{.name = {std::string(to_string(who)), ""}, .role = who, .up_to_level = amount_levels};
    if (terms.first != any_amount) {
      rule.up_to_level = static_cast<std::uint8_t>(std::distance(ends.begin(), ends.find(terms.first)) + 1);
    }
    if (terms.second != any_amount) rule.data_age_minutes_max = terms.second;
    pack.authority.push_back(std::move(rule));
  }
}

/// "risk returns_30_days from 3 gives 40 points", "risk refers above 30 points"
void CaseWorld::risk(Words& words) {
  PolicyPack& pack = m_till->policy;
  if (words.skip("refers")) {
    words.expect("above");
    pack.risk_points_max = static_cast<std::int32_t>(words.number());
  } else {
    const std::string name = words.next();
    const auto signal = parse_word<RiskSignal>(name, RiskSignal::returns_30_days, RiskSignal::overrides_30_days);
    if (!signal) words.fail("\"" + name + "\" is no sign of risk");
    words.expect("from");
    RiskRule rule{.name = {name, ""}, .signal = *signal, .at_least = words.number()};
    words.expect("gives");
    rule.points = static_cast<std::int32_t>(words.number());
    pack.risk.push_back(std::move(rule));
  }
  words.expect("points");
}

/// "staff maria manager", "staff maria manager with pin 2468"
void CaseWorld::staff(Words& words) {
  const std::string code = words.next();
  const Role role = role_named(words.next());
  std::string pin;
  if (words.skip("with")) {
    words.expect("pin");
    pin = words.next();
  }
  m_till->employ(code, role, pin);
}

/// "article shirt apparel/shirts"
void CaseWorld::article(Words& words) {
  const std::string sku = words.next();
  const std::string category = words.next();
  m_till->know_article(sku, category, words.rest());
}

/// "order W-1 of carol, 2 shirt at 40.00, sold 2026-11-01, paid card 30.00, paid cash 50.00, rights elsewhere"
void CaseWorld::order(Words& words, const CaseCommand& command) {
  std::string text = words.rest();
  for (const std::string& detail : command.details) text += ", " + detail;
  const std::vector<std::string> parts = parts_of(text, ", ");
  Words head(parts.front());
  const std::string number = head.next();
  head.expect("of");
  const std::string customer = head.next();
  std::vector<PlainLine> lines;
  std::vector<Tender> tenders;
  std::vector<std::string> money;
  std::optional<CivilDate> sold, delivered;
  bool rights_here = true;
  std::vector<std::pair<std::size_t, Words>> rule_parts;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Words part(parts[i]);
    if (is_money_part(parts[i])) {
      money.push_back(part.rest());
    } else if (is_rule_part(parts[i])) {
      rule_parts.emplace_back(lines.size(), Words(part.rest()));
    } else if (part.skip("paid")) {
      const auto kind = parse_tender_kind(part.next());
      if (!kind) part.fail("no way of paying");
      const auto tender_no = static_cast<std::uint32_t>(tenders.size() + 1);
      tenders.push_back(
          {tender_no, *kind, *kind == TenderKind::cash ? "" : "pay-" + std::to_string(tender_no), part.amount()});
    } else if (part.skip("sold")) {
      sold = date_named(part.next());
    } else if (part.skip("delivered")) {
      delivered = date_named(part.next());
    } else if (part.skip("rights")) {
      part.expect("elsewhere");
      rights_here = false;
    } else {
      const std::int64_t quantity = part.number();
      const std::string sku = part.next();
      part.expect("at");
      lines.push_back({sku, quantity, part.amount()});
      if (!part.empty()) money.push_back(tax_part(lines.size(), part.rest()));
    }
    if (!part.empty()) part.fail("nothing is known");
  }
  const bool tenders_named = !tenders.empty();
  Order made = plain_order(number, lines, std::move(tenders));
  made.currency = m_currency;
  add_money(made, money, tenders_named);
  if (sold) made.sold_on = *sold, made.sold_at_ms = sold->days * day_ms;
  made.delivered_on = delivered;
  for (auto& [lines_before, part] : rule_parts) rule_part(made, lines_before, std::move(part));
  if (command.line.starts_with("sale ")) return ring_up(std::move(made), customer);
  m_orders[number] = made;
  m_numbers[made.id] = number;
  m_till->receive(made, codec::hmac_key(m_till->context().lookup_secret, customer), std::exchange(m_card, {}));
  if (rights_here) m_till->grant(units_of(made));
  new_events();  // that the rights came is not what a case is about
}

/// "wait 31 seconds", "wait 2 hours", "wait 5 days"
void CaseWorld::clock(Words& words) {
  const std::int64_t count = words.number();
  const std::string unit = words.next();
  const std::map<std::string, std::int64_t> units{
      {"seconds", 1'000}, {"minutes", 60'000}, {"hours", 3'600'000}, {"days", day_ms}};
  if (!units.contains(unit)) words.fail("\"" + unit + "\" is no time");
  m_till->clock.advance(count * units.at(unit));
  if (m_till->hub_reachable) m_till->last_contact_ms = m_till->clock.now_ms();
}

// ---- what people do --------------------------------------------------------------------------------------------
/// "by anna for carol", with the goods as details: "2 shirt at 40.00, because size, tag present"
app::Visit CaseWorld::visit(Words& words, const CaseCommand& command) {
  app::Visit visit;
  words.expect("by");
  visit.cashier = words.next();
  if (words.skip("for")) visit.customer_ref = words.next();
  const std::string code_of = words.skip("with") ? words.next() : "";
  visit.business_date = CivilDate::of_ms(m_till->clock.now_ms());
  visit.asked_at_ms = m_till->clock.now_ms();
  for (const std::string& detail : command.details) {
    if (detail == "export stamped") {
      visit.export_stamped = true;
    } else if (detail.starts_with("gift receipt ")) {
      visit.gift_receipt = m_gifts.at(detail.substr(13));
    } else if (!is_exchange_detail(detail)) {
      item(detail, visit);
    }
  }
  if (!code_of.empty()) show_code(code_of, visit);
  return visit;
}

/// The sale gets its name, so that its goods can come back later.
std::optional<app::ExchangeAsk> CaseWorld::exchange(const CaseCommand& command) {
  auto ask = exchange_in(command.details, m_credits, CivilDate::of_ms(m_till->clock.now_ms()));
  if (!ask) return ask;
  ask->goods.currency = m_currency;
  Order named = ask->goods;
  named.id = codec::derive_order_id(store().authority, named.number);
  m_numbers[named.id] = named.number;
  m_orders[named.number] = std::move(named);
  return ask;
}

void CaseWorld::item(const std::string& text, app::Visit& visit) {
  const std::vector<std::string> parts = parts_of(text, ", ");
  ReturnAsk ask;
  ask.line_no = static_cast<std::uint32_t>(visit.lines.size() + 1);
  Words goods(parts.front());
  ask.quantity = goods.number();
  ask.sku = goods.next();
  if (goods.skip("at")) ask.asked_price = Decimal{goods.amount(), 2};
  if (!goods.empty()) goods.fail("nothing is known");
  app::LineCheck check;
  for (std::size_t i = 1; i < parts.size(); ++i) detail(Words(parts[i]), ask, check);
  if (check != app::LineCheck{}) visit.checks[ask.line_no] = std::move(check);
  visit.lines.push_back(std::move(ask));
}

/// "because size", "of W-1 line 2", "photo 7", "tag missing"
void CaseWorld::detail(Words words, ReturnAsk& ask, app::LineCheck& check) {
  if (words.skip("without")) {
    words.expect("receipt");
    ask.no_receipt = true;
  } else if (words.skip("wants")) {
    const auto remedy = parse_remedy(words.next());
    if (!remedy) words.fail("no remedy");
    ask.remedy = *remedy;
  } else if (words.skip("serial number")) {
    ask.serial = words.next();
    if (words.skip("of")) ask.order_id = order_of(words.next());
  } else if (words.skip("because")) {
    const auto reason = parse_return_reason(words.next());
    if (!reason) words.fail("no reason");
    ask.reason = *reason;
  } else if (words.skip("of")) {
    ask.order_id = order_of(words.next());
    words.expect("line");
    ask.order_line_no = static_cast<std::uint32_t>(words.number());
  } else if (words.skip("photo")) {
    Hash256 photo;
    photo.bytes[0] = static_cast<std::uint8_t>(words.number());
    check.photos.push_back(photo);
  } else {
    std::string question = words.next();
    check.answers.push_back({std::move(question), words.next()});
  }
  if (!words.empty()) words.fail("nothing is known");
}

void CaseWorld::show(const std::string& name, const Outcome& outcome) {
  if (outcome.ok()) m_cases[name] = outcome->case_id;
  m_screen = outcome.ok() ? screen_of(*outcome) : screen_of(outcome.error());
}

/// "return R1 by anna for carol"
void CaseWorld::take_back(Words& words, const CaseCommand& command) {
  m_last_name = words.next();
  app::ReturnCommand asked{.command_id = m_till->ids.make<CommandId>(),
                           .till = "1",
                           .cashier = {},
                           .reference = {},
                           .visit = visit(words, command)};
  asked.cashier = asked.visit.cashier;
  asked.reference = asked.visit.reference;
  asked.exchange = exchange(command);
  m_last = [this, asked] { return app::serve_customer(store(), asked, app::referral_wait_ms_max); };
  show(m_last_name, m_last());
}

void CaseWorld::quote(Words& words, const CaseCommand& command) {
  const auto quoted = app::quote_return(store(), visit(words, command), exchange(command));
  m_screen = quoted.ok() ? screen_of(*quoted) : screen_of(quoted.error());
}

/// "again": the very same command, with the same id, as after a double click.
void CaseWorld::again(Words& words, const CaseCommand&) {
  if (!m_last) words.fail("there is nothing to do again");
  show(m_last_name, m_last());
}

/// "maria approves R1, pin 2468: known customer", "rita declines R1 line 2, code 0: worn"
void CaseWorld::person(const std::string& who, Words& words) {
  if (words.skip("confirms")) return confirm(who, words);
  app::GiveOverride given{.command_id = m_till->ids.make<CommandId>(), .line_no = {}};
  given.by.approver = who;
  given.declined = words.skip("declines");
  if (!given.declined) words.expect("approves");
  const std::string name = words.next();
  m_last_name = bare(name);
  given.case_id = case_named(m_last_name);
  if (words.skip("line")) given.line_no = static_cast<std::uint32_t>(std::stoul(bare(words.next())));
  if (words.skip("code")) {
    given.by.method = ApprovalMethod::code;
    given.by.secret = m_till->code_of(who, static_cast<std::uint32_t>(std::stoul(bare(words.next()))));
  } else {
    words.expect("pin");
    given.by.secret = bare(words.next());
  }
  given.reason = words.rest();
  m_last = [this, given] { return app::serve_override(store(), given, app::referral_wait_ms_max); };
  show(m_last_name, m_last());
}

/// "collect R1": the customer is back with her slip.
void CaseWorld::collect(Words& words) {
  const std::string name = words.next();
  show(name, app::collect_slip(store(), case_named(name)));
}

/// "hub says yes to R1: 2 of W-1", "hub says no to R1: already_returned", "hub will say ..." and
/// "hub has nothing to say" while a customer waits
void CaseWorld::hub(Words& words) {
  if (words.skip("has")) {
    m_till->while_waiting = [] {};
    return words.expect("nothing to say");
  }
  if (words.skip("will")) {
    words.expect("say");
    const std::string answer = words.rest();
    m_till->while_waiting = [this, answer, said = false]() mutable {
      if (std::exchange(said, true)) return;
      const auto open = app::status(m_till->context()).open_cases;
      hub_answers(open.front().case_id, answer);
    };
    return;
  }
  words.expect("says");
  const std::string verdict = words.next();
  words.expect("to");
  const std::string name = bare(words.next());
  store();
  hub_answers(case_named(name), verdict + " " + words.rest());
  app::settle_arrived(store(), app::Payout::unattended);
  show(name, *app::read_outcome(store(), case_named(name)));
}

/// As the hub would, when it knows that all of the order came back, or a part: "delivery all came back".
void CaseWorld::hub_answers_delivery(const ReturnCaseId& case_id, const CaseLine& line, Words& words) {
  words.expect("delivery");
  DecisionFacts facts{.lots = line.decision.trace.lots, .final_word = true, .line = line.decision.trace.facts};
  facts.lots.front().free = {{line.ask.order_line_no, 0, 1}};
  facts.line.delivery->whole_order = words.skip("all");
  if (!facts.line.delivery->whole_order) words.expect("a part");
  words.expect("came back");
  const Decision decision = decide_delivery(line.ask, facts, m_till->context().policy);
  const bool yes = decision.verdict == Verdict::approved;
  m_till->answer(case_id, line, decision, yes ? m_till->grant(decision.taken) : TransferId{});
}

/// The first line that waits is answered: "yes 2 of W-1", "no already_returned"; "delivery all came back".
void CaseWorld::hub_answers(const ReturnCaseId& case_id, const std::string& answer) {
  Words words(answer);
  const auto outcome = *app::read_outcome(m_till->context(), case_id);
  for (const CaseLine& line : outcome.state.lines) {
    if (line.state != LineState::referred && line.state != LineState::deferred) continue;
    if (asks_for_delivery(line.ask)) return hub_answers_delivery(case_id, line, words);
    Decision decision = line.decision;
    decision.trace.final_word = true;
    decision.trace.rule = "matching";
    decision.trace.would_change = "";
    if (words.skip("yes")) {
      decision.verdict = Verdict::approved;
      const std::int64_t count = words.number();
      words.expect("of");
      decision.taken = {{order_of(words.next()), {1, 0, count}}};
      const TransferId transfer = m_till->grant(decision.taken);
      return m_till->answer(case_id, line, decision, transfer);
    }
    words.expect("no");
    decision.verdict = Verdict::refused;
    const std::string why = words.next();
    const auto refusal = parse_word<Refusal>(why, Refusal::quantity_invalid, Refusal::declined_by_manager);
    if (!refusal) words.fail("\"" + why + "\" is no refusal");
    decision.refusal = *refusal;
    return m_till->answer(case_id, line, decision);
  }
  words.fail("no line waits for the hub");
}

void CaseWorld::show_stock(Words& words) {
  for (const app::StockLevel& level : app::stock(store(), words.next())) {
    m_screen.push_back(level.sku + " in " + std::string(to_string(level.bucket)) + ": " +
                       std::to_string(level.quantity));
  }
  if (m_screen.empty()) m_screen.push_back("none");
}

/// "credit C1": what is left of it, as this store knows.
void CaseWorld::show_credit(Words& words) {
  const std::string name = words.next();
  const auto credit = app::find_credit(store(), m_credits.at(std::stoul(name.substr(1)) - 1));
  if (!credit) words.fail("no such credit");
  const auto amount = [&](Minor minor) { return to_string(minor, credit->order.currency); };
  m_screen.push_back(name + ": " + amount(credit->issued_minor) + " given, " + amount(credit->left_here_minor) +
                     " can be spent here, " + amount(credit->spent_here_minor) + " were, " +
                     amount(credit->elsewhere_minor) + " lie elsewhere");
}

void CaseWorld::show_money() {
  m_screen.push_back(to_string(m_till->moved_minor(), m_currency) + " have left, in " +
                     std::to_string(m_till->moves()) + " payments");
}

std::string run_case(const std::string& text) {
  const CaseFile file = parse_case(text);
  CaseWorld world;
  std::string out;
  for (const CaseStep& step : file.steps) {
    try {
      out += text_of(step, world.run(step.command));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("\"" + step.command.line + "\": " + error.what());
    }
  }
  return out + file.after;
}

}  // namespace retour::testing
